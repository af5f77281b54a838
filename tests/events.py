"""Which events the code writes into the log: read from its calls, not from a list.

An event is the text of a line of ours, `noun.verb`. A call names it at once, or by a name or a
field whose values stand in the same module, or notes it for the line of the request.
"""

import ast
from collections.abc import Iterator
from functools import cache

from tests.modules import list_modules, name_of, parse_where

MODULES = list_modules("artifacts", "registry_site")
# Without one of these names a module writes no event.
WRITERS = ("logger", "Failure", "GiveUp", "LINE_FAILED")
LEVELS = ("debug", "info", "warning", "error", "exception", "critical", "log")


@cache
def written_events() -> dict[str, set[str]]:
    """Return each event with the modules that write it."""
    found: dict[str, set[str]] = {}
    for path, tree in parse_where(WRITERS, MODULES):
        for event in _events_of(tree):
            found.setdefault(event, set()).add(name_of(path))
    return found


def stated_levels() -> dict[str, set[str]]:
    """Return the levels of the events whose calls name them at once."""
    found: dict[str, set[str]] = {}
    for _path, tree in parse_where(WRITERS, MODULES):
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            argument = _event_argument(call)
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found.setdefault(argument.value, set()).add(_level_of(call))
    return found


def _level_of(call: ast.Call) -> str:
    """Return the level of a call that names its event: of its method, or of its arguments."""
    if isinstance(call.func, ast.Attribute):
        return "ERROR" if call.func.attr == "exception" else call.func.attr.upper()
    # The runner writes all ends of tasks at one level.
    if isinstance(call.func, ast.Name) and call.func.id == "GiveUp":
        return "WARNING"
    stated = call.args[1]
    assert isinstance(stated, ast.Attribute)
    return stated.attr.upper()


def _events_of(tree: ast.Module) -> Iterator[str]:
    """Yield the events of a module."""
    is_named_elsewhere = False
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        argument = _event_argument(call)
        if argument is None:
            continue
        texts = list(_event_texts(argument))
        yield from texts
        is_named_elsewhere |= not texts and isinstance(argument, ast.Name)
    for each in tree.body:
        if isinstance(each, ast.Assign) and _assigned(each) == "LINE_FAILED":
            yield from _event_texts(each.value)
    if is_named_elsewhere:
        yield from _event_texts(tree)


def _event_argument(call: ast.Call) -> ast.expr | None:
    """Return the argument of a call that is an event; None for another call."""
    function = call.func
    if isinstance(function, ast.Name) and function.id == "Failure":
        return call.args[0]
    if isinstance(function, ast.Name) and function.id == "GiveUp":
        return call.args[1]
    if isinstance(function, ast.Attribute) and function.attr in LEVELS:
        owner = function.value
        if isinstance(owner, ast.Name) and owner.id == "logger":
            return call.args[1 if function.attr == "log" else 0]
    return None


def _event_texts(node: ast.AST) -> Iterator[str]:
    """Yield what has the form of an event."""
    for each in ast.walk(node):
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            noun, dot, verb = each.value.partition(".")
            if dot and all(part.replace("_", "").isalpha() for part in (noun, verb)):
                yield each.value


def _assigned(statement: ast.Assign) -> str:
    """Return the one name that a statement gives a value to; "" where it is something else."""
    (target, *_) = statement.targets
    return target.id if isinstance(target, ast.Name) else ""
