"""Reading a card: the front matter of a README, written by strangers.

Source: the Hub's documentation, "Model Cards" and "Dataset Cards": YAML between two lines of `---`.
Blanks and comments may stand before it, as the Hub's own reader has it (huggingface_hub,
`repocard.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import CARD_MAX_CHARS
from artifacts.rules.letters import without_unseen
from artifacts.rules.licensing.names import (
    canonical_name,
    choose_stated,
    parse_license,
    says_nothing,
)
from artifacts.rules.page_urls import divide_link, read_address
from artifacts.rules.values import read_text

_FENCE = "---"
# YAML ends a document with dots, too.
_DOTS = "..."
_CLOSING = (_FENCE, _DOTS)
_WHAT = "The front matter"
_COMMENT, _COMMENT_END = "<!--", "-->"
_BLANKS = " \t\r\n\f\v\xa0"
# The Hub's keys on which ratings and lineage rest, as they are compared: `License` and
# `base-model` are these keys to everybody who reads them.
_USUAL_KEYS = {
    **{
        name: name
        for name in ("license", "license_name", "license_link", "base_model", "datasets", "tags",
                     "language", "library_name", "pipeline_tag", "base_model_relation")
    },
    "licence": "license", "licenses": "license", "licences": "license",
    "licence_name": "license_name", "licence_link": "license_link", "license_url": "license_link",
    "base_models": "base_model", "model_index": "model-index",
}  # fmt: skip
RATED_KEYS = frozenset(_USUAL_KEYS.values())
# Keys whose values add up: of two licenses both have to be kept, of two base models both count.
_ADDED_UP = frozenset((
    "license", "license_name", "base_model", "datasets", "tags", "language", "model-index",
))  # fmt: skip
# Longer "keys" are sentences with a colon.
_KEY_MAX_CHARS = 100
# Blanks and the quotes of word processors, which YAML takes for letters.
_QUOTES = " \t\"'`\u2018\u2019\u201c\u201d"
# An expression of so many names is longer than any that is judged, so it is unknown all the same.
_NAMES_MAX = 100
# Where a license that is a mapping has its name.
_NAME_KEYS = ("spdx_id", "spdx", "id", "name", "key", "type")


def parse_front_matter(readme: str) -> dict[str, Any]:
    """Return the front matter as JSON data; {} when there is none.

    Raises:
        Unreadable: it cannot be read.
        TooMuchToRead: it is longer, deeper or more costly than a card may be.
    """
    matter, _ = divide_readme(readme)
    if not matter.strip():
        return {}
    check_length(matter)
    # Imported only when needed: it is slow to import.
    from artifacts.rules.yaml_text import read_yaml

    return read_yaml(matter, _WHAT)


def check_length(matter: str) -> None:
    """Check that front matter is not too long to be read.

    Raises:
        TooMuchToRead: it is.
    """
    if len(matter) > CARD_MAX_CHARS:
        raise TooMuchToRead(_WHAT, f"it has over {CARD_MAX_CHARS:,} characters")


def divide_readme(readme: str) -> tuple[str, str]:
    """Return the front matter without its fences ("" for none), and the rest of the text.

    Front matter that is never closed ends at the first empty line.
    """
    start = _skip_unseen(readme)
    first = readme.find("\n", start)
    if first < 0 or not readme.startswith(_FENCE, start):
        return "", readme
    fence = _read_fence(readme, start, first)
    if fence != _FENCE and (fence.strip("-") or not _begins_card(readme[first + 1 :])):
        return "", readme
    indent = readme[readme.rfind("\n", 0, start) + 1 : start]
    indent = "" if indent.strip(" \t") else indent
    line, empty = first + 1, -1
    while line < len(readme):
        end = readme.find("\n", line)
        end = len(readme) if end < 0 else end
        at = line + len(indent) if readme.startswith(indent, line) else line
        if readme.startswith(_CLOSING, at) and _read_fence(readme, at, end) in (fence, _DOTS):
            return readme[first + 1 : line], readme[end:]
        if empty < 0 and not readme[line:end].strip():
            empty = line
        line = end + 1
    matter = readme[first + 1 : empty] if empty >= 0 else readme[first + 1 :]
    if _begins_card(matter):
        return matter, readme[first + 1 + len(matter) :]
    return "", readme


def find_key(line: str) -> str:
    """Return the key that begins a line of front matter, as the Hub spells it; "" for none."""
    name, colon, _ = line.partition(":")
    name = without_unseen(name.rstrip(" \t").strip("\"'"))
    if not colon or len(name) > _KEY_MAX_CHARS or not name[:1].isalpha():
        return ""
    key = spell_key(name)
    is_word = name.replace("-", "").replace("_", "").replace(".", "").isalnum()
    return key if is_word or key in RATED_KEYS else ""


def spell_key(key: str) -> str:
    """Return a key as the Hub spells it, if it is one of those that matter; else as it is."""
    seen = without_unseen(key).strip().lower()
    return _USUAL_KEYS.get(seen.replace("-", "_").replace(" ", "_"), key)


def spell_keys(card: Mapping[str, Any]) -> dict[str, Any]:
    """Return a card with its keys as the Hub spells them."""
    values: dict[str, list[Any]] = {}
    for key, value in card.items():
        values.setdefault(spell_key(key), []).append(value)
    return {key: join_values(key, each)[0] for key, each in values.items()}


def join_values(key: str, values: list[Any]) -> tuple[Any, bool]:
    """Return the one value of a key that was stated several times, and whether all of it counts.

    Where values add up, all are kept; of others that differ none is, since nobody can tell which
    one is meant.
    """
    stated = [each for each in values if each is not None]
    # By their text, since lists and mappings have no hash, and a key may stand there 10,000 times.
    different = list({repr(each): each for each in stated}.values())
    if len(different) < 2:  # noqa: PLR2004  (two values are needed to differ)
        return (different[0] if different else None), True
    if key not in _ADDED_UP:
        return None, False
    items = [item for each in different for item in (each if isinstance(each, list) else [each])]
    return items, True


def stated_license(card: Mapping[str, Any]) -> str:
    """Return the license that a card states; several are joined with `AND`, to be careful.

    `license_name` and `license_link` say what `other` stands for. Beside a license, a name of
    another one that is known holds as well.
    """
    names = _few(_list_names(card.get("license"))) or [""]
    own = _few(_list_names(card.get("license_name"))) or [""]
    link = read_address(read_text(card.get("license_link")))
    # Own names stand beside those that name nothing, whatever those are.
    other = next((each for each in names if says_nothing(each)), None)
    chosen = list[str]()
    for name in names:
        if not says_nothing(name):
            chosen.append(name)
        elif name == other:
            chosen += [choose_stated(name, each, link) for each in own]
    if other is None:
        chosen += [each for each in own if _is_another(each, chosen)]
    distinct = list(dict.fromkeys(each for each in chosen if each))
    if len(distinct) > 1:
        # Names with blanks in them are no part of an expression.
        distinct = [(canonical_name(each) or each) if " " in each else each for each in distinct]
    return " AND ".join(distinct)


def _is_another(name: str, chosen: Iterable[str]) -> bool:
    """Whether a name is that of a license that is known and none of those that were chosen."""
    named = parse_license(name)
    return named.is_known and named.text not in {parse_license(each).text for each in chosen}


def _few(names: Iterable[str]) -> list[str]:
    """Return each name once, at most `_NAMES_MAX`."""
    return list(dict.fromkeys(names))[:_NAMES_MAX]


def _list_names(stated: object) -> Iterable[str]:
    """Yield the names in a value that may be one, a list of them, or mappings.

    A mapping has a name, or names one for each of several parts: `{code: mit, weights: gemma}`.
    """
    if isinstance(stated, list):
        for each in stated:
            yield from _list_names(each)
    elif isinstance(stated, dict):
        name = next((stated[key] for key in _NAME_KEYS if isinstance(stated.get(key), str)), None)
        yield from _list_names(list(stated.values()) if name is None else name)
    elif isinstance(stated, str) and (bare := without_unseen(stated).strip(_QUOTES)):
        words, address = divide_link(bare)
        yield words or address


def _skip_unseen(readme: str) -> int:
    """Return where a text begins after blanks, marks and comments."""
    position = 0
    while True:
        while position < len(readme) and not without_unseen(readme[position]).strip(_BLANKS):
            position += 1
        end = readme.find(_COMMENT_END, position) if readme.startswith(_COMMENT, position) else -1
        if end < 0:
            return position
        position = end + len(_COMMENT_END)


def _read_fence(text: str, start: int, end: int) -> str:
    """Return a line that may be a fence without blanks and without a comment of YAML behind it."""
    return without_unseen(text[start:end].partition(" #")[0].rstrip(_BLANKS)).rstrip(_BLANKS)


def _begins_card(matter: str) -> bool:
    """Whether a text begins with one of the Hub's keys: a rule in a text is no fence."""
    return find_key(matter[:_KEY_MAX_CHARS].partition("\n")[0]) in RATED_KEYS
