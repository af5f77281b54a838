"""The models of a merge, out of its configuration: as a file, or shown in the card."""

import pytest

from artifacts.enums import ParentOrigin, Relationship
from artifacts.rules.lineage.merge_bases import find_merge_config, keep_merged, read_merge_config
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.readme import parse_readme

SLERP = """
slices:
  - sources:
      - model: acme/kettle-7b
        layer_range: [0, 32]
      - model: acme/cup-7b
        layer_range: [0, 32]
merge_method: slerp
base_model: acme/kettle-7b
"""
TIES = """
models:
  - model: acme/kettle-7b+acme/kettle-lora
  - model: {model: {path: acme/cup-7b}}
merge_method: ties
"""
MOE = """
base_model: acme/kettle-7b
merge_method: moe
modules: {text: {slices: [{sources: [{model: a/b}]}]}}
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SLERP, ["acme/kettle-7b", "acme/cup-7b"]),
        (TIES, ["acme/kettle-7b", "acme/kettle-lora", "acme/cup-7b"]),
        (MOE, ["acme/kettle-7b", "a/b"]),
        ("models: [{model: a/b}]", []),
        ("merge_method: [", []),
        ("", []),
    ],
)
def test_configuration_of_a_merge_when_read_then_its_models(text, expected):
    assert read_merge_config(text) == expected
    assert keep_merged(text.encode()) == ({"merged": expected} if expected else {})


def test_file_of_a_merge_when_listed_then_found():
    assert find_merge_config(["a.txt", "mergekit_config.yml"]) == "mergekit_config.yml"
    assert find_merge_config(["x/mergekit_config.yml"], "x") == "x/mergekit_config.yml"
    assert find_merge_config(["x/mergekit_config.yml"]) == ""


def parents(card=None, readme="", merged=()):
    found = find_parents(
        repository="acme/mix", card=card or {}, config={}, tags=(), readme=parse_readme(readme),
        merged=merged,
    )  # fmt: skip
    return [(each.repository, each.relationship, each.origin) for each in found]


def test_parents_when_only_the_configuration_names_them_then_merged():
    shown = f"## Configuration\n\n```yaml{SLERP}```\n"
    merge = Relationship.MERGE
    assert parents(readme=shown) == [
        ("acme/kettle-7b", merge, ParentOrigin.README), ("acme/cup-7b", merge, ParentOrigin.README)
    ]  # fmt: skip
    assert parents(merged=["acme/cup-7b", "./local"]) == [
        ("acme/cup-7b", merge, ParentOrigin.CONFIG_JSON)
    ]


def test_parents_when_the_card_names_them_too_then_its_word_with_their_relation():
    found = parents({"base_model": "acme/cup-7b"}, merged=["acme/cup-7b"])
    assert found == [("acme/cup-7b", Relationship.MERGE, ParentOrigin.MODEL_CARD)]
