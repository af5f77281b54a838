"""Markdown from strangers as tokens, within a budget.

Many texts take markdown-it quadratic time: `![![![`, unclosed brackets, backticks in runs of every
length, tables of many columns. So each step of the parser first checks the budget.

Source: CommonMark 0.31 and GitHub's tables, as markdown-it reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.ruler import Rule
from markdown_it.token import Token

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import LINK_MAX_CHARS, README_TOKENS_MAX
from artifacts.rules.budget import Budget


class _BoundedMarkdown(MarkdownIt):
    """A parser with a budget, which does not encode addresses that nobody would follow."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  (the library's name)
        """Return an address as pages hold it; very long ones unchanged.

        Encoding the host of an address takes quadratic time.
        """
        return url if len(url) > LINK_MAX_CHARS else super().normalizeLink(url)

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802  (the library's name)
        """Return an address as people read it; very long ones unchanged."""
        return link if len(link) > LINK_MAX_CHARS else super().normalizeLinkText(link)


def parse_markdown(text: str, budget: Budget, what: str) -> Sequence[Token]:
    """Return the blocks of a text.

    Args:
        what: the beginning of a sentence, as in "The README".

    Raises:
        TooMuchToRead: the budget is used up.
    """
    parser = _BoundedMarkdown("commonmark").enable("table")

    def spending(rule: Callable[..., Any]) -> Callable[..., Any]:
        def step(state: Any, *place: Any) -> Any:
            budget.spend(what)
            if len(state.tokens) > README_TOKENS_MAX:
                raise TooMuchToRead(what, f"it has over {README_TOKENS_MAX:,} pieces")
            return rule(state, *place)

        return step

    # Among the rules for the inside of paragraphs, the one for plain text is tried first at every
    # place, so wrapping it is enough.
    inline = (each for each in _rules(parser.inline.ruler) if each.name == "text")
    for each in (*_rules(parser.block.ruler), *inline, *_rules(parser.inline.ruler2)):
        each.fn = spending(each.fn)
    return parser.parse(text)


def draw_blocks(text: str, budget: Budget, what: str) -> list[str]:
    """Return the HTML of each block of a text, in which strangers' own tags stand as they are.

    Args:
        what: the beginning of a sentence, as in "The README".

    Raises:
        TooMuchToRead: the budget is used up.
    """
    tokens = parse_markdown(text, budget, what)
    options, renderer = MarkdownIt("commonmark").options, RendererHTML()
    drawn = []
    for block in _divide(tokens):
        budget.spend(what)
        drawn.append(renderer.render(block, options, {}))
    return drawn


def _divide(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Yield the tokens of one block after the other."""
    start = depth = 0
    for place, token in enumerate(tokens, 1):
        depth += token.nesting
        if depth == 0:
            yield tokens[start:place]
            start = place


def _rules(ruler: Any) -> Iterable[Rule[Any]]:
    """Return the rules of a part of the parser; the library has no public way to wrap them."""
    rules: Iterable[Rule[Any]] = ruler.__rules__
    return rules
