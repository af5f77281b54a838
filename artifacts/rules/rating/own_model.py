"""The model that commands and code in a card may be about, and what commands say of it."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.commands import (
    COMMAND,
    SCRIPT,
    find_models,
    is_given,
    is_named,
    list_commands,
    runs_by_name,
    runs_package,
    runs_script,
    runs_settings,
)
from artifacts.rules.weights import is_weights

HUB_NAME = Pattern(r"\w[\w.-]*/[\w.-]*\w")
# What stands behind `-m` is a module, and no model.
_MODULE = Pattern(r"python[\d.]* (?:-\w+ )*-m <[^<>\n]{1,60}>")


@dataclass(frozen=True)
class OwnModel:
    """What code may be about: the model's name, library, package, its files and folders by name."""

    repository: str
    library: str
    files: frozenset[str]
    folders: frozenset[str]
    weights: frozenset[str]
    package: str
    needs_trust: bool
    weight_folders: frozenset[str] = frozenset()


def is_told(text: str, model: OwnModel) -> bool:
    """Whether commands name the model, are its own program, or are given its settings."""
    return (
        is_named(text, model.repository, model.weights)
        or runs_package(text, model.package)
        or runs_settings(text, model.files)
    )


def runs_any(text: str, model: OwnModel) -> bool:
    """Whether commands run a model: usual ones, and those of which an option names this model."""
    if SCRIPT.search(text) or COMMAND.search(text) or runs_package(text, model.package):
        return True
    if runs_by_name(text) or (model.repository and is_given(text, model.repository)):
        return True
    named = [each.lower() for each in find_models(text)]
    is_ours = bool(model.repository) and any(model.repository.lower() in each for each in named)
    return is_ours or any(each.rpartition("/")[2] in model.weights for each in named)


def names_another(text: str, model: OwnModel) -> bool:
    """Whether each command that starts a script of ours names a model that may be another's."""
    runs = (each for each in list_commands(text) if runs_script(each, model.files))
    return all(any(_may_be_another(name, model) for name in find_models(each)) for each in runs)


def _may_be_another(name: str, model: OwnModel) -> bool:
    """Whether what an option names looks like a model of the Hub, and is no file or folder."""
    folder, _, file = name.partition("/")
    is_ours = folder.lower() in model.folders or file in model.files
    return HUB_NAME.fullmatch(name) is not None and not is_ours and not is_weights(name)


def list_gaps(text: str, model: OwnModel) -> tuple[str, ...]:
    """Return what to fill in for models' names, nothing if another command runs the model."""
    gaps: list[str] = []
    for command in list_commands(text):
        models = find_models(_MODULE.sub("python", command))
        found = [each for each in models if each.startswith("<")]
        gaps += found
        if not found and is_told(command, model) and runs_any(command, model):
            return ()
    return tuple(f"{each} has to be filled in" for each in dict.fromkeys(gaps))
