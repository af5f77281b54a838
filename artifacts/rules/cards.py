"""Reading a card: the front matter of a README, written by strangers.

Source: the Hub's documentation, "Model Cards" and "Dataset Cards": YAML between two lines of `---`.
"""

from __future__ import annotations

from typing import Any

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import CARD_MAX_CHARS

_FENCE = "---"
_WHAT = "The front matter"


def parse_front_matter(readme: str) -> dict[str, Any]:
    """Return the front matter as JSON data; {} when there is none.

    Raises:
        Unreadable: it cannot be read.
        TooMuchToRead: it is longer, deeper or more costly than a card may be.
    """
    matter, _ = divide_readme(readme)
    if not matter.strip():
        return {}
    if len(matter) > CARD_MAX_CHARS:
        raise TooMuchToRead(_WHAT, f"it has over {CARD_MAX_CHARS:,} characters")
    # Imported when it is needed: it takes a while to start.
    from artifacts.rules.yaml_text import read_yaml

    return read_yaml(matter, _WHAT)


def divide_readme(readme: str) -> tuple[str, str]:
    """Return the front matter without its fences, "" for none, and the text without it."""
    start = 1 if readme.startswith("\ufeff") else 0
    first = readme.find("\n", start)
    if first < 0 or not _is_fence(readme, start, first):
        return "", readme
    line = first + 1
    while line < len(readme):
        end = readme.find("\n", line)
        end = len(readme) if end < 0 else end
        if readme.startswith(_FENCE, line) and _is_fence(readme, line, end):
            return readme[first + 1 : line], readme[end:]
        line = end + 1
    return "", readme


def stated_license(card: dict[str, Any]) -> str:
    """Return the license that a card states; several are joined with `AND`, the careful reading.

    A `license_name` says more than the `other` beside it.
    """
    stated = card.get("license")
    if stated == "other" and isinstance(card.get("license_name"), str):
        return str(card["license_name"])
    if isinstance(stated, list):
        return " AND ".join(str(each) for each in stated if isinstance(each, str))
    return stated if isinstance(stated, str) else ""


def _is_fence(text: str, start: int, end: int) -> bool:
    """Whether a line is a fence; blanks and a carriage return may follow its dashes."""
    return text[start:end].removesuffix("\r").rstrip(" \t") == _FENCE
