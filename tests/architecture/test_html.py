"""HTML is what templates make: Python gives them data, and they escape it.

One named place makes HTML of text: the filter that shows a card, which the rules have cleaned.
"""

import ast
from collections.abc import Iterator

import pytest

from tests.modules import ROOT, list_modules, name_of, parse_where, read

# They take text for HTML, or put HTML together.
MAKERS = {"format_html", "format_html_join", "mark_safe", "SafeString", "SafeText", "html_safe"}
# What of them may be called, with its reason. `SafeString` as a type of what a template gave is not
# a call.
REASONS = {
    "artifacts/templatetags/cards.py: mark_safe": "a card, which rules/card_html.py has cleaned",
}
# What holds cleaned HTML, and the one module that may make one.
CLEAN, CLEANER = ("CleanHtml", "DrawnCard"), "artifacts/rules/card_html.py"
# They keep a template from escaping.
UNESCAPED = ("|safe", "autoescape off", "safeseq")


def calls(tree: ast.AST, *wanted: str) -> Iterator[str]:
    """Yield the makers of HTML that a module calls."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in (wanted or MAKERS):
                yield name


@pytest.mark.parametrize(
    "call", ["mark_safe(x)", "html.format_html('{}', x)", "SafeString(x)", "f(mark_safe(x))"]
)
def test_call_when_it_makes_html_then_found(call):
    assert len(list(calls(ast.parse(f"y = {call}")))) == 1


def test_clean_html_when_made_then_by_the_module_that_cleans():
    modules = list_modules("artifacts", "registry_site")
    found = {
        name_of(path) for path, tree in parse_where(CLEAN, modules) for _ in calls(tree, *CLEAN)
    }
    assert found == {CLEANER}


def test_html_when_an_object_says_that_it_is_then_found():
    modules = list_modules("artifacts", "registry_site")
    assert [name_of(path) for path in modules if "__html__" in read(path)] == []


def test_python_when_read_then_makes_no_html():
    modules = list_modules("artifacts", "registry_site")
    found = {
        f"{name_of(path)}: {name}"
        for path, tree in parse_where(MAKERS, modules)
        for name in calls(tree)
    }
    assert len(modules) > 300
    assert found == set(REASONS)


def test_templates_when_read_then_all_escape():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    found = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in templates
        for word in UNESCAPED
        if word in path.read_text(encoding="utf-8")
    ]
    assert len(templates) > 20
    assert found == []


def test_templates_when_read_then_hold_no_style_or_script_that_the_policy_would_refuse():
    found = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if any(
            each in path.read_text(encoding="utf-8") for each in (" style=", "<style", " onclick=")
        )
    ]
    assert found == []
