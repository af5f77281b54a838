"""Laying a known license text over a text: what is left over, and what is missing."""

from __future__ import annotations

from dataclasses import dataclass, field

from artifacts.rules.licensing.fingerprints import Fingerprint, Sentence, load_fingerprints
from artifacts.rules.licensing.words import Words

# Shorter runs of words stand in any text.
_TELLING_WORDS_MIN = 5
# A text that has less of a license does not even resemble it.
COVERAGE_MIN = 0.6
_TRIED_MAX = 6
# How many sentences ahead are looked for when one does not follow.
_AHEAD = 12
# The longest name of holders that stands inside of a license.
_NAME_WORDS_MAX = 25


@dataclass
class Alignment:
    """A known text laid over a text.

    Attributes:
        words: how many words the known text has.
        extras: runs of words beside the known ones, as (start, end).
        names: runs of words where holders may have written their own name.
        missing: after which word a sentence of the known text is missing.
        matched: how many words are those of the known text.
    """

    name: str
    words: int
    extras: list[tuple[int, int]] = field(default_factory=list)
    names: list[tuple[int, int]] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    matched: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether all of the known text is there."""
        return not self.missing


def find_best(words: Words, start: int, end: int) -> Alignment | None:
    """Return the known text that is there from `start` up to `end`, or the most of it.

    Returns:
        A whole one with the most words; else the one of which most is there; None if nothing there
        resembles a license.
    """
    scored = sorted(
        ((_covered(each, words, start, end), each) for each in load_fingerprints()),
        key=lambda pair: pair[0],
        reverse=True,
    )
    likely = [each for covered, each in scored if covered >= COVERAGE_MIN * each.words]
    aligned = [align(each, words, start, end) for each in likely[:_TRIED_MAX]]
    whole = [each for each in aligned if each.is_whole]
    best = (
        max(whole, key=lambda each: each.matched)
        if whole
        else max(aligned, key=lambda each: 2 * each.matched - each.words, default=None)
    )
    return best and _tighten(best, words, start, end)


def _tighten(found: Alignment, words: Words, start: int, end: int) -> Alignment:
    """Return a known text laid over where it really begins.

    Licenses of one family have sentences in common, and the first may be those of another license,
    before the text itself.
    """
    gap = next((each for each in found.extras if each[1] - each[0] > _NAME_WORDS_MAX), None)
    if gap is None or gap[0] == start or gap[1] == end or not found.is_whole:
        return found
    known = next(each for each in load_fingerprints() if each.name == found.name)
    # What was taken from before the gap stands again right before its end.
    begins = max(gap[1] - 2 * (gap[0] - start), gap[0])
    later = align(known, words, begins, end)
    if not later.is_whole:
        return found
    if later.extras and later.extras[0][0] == begins:
        later.extras[0] = (start, later.extras[0][1])
    else:
        later.extras.insert(0, (start, begins))
    return later


def _covered(known: Fingerprint, words: Words, start: int, end: int) -> int:
    """Return how many words of a known text are somewhere there."""
    return sum(
        each.length
        for each in known.sentences
        if each.mark != "?"
        # Short runs are not looked for, since they are in any text.
        and (each.length < _TELLING_WORDS_MIN
             or words.find(each.hash, each.length, start, end) >= 0)
    )  # fmt: skip


def align(known: Fingerprint, words: Words, start: int, end: int) -> Alignment:
    """Lay a known text over the words from `start` up to `end`, in one pass."""
    found = Alignment(known.name, known.words)
    at, number, sentences, is_in_appendix = start, 0, known.sentences, False
    while number < len(sentences):
        chosen = _find_next(sentences, number, words, at, end)
        if chosen is None:
            if sentences[number].mark != "?":
                found.missing.append(at)
            number += 1
            continue
        place, step = chosen
        if any(each.mark != "?" for each in sentences[number:step]):
            found.missing.append(at)
        sentence = sentences[step]
        if place > at:
            is_open = sentence.mark == "*" and step == number
            is_open = is_open or (sentence.mark == "?" and is_in_appendix)
            is_name = is_open and place - at <= _NAME_WORDS_MAX
            (found.names if is_name else found.extras).append((at, place))
        is_in_appendix = sentence.mark == "?"
        at = place + sentence.length
        found.matched += sentence.length
        number = step + 1
    if at < end:
        found.extras.append((at, end))
    return found


def _find_next(
    sentences: tuple[Sentence, ...], number: int, words: Words, at: int, end: int
) -> tuple[int, int] | None:
    """Return where the text goes on, and with which sentence; None for nowhere.

    Among the next sentences, the one counts before which the fewest words are passed over, in the
    text and in the license together.
    """
    best, least, passed = None, 0, 0
    for step in range(number, min(number + _AHEAD, len(sentences))):
        sentence = sentences[step]
        place = words.find(sentence.hash, sentence.length, at, end)
        if place >= 0 and (best is None or place - at + passed < least):
            best, least = (place, step), place - at + passed
        passed += sentence.length if sentence.mark != "?" else 0
        if best is not None and passed >= least:
            break
    return best
