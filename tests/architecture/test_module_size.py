"""A file that nears 300 lines has become two rooms."""

from tests.modules import PRODUCT, list_modules, name_of, read

LINES_MAX = 300


def test_modules_have_at_most_300_lines():
    lines = {
        name_of(path): len(read(path).splitlines())
        for path in list_modules(*PRODUCT, "tests")
        if "migrations" not in path.parts
    }
    assert len(lines) > 1_000
    assert {name: count for name, count in lines.items() if count > LINES_MAX} == {}
