"""What a folder that somebody is about to upload has, and lacks, by the names of its files."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from artifacts.enums import Part
from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.paths import check_member_path
from artifacts.rules.parts import classify_part
from artifacts.rules.usual_names import (
    find_config,
    find_license_files,
    find_only_folder,
    find_other_readme,
    find_readme,
)


@dataclass(frozen=True)
class Layout:
    """What was found, by the same rules as when a zip is registered.

    Attributes:
        readme: the path of the card, "" for none.
        other_readme: that of a README which is not taken for the card, "" for none.
        weights: the paths of all files that hold weights.
        refusal: why the registry would not take one of the paths, "" if it would take all.
    """

    readme: str
    other_readme: str
    license_file: str
    config: str
    weights: tuple[str, ...]
    refusal: str


def read_layout(paths: Collection[str]) -> Layout:
    """Return what a folder with files of these paths has."""
    folder = find_only_folder(paths)
    prefix = f"{folder}/" if folder else ""
    within = [path.removeprefix(prefix) for path in paths if path.startswith(prefix)]
    # The terms of the folder, or else those that were laid beside it.
    terms = [f"{prefix}{path}" for path in find_license_files(within)]
    terms = terms or find_license_files(paths)
    readme = find_readme(paths, folder)
    return Layout(
        readme=readme,
        other_readme="" if readme else find_other_readme(paths),
        license_file=terms[0] if terms else "",
        config=find_config(paths, folder),
        weights=tuple(path for path in paths if classify_part(path) == Part.WEIGHTS),
        refusal=_find_refusal(paths),
    )


def _find_refusal(paths: Collection[str]) -> str:
    """Return why a path would be refused, "" if none would be."""
    for path in paths:
        try:
            check_member_path(path)
        except ArchiveRefused as error:
            return error.message
    return ""
