"""The sections, code blocks, links and tables of a README, which strangers write.

Source: CommonMark 0.31 and GitHub's tables, as markdown-it reads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import README_CONTEXT_MAX_CHARS, README_PARSED_MAX_CHARS
from artifacts.rules.budget import Budget, judging
from artifacts.rules.cards import divide_readme
from artifacts.rules.html import (
    CodeReader,
    TableReader,
    addresses,
    divide_at_headings,
    extract_words,
    is_web,
    visible,
)
from artifacts.rules.markdown_tokens import (
    extract_html,
    extract_text,
    is_bold_heading,
    linked,
    plain,
)
from artifacts.rules.patterns import Pattern, count_words_in_any_script

if TYPE_CHECKING:
    from markdown_it.token import Token

_WHAT = "The README"
_CITATION_LANGUAGES = frozenset(("bibtex", "bib", "latex", "tex"))
_CITATION = Pattern(r"\s*@\w{3,20}\s*\{")
# Many cards have lines in bold where others have headings.
_BOLD_HEADING_LEVEL = 7


@dataclass(frozen=True)
class Section:
    """A heading and the prose below it, up to the next heading.

    Attributes:
        title: without markup; "" for the text before the first heading.
        level: 1 to 6; 7 for a line in bold used as a heading; 0 for the text before the first
            heading.
        text: prose, lists and table cells; without code, comments and placeholders.
        path: the titles of the headings above it and its own, outermost first.
    """

    title: str
    level: int
    text: str
    path: tuple[str, ...] = ()

    @property
    def word_count(self) -> int:
        """Number of words in the prose."""
        return count_words_in_any_script(self.text)


@dataclass(frozen=True)
class CodeBlock:
    """Code, fenced or indented.

    Attributes:
        language: the fence's first word in lower case, "" for none.
        section: the title of its section; `place` has those above it, too, joined by " / ".
        lead: the paragraph before it in its section, "" for none.
    """

    language: str
    text: str
    section: str
    place: str = ""
    lead: str = ""

    @property
    def is_citation(self) -> bool:
        """Whether it is BibTeX, which many cards end with, rather than code."""
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
    """The parts of a README, each in the order of the text."""

    sections: tuple[Section, ...] = ()
    code_blocks: tuple[CodeBlock, ...] = ()
    links: tuple[Link, ...] = ()
    tables: tuple[Table, ...] = ()

    @property
    def word_count(self) -> int:
        """Number of words of prose in all sections."""
        return sum(section.word_count for section in self.sections)


# Cached, since several metrics read the same README one after another.
@lru_cache(maxsize=4)
def parse_readme(text: str) -> Readme:
    """Split a README into its parts, without its front matter.

    Raises:
        TooMuchToRead: the budget is used up. Callers that can judge without the README catch it.
    """
    # Imported only when needed: it is slow to import.
    from artifacts.rules.markdown import parse_markdown

    with judging() as budget:
        budget.spend(_WHAT)
        _, body = divide_readme(text)
        tokens = parse_markdown(body[:README_PARSED_MAX_CHARS].replace("\x00", " "), budget, _WHAT)
        return _Reading(budget).read(tokens)


def readable(text: str) -> Readme:
    """Return a README, or an empty one if it is too much to read, for callers that allow that."""
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
    _html_code: CodeReader = field(default_factory=CodeReader)
    _row: list[str] | None = None
    _rows: list[tuple[str, ...]] = field(default_factory=list)
    _context_chars: int = 0
    # The titles above the current place.
    _place: str = ""

    def read(self, tokens: Sequence[Token]) -> Readme:
        """Read the blocks one by one."""
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
                    self._code_blocks.append(
                        CodeBlock(language, token.content, self._title, self._place, self._lead)
                    )
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
        """The title of the open section."""
        return self._titles[-1][1] if self._titles else ""

    def _open_section(self, level: int, title: str) -> None:
        """Begin a section below a heading."""
        self._close_section()
        while self._titles and self._titles[-1][0] >= level:
            self._titles.pop()
        self._titles.append((level, plain(title).strip()))
        # Everything below shares this text until the next heading.
        self._place = " / ".join(title for _, title in self._titles)
        self._add_context(self._place)

    def _close_section(self) -> None:
        """Store the open section."""
        level, title = self._titles[-1] if self._titles else (0, "")
        text = plain("\n".join(self._words))
        if level or text.strip():
            path = tuple(title for _, title in self._titles)
            self._sections.append(Section(title, level, text, path))
        self._words, self._lead = [], ""
        # Code that nobody closed does not swallow the rest of the card.
        self._html_code = CodeReader()

    def _add_inline(self, token: Token, heading_level: int) -> None:
        """Begin a section at a heading, or add a paragraph, list item or cell to the open one."""
        self._take_code(extract_html(token, in_code=self._html_code.is_open))
        level = heading_level or (_BOLD_HEADING_LEVEL if is_bold_heading(token) else 0)
        if level:
            self._open_section(level, extract_text(token))
            self._links += self._list_links(token)
            return
        text = extract_text(token)
        self._words.append(text)
        if self._row is None:
            self._lead = plain(text).strip()
        else:
            self._row.append(plain(text).strip())
        self._links += self._list_links(token)

    def _add_html(self, html: str) -> None:
        """Add a block of HTML: its headings, words, addresses, and the tables that end in it."""
        for level, title, piece in divide_at_headings(visible(html)):
            if level:
                self._open_section(level, title)
            text = self._take_code(piece)
            words = extract_words(text)
            self._words.append(words)
            self._links += [self._link(url, "", words) for url in addresses(piece)]
            for rows in self._html_tables.feed(text):
                self._tables.append(Table(rows, self._place, self._lead))

    def _take_code(self, html: str) -> str:
        """Keep the code that ends in a piece of HTML; return the rest of the piece."""
        shown, codes = self._html_code.feed(html)
        self._code_blocks += (
            CodeBlock("", text, self._title, self._place, self._lead) for text in codes
        )
        return shown

    def _list_links(self, token: Token) -> Iterator[Link]:
        """Yield each web address of a paragraph once."""
        context = plain(extract_text(token)).strip()
        seen: set[str] = set()
        for url, text in (*linked(token.children or ()), *((u, "") for u in addresses(context))):
            if is_web(url) and url not in seen:
                seen.add(url)
                yield self._link(url, text, context)

    def _link(self, url: str, text: str, context: str) -> Link:
        """Return a link with the words around it, which are read again for each link."""
        self._add_context(context)
        self._budget.spend(_WHAT)
        return Link(url, text, context, self._place)

    def _add_context(self, words: str) -> None:
        """Count words that are stored or read once more.

        Raises:
            TooMuchToRead: in total there are too many.
        """
        self._context_chars += len(words)
        if self._context_chars > README_CONTEXT_MAX_CHARS:
            raise TooMuchToRead(_WHAT, "it has too many links or headings below long texts")
