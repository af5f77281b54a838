"""Words, addresses and headings in the tokens that `markdown` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from artifacts.rules.html import addresses
from artifacts.rules.patterns import Pattern

if TYPE_CHECKING:
    from markdown_it.token import Token

# A whole paragraph in bold is not a heading.
_BOLD_HEADING_MAX_CHARS = 80


_BREAK, _RAISED = "<br", ("<sup", "<sub")

# Placeholders of the Hub's card template, left where nobody wrote anything.
_PLACEHOLDER = Pattern(
    r"(?i)\[more information (?:is )?needed\]|\[optional\]|\[todo[^\[\]\n]*\]"
) | Pattern(r"(?i)more information (?:is )?needed|todo|model id", before=r"\w", after=r"\w")


def is_bold_heading(token: Token) -> bool:
    """Return whether a paragraph consists of one short line in bold."""
    children = token.children or ()
    kinds = [child.type for child in children if child.content or child.nesting]
    return (
        token.level == 1
        and kinds[:1] == ["strong_open"]
        and kinds[-1:] == ["strong_close"]
        and kinds.count("strong_open") == 1
        and "image" not in kinds
        and 0 < len(extract_text(token).strip()) <= _BOLD_HEADING_MAX_CHARS
    )


def linked(children: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Yield address and text of each link among inline tokens."""
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


def extract_text(token: Token) -> str:
    """Return the words of an inline token; line breaks become spaces, code keeps its words.

    A raised word is a word of its own (`mAP<sup>val`), a raised digit is not (`R<sup>2`).
    """
    parts: list[str] = []
    is_raised = False
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            parts += [" "] * (is_raised and child.content[:1].isalpha()) + [child.content]
            is_raised = False
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "image":
            parts.append("")
        elif child.type == "html_inline":
            tag = child.content.lower()
            is_raised = tag.startswith(_RAISED)
            parts += [" "] * tag.startswith(_BREAK)
    return "".join(parts)


def extract_html(token: Token, *, in_code: bool) -> str:
    """Return an inline token as HTML: its tags, and its text in between with its line breaks.

    Args:
        in_code: whether `<code>` is open; outside of it, text without tags is "".
    """
    children = token.children or ()
    if not in_code and not any(child.type == "html_inline" for child in children):
        return ""
    parts = []
    for child in children:
        if child.type == "html_inline":
            parts.append(child.content)
        elif child.type in ("text", "code_inline"):
            parts.append(child.content.replace("&", "&amp;").replace("<", "&lt;"))
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return "".join((*parts, "\n"))


def plain(text: str) -> str:
    """Remove the template's placeholders."""
    return _PLACEHOLDER.sub(" ", text)
