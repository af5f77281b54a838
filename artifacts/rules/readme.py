"""What a README consists of: sections, code blocks, links, tables. It is written by strangers.

Source: CommonMark 0.31 and GitHub's tables, as markdown-it reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from artifacts.limits import README_PARSED_MAX_CHARS
from artifacts.rules.html import TableReader, addresses, visible, words_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
# What the Hub's card template leaves where nobody wrote anything.
_PLACEHOLDER = re.compile(
    r"\[?\bmore information (is )?needed\b\]?|\[optional\]|\bTODO\b|\bmodel id\b", re.IGNORECASE
)
_WORD = re.compile(r"\w[\w'-]*")
_CITATION_LANGUAGES = frozenset(("bibtex", "bib", "latex", "tex"))
_CITATION = re.compile(r"\s*@\w{3,20}\s*\{")
# Many cards have lines in bold where others have headings; a whole paragraph in bold is none.
_BOLD_HEADING_LEVEL = 7
_BOLD_HEADING_MAX_CHARS = 80


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
        return len(_WORD.findall(self.text))


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
    """Take a README apart; its front matter is left out. Never raises, whatever the text."""
    # Imported when it is needed: it takes a while to start.
    from markdown_it import MarkdownIt

    body = _FRONT_MATTER.sub("", text[:README_PARSED_MAX_CHARS], count=1)
    parser = MarkdownIt("commonmark").enable("table")
    return _Reading().read(parser.parse(body.replace("\x00", " ")))


@dataclass
class _Reading:
    """What has been read so far."""

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

    def read(self, tokens: Sequence[Token]) -> Readme:
        """Walk over the blocks."""
        heading_level = 0
        for token in tokens:
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

    @property
    def _place(self) -> str:
        """The titles above what is read now."""
        return " / ".join(title for _, title in self._titles)

    def _open_section(self, level: int, heading: Token) -> None:
        """Begin a section below a heading."""
        self._close_section()
        while self._titles and self._titles[-1][0] >= level:
            self._titles.pop()
        self._titles.append((level, _plain(_text_of(heading)).strip()))
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
        level = heading_level or (_BOLD_HEADING_LEVEL if _is_bold_heading(token) else 0)
        if level:
            self._open_section(level, token)
            return
        text = _text_of(token)
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
        self._links += (Link(url, "", words, self._place) for url in addresses(shown))
        for rows in self._html_tables.feed(shown):
            self._tables.append(Table(rows, self._place, self._lead))

    def _links_in(self, token: Token) -> Iterator[Link]:
        """Yield the web addresses of a paragraph, each once."""
        context = _plain(_text_of(token)).strip()
        seen: set[str] = set()
        for url, text in (*_linked(token.children or ()), *((u, "") for u in addresses(context))):
            if _is_web(url) and url not in seen:
                seen.add(url)
                yield Link(url, text, context, self._place)


def _is_bold_heading(token: Token) -> bool:
    """Whether a paragraph of its own is one short line in bold."""
    children = token.children or ()
    kinds = [child.type for child in children if child.content or child.nesting]
    return (
        token.level == 1
        and kinds[:1] == ["strong_open"]
        and kinds[-1:] == ["strong_close"]
        and kinds.count("strong_open") == 1
        and "image" not in kinds
        and 0 < len(_text_of(token).strip()) <= _BOLD_HEADING_MAX_CHARS
    )


def _linked(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield address and text of the links among inline tokens."""
    url, words = "", ""
    for child in children:
        if child.type == "link_open":
            url, words = str(child.attrGet("href") or ""), ""
        elif child.type == "link_close":
            yield url, words
            url = ""
        elif child.type == "html_inline":
            yield from ((found, "") for found in addresses(child.content))
        elif url:
            words += child.content


def _text_of(token: Token) -> str:
    """Return the words of an inline token; line breaks become spaces, code keeps its words."""
    parts = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append("")
    return "".join(parts)


def _plain(text: str) -> str:
    """Leave out what the template put there."""
    return _PLACEHOLDER.sub(" ", text)


def _is_web(url: str) -> bool:
    """Whether it is an http(s) address."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False
