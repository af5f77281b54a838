"""Nothing that strangers write is matched in more than linear time.

Each pattern is compiled by RE2 in `artifacts/rules/patterns.py`, where it is found and tried here
on hostile texts made from it, or stands in a file that is named here with the reason.
"""

import ast
import importlib
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from artifacts.rules.identity import ID_PATTERN
from artifacts.rules.patterns import Pattern
from tests.growth import ALLOWED_GROWTH, cpu_s, repeated, too_fast
from tests.modules import PRODUCT, list_modules, name_of, parse_where, read
from tests.samples import sample

# Coverage would be measured as well, and is dearer than the work.
pytestmark = [pytest.mark.no_cover, pytest.mark.slow]

# Modules that match, or take apart, with patterns that go back and try again.
MATCHERS = frozenset((
    "difflib", "fnmatch", "html.parser", "re", "re2", "regex", "shlex", "sre_compile", "textwrap",
    "tokenize",
))  # fmt: skip
NAMES = frozenset(("RegexField", "RegexValidator", "re_path", "Template", "URLValidator"))
# Files that may, and why. Their patterns are tried as well.
EXEMPT = {
    "artifacts/api/answer_serializers.py": "describes ids for the schema, and matches nothing",
    "artifacts/api/confusion_serializers.py": "ids: one class, again and again, between anchors",
    "artifacts/api/serializers.py": "ids: one class, again and again, between anchors",
    "artifacts/checks.py": "reads settings, which are the operator's",
    "registry_site/settings/databases.py": "reads the environment, which is the operator's",
    "registry_site/settings/environment.py": "likewise",
    "registry_site/settings/variables.py": "likewise: looks for the name that was meant",
    "artifacts/rules/card_fitting.py": "what nh3 wrote a moment before: nothing in it is broken",
    "artifacts/rules/patterns.py": "the one place that compiles patterns",
    "artifacts/rules/search/expressions.py": "compiles what users search for, by RE2",
    "artifacts/rules/search/syntax.py": "reads 1,000 characters that RE2 took, piece by piece",
    "artifacts/rules/secrets.py": "lines of the log from the start on, of 2,000 characters at most",
    "deployment/policy.py": "fills in our own file with the operator's settings",
    "deployment/smoke.py": "reads our own pages on the operator's machine",
}
# Instructions of RE2's program: what each character costs at the very worst.
PROGRAM_MAX = 3_000
SAMPLES, PARTS = 4, 4
# Characters of a hostile text, and what finding all matches in it may cost before a longer one is
# tried: several times what it does.
SIZE = 20_000
FIXED_S, S_PER_CHAR, S_PER_MATCH = 0.002, 1e-7, 4e-6


def matching(tree: ast.AST) -> list[str]:
    """What a module uses that may go back and try again."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.name in MATCHERS]
        elif isinstance(node, ast.ImportFrom):
            found += [node.module] if node.module in MATCHERS else []
            names = {each.name: f"{node.module}.{each.name}" for each in node.names}
            found += [full for name, full in names.items() if {name, full} & (NAMES | MATCHERS)]
        elif isinstance(node, ast.Attribute) and node.attr in NAMES:
            found.append(node.attr)
        elif isinstance(node, ast.keyword) and (node.arg or "").endswith(("__regex", "__iregex")):
            found.append(str(node.arg))
    return found


def test_modules_when_they_match_text_then_by_the_one_module_or_for_a_reason():
    found = {name_of(path): matching(ast.parse(read(path))) for path in list_modules(*PRODUCT)}
    assert {name: uses for name, uses in found.items() if uses and name not in EXEMPT} == {}
    assert [name for name in EXEMPT if not found[name]] == []


@pytest.mark.parametrize(
    "code",
    [
        "import re",
        "from re import compile",
        "import re as plain",
        "from textwrap import dedent",
        "from html import parser",
        "from django.urls import re_path",
        "serializers.RegexField('x')",
        "rows.filter(name__iregex=given)",
    ],
)
def test_modules_when_one_matches_in_its_own_way_then_it_is_found(code):
    assert len(matching(ast.parse(code))) == 1


def patterns_in(value: object) -> Iterator[Pattern]:
    """The patterns in a module's value."""
    if isinstance(value, Pattern):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from patterns_in(each)
    elif isinstance(value, list | tuple | frozenset):
        for each in value:
            yield from patterns_in(each)


def patterns_of(module: ModuleType) -> dict[str, Pattern]:
    """A module's own patterns, by name."""
    source = read(Path(str(module.__file__)))
    return {
        f"{module.__name__.removeprefix('artifacts.')}.{name}{number or ''}": pattern
        for name, value in vars(module).items()
        if f"\n{name} = " in source or f"\n{name}: " in source
        for number, pattern in enumerate(patterns_in(value))
    }


def count_patterns(tree: ast.AST) -> int:
    """How many patterns a file makes."""
    return sum(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Pattern"
        for node in ast.walk(tree)
    )


