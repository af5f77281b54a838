"""What stands beside a known license text, and whether it carries weight.

Source: SPDX matching guidelines: copyright notices, names of licenses, and addresses of their pages
do not change a license. Whatever else stands there does, as long as nobody has read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from artifacts.rules.licensing.spellings import find_spelling
from artifacts.rules.licensing.words import Words, read_words


def _words(text: str) -> frozenset[str]:
    """Return the words of a table."""
    return frozenset(text.split())


# Words of titles, dates and notices, none of which grants or takes anything.
_TITLE = _words("""
    a all and april are artistic at august available below by c clause code com committee
    contents copy creativecommons dated december dedication distributed end february file
    foundation free full general htm html http identifier in international is january july june
    legal legalcode library license licensed licenses march may md new november october of on
    opensource or org original package program project public released repository reproduced
    reserved revised rights see september simplified software spdx spdxlicenseidentifier
    standard terms text the this to txt under universal v version with work zero
""")
# The parts of Creative Commons' names, as ids and as titles spell them; hyphens join them to one
# word: "BY-NC", "Attribution-NonCommercial".
_COMMONS = {
    "by": "attribution", "nc": "noncommercial", "sa": "sharealike", "nd": "noderivatives",
}  # fmt: skip
_COMMONS_IDS = ("by", "by-nc", "by-nc-nd", "by-nc-sa", "by-nd", "by-sa")


def _spell_commons(id_: str) -> frozenset[str]:
    """Return the words that stand for one of Creative Commons' licenses, given as `by-nc`."""
    parts = id_.split("-")
    spelled = "".join(_COMMONS[each] for each in parts)
    return frozenset((spelled, "".join(parts), f"cc{''.join(parts)}"))


# Words that name licenses; beside a license only its own may stand.
_NAMES = _words("""
    0bsd affero afl agpl apache artistic attribution boost bsd bsl busl cc cc0 cddl commons cpl
    creative ecl eclipse elastic epl eupl european expat fdl gemma gfdl gnu gpl isc lesser lgpl
    llama lppl mit mozilla mpl nc ncsa nd noncommercial odbl odc ofl openmdw openrail osl pddl
    polyform postgresql proprietary psf python rail sa sharealike sspl unlicence unlicense upl
    wtfpl x11 zlib zpl
""").union(*map(_spell_commons, _COMMONS_IDS)) - {"by"}
_NAMES_OF = {
    "MIT": "mit expat x11", "AGPL": "gnu affero agpl", "LGPL": "gnu lesser lgpl gpl",
    "GPL": "gnu gpl", "GFDL": "gnu gfdl fdl", "CC0": "cc cc0 creative commons",
    "CC": "cc creative commons",
    "MPL": "mozilla mpl", "EPL": "eclipse epl", "EUPL": "european eupl", "BSL": "boost bsl",
    "0BSD": "bsd 0bsd isc", "Python": "python psf", "Unlicense": "unlicense unlicence",
    "MS": "ms", "ECL": "ecl apache",
}  # fmt: skip
# Words that grant, ask or forbid. Where they stand, a notice is more than one.
_WEIGHTY = _words("""
    agree allowed although attribution but cannot commercial commercially condition conditions
    consent except exclude excluding exclusively fee fees forbid forbidden grant granted however
    if limit limited may military modify must neither never no nobody non noncommercial none
    nonprofit not nothing only otherwise paid pay permission permitted prior prohibit prohibited
    prohibits provided redistribute require required requires restrict restricted restriction
    restrictions revoke royalty sell shall should sublicense terminate unless until use used
    user users uses using warranty where without
""")
_WEIGHTY_SIGNS = ("\u4e0d", "\u7981", "\u975e", "\u4ec5", "\u672a", "\u9650")
# Words in small letters that names of holders and notices contain.
_OF_NOTICES = _words("""
    al all and authors by c contributors copyright de der developers et file for fullname holder
    holders in its name of others owner portions present project reserved respective rights see
    team the von year years
""")
_COPYRIGHT = frozenset(("copyright", "copyrights", "copr"))
# Words with which a notice about parts of others begins.
_ABOUT_PARTS = _words("""
    adapted applies based borrowed code copied derived following from includes licensed modified
    parts portions source subject taken third
""")
_AROUND_IDS = ".,;:()[]<>\"'`*"
_NOTICE_WORDS_MAX, _HEADING_WORDS_MAX = 40, 6
_COPYRIGHT_WITHIN = 4
_SUBJECT_WORDS_MAX = 4
# More of them are a sentence.
_PLAIN_MAX = 2


def find_weight(
    words: Words, extras: Iterable[tuple[int, int]], names: frozenset[str]
) -> tuple[int, int] | None:
    """Return the first run of words that carries weight, None if there is none.

    Args:
        extras: the runs of words beside the known ones.
        names: the licenses that were found; several explain what applies to which part.
    """
    own = _own_names(names)
    for start, end in extras:
        before, line_number = "notice" if start else "top", -1
        for first, last in _lines(words, start, end):
            is_next = words.line_numbers[first] == line_number + 1
            kind = (
                "weight"
                if _names_another(words, (first, last), names)
                else _judge(words, (first, last), before, own, is_next=is_next, is_above=not start)
            )
            # A sentence about parts of others says which license is whose, where there are several.
            if kind == "weight" or (kind == "parts" and len(names) == 1):
                return first, end
            before, line_number = kind, words.line_numbers[first]
    return None


