"""The texts that a program builds from constants: names of models are often put together.

`f"acme/{name}"`, `"acme/" + name`, `"acme/{}".format(name)`, `for size in ("tiny", "base")`: only
what follows from constants is known; the rest cannot be told by reading.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product

from artifacts.rules.rating.code_text import list_nodes, name_of

# A name has one value in most programs, a loop's as many as it goes through.
_VALUES_MAX = 16
_CHARS_MAX = 300
# Numbers in names are sizes and versions; Python refuses to write the very long ones.
_NUMBER_MAX = 10**9
# Deeper expressions build no names.
_DEPTH_MAX = 12
# Calls and arguments that say where something goes: a quantiser loads one model and saves another.
_SAVING = ("save", "push_to_hub", "upload", "export")
_TARGETS = frozenset(("output_dir", "save_directory", "hub_model_id", "push_to_hub_model_id"))
# Calls that a place is built by. What others return is saved, and is no place.
_PLACE_CALLS = frozenset((
    "format", "join", "Path", "PurePath", "str", "expanduser", "abspath", "realpath",
))  # fmt: skip

Values = frozenset[str]
_UNKNOWN: Values = frozenset()


class BuiltStrings:
    """The values of a program's variables and expressions, as far as they are texts."""

    def __init__(self, tree: ast.Module) -> None:
        """Read all assignments of a program; twice, since functions may stand before them."""
        self._variables: dict[str, Values] = {}
        self._nodes = list_nodes(tree)
        # Each expression is evaluated once: it is part of others, which are evaluated as well.
        self._known: dict[ast.expr, Values] = {}
        for _ in range(2):
            for target, value in _assigned(self._nodes):
                self._assign(target, value)
            self._known.clear()

    def find_all(self) -> Iterator[str]:
        """Yield the texts of a program: its constants, and those built from constants.

        What only says where something is saved is left out.
        """
        saved = find_saved(self._nodes)
        for node in self._nodes:
            if node in saved:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value
            elif isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call):
                yield from sorted(self.evaluate(node))

    def evaluate(self, node: ast.expr, depth: int = 0) -> Values:
        """Return the values that an expression may have, none if they cannot be told."""
        if depth > _DEPTH_MAX:
            return _UNKNOWN
        if node not in self._known:
            self._known[node] = self._evaluate(node, depth)
        return self._known[node]

    def _evaluate(self, node: ast.expr, depth: int) -> Values:
        """Return the values of an expression that was not evaluated yet."""
        match node:
            case ast.Constant(value=value):
                is_short = isinstance(value, int) and abs(value) < _NUMBER_MAX
                return frozenset((str(value),)) if is_short or isinstance(value, str) else _UNKNOWN
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._variables.get(name, _UNKNOWN)
            case (
                ast.FormattedValue(value=inner)
                | ast.NamedExpr(value=inner)
                | ast.Subscript(value=inner)
            ):
                return self.evaluate(inner, depth + 1)
            case ast.JoinedStr(values=pieces):
                return self._joined(pieces, "", depth + 1)
            case ast.BinOp():
                return self._operated(node, depth + 1)
            case ast.Call(func=ast.Attribute(value=base, attr=name), args=arguments):
                return self._called(base, name, arguments, depth + 1)
        return self._either(node, depth + 1)

    def _operated(self, node: ast.BinOp, depth: int) -> Values:
        """Return the values of a sum of texts, or of a text filled in by `%`."""
        if isinstance(node.op, ast.Add):
            return self._joined((node.left, node.right), "", depth)
        if isinstance(node.op, ast.Mod):
            parts = node.right.elts if isinstance(node.right, ast.Tuple) else [node.right]
            return self._filled(node.left, parts, "%s", depth)
        return _UNKNOWN

    def _called(self, base: ast.expr, name: str, arguments: list[ast.expr], depth: int) -> Values:
        """Return the values of `"...".format(...)`, `"/".join([...])` and `os.path.join(...)`."""
        if name == "format":
            return self._filled(base, arguments, "{}", depth)
        if name == "join" and len(arguments) > 1:
            return self._joined(arguments, "/", depth)
        if name == "join" and isinstance(base, ast.Constant) and isinstance(base.value, str):
            listed = next((each for each in arguments if isinstance(each, ast.List)), None)
            return self._joined(listed.elts, base.value, depth) if listed else _UNKNOWN
        return _UNKNOWN

    def _either(self, node: ast.expr, depth: int) -> Values:
        """Return all values that a choice or a list holds."""
        match node:
            case ast.IfExp(body=body, orelse=other):
                options = [body, other]
            case (
                ast.BoolOp(values=options)
                | ast.List(elts=options)
                | ast.Tuple(elts=options)
                | ast.Dict(values=options)
            ):
                pass
            case _:
                return _UNKNOWN
        return _bounded(each for part in options for each in self.evaluate(part, depth))

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        """Remember what a variable may be."""
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
            for inner, part in zip(target.elts, value.elts, strict=False):
                self._assign(inner, part)
        elif isinstance(target, ast.Name | ast.Attribute):
            # `self.name` and `Settings.NAME` are known by their last word.
            name = target.id if isinstance(target, ast.Name) else target.attr
            known = self._variables.get(name, _UNKNOWN)
            self._variables[name] = _bounded((*known, *self.evaluate(value)))

    def _joined(self, pieces: Iterable[ast.expr], between: str, depth: int) -> Values:
        """Return the texts that pieces make, in all combinations."""
        options = [self.evaluate(each, depth) for each in pieces]
        return _bounded(between.join(each) for each in product(*map(sorted, options)))

    def _filled(self, form: ast.expr, parts: Iterable[ast.expr], gap: str, depth: int) -> Values:
        """Return a text with its gaps filled in order."""
        options = [sorted(self.evaluate(each, depth)) for each in parts]
        filled = []
        for text in sorted(self.evaluate(form, depth)):
            for values in islice(product(*options), _VALUES_MAX):
                result = text
                for value in values:
                    result = result.replace(gap, value, 1)
                filled.append(result)
        return _bounded(filled)


