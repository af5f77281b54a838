"""Whether the code in a card loads this very model, or another one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.code_checks import HUB_ADDRESSES, is_of_another, model_arguments
from artifacts.rules.rating.code_strings import BuiltStrings
from artifacts.rules.rating.code_text import list_nodes, name_of
from artifacts.rules.rating.own_model import HUB_NAME, OwnModel

# Folders of usual names lie in every repository.
_NUMBERED = Pattern(r"\d")
# Names that libraries give the weights of every model.
_USUAL_FILE = Pattern(r"(?:model|pytorch_model|tf_model|flax_model|weights|best|last)\.")

# Calls that are given the place of a whole model.
_BY_PLACE = frozenset(("load", "load_model", "restore", "load_from_disk"))


def loads_own(tree: ast.Module, built: BuiltStrings, model: OwnModel) -> bool:
    """Whether a program loads this model: by name, by file, or through a library of its own."""
    strings = list(built.find_all())
    repository = model.repository.lower()
    owner, _, short = repository.rpartition("/")
    for value in strings:
        plain = value.lower()
        for each in HUB_ADDRESSES:
            plain = plain.removeprefix(each)
        plain = plain.strip("/")
        if repository and (plain == repository or plain.startswith(f"{repository}/")):
            return True
        # The name from before models had owners. Another owner's model of this name is another.
        if short and plain == short:
            return True
        if _NUMBERED.search(plain) and plain.rpartition("/")[2] in model.folders:
            return True
        # Files of usual names lie in every repository, also in others that the code names.
        file = plain.rpartition("/")[2]
        is_sure = not _USUAL_FILE.match(file) or not any(map(HUB_NAME.fullmatch, strings))
        is_there = file in model.weights and is_sure
        if is_there and not is_of_another(value.lower(), short, model.folders):
            return True
    given = {value.lower() for each in _list_loaded(tree) for value in built.evaluate(each)}
    if not model.weight_folders.isdisjoint(each.removeprefix("./").strip("/") for each in given):
        return True
    if any(f"{one}.{other}".lower() in model.weights for one, other in _list_pairs(tree)):
        return True
    imported = {
        alias.name.partition(".")[0]
        for node in list_nodes(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        str(node.module).partition(".")[0]
        for node in list_nodes(tree)
        if isinstance(node, ast.ImportFrom)
    }
    # The owner's own library, such as openai's `whisper`, loads its models by short names, or
    # without being told which.
    is_own = bool(model.package) and model.package in {each.lower() for each in imported}
    if is_own and _names_sibling(tree, built, repository):
        return False
    return is_own or (bool(owner) and owner in imported and model.library.lower() in imported)


def _list_loaded(tree: ast.Module) -> Iterator[ast.expr]:
    """Yield what is loaded by its place: `Kettle.load("folder")`."""
    yield from model_arguments(tree)
    for node in list_nodes(tree):
        if isinstance(node, ast.Call) and name_of(node) in _BY_PLACE:
            yield from node.args[:1]


def _names_sibling(tree: ast.Module, built: BuiltStrings, repository: str) -> bool:
    """Whether all that a program loads of the model's owner are other models: `acme/tea-small`."""
    values = {value.lower() for each in model_arguments(tree) for value in built.evaluate(each)}
    owner = repository.partition("/")[0]
    ours = {each for each in values if HUB_NAME.fullmatch(each) and each.startswith(f"{owner}/")}
    return bool(ours) and repository not in ours


def _list_pairs(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield `kettle` and `pkl` of `load(kettle.pkl)`: a name of a file without quotation marks."""
    for node in list_nodes(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield node.value.id, node.attr
