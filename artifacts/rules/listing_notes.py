"""What a revision does not keep as its source has it: submodules, links, names. Told to people.

A source's snapshot writes these facts; records keep them, and pages show them as sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from artifacts.limits import NOTED_FILES_MAX, NOTED_FILES_SHOWN_MAX
from artifacts.rules.letters import spell_out_unseen
from artifacts.rules.values import read_list, read_text

_RENAMED, _SUBMODULES, _LINKS = "renamed_files", "submodules", "symbolic_links"


def note_renamed(names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fact that files are kept under other names, given as kept name -> own name."""
    return {_RENAMED: dict(names)} if names else {}


def note_submodules(commits: Mapping[str, str]) -> dict[str, Any]:
    """Return the fact that folders are other repositories, given as folder -> commit there."""
    return {_SUBMODULES: dict(list(commits.items())[:NOTED_FILES_MAX])} if commits else {}


def note_links(paths: Iterable[str]) -> dict[str, Any]:
    """Return the fact that files are symbolic links."""
    listed = list(paths)[:NOTED_FILES_MAX]
    return {_LINKS: listed} if listed else {}


def find_own_name(facts: Mapping[str, Any], path: str) -> str:
    """Return the name that a file has at its source, "" if it is kept under that name."""
    return _read_texts(facts.get(_RENAMED)).get(path, "")


def describe_notes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Return these facts as sentences, naming the first few files of each kind."""
    submodules = [
        f"{path} (at commit {commit[:12]})"
        for path, commit in _read_texts(facts.get(_SUBMODULES)).items()
    ]
    links = [each for each in map(read_text, read_list(facts.get(_LINKS))) if each]
    renamed = [f"{own} as {path}" for path, own in _read_texts(facts.get(_RENAMED)).items()]
    notes = (
        ("Not kept, since they are submodules, that is, other repositories", submodules),
        ("Symbolic links, kept as files that hold where they lead", links),
        ("Kept under other names, since their own cannot be kept everywhere", renamed),
    )
    return tuple(f"{what}: {_name_first(files)}." for what, files in notes if files)


def _name_first(files: list[str]) -> str:
    """Return the first few of some files, and how many more there are."""
    shown = ", ".join(map(spell_out_unseen, files[:NOTED_FILES_SHOWN_MAX]))
    more = len(files) - NOTED_FILES_SHOWN_MAX
    return f"{shown} and {more:,} more" if more > 0 else shown


def _read_texts(value: object) -> dict[str, str]:
    """Return a mapping of texts, without what is something else."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {key: text for key, text in pairs if isinstance(text, str)}
