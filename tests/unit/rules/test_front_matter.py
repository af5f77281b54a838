"""Front matter as people write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.exceptions import Unreadable
from artifacts.rules.cards import divide_readme, parse_front_matter, stated_license
from artifacts.rules.front_matter import find_repeated, read_front_matter
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.rating.judgement import judge
from tests.factories.evidence import make_evidence, make_model
from tests.unit.rules.test_documents import flaws_of
from tests.unit.rules.test_yaml_text import PIECES

# Lines that break a YAML document, each with what stands in it under its key.
BREAKING = {
    "a colon": ("title: Tea: hot and strong", "Tea: hot and strong"),
    "a colon at the end": ("title: What is tea? An answer: yes:", "What is tea? An answer: yes:"),
    "a tab behind the value": ("title: tea\t", "tea"),
    "a tab behind the key": ("title:\ttea", "tea"),
    "tabs before items": ("title:\n\t- black\n\t- green", ["black", "green"]),
    "a blank of another kind": ("title:\xa0tea", "tea"),
    "a day that is none": ("title: 2023-02-31", "2023-02-31"),
    "a month that is none": ("title: 2023-13-01", "2023-13-01"),
    "a percent sign": ("title: %50 tea", "%50 tea"),
    "an at sign": ("title: @acme", "@acme"),
    "a tick": ("title: `tea`", "`tea`"),
    "an open quote": ('title: "tea', "tea"),
    "words behind a quote": ('title: "tea" and more', 'tea" and more'),
    "a wide colon": ("title\uff1atea", "tea"),
}
# Others, whose values nobody can tell.
HOPELESS = {
    "an open list": "title: [a, b",
    "an open mapping": "title: {a: b",
    "a reference": "title:\n- &x {a: b}\n- *x",
    "a program": "title: !!python/object/apply:os.system [id]",
    "a key twice inside": "title:\n  a: 1\n  a: 2",
    "two values": "title: a\ntitle: b",
}


def readme(*lines: str) -> str:
    return "\n".join(["---", *lines, "---", "", "# Tea", ""])


@pytest.mark.parametrize("name", BREAKING)
def test_read_front_matter_when_a_line_breaks_it_then_every_key_is_read_and_that_is_said(name):
    line, value = BREAKING[name]
    with pytest.raises(Unreadable):
        parse_front_matter(readme("license: mit", line, "tags: [a]", "x: y: z"))
    found = read_front_matter(readme("license: mit", line, "tags: [a]", "x: y: z"))
    assert found.data == {"license": "mit", "title": value, "tags": ["a"], "x": "y: z"}
    assert "key by key" in found.note
    assert found.fault == ""


@pytest.mark.parametrize("name", HOPELESS)
def test_read_front_matter_when_a_value_is_hopeless_then_only_that_is_left_out_and_named(name):
    found = read_front_matter(readme("license: mit", HOPELESS[name], "base_model: acme/leaf"))
    assert found.data == {"license": "mit", "base_model": "acme/leaf"}
    assert "Left out: `title`" in found.note
    assert found.fault == ""


@pytest.mark.parametrize("name", HOPELESS)
@pytest.mark.parametrize("key", ["license_link", "library_name"])
def test_read_front_matter_when_a_key_of_ratings_is_hopeless_then_that_is_a_fault(name, key):
    found = read_front_matter(readme("tags: [a]", HOPELESS[name].replace("title", key)))
    assert found.data == {"tags": ["a"]}
    assert f"`{key}`" in found.fault


@pytest.mark.parametrize(
    ("lines", "license_"),
    [
        (["license: cc-by-nc-4.0", "tags: [a]", "license: mit"], "cc-by-nc-4.0 AND mit"),
        (["license: mit", "license: [gpl-3.0, mit]"], "mit AND gpl-3.0"),
        (["license: mit", "tags: [a]", "license: mit"], "mit"),
        (["license:", "license: mit"], "mit"),
        (["license: other", "license_name: a", "license_name: b"], "a AND b"),
    ],
)
def test_read_front_matter_when_a_license_stands_there_twice_then_both_count(lines, license_):
    found = read_front_matter(readme(*lines))
    assert stated_license(found.data) == license_
    assert ("Stated twice" in found.note) == (" AND " in license_)


@pytest.mark.parametrize("fence", ["----", "----------", "--- # model card"])
def test_read_front_matter_when_the_fences_are_longer_then_read(fence):
    found = read_front_matter(f"{fence}\nlicense: mit\n{fence}\n# Tea\n")
    assert found.data == {"license": "mit"}
    assert read_front_matter("----\nTea is: hot\n----\n").data == {}


def test_read_front_matter_when_keys_are_merged_in_then_the_others_are_read():
    found = read_front_matter(readme("license: mit", "<<: *base", "tags: [a]"))
    assert found.data == {"license": "mit", "tags": ["a"]}
    assert "belong to no key" in found.fault


def test_find_repeated_when_keys_stand_twice_then_those_without_reading_values():
    text = readme("license: mit", "x: {license: a}", "tags:", "- tags: b", '"license": gpl', "x: 1")
    assert find_repeated(text) == {"license", "x"}


@pytest.mark.parametrize(
    "before",
    ["", "\n", "\n\n  \n", "\ufeff", "\ufeff\n", "<!-- a -->\n", "<!--\na\n-->\n\n<!-- b -->\n",
     "\u200b\r\n", " "],
)  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("fence", ["---", "--- ", "...", "--- # that was it"])
def test_divide_readme_when_something_unseen_stands_before_the_fence_then_divided(
    before, end, fence
):
    text = before + end.join(["---", "license: mit", fence, "# Tea"])
    assert parse_front_matter(text) == {"license": "mit"}
    assert divide_readme(text)[1].strip() == "# Tea"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("---\nlicense: mit\n\n# Tea\n", "\n# Tea\n"),
        ("---\nlicense: mit\ntags:\n- a", ""),
        ("---\nLicense: mit\n  \n# Tea", "  \n# Tea"),
    ],
)
def test_divide_readme_when_front_matter_is_never_closed_then_it_ends_at_an_empty_line(text, rest):
    matter, found = divide_readme(text)
    assert read_front_matter(text).data["license"] == "mit"
    assert (found, matter + found) == (rest, text.partition("\n")[2])


@pytest.mark.parametrize(
    "text",
    ["---\n\nTea is hot: it is.\n", "---\nTea is: hot\n\n# x", "a\n---\nlicense: mit\n---\n"],
)
def test_divide_readme_when_a_rule_begins_a_text_then_there_is_no_front_matter(text):
    assert divide_readme(text) == ("", text)


@pytest.mark.parametrize(
    "key", ["License", "LICENSE", "licence", "Licenses", "base-model", "Base_Model", "Datasets"]
)
def test_read_front_matter_when_a_key_is_spelled_otherwise_then_it_is_the_hubs(key):
    spelled = {"b": "base_model", "d": "datasets", "l": "license"}[key[0].lower()]
    assert read_front_matter(readme(f"{key}: acme/tea")).data == {spelled: "acme/tea"}
    assert read_front_matter(readme(f"{key}: acme/tea", "x: y: z")).data[spelled] == "acme/tea"


ENTRIES = (
    "license: cc-by-4.0", "license: cc-by-nc-4.0", "tags:\n- arxiv:2101.00001\n- tea",
    "datasets: [acme/cups]", "base_model: acme/leaf", "title: Tea: hot", "date: 2023-02-31",
    "library_name: peft", "library_name: transformers", "widget: [a", "pipeline_tag: fill-mask",
    "model-index:\n- name: x\n  results:\n  - metrics:\n    - {type: f1, value: 0.5}",
)  # fmt: skip


def in_two_orders(chosen: list[str]) -> st.SearchStrategy[tuple[list[str], list[str]]]:
    # One entry can be read in any case; where none can, the front matter is unreadable.
    entries = [*chosen, "language: en"]
    return st.tuples(st.just(entries), st.permutations(entries))


@pytest.mark.slow
@given(st.lists(st.sampled_from(ENTRIES), unique=True).flatmap(in_two_orders))
def test_rating_when_keys_stand_in_another_order_then_the_same(both):
    results = []
    for entries in both:
        text = readme(*entries)
        card = read_front_matter(text).data
        model = make_model(readme=text, card=card, license=stated_license(card))
        judged = judge(make_evidence(model), {}).results
        results.append({name: (each.score, each.reason) for name, each in judged.items()})
    assert results[0] == results[1]


@given(PIECES | st.text(), st.sampled_from(["a: b: c\n", "license: mit\n", ""]))
def test_read_front_matter_when_it_is_anything_then_sound_data_or_an_error_of_ours(text, line):
    try:
        data = read_front_matter(f"---\n{line}{text}\n---\n").data
    except Unreadable:
        data = {}
    assert flaws_of(data) == []


@pytest.mark.parametrize(
    "lines",
    [
        ("license: mit", "  base_model: acme/leaf", "tags: [a"),
        ("  title: Tea: hot", "  license: mit", "  base_model: acme/leaf"),
        ('license: "mit"', "    base_model: acme/leaf", "title: Tea: hot"),
    ],
)
def test_read_front_matter_when_keys_are_indented_then_read_all_the_same(lines):
    found = read_front_matter(readme(*lines))
    assert (found.data["license"], found.data["base_model"]) == ("mit", "acme/leaf")


@pytest.mark.parametrize("line", ["Tea by Acme.", "=======", "# Tea\n\nA hot drink", "&& x"])
def test_read_front_matter_when_strange_lines_follow_a_value_then_it_is_read_and_they_are_named(
    line,
):
    found = read_front_matter(readme("license: mit", *line.split("\n"), "title: a: b"))
    assert found.data["license"] == "mit"
    assert "lines that belong to no key" in found.fault


def test_read_front_matter_when_a_value_goes_on_then_no_key_is_found_in_it():
    lines = ("description: >", "  license: mit", "title: a: b", "x: 'tea", "  license: mit'")
    assert "license" not in read_front_matter(readme(*lines)).data


def test_divide_readme_when_the_fences_are_indented_then_they_close():
    card = parse_front_matter("\n  ---\n  license: mit\n  tags: [a]\n  ---\n# Tea\n")
    assert card == {"license": "mit", "tags": ["a"]}


@pytest.mark.parametrize("letter", ["\0", "\ud83e"])
def test_read_front_matter_when_a_value_cannot_be_stored_then_it_is_left_out(letter):
    found = read_front_matter(readme("license: mit", f"title: tea: a{letter}b"))
    assert found.data == {"license": "mit"}
    assert "`title`" in found.note


@pytest.mark.parametrize("unseen", ["\u200c", "\u200e", "\u2066", "\xad", "\u2060", "\u3164"])
def test_read_front_matter_when_letters_that_nobody_sees_stand_in_it_then_read_without_them(unseen):
    lines = (f"{unseen}license{unseen}: {unseen}m{unseen}it", f"base_model: {unseen}acme/leaf")
    found = read_front_matter(
        f"{unseen}---{unseen}\n" + "\n".join(lines) + f"\n--- {unseen}\n# Tea\n"
    )
    assert stated_license(found.data) == "mit"
    parents = find_parents(repository="a/b", card=found.data, config={}, tags=())
    assert [each.repository for each in parents] == ["acme/leaf"]


@pytest.mark.parametrize(
    ("line", "license_"),
    [
        ("license: [MIT](https://opensource.org/licenses/MIT)", "MIT"),
        ("license: [](https://opensource.org/licenses/MIT)", "https://opensource.org/licenses/MIT"),
        ("license: [[mit], [gpl-3.0]]", "mit AND gpl-3.0"),
        ("license: {weights: [gemma]}", "gemma"),
        ("license: no", ""),
    ],
)
def test_stated_license_when_its_value_has_another_form_then_something_is_stated(line, license_):
    assert stated_license(read_front_matter(readme(line)).data) == license_
