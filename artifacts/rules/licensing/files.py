"""The license of an artifact, out of what is stated and its license files, for every source.

The text of a file goes through the function that the license check uses for projects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import SplitResult, unquote, urlsplit

from artifacts.limits import LICENSE_FILE_MAX_BYTES, URL_MAX_CHARS
from artifacts.rules.descriptions import Description, Opened, leave_closed
from artifacts.rules.encodings import decode_text
from artifacts.rules.licensing.names import parse_license, says_nothing
from artifacts.rules.licensing.prose import find_in_prose, find_limit
from artifacts.rules.licensing.terms import NON_COMMERCIAL, Kind, find_terms
from artifacts.rules.licensing.texts import LicenseText, read_license_text
from artifacts.rules.page_urls import read_address
from artifacts.rules.reading import ABSENT, Reading, ReadState
from artifacts.rules.readme import readable
from artifacts.rules.usual_names import find_license_files, is_of_model, is_text
from artifacts.rules.values import read_text

# Terms in a file of their own, in the Hub's words (documentation, "Licenses").
_OTHER_TERMS = "other"
# How large the usual texts are, with the names of some holders: others are opened.
_USUAL_BYTES = {
    "MIT": (900, 1_500), "Apache-2.0": (9_000, 12_500), "BSD-3-Clause": (1_200, 2_000),
    "BSD-2-Clause": (1_000, 1_600), "GPL-3.0-only": (32_000, 37_000), "CC0-1.0": (6_000, 7_500),
    "GPL-3.0-or-later": (32_000, 37_000), "AGPL-3.0-only": (32_000, 36_500), "ISC": (600, 1_000),
    "AGPL-3.0-or-later": (32_000, 36_500), "MPL-2.0": (15_000, 18_500),
}  # fmt: skip
# How many files that were not opened are named.
_NAMED_MAX = 3


def settle_license(
    stated: str,
    said: Description,
    *,
    guessed: str = "",
    repository: str,
    sizes_bytes: Mapping[str, int | None] | None,
    open_file: Callable[[str], Opened],
    files_max: int = 1,
) -> tuple[str, Reading]:
    """Return a license, out of what is stated and the license files, and how far those were read.

    A file is opened where nothing is stated, or nothing that anybody could judge; and where its
    name says that the terms of the model stand in it, since what is stated may be the code's. One
    that has not the size of what is stated is opened as well, and binds if it is known. What the
    README's own words on the license take away from it is taken away.

    Args:
        stated: by the card or, after it, by the source; "" for none.
        said: for the card's `license_link`, and the words of the README where all else is silent.
        guessed: what the source itself takes the license file for, "" for nothing.
        repository: its name, to tell a link into it from others.
        sizes_bytes: of all files by their paths, relative to the artifact, each None if unknown;
            None if the files are not known.
        open_file: opens one of them; it is called for at most `files_max`.
    """
    link = read_address(read_text(said.card.get("license_link")))
    linked = find_linked_path(link, repository)
    is_settled = _is_known(stated)
    if sizes_bytes is None:
        reason = "The list of files is not known, so no license file was looked for."
        return _limit(stated or guessed, said), Reading(ReadState.NOT_ASKED, reason=reason)
    candidates = [linked] if linked in sizes_bytes else find_license_files(sizes_bytes)
    wanted = [each for each in candidates if is_of_model(each)] if is_settled else candidates
    if wanted:
        names, reading = _open_files(wanted, files_max, guessed, open_file)
        return _limit(_combine(names, stated, guessed, is_settled=is_settled), said), reading
    if is_settled:
        odd = [each for each in candidates if _has_odd_size(each, stated, sizes_bytes[each])]
        if not odd:
            return _limit(stated, said), _unneeded(candidates)
        names, reading = _open_files(odd, files_max, guessed, open_file)
        return _limit(_join_known(stated, names), said), reading
    if stated or not says_nothing(guessed):
        reading = _no_file(link, linked) if stated else ABSENT
        return _limit(stated or guessed, said), reading
    return _read_words(said, _no_file(link, linked))


def choose_by_text(text: LicenseText, guessed: str) -> str:
    """Return the license of a text, "" for one that is not known.

    Args:
        guessed: what a source takes it for. GitHub gives an id to texts that differ a little from
            a license, and what differs may be a clause of somebody's own; so its id counts only
            where the text resembles none that is known here.
    """
    is_another = parse_license(guessed).text in text.like.split(" AND ")
    return text.name or ("" if says_nothing(guessed) or is_another else guessed)


def find_linked_path(link: str, repository: str) -> str:
    """Return the path inside a repository that a `license_link` leads to, "" for none.

    Args:
        repository: its name at its source; a link to the file's page there is one into it.
    """
    if len(link) > URL_MAX_CHARS:
        return ""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    if not parts.scheme and not parts.netloc:
        return unquote(parts.path).removeprefix("./").strip("/")
    return _path_at_page(parts, repository)


def _path_at_page(parts: SplitResult, repository: str) -> str:
    """Return the path in an address such as `https://SITE/OWNER/NAME/blob/main/LICENSE`."""
    prefix = f"/{repository}/".lower()
    if not parts.path.lower().startswith(prefix):
        return ""
    view, _, rest = unquote(parts.path[len(prefix) :]).partition("/")
    _, _, path = rest.partition("/")
    return path if view in ("blob", "raw", "resolve") else ""


def _limit(license_: str, said: Description) -> str:
    """Return a license without what the README's own words on it take away."""
    if not _is_known(license_) or not find_limit(readable(said.readme)):
        return license_
    choices = parse_license(license_).choices
    if all(any(find_terms(name).is_non_commercial for name in choice) for choice in choices):
        return license_
    return f"({license_}) AND {NON_COMMERCIAL}"


