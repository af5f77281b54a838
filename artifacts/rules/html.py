"""HTML inside READMEs: its words, addresses and tables, in time linear in its length.

Not a parser of whole documents: cards hold fragments, even broken ones, written by strangers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import takewhile, zip_longest
from urllib.parse import urlsplit

from artifacts.rules.patterns import Found, Pattern

_TAG = Pattern(r"<[^<>]*>")
_TABLE_TAG = Pattern(r"(?i)<(/?)(table|thead|tr|td|th)(?:[^\w<>][^<>]*)?>")
_ROW = Pattern(r"(?i)<tr[\s>]")
_SPAN = Pattern(r"(?i)(row|col)span\s*=\s*[\"']?(\d{1,2})", before=r"\w", after=r"\w")
_CODE_TAG = Pattern(r"(?i)<(/?)(pre|code)(?:\s[^<>]*)?>")
_HEADING = Pattern(r"(?is)<h([1-6])(?:\s[^<>]*)?>(.*?)</h[1-6]\s*>")
# Longer ones were not closed where they end.
_HEADING_MAX_CHARS = 200
_LINE_BREAK = Pattern(r"(?i)<br\s*/?>")
_HREF = Pattern(r"""(?i)href\s*=\s*["']([^"'\s>]+)["']""")
_BARE_URL = Pattern(r"https?://[^\s<>()\[\]\"'`|*]{4,}")
# Anything longer between brackets or quotation marks is neither a tag nor an address.
_LONGEST_CHARS = 2_000

# Cells further to the right stretch no more; without a bound, spans would multiply them.
_COLUMNS_MAX = 60
# How many cells stretching may add to a table, and how long a text may stretch: 99 columns over 99
# rows are 9,801 cells out of one.
_ADDED_MAX, _STRETCHED_MAX_CHARS = 2_000, 200

# What stands between heads of one column that stood one above the other.
HEADS_JOINED = " / "

Rows = tuple[tuple[str, ...], ...]


def visible(html: str) -> str:
    """Return HTML without its comments."""
    pieces, position = [], 0
    while (start := html.find("<!--", position)) >= 0:
        pieces.append(html[position:start])
        end = html.find("-->", start + len("<!--"))
        position = len(html) if end < 0 else end + len("-->")
    return " ".join([*pieces, html[position:]])


def extract_words(html: str) -> str:
    """Return the text of HTML, with each row of a table on a line of its own."""
    shown, pieces, position = visible(html), [], 0
    for tag in _short(_TAG.finditer(shown)):
        pieces.append(shown[position : tag.start()])
        if _ROW.match(tag[0]):
            pieces.append("\n")
        position = tag.end()
    return " ".join([*pieces, shown[position:]])


def divide_at_headings(html: str) -> Iterator[tuple[int, str, str]]:
    """Yield each piece of HTML with the heading above it: its level, its words, and the piece.

    Headings without words, such as logos, divide nothing; the level is 0 for none.
    """
    level, title, position = 0, "", 0
    for found in _HEADING.finditer(html):
        words = " ".join(extract_words(found[2]).split())
        if words and len(words) <= _HEADING_MAX_CHARS:
            yield level, title, html[position : found.start()]
            level, title, position = int(found[1]), words, found.end()
    yield level, title, html[position:]


def addresses(text: str) -> list[str]:
    """Return the web addresses in text or HTML."""
    linked = (found[1] for found in _HREF.finditer(text) if len(found[1]) <= _LONGEST_CHARS)
    bare = (each[:_LONGEST_CHARS].rstrip(".,;:!?") for each in _BARE_URL.findall(text))
    return list(dict.fromkeys((*linked, *bare)))


def is_web(url: str) -> bool:
    """Whether an address is http(s)."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _short(tags: Iterator[Found]) -> Iterator[Found]:
    """Yield the tags that are not too long to be tags."""
    return (tag for tag in tags if tag.end() - tag.start() <= _LONGEST_CHARS)


class TableReader:
    """Reads tables out of HTML that comes in pieces: Markdown ends a piece at each empty line."""

    def __init__(self) -> None:
        """Begin without an open table."""
        self._rows: list[list[_Cell]] = []
        self._is_in_table = self._is_in_cell = self._is_in_head = False

    def feed(self, html: str) -> list[Rows]:
        """Return the tables that end in this piece, without rows that have no cell.

        Several rows of heads, one above the other, become one.
        """
        ended, position = [], 0
        for match in _short(_TABLE_TAG.finditer(html)):
            self._add(html[position : match.start()])
            position = match.end()
            is_end, name = bool(match[1]), match[2].lower()
            self._is_in_cell = not is_end and name in ("td", "th") and self._is_in_table
            if name == "table":
                if is_end and self._is_in_table:
                    ended.append(_join_heads(_fill_spans(self._rows), _count_heads(self._rows)))
                self._rows, self._is_in_table, self._is_in_head = [], not is_end, False
            elif name == "thead":
                self._is_in_head = not is_end
            elif name == "tr" and not is_end:
                self._rows.append([])
            elif self._is_in_cell:
                self._rows = self._rows or [[]]
                is_head = name == "th" or self._is_in_head
                self._rows[-1].append(_Cell(match[0], is_head=is_head))
        self._add(html[position:])
        return [rows for rows in ended if rows]

    def _add(self, text: str) -> None:
        """Add text to the open cell."""
        if self._is_in_cell:
            self._rows[-1][-1].pieces.append(text)