def _assigned(nodes: Iterable[ast.AST]) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield the targets of assignments, loops and defaults, with what they get."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from ((target, value) for target in targets)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                yield target, value
            case ast.NamedExpr(target=target, value=value):
                yield target, value
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield target, value
            case ast.arguments(args=arguments, defaults=[_, *_] as defaults):
                for argument, value in zip(arguments[-len(defaults) :], defaults, strict=False):
                    yield ast.Name(argument.arg), value


def find_saved(nodes: Sequence[ast.AST], calls: tuple[str, ...] = _SAVING) -> set[ast.AST]:
    """Return what stands in the arguments that say where something goes, be it by a variable.

    Args:
        calls: how the names of the calls begin that write something.
    """
    saved = {
        inner
        for node in nodes
        if isinstance(node, ast.Call)
        for target in _list_targets(node, calls)
        for inner in _list_of_place(target)
    }
    names = {node for node in nodes if isinstance(node, ast.Name)}
    read = {each.id for each in names - saved if isinstance(each.ctx, ast.Load)}
    only_saved = {each.id for each in names & saved} - read
    for target, value in _assigned(nodes):
        if isinstance(target, ast.Name) and target.id in only_saved:
            saved.update(_list_of_place(value))
    return saved


def _list_of_place(place: ast.expr) -> Iterator[ast.AST]:
    """Yield what a place is built of, but not what is in the calls that return what is saved."""
    waiting: list[ast.AST] = [place]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and name_of(node) not in _PLACE_CALLS:
            continue
        yield node
        waiting += ast.iter_child_nodes(node)


def _list_targets(call: ast.Call, calls: tuple[str, ...]) -> list[ast.expr]:
    """Return the arguments of a call that say where something goes."""
    named = [each.value for each in call.keywords if each.arg in _TARGETS]
    if not name_of(call).startswith(calls):
        return named
    return [*call.args, *(each.value for each in call.keywords)]


def _bounded(values: Iterable[str]) -> Values:
    """Return values, as many and as long as names of models may be."""
    return frozenset(each for each in islice(values, _VALUES_MAX) if len(each) <= _CHARS_MAX)
