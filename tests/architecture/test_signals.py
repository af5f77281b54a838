"""Signals are listened to in one module, by a function that sets a flag and nothing else."""

import ast

import pytest

from tests.modules import ROOT, list_modules, name_of, parse_where, read

HOME = ROOT / "registry_site" / "stopping.py"
OURS = (*list_modules("artifacts", "registry_site"), ROOT / "manage.py")
# What makes Python call something of ours between any two instructions.
INSTALLERS = {"signal", "sigaction", "set_wakeup_fd", "siginterrupt"}


def installs(tree: ast.AST) -> list[ast.Call]:
    """The calls that say who handles a signal."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in INSTALLERS
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "signal"
    ]


def borrows(tree: ast.AST) -> list[ast.ImportFrom]:
    """The imports of such a call under a name that `installs` does not know."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "signal"
        and {each.name for each in node.names} & INSTALLERS
    ]


def test_modules_when_they_are_not_the_one_then_they_handle_no_signal():
    trees = dict(parse_where(["signal"], OURS))
    assert len(OURS) > 300
    assert [name_of(path) for path, tree in trees.items() if borrows(tree)] == []
    assert [name_of(path) for path, tree in trees.items() if installs(tree)] == [name_of(HOME)]


def test_handler_when_looked_at_then_it_sets_a_flag_and_nothing_else():
    tree = ast.parse(read(HOME))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    handlers = {ast.unparse(call.args[1]) for call in installs(tree)}
    # The first is ours, the others are the kernel's own and what was there before.
    ours = "signal.SIG_DFL if handler is None else handler"
    assert handlers == {"_set_flag", "signal.SIG_DFL", ours}
    _docstring, statement = functions["_set_flag"].body
    assert ast.unparse(statement) == "_flag.is_set = True"


@pytest.mark.parametrize(
    ("find", "code"),
    [
        (installs, "import signal\nsignal.signal(15, lambda *_: event.set())"),
        (borrows, "def f():\n    from signal import set_wakeup_fd as wake\n    wake(1)"),
    ],
)
def test_rule_when_a_module_breaks_it_then_it_is_seen(find, code):
    assert find(ast.parse(code))
