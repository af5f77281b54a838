"""What files that are here say of themselves: card, configuration, license, weights, results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from artifacts.enums import Part
from artifacts.exceptions import SourceUnavailable, TooMuchToRead
from artifacts.limits import POINTERS_LOOKED_FOR_MAX, TEXT_FILE_MAX_BYTES
from artifacts.rules.cards import stated_license
from artifacts.rules.descriptions import (
    NO_FILE,
    Description,
    Opened,
    describe,
    leave_closed,
    open_bytes,
)
from artifacts.rules.findings import Finding, examine_file, is_safetensors
from artifacts.rules.lfs import may_be_pointer
from artifacts.rules.licensing.files import settle_license
from artifacts.rules.lineage.merge_bases import find_merge_config, keep_merged
from artifacts.rules.parts import classify_part
from artifacts.rules.reading import Reading, keep_readings
from artifacts.rules.usual_names import (
    find_config,
    find_license_files,
    find_only_folder,
    find_other_readme,
    find_readme,
)
from artifacts.sources.folders import Folder
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.kept_results import read_kept_results

# How many of the files that are too large to read are named.
_UNREAD_NAMED_MAX = 3
# How many license files are opened; the others are named.
_LICENSE_FILES_MAX = 4
# What repositories keep in Git LFS; cards and code are too small for it.
_POINTED_TO = frozenset((Part.WEIGHTS, Part.DATASET, Part.CONFIG, Part.OTHER))
_NOTHING_KNOWN: Mapping[str, Finding] = MappingProxyType({})


@dataclass(frozen=True)
class KeptFiles:
    """What was found in a folder.

    Attributes:
        license: "" for none.
        facts: for the snapshot's.
        findings: what each file is, by its path.
    """

    said: Description
    license: str
    facts: dict[str, Any]
    findings: Mapping[str, Finding]


def read_kept_files(
    folder: Folder, inquiry: Inquiry, known: Mapping[str, Finding] = _NOTHING_KNOWN
) -> KeptFiles:
    """Read what describes a folder, and look into its weights.

    Args:
        known: what was found in some of the files before.

    Raises:
        SourceUnavailable: it takes longer than a request may.
    """
    paths = folder.sizes
    open_file = partial(_open_start, folder)
    top = find_only_folder(paths)
    said = describe(_open_readme(paths, top, open_file), open_file(find_config(paths, top)))
    license_, of_license = _read_license(folder, top, said, open_file)
    findings, unread = _examine(folder, inquiry, known)
    results, of_results = read_kept_results(folder)
    facts = (
        keep_readings(said.readings | {"license_file": of_license, "results": of_results})
        | unread
        | _pointers(findings)
        | ({"results": results} if results else {})
        | keep_merged(open_file(find_merge_config(paths, top)).raw)
    )
    return KeptFiles(said, license_, facts, findings)


def _read_license(
    folder: Folder, top: str, said: Description, open_file: Callable[[str], Opened]
) -> tuple[str, Reading]:
    """Return the license by the terms of the packed folder, or else those laid beside it."""
    prefix = f"{top}/" if top else ""
    sizes: Mapping[str, int | None] = {
        path.removeprefix(prefix): size
        for path, size in folder.sizes.items()
        if path.startswith(prefix)
    }
    prefix, sizes = (prefix, sizes) if find_license_files(sizes) else ("", folder.sizes)
    return settle_license(
        stated_license(said.card),
        said,
        repository="",
        sizes_bytes=sizes,
        open_file=lambda path: open_file(f"{prefix}{path}"),
        files_max=_LICENSE_FILES_MAX,
    )


def _examine(
    folder: Folder, inquiry: Inquiry, known: Mapping[str, Finding]
) -> tuple[dict[str, Finding], dict[str, str]]:
    """Look into weights, and into small files that may be pointers of Git LFS.

    Returns:
        What was found by path, and the entry for the facts about what was not read.
    """
    findings: dict[str, Finding] = {}
    unread: list[str] = []
    small_left = POINTERS_LOOKED_FOR_MAX
    for path, size_bytes in folder.sizes.items():
        part = classify_part(path, size_bytes)
        findings[path] = known.get(path, Finding(part))
        is_small = part in _POINTED_TO and may_be_pointer(size_bytes) and small_left > 0
        if path in known or (not is_small and not is_safetensors(path)):
            continue
        small_left -= is_small
        inquiry.check_time("The bucket")
        try:
            with folder.opener(path) as opened:
                findings[path] = examine_file(path, part, size_bytes, opened)
        except TooMuchToRead as error:
            if error.try_later:
                raise SourceUnavailable(f"{path}: {error.message}") from error
            unread.append(f"{path}: {error.message}")
    facts = {"weights_unread": " ".join(unread[:_UNREAD_NAMED_MAX])} if unread else {}
    return findings, facts


def _pointers(findings: Mapping[str, Finding]) -> dict[str, dict[str, int]]:
    """Return the entry for the facts about pointers: path -> size of what each stands for."""
    sizes = {path: each.pointer.size_bytes for path, each in findings.items() if each.pointer}
    return {"pointers": sizes} if sizes else {}


def _open_readme(paths: Collection[str], folder: str, open_file: Callable[[str], Opened]) -> Opened:
    """Open the card of the folder that was packed."""
    path = find_readme(paths, folder)
    other = "" if path else find_other_readme(paths)
    if other:
        reason = f"{other} was not opened: it lies in one of several folders, not above all files."
        return leave_closed(other, reason)
    return open_file(path)


def _open_start(folder: Folder, path: str) -> Opened:
    """Return the start of a small file; "" as path for one that is absent."""
    if not path:
        return NO_FILE
    with folder.opener(path) as opened:
        return open_bytes(path, opened.read(TEXT_FILE_MAX_BYTES))
