"""Identifying a license by its text.

A text is a known license only when all of that license is there and nothing of weight beside it:
an added clause, a removed one and a second license are seen, as licensee and ScanCode see them by
what is left over. A vendor's license, of which no text is known here, is told by its title; since
vendors restrict what may be done, that never makes a text freer than it is.
"""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.exceptions import TooMuchToRead
from artifacts.limits import LICENSE_TEXT_MAX_CHARS, LICENSE_TEXT_MAX_WORDS
from artifacts.rules.licensing.alignment import Alignment, find_best
from artifacts.rules.licensing.leftovers import find_weight, is_name
from artifacts.rules.licensing.statements import OF_NO_LIST, find_statement, find_title
from artifacts.rules.licensing.words import Words, read_words

# Shorter leftovers are judged by their words; longer ones may be a license of their own.
_LICENSE_WORDS_MIN = 40
# Texts that collect the licenses of many parts are for people to read.
_LICENSES_MAX = 20
_QUOTE_MAX_CHARS = 200
# Texts that belong to others: the LGPL consists of exceptions to the GPL.
_PART_OF = {"LGPL-3.0-only": "GPL-3.0-only"}


@dataclass(frozen=True)
class LicenseText:
    """What a text is.

    Attributes:
        name: an expression of the licenses whose texts are there; "" for one that is not known.
        like: the licenses that it resembles, where it is none of them; "" for none.
        obstacle: the words that stand in the way, at most `_QUOTE_MAX_CHARS`; "" for none.
        reason: why it is not recognised, as a sentence; "" if it is.
    """

    name: str
    like: str = ""
    obstacle: str = ""
    reason: str = ""


def identify_text(text: str) -> str:
    """Return the name of the license with this text, "" if it is not known."""
    return read_license_text(text).name


def read_license_text(text: str) -> LicenseText:
    """Return which license a text is, and if none, which words stand in the way. Never raises."""
    if len(text) > LICENSE_TEXT_MAX_CHARS:
        return LicenseText("", reason=f"It has over {LICENSE_TEXT_MAX_CHARS:,} characters.")
    try:
        words = read_words(text)
        if len(words.words) > LICENSE_TEXT_MAX_WORDS:
            return LicenseText("", reason=f"It has over {LICENSE_TEXT_MAX_WORDS:,} words.")
        found, left = _find_licenses(words)
    except TooMuchToRead as error:
        return LicenseText("", reason=error.message)
    title = find_title(text)
    if not found:
        name = find_statement(text) or title
        return LicenseText(name) if name else _unknown(words)
    whole = _compare(words, found, left)
    # Vendors change the texts of others and give them a title of their own.
    is_of_vendor = bool(title) and not title.startswith(OF_NO_LIST)
    return LicenseText(title) if is_of_vendor and not whole.name else whole


def _compare(words: Words, found: list[Alignment], left: list[tuple[int, int]]) -> LicenseText:
    """Return the licenses that were found, or what is missing or stands beside them.

    Args:
        left: the runs of words that belong to none of them.
    """
    names = frozenset(each.name for each in found)
    like = " AND ".join(sorted(names - {_PART_OF.get(each) for each in names}))
    for each in found:
        if each.missing:
            return _incomplete(words, each, left, names, like)
        for start, end in each.names:
            if not is_name(words, start, end):
                return _changed(words.quote(start, end), like)
    weight = find_weight(words, sorted(left), names)
    return LicenseText(like) if weight is None else _changed(words.quote(*weight), like)


def _find_licenses(words: Words) -> tuple[list[Alignment], list[tuple[int, int]]]:
    """Return the licenses in a text, and the runs of words that belong to none."""
    found: list[Alignment] = []
    left: list[tuple[int, int]] = []
    open_runs = [(0, len(words.words))]
    while open_runs:
        start, end = open_runs.pop()
        best = None
        # The first run may be a short license.
        if len(found) < _LICENSES_MAX and (end - start >= _LICENSE_WORDS_MIN or not found):
            best = find_best(words, start, end)
        if best is None or (found and best.missing):
            left.append((start, end))
            continue
        found.append(best)
        open_runs += best.extras
    return found, [each for each in left if each[0] < each[1]]


def _incomplete(
    words: Words,
    found: Alignment,
    left: list[tuple[int, int]],
    names: frozenset[str],
    like: str,
) -> LicenseText:
    """Return that words of a license are missing, with those that stand in their place, if any."""
    at = found.missing[0]
    instead = [each for each in left if each[0] == at]
    weight = find_weight(words, [*instead, *sorted(left)], names)
    if weight is not None:
        return _changed(words.quote(*weight), like)
    before = _cut(words.quote(max(0, at - 12), at))
    where = f'after "{before}"' if before else "at its beginning"
    return LicenseText("", like, before, f"It is like {like}, but words of it are missing {where}.")


def _changed(quote: str, like: str) -> LicenseText:
    """Return that words stand beside a license."""
    obstacle = _cut(quote)
    return LicenseText("", like, obstacle, f'Beside the words of {like} it says "{obstacle}".')


def _unknown(words: Words) -> LicenseText:
    """Return that a text resembles no known license."""
    obstacle = _cut(words.quote(0, len(words.words)))
    reason = f'It is no known license; it begins "{obstacle}".' if obstacle else "It is empty."
    return LicenseText("", "", obstacle, reason)


def _cut(quote: str) -> str:
    """Return words as they are quoted."""
    return quote if len(quote) <= _QUOTE_MAX_CHARS else quote[: _QUOTE_MAX_CHARS - 1] + "…"
