"""Signals are listened to in one module, by a function that sets a flag and nothing else."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "registry_site" / "stopping.py"
OURS = sorted(
    [*ROOT.glob("artifacts/**/*.py"), *ROOT.glob("registry_site/**/*.py"), ROOT / "manage.py"]
)
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


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_when_it_is_not_the_one_then_it_handles_no_signal(path):
    tree = tree_of(path)
    borrowed = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module == "signal"
        and {each.name for each in node.names} & INSTALLERS
    ]
    assert borrowed == []
    assert path == HOME or installs(tree) == []


def test_handler_when_looked_at_then_it_sets_a_flag_and_nothing_else():
    tree = tree_of(HOME)
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    handlers = {ast.unparse(call.args[1]) for call in installs(tree)}
    # The first is ours, the others are the kernel's own and what was there before.
    ours = "signal.SIG_DFL if handler is None else handler"
    assert handlers == {"_set_flag", "signal.SIG_DFL", ours}
    _docstring, statement = functions["_set_flag"].body
    assert ast.unparse(statement) == "_flag.is_set = True"


def test_rule_when_a_module_breaks_it_then_it_is_seen():
    assert installs(ast.parse("import signal\nsignal.signal(15, lambda *_: event.set())"))