def is_name(words: Words, start: int, end: int) -> bool:
    """Whether a run of words inside of a license can be the name of somebody."""
    return not _has_weight(words.words[start:end])


def _judge(
    words: Words,
    run: tuple[int, int],
    before: str,
    own: frozenset[str],
    *,
    is_next: bool,
    is_above: bool,
) -> str:
    """Return what a line beside a license is.

    Args:
        before: what the last line of these is; `is_next` tells whether it stands right above.
        is_above: whether they stand above the license, where titles and headings do.

    Returns:
        `top` for a title or a heading, `copyright`, `parts` for a sentence about parts of others,
        `weight` for anything else.
    """
    line = words.words[run[0] : run[1]]
    is_foreign = not _NAMES.isdisjoint(set(line) - own)
    if not is_foreign and all(each in _TITLE or each in own or each.isdecimal() for each in line):
        return before
    if is_foreign or _has_weight(line) or len(line) > _NOTICE_WORDS_MAX:
        return "weight"
    if _is_statement(line, own):
        return before
    # A title may stand before the notice, in the same line.
    told = next((at for at, each in enumerate(line) if each not in _TITLE | own), len(line))
    is_marked = (
        not _COPYRIGHT.isdisjoint(line[: told + _COPYRIGHT_WITHIN])
        or line[:2] == ["developed", "by"]
        or _has_sign(words, run[0])
    )
    plain = _count_plain(words, run)
    if (is_marked and plain <= _PLAIN_MAX) or (before == "copyright" and is_next and not plain):
        return "copyright"
    if (before == "parts" and is_next) or not _ABOUT_PARTS.isdisjoint(line):
        return "parts"
    is_short = len(line) <= _HEADING_WORDS_MAX and not words.quote(*run).endswith((".", "!", ";"))
    is_heading = before == "top" or (is_above and before == "copyright")
    return before if is_heading and is_short and not plain else "weight"


def _names_another(words: Words, run: tuple[int, int], names: frozenset[str]) -> bool:
    """Whether a line has the id of another license, as `SPDX-License-Identifier: GPL-3.0-only`."""
    pieces = {words.piece_numbers[each] for each in range(*run)}
    shown = (words.pieces[each].strip(_AROUND_IDS) for each in pieces)
    ids = (find_spelling(each) for each in shown if "-" in each and any(map(str.isdigit, each)))
    own = {_plain_id(each) for each in names}
    return any(each and _plain_id(each) not in own for each in ids)


def _plain_id(name: str) -> str:
    """Return the id of a license without what is said of later versions."""
    return name.removesuffix("-only").removesuffix("-or-later")


def _is_statement(line: list[str], own: frozenset[str]) -> bool:
    """Whether a line says of something that it is under the license, as "Tea is under MIT" does."""
    verb = next((at for at, each in enumerate(line) if each in ("is", "are")), 0)
    after = line[verb + 1 :]
    return (
        0 < verb <= _SUBJECT_WORDS_MAX
        and not own.isdisjoint(after)
        and all(each in _TITLE or each in own or each.isdecimal() for each in after)
    )


def _has_weight(line: Iterable[str]) -> bool:
    """Whether words may grant, ask or forbid something."""
    return any(each in _WEIGHTY or any(sign in each for sign in _WEIGHTY_SIGNS) for each in line)


def _has_sign(words: Words, first: int) -> bool:
    """Whether a line begins with `(c)` and a year."""
    at = words.piece_numbers[first]
    return bool(at) and words.pieces[at - 1].lower() == "(c)"


def _count_plain(words: Words, run: tuple[int, int]) -> int:
    """Return how many words in small letters a line has, besides those of names and notices."""
    pieces = {words.piece_numbers[each] for each in range(*run)}
    shown = [words.pieces[each].strip('.,;:()<>"') for each in pieces]
    return sum(each.isalpha() and each.islower() and each not in _OF_NOTICES for each in shown)


def _lines(words: Words, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the runs of words that stand in one line."""
    first = start
    for at in range(start + 1, end + 1):
        if at == end or words.line_numbers[at] != words.line_numbers[first]:
            yield first, at
            first = at


def _own_names(names: frozenset[str]) -> frozenset[str]:
    """Return the words of the names of licenses."""
    found: set[str] = set()
    for name in names:
        family = name.partition("-")[0]
        lower = name.lower()
        found |= {*lower.replace("-", " ").split(), *read_words(name).words}
        found |= set(_NAMES_OF.get(family, "").split())
        parts = [each for each in lower.split("-") if each in _COMMONS]
        if parts:
            found |= {*_spell_commons("-".join(parts)), *(_COMMONS[each] for each in parts)}
    return frozenset(found)