class _Cell:
    """A cell of a table, and over how many rows and columns it stretches."""

    def __init__(self, tag: str, *, is_head: bool) -> None:
        """Begin a cell. Text is kept in pieces: appending would copy it each time."""
        self.pieces: list[str] = []
        self.is_head = is_head
        spans = {each[1].lower(): each[2] for each in _SPAN.finditer(tag)}
        self.rows, self.columns = (max(1, int(spans.get(each, "1"))) for each in ("row", "col"))


def _fill_spans(rows: Iterable[Sequence[_Cell]]) -> Rows:
    """Return rows in which each cell stands everywhere it stretches to, as readers see it.

    Cells that stretch beyond what tables of people need stand where they began only.
    """
    filled: list[tuple[str, ...]] = []
    # By column, what stretches into the next row, with the number of rows that it still fills.
    hanging: dict[int, tuple[int, str]] = {}
    added = 0
    for row in filter(None, rows):
        cells = dict(hanging)
        column = 0
        for cell in row:
            text = _tidy(cell.pieces)
            # The column up to which this cell may stretch.
            is_short = len(text) <= _STRETCHED_MAX_CHARS and added + len(cells) < _ADDED_MAX
            end = _COLUMNS_MAX if is_short else 0
            for _ in range(cell.columns if column < end else 1):
                while column in hanging:
                    column += 1
                cells[column] = (cell.rows if column < end else 1, text)
                column += 1
        added += len(cells) - len(row)
        hanging = {place: (left - 1, text) for place, (left, text) in cells.items() if left > 1}
        if added >= _ADDED_MAX:
            hanging = {}
        filled.append(tuple(cells.get(place, (0, ""))[1] for place in range(max(cells) + 1)))
    return tuple(filled)


def _count_heads(rows: Iterable[Sequence[_Cell]]) -> int:
    """Return how many rows at the top of a table hold nothing but heads."""
    filled = list(filter(None, rows))
    heads = list(takewhile(lambda row: all(cell.is_head for cell in row), filled))
    return len(heads) if len(heads) < len(filled) else 0


def _join_heads(rows: Rows, heads: int) -> Rows:
    """Return rows in which the heads of each column stand together: "BLEU" above "test"."""
    if heads < 2:  # noqa: PLR2004  (more than one)
        return rows
    columns = zip_longest(*rows[:heads], fillvalue="")
    head = tuple(HEADS_JOINED.join(filter(None, dict.fromkeys(each))) for each in columns)
    return (head, *rows[heads:])


class CodeReader:
    """Reads `<pre>` and `<code>` out of HTML that comes in pieces, like `TableReader`.

    Markdown goes on reading between two pieces: what it finds there belongs to open code as well.
    """

    def __init__(self) -> None:
        """Begin outside of code."""
        self._tags: list[str] = []
        self._pieces: list[str] = []

    @property
    def is_open(self) -> bool:
        """Whether the text that follows is code."""
        return bool(self._tags)

    def feed(self, html: str) -> tuple[str, list[str]]:
        """Return a piece without its code, and the code that ends in it.

        A single line is a name or a command inside a sentence, and stays in the piece.
        """
        outside: list[str] = []
        ended: list[str] = []
        position = 0
        for tag in _short(_CODE_TAG.finditer(html)):
            self._add(html[position : tag.start()], outside)
            position = tag.end()
            name = tag[2].lower()
            if not tag[1]:
                self._tags.append(name)
            elif name in self._tags:
                del self._tags[self._tags.index(name) :]
                if not self._tags:
                    text = self._take()
                    (ended if "\n" in text.strip() else outside).append(text)
        self._add(html[position:], outside)
        return "".join(outside), ended

    def _add(self, text: str, outside: list[str]) -> None:
        """Add text to the open code, or to what stands outside."""
        (self._pieces if self._tags else outside).append(text)

    def _take(self) -> str:
        """Return the code that was read, as text."""
        text = _LINE_BREAK.sub("\n", "".join(self._pieces))
        self._pieces = []
        return unescape("".join(_TAG.split(text)))


def _tidy(cell: Iterable[str]) -> str:
    """Return the words of a cell."""
    return " ".join(extract_words("".join(cell)).split())
