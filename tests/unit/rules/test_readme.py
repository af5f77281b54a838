"""Taking a README apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import TooMuchToRead
from artifacts.rules.readme import parse_readme

pytestmark = pytest.mark.slow

TEXT = """---
license: mit
---
Before all.

# Robot

Serves *tea*, see [the code](https://github.com/acme/robot) and https://example.org/x.

## Use

<!-- a comment -->
```Python title="x"
print("tea")
```

    indented = 1

| a | b |
|---|---|
| 1 | [l](https://example.org/y) |

<div><a href="https://example.org/z">Zed</a></div>

[More Information Needed]
"""


def test_readme_when_parsed_then_its_pieces():
    readme = parse_readme(TEXT)
    assert [(each.title, each.level, each.path) for each in readme.sections] == [
        ("", 0, ()), ("Robot", 1, ("Robot",)), ("Use", 2, ("Robot", "Use")),
    ]  # fmt: skip
    assert [(each.language, each.text, each.section) for each in readme.code_blocks] == [
        ("python", 'print("tea")\n', "Use"), ("", "indented = 1\n", "Use"),
    ]  # fmt: skip
    assert [each.url for each in readme.links] == [
        "https://github.com/acme/robot", "https://example.org/x", "https://example.org/y",
        "https://example.org/z",
    ]  # fmt: skip
    assert readme.tables[0].rows == (("a", "b"), ("1", "l"))
    assert readme.tables[0].section == "Robot / Use"
    assert "comment" not in readme.sections[2].text
    assert "Information" not in readme.sections[2].text


def test_link_when_found_then_with_its_words():
    link = parse_readme(TEXT).links[0]
    assert (link.text, link.section) == ("the code", "Robot")
    assert link.context.startswith("Serves tea, see the code")


@pytest.mark.parametrize(
    "text",
    ["[" * 20_000, "![" * 20_000, "> " * 20_000, "`" * 20_000, "<!--" * 5_000, "|a" * 20_000,
     "*_" * 20_000, '<a href="' * 5_000, "\n" * 100_000, "<pre>" + "\n" * 50_000],
    ids=lambda text: text[:6],
)  # fmt: skip
def test_readme_when_hostile_then_it_is_read(text):
    assert parse_readme(text) is not None


def test_readme_when_much_stands_below_long_headings_then_they_are_kept_once():
    readme = parse_readme(f"# {'a' * 1_000}\n## b\n\n" + "https://a.bc\n\n" * 50)
    assert len({id(link.section) for link in readme.links}) == 1


def test_readme_when_each_heading_repeats_a_long_one_then_it_is_too_much():
    below = "".join(f"## {number}\n\nhttps://a.bc\n\n" for number in range(100))
    with pytest.raises(TooMuchToRead, match="headings below long texts"):
        parse_readme(f"# {'a' * 50_000}\n\n{below}")


@given(st.text(max_size=500))
def test_readme_when_the_text_is_anything_then_it_never_raises(text):
    assert parse_readme(text).word_count >= 0


def test_sections_when_a_line_in_bold_stands_as_heading_then_it_is_one():
    readme = parse_readme(
        "# Tea\n\n**Usage**\n\nPour it.\n\n## Cups\n\n- **Not** one\n\n**" + "x" * 90 + "**"
    )
    assert [(each.title, each.level) for each in readme.sections] == [
        ("Tea", 1), ("Usage", 7), ("Cups", 2),
    ]  # fmt: skip
    assert readme.sections[1].path == ("Tea", "Usage")


@pytest.mark.parametrize(
    "line", ["**Tea** is good.", "A **tea**", "- **Tea**", "| **a** |\n|---|", "**a** and **b**"]
)
def test_sections_when_bold_stands_among_other_words_then_it_is_no_heading(line):
    assert all(each.level != 7 for each in parse_readme(line).sections)


def test_tables_when_a_paragraph_leads_to_one_then_it_is_kept():
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    readme = parse_readme(f"Look:\n\n{table}\n# Next\n\n{table}")
    assert [each.lead for each in readme.tables] == ["Look:", ""]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```\n@Article{a,\n```", True),
        ("```bibtex\nx\n```", True),
        ("```python\n@cache\n```", False),
    ],
)
def test_code_blocks_when_bibtex_then_a_citation(text, expected):
    assert parse_readme(text).code_blocks[0].is_citation is expected