MADE = {
    name_of(path): count
    for path, tree in parse_where(["Pattern"], list_modules(*PRODUCT))
    if path.name != "patterns.py" and (count := count_patterns(tree))
}
FOUND = {name: patterns_of(importlib.import_module(name[:-3].replace("/", "."))) for name in MADE}
PATTERNS = {name: pattern for found in FOUND.values() for name, pattern in found.items()}


def test_patterns_when_a_module_makes_some_then_at_its_top_where_they_are_found():
    assert len(PATTERNS) > 30
    known = {
        name: sum(len(each._options) for each in found.values()) for name, found in FOUND.items()
    }
    assert known == MADE


def hostile(*patterns: str, samples: int = SAMPLES) -> Iterator[tuple[str, str]]:
    """How a text begins and what it then repeats: pieces of what the patterns match."""
    rng = random.Random(" ".join(patterns))
    texts = [sample(pattern, rng) for pattern in patterns for _ in range(samples)]
    begun = [text[: len(text) * part // PARTS] for text in texts for part in range(1, PARTS)]
    begun = [each for each in dict.fromkeys((*begun, *(text[:-1] for text in texts))) if each]
    whole = [text for text in dict.fromkeys(texts) if text]
    for piece in (*begun, *whole):
        yield "", piece
        yield piece, piece[-1]
        yield piece, " "
    for piece in begun:
        yield "", piece + rng.choice(begun)
        yield from (("", piece + other) for other in rng.sample(whole, min(3, len(whole))))
    yield from (("", unit) for unit in (" ", "\n", "A-", "<", "\u00e9"))


def rereads(pattern: Pattern, make: Callable[[int], str]) -> str:
    """How fast finding all matches grows, where that is too fast; "" if it is not."""
    text, longer = make(SIZE), make(4 * SIZE)
    honest_s = FIXED_S + S_PER_CHAR * len(text) + S_PER_MATCH * pattern.count(text)
    if (seconds := cpu_s(lambda: pattern.count(text))) <= honest_s:
        return ""
    growth = cpu_s(lambda: pattern.count(longer)) / seconds
    return f"{seconds:.3f} CPU s grow {growth:.0f} times" if growth > ALLOWED_GROWTH else ""


@pytest.mark.parametrize("name", PATTERNS)
def test_patterns_when_a_text_is_hostile_then_all_matches_are_found_in_linear_time(name):
    pattern = PATTERNS[name]
    assert pattern.program_size <= PROGRAM_MAX
    grown = {
        (start, unit): found
        for start, unit in hostile(*(each.text for each in pattern._options))
        if (found := rereads(pattern, repeated(unit, "!", start)))
    }
    assert grown == {}


WAYS = ("match", "fullmatch", "search", "findall")


def patterns_of_re() -> Iterator[object]:
    """The patterns of the files that may have their own."""
    ids = re.compile(ID_PATTERN)
    yield pytest.param(ID_PATTERN, [ids.search], id="serializers.ID_PATTERN")
    for name in EXEMPT:
        module = importlib.import_module(name[:-3].replace("/", "."))
        for each, value in vars(module).items():
            if isinstance(value, re.Pattern):
                source = read(Path(str(module.__file__)))
                uses = [getattr(value, way) for way in WAYS if f"{each}.{way}(" in source]
                # To replace and to split is to find all.
                yield pytest.param(value.pattern, uses or [value.findall], id=f"{name}:{each}")


@pytest.mark.parametrize(("pattern", "uses"), list(patterns_of_re()))
def test_patterns_when_a_file_may_have_its_own_then_they_take_linear_time(pattern, uses):
    grown = {
        (start, unit): found
        for start, unit in hostile(pattern)
        for work in uses
        if (found := too_fast(work, repeated(unit, "!", start)))
    }
    assert grown == {}


# Patterns that the registry had.
FORMER = {
    "header": r"\s*\"?\s*(?:bearer\s+)?([A-Za-z0-9_\-]{20,100})\s*\"?\s*",
    "link": r"<([^>]+)>;\s*rel=\"next\"",
    "rate limit": r";\s*r=0\b.*?;\s*t=(\d+)",
    "prompt": r"(?m)^\s*(>>>|\.\.\.) ?",
    "data set": r"\b([A-Z][\w.+&-]{0,40}(?:[ -](?:[A-Z][\w.+&-]{0,40}|\d\w{0,10})){0,4}) data ?set",
    "template": r"(?m)^[ \t]*[-*]?[ \t]*\w[\w ,()]{1,40}:[ \t]*$",
}


@pytest.mark.parametrize("name", FORMER)
def test_growth_when_a_pattern_goes_back_and_tries_again_then_it_is_found(name):
    pattern = re.compile(FORMER[name])

    def match_and_search(text: str) -> None:
        pattern.fullmatch(text)
        pattern.search(text)

    cases = hostile(FORMER[name], samples=5 * SAMPLES)
    assert any(too_fast(match_and_search, repeated(unit, "!", start)) for start, unit in cases)


def test_growth_when_what_may_follow_a_match_is_far_away_then_it_is_found():
    pattern = Pattern(r"(?i)<script(?:\s[^>]*)?>|</script")
    cases = hostile(pattern.text, samples=5 * SAMPLES)
    assert any(rereads(pattern, repeated(unit, "!", start)) for start, unit in cases)