def _has_odd_size(path: str, stated: str, size_bytes: int | None) -> bool:
    """Whether a license file has not the size of the text of what is stated, so far as is known.

    What is stated and forbids business is strict enough.
    """
    choices = parse_license(stated).choices
    names = {name for choice in choices for name in choice}
    if size_bytes is None or not is_text(path) or any(map(_is_strict, names)):
        return False
    least, most = _USUAL_BYTES.get(next(iter(names)), (0, 0)) if len(names) == 1 else (0, 0)
    return not least <= size_bytes <= most


def _is_strict(name: str) -> bool:
    """Whether a license forbids business."""
    return find_terms(name).is_non_commercial


def _join_known(stated: str, names: Sequence[str]) -> str:
    """Return what is stated with the licenses that a file holds besides, if they bind."""
    ours = {name for choice in parse_license(stated).choices for name in choice}
    held = [each for each in names if each != _OTHER_TERMS]
    others = [each for each in held if not ours & {parse_license(each).text} and _binds(each)]
    return " AND ".join((f"({stated})" if " OR " in stated and others else stated, *others))


def _binds(license_: str) -> bool:
    """Whether a license takes anything away, unlike a permissive one."""
    terms = [find_terms(name) for choice in parse_license(license_).choices for name in choice]
    return any(
        each.is_non_commercial or each.kind not in (Kind.PERMISSIVE, Kind.PUBLIC_DOMAIN)
        for each in terms
    )


def _is_known(stated: str) -> bool:
    """Whether a stated license is one that can be judged."""
    return not says_nothing(stated) and parse_license(stated).is_known


def _no_file(address: str, linked: str) -> Reading:
    """Return the reading where no license file is listed."""
    if not address:
        return ABSENT
    where = linked or address
    return Reading(
        ReadState.NOT_OPENED,
        where,
        f"The card links to {where} for its license; it was not opened.",
    )


def _unneeded(candidates: Sequence[str]) -> Reading:
    """Return the reading where the license is known without a file."""
    if not candidates:
        return ABSENT
    return Reading(
        ReadState.NOT_OPENED,
        candidates[0],
        f"{candidates[0]} was not opened, since the license is stated elsewhere.",
    )


def _open_files(
    wanted: Sequence[str], files_max: int, guessed: str, open_file: Callable[[str], Opened]
) -> tuple[list[str], Reading]:
    """Open license files; return what each that was read holds, and the reading of the decisive.

    Pages and scans stay closed, and take no text's place. Those with the model's terms still hold.
    """
    names, notes, readings = list[str](), list[str](), list[Reading]()
    texts = list(filter(is_text, wanted))
    left = texts[files_max:]
    for path in (each for each in wanted if each not in left):
        opened = (
            open_file(path) if is_text(path) else leave_closed(path, f"{path} is no plain text.")
        )
        if not is_text(path) and is_of_model(path):
            names.append(_OTHER_TERMS)
        name, reading = _identify(opened, guessed)
        readings.append(reading)
        notes += [reading.reason] if reading.reason else []
        if name or reading.state == ReadState.READ:
            names.append(name or _OTHER_TERMS)
    if left:
        notes.append(f"Not opened: {', '.join(left[:_NAMED_MAX])}.")
    # Where one of several could not be read, that is what has to be known.
    reading = next((each for each in readings if not each.is_known), readings[0])
    return names, replace(reading, reason=" ".join(notes))


def _combine(names: list[str], stated: str, guessed: str, *, is_settled: bool) -> str:
    """Return what holds with license files, all of it, to be careful.

    Args:
        names: of the licenses in the files.
        is_settled: whether what is stated holds beside them, not only in place of them.
    """
    if stated and all(each == _OTHER_TERMS for each in names) and not (is_settled and names):
        return stated
    together = [stated, *names] if is_settled else names
    return " AND ".join(dict.fromkeys(together)) or guessed


def _identify(opened: Opened, guessed: str) -> tuple[str, Reading]:
    """Return the name of the license in a file, "" for one that is not known."""
    reading = opened.reading
    if reading.state != ReadState.READ:
        return "", reading
    if len(opened.raw) >= LICENSE_FILE_MAX_BYTES:
        reason = f"{reading.path} has over {LICENSE_FILE_MAX_BYTES:,} bytes, more than is read."
        return "", replace(reading, state=ReadState.UNREADABLE, reason=reason)
    text = decode_text(opened.raw).text
    if not text.strip():
        return "", replace(reading, state=ReadState.UNREADABLE, reason=f"{reading.path} is empty.")
    found = read_license_text(text)
    name = choose_by_text(found, guessed)
    return name, replace(reading, reason="" if name else f"{reading.path}: {found.reason}")


def _read_words(said: Description, otherwise: Reading) -> tuple[str, Reading]:
    """Return the license that a README states in words, where nothing else states one."""
    name, is_stated = find_in_prose(readable(said.readme))
    if not is_stated:
        return "", otherwise
    path = said.readings["readme"].path
    reason = (
        "" if name else f"{path} has words on its license that name no known one without limits."
    )
    return name or _OTHER_TERMS, Reading(ReadState.READ, path, reason)
