"""What a README consists of: sections, code blocks, links, tables. It is written by strangers.

Source: CommonMark 0.31 and GitHub's tables, as markdown-it reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import README_CONTEXT_MAX_CHARS, README_PARSED_MAX_CHARS
from artifacts.rules.budget import Budget, judging
from artifacts.rules.cards import divide_readme
from artifacts.rules.html import TableReader, addresses, visible, words_of
from artifacts.rules.markdown_tokens import is_bold_heading, linked, text_of
from artifacts.rules.patterns import Pattern, count_words

if TYPE_CHECKING:
    from markdown_it.token import Token

# What the Hub's card template leaves where nobody wrote anything.
_PLACEHOLDER = Pattern(r"(?i)\[more information (?:is )?needed\]|\[optional\]") | Pattern(
    r"(?i)more information (?:is )?needed|todo|model id", before=r"\w", after=r"\w"
)
_WHAT = "The README"
_CITATION_LANGUAGES = frozenset(("bibtex", "bib", "latex", "tex"))
_CITATION = Pattern(r"\s*@\w{3,20}\s*\{")
# Many cards have lines in bold where others have headings.
_BOLD_HEADING_LEVEL = 7


@dataclass(frozen=True)
class Section:
    """A heading and the prose below it, up to the next heading.

    Attributes:
        title: without markup; "" for what stands before the first heading.
        level: 1 to 6; 7 for a line in bold that stands as a heading; 0 for what stands before the
            first heading.
        text: prose, lists and the cells of tables; without code, comments and placeholders.
        path: the titles of the headings above it and its own, outermost first.
    """

    title: str
    level: int
    text: str
    path: tuple[str, ...] = ()

    @property
    def word_count(self) -> int:
        """Words of the prose."""
        return count_words(self.text)


@dataclass(frozen=True)
class CodeBlock:
    """Code, fenced or indented.

    Attributes:
        language: the fence's first word in lower case, "" for none.
        section: the title of the section that it stands in.
    """

    language: str
    text: str
    section: str

    @property
    def is_citation(self) -> bool:
        """Whether it is BibTeX, which many cards end with, and no code."""
        return self.language in _CITATION_LANGUAGES or bool(_CITATION.match(self.text))


@dataclass(frozen=True)
class Link:
    """A web address in the text.

    Attributes:
        context: the words of the paragraph, list item or row around it.
        section: the titles above it, joined by " / ".
    """

    url: str
    text: str
    context: str
    section: str


@dataclass(frozen=True)
class Table:
    """A table: rows of cells as text, the head first.

    Attributes:
        lead: the paragraph before it in its section, "" for none.
    """

    rows: tuple[tuple[str, ...], ...]
    section: str
    lead: str = ""


@dataclass(frozen=True)
class Readme:
    """A README in its pieces, each in the order of the text."""

    sections: tuple[Section, ...] = ()
    code_blocks: tuple[CodeBlock, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def word_count(self) -> int:
        """Words of prose in all sections."""
        return sum(section.word_count for section in self.sections)


# Several metrics read the same README one after another.
@lru_cache(maxsize=4)
def parse_readme(text: str) -> Readme:
    """Take a README apart; its front matter is left out.

    Raises:
        TooMuchToRead: that takes more than it may. Who can judge without the README catches it.
    """
    # Imported when it is needed: it takes a while to start.
    from artifacts.rules.markdown import parse_markdown

    with judging() as budget:
        budget.spend(_WHAT)
        _, body = divide_readme(text)
        tokens = parse_markdown(body[:README_PARSED_MAX_CHARS].replace("\x00", " "), budget, _WHAT)
        return _Reading(budget).read(tokens)


def readable(text: str) -> Readme:
    """Return a README, or an empty one where it is too much to read: for what can do without."""
    try:
        return parse_readme(text)
    except TooMuchToRead:
        return Readme()


@dataclass
class _Reading:
    """What has been read so far."""

    _budget: Budget
    _sections: list[Section] = field(default_factory=list)
    _code_blocks: list[CodeBlock] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)
    _tables: list[Table] = field(default_factory=list)
    _titles: list[tuple[int, str]] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _lead: str = ""
    _html_tables: TableReader = field(default_factory=TableReader)
    _row: list[str] | None = None
    _rows: list[tuple[str, ...]] = field(default_factory=list)
    _context_chars: int = 0
    # The titles above what is read now.
    _place: str = ""

    def read(self, tokens: Sequence[Token]) -> Readme:
        """Walk over the blocks."""
        heading_level = 0
        for token in tokens:
            self._budget.spend(_WHAT)
            match token.type:
                case "heading_open":
                    heading_level = int(token.tag[1])
                case "inline":
                    self._add_inline(token, heading_level)
                    heading_level = 0
                case "fence" | "code_block":
                    language = token.info.strip().split(" ")[0].strip("{}.").lower()
                    self._code_blocks.append(CodeBlock(language, token.content, self._title))
                case "html_block":
                    self._add_html(token.content)
                case "tr_open":
                    self._row = []
                case "tr_close":
                    self._rows.append(tuple(self._row or ()))
                    self._row = None
                case "table_close":
                    self._tables.append(Table(tuple(self._rows), self._place, self._lead))
                    self._rows = []
        self._close_section()
        return Readme(
            tuple(self._sections),
            tuple(self._code_blocks),
            tuple(self._links),
            tuple(self._tables),
        )

    @property
    def _title(self) -> str:
        """The title of the section that is open."""
        return self._titles[-1][1] if self._titles else ""

    def _open_section(self, level: int, heading: Token) -> None:
        """Begin a section below a heading."""
        self._close_section()
        while self._titles and self._titles[-1][0] >= level:
            self._titles.pop()
        self._titles.append((level, _plain(text_of(heading)).strip()))
        # All that stands below shares this text; each heading makes another.
        self._place = " / ".join(title for _, title in self._titles)
        self._add_context(self._place)
        self._links += self._links_in(heading)

    def _close_section(self) -> None:
        """Keep the section that is open."""
        level, title = self._titles[-1] if self._titles else (0, "")
        text = _plain("\n".join(self._words))
        if level or text.strip():
            path = tuple(title for _, title in self._titles)
            self._sections.append(Section(title, level, text, path))
        self._words, self._lead = [], ""

    def _add_inline(self, token: Token, heading_level: int) -> None:
        """Begin a section with a heading, or add a paragraph, list item or cell to the open one."""
        level = heading_level or (_BOLD_HEADING_LEVEL if is_bold_heading(token) else 0)
        if level:
            self._open_section(level, token)
            return
        text = text_of(token)
        self._words.append(text)
        if self._row is None:
            self._lead = _plain(text).strip()
        else:
            self._row.append(_plain(text).strip())
        self._links += self._links_in(token)

    def _add_html(self, html: str) -> None:
        """Add a block of HTML: its words, the addresses in it, and tables that end with it."""
        shown = visible(html)
        words = words_of(shown)
        self._words.append(words)
        self._links += (self._link(url, "", words) for url in addresses(shown))
        for rows in self._html_tables.feed(shown):
            self._tables.append(Table(rows, self._place, self._lead))

    def _links_in(self, token: Token) -> Iterator[Link]:
        """Yield the web addresses of a paragraph, each once."""
        context = _plain(text_of(token)).strip()
        seen: set[str] = set()
        for url, text in (*linked(token.children or ()), *((u, "") for u in addresses(context))):
            if _is_web(url) and url not in seen:
                seen.add(url)
                yield self._link(url, text, context)

    def _link(self, url: str, text: str, context: str) -> Link:
        """Return a link with the words around it, which are looked through for each link anew."""
        self._add_context(context)
        self._budget.spend(_WHAT)
        return Link(url, text, context, self._place)

    def _add_context(self, words: str) -> None:
        """Count words that are kept or looked through once more.

        Raises:
            TooMuchToRead: all of them together are too many.
        """
        self._context_chars += len(words)
        if self._context_chars > README_CONTEXT_MAX_CHARS:
            raise TooMuchToRead(_WHAT, "it has too many links or headings below long texts")


def _plain(text: str) -> str:
    """Leave out what the template put there."""
    return _PLACEHOLDER.sub(" ", text)


def _is_web(url: str) -> bool:
    """Whether it is an http(s) address."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
