"""Parents out of card, tags and config.json."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.limits import PARENTS_MAX
from artifacts.rules.lineage.parents import find_parents
from artifacts.rules.readme import parse_readme

CARD, TAGS, CONFIG = "model_card", "tags", "config_json"


def parents(card=None, config=None, tags=(), paths=()):
    found = find_parents(
        repository="acme/robot", card=card or {}, config=config or {}, tags=tags, paths=paths
    )
    return [(each.repository, each.relationship, each.origin) for each in found]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ({"base_model": "acme/mother"}, [("acme/mother", "base_model", CARD)]),
        ({"base_model": ["a/b", "c/d"], "base_model_relation": "merge"},
         [("a/b", "merge", CARD), ("c/d", "merge", CARD)]),
        ({"base_model": "https://huggingface.co/acme/mother"},
         [("acme/mother", "base_model", CARD)]),
        ({"base_model": "a/b", "base_model_relation": "friend"}, [("a/b", "base_model", CARD)]),
        ({"base_model": "acme/ROBOT"}, []), ({"base_model": 5}, []), ({"base_model": None}, []),
        ({"base_model": [5, {"a": 1}, "a/b/c", "a b", "/x", "-"]}, []), ({}, []),
    ],
    ids=str,
)  # fmt: skip
def test_parents_when_the_card_names_them_then_with_their_relation(card, expected):
    assert parents(card) == expected


@pytest.mark.parametrize(
    "value",
    [
        "acme/mother, acme/father", "acme/mother; acme/father", "acme/mother\nacme/father\n",
        ["`acme/mother`", "\u201cacme/father\u201d"], ["acme/mother@main", "hf.co/acme/father"],
        [{"name": "acme/mother"}, {"model": "acme/father", "weight": 0.5}],
        ["https://huggingface.co/acme/mother/tree/main", "https://www.huggingface.co/acme/father?x=1"],
        ["[mother](https://huggingface.co/acme/mother)", "<https://hf.co/acme/father>"],
        ["acme/mother/", "https://huggingface.co/acme/father.git"],
        ["hf://acme/mother@main", "https://huggingface.co/api/models/acme/father"],
        ["https://hf-mirror.com/acme/mother", "acme/father (7B)"],
        "acme/mother and acme/father", "acme/mother + acme/father (both of 2024)",
    ],
    ids=str,
)  # fmt: skip
def test_parents_when_the_card_names_several_in_another_form_then_each(value):
    found = parents({"base_model": value})
    assert [name for name, _, _ in found] == ["acme/mother", "acme/father"]


@pytest.mark.parametrize(
    "value",
    ["none", "None", "n/a", "N/A", "null", "scratch", "models/bert", "out/checkpoint-5", "my_model",
     "https://huggingface.co/datasets/squad", "https://huggingface.co/spaces/demo",
     "https://github.com/acme/mother"],
)  # fmt: skip
def test_parents_when_the_card_says_nothing_a_path_or_a_page_then_none(value):
    assert parents({"base_model": value}) == []
    assert parents(tags=[f"base_model:{value}", f"base_model:finetune:{value}"]) == []


def test_parents_when_the_card_names_one_as_it_was_called_before_then_it():
    assert parents({"base_model": "bert-base-uncased"}) == [
        ("bert-base-uncased", "base_model", CARD)
    ]


def test_parents_when_tags_say_more_than_the_card_then_the_more_exact_relation():
    found = parents({"base_model": "a/b"}, tags=["base_model:a/b", "base_model:finetune:a/b"])
    assert found == [("a/b", "finetune", CARD)]


def test_parents_when_only_tags_name_them_then_from_there():
    tags = ["base_model:quantized:a/b", "base_model:odd:c/d", "base_model:e/f", "license:mit"]
    assert parents(tags=tags) == [
        ("a/b", "quantized", TAGS), ("c/d", "base_model", TAGS), ("e/f", "base_model", TAGS),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["google/bert", "bert-base-uncased", "distilbert-base-uncased", "t5-small", "Acme/Robot-2.5"],
)
def test_parents_when_config_names_a_repository_then_it(path):
    assert parents(config={"_name_or_path": path}) == [(path, "base_model", CONFIG)]


@pytest.mark.parametrize(
    "path",
    ["./out", "/home/x/model", "out/model", "results/checkpoint-500", "acme/checkpoint-500",
     "C:\\models\\x", "my_model", "", "model", "a/b/c", "tmp/x", "../x", "acme/model.bin", "robot",
     "acme/robot", 5, None],
)  # fmt: skip
def test_parents_when_config_names_a_path_then_none(path):
    assert parents(config={"_name_or_path": path}) == []


def test_parents_when_an_adapter_names_its_base_then_adapter():
    config = {"base_model_name_or_path": "acme/mother"}
    assert parents(config=config) == [("acme/mother", "adapter", CONFIG)]


@pytest.mark.parametrize(
    "stated",
    ["https://huggingface.co/acme/mother", "hf.co/acme/mother/tree/main", "acme/mother@v1",
     "acme/mother/", "hf://acme/mother"],
)  # fmt: skip
def test_parents_when_a_configuration_names_an_address_then_its_model(stated):
    config = {"base_model_name_or_path": stated}
    assert parents(config=config) == [("acme/mother", "adapter", CONFIG)]


@pytest.mark.parametrize(
    ("paths", "relationship"),
    [
        (["onnx/model.onnx", "config.json"], "conversion"),
        (["q4.gguf"], "conversion"),
        (["model.onnx", "model.safetensors"], "base_model"),
    ],
)
def test_parents_when_the_weights_are_converted_then_a_conversion(paths, relationship):
    assert parents({"base_model": "a/b"}, paths=paths) == [("a/b", relationship, CARD)]


def test_parents_when_files_look_converted_then_what_somebody_stated_counts():
    tags = ["base_model:quantized:a/b"]
    assert parents({"base_model": "a/b"}, tags=tags, paths=["q4.gguf"]) == [
        ("a/b", "quantized", CARD)
    ]
    assert parents(tags=["base_model:c/d"], paths=["q4.gguf"]) == [("c/d", "base_model", TAGS)]


def test_parents_when_a_card_names_thousands_then_some():
    assert len(parents({"base_model": [f"a/b{n}" for n in range(5_000)]})) == PARENTS_MAX


junk = st.recursive(st.none() | st.integers() | st.text(max_size=30), st.lists, max_leaves=5)


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(["base_model", "base_model_relation"]), junk),
       st.dictionaries(st.sampled_from(["_name_or_path"]), junk), st.lists(st.text()))  # fmt: skip
def test_parents_when_metadata_are_anything_then_it_never_raises(card, config, tags):
    assert all(each[0] for each in parents(card, config, tags))


MOTHER = "[mother](https://huggingface.co/acme/mother)"


@pytest.mark.parametrize(
    ("sentence", "relation"),
    [
        (f"Tea. This model is a fine-tuned version of {MOTHER} on the cups dataset.", "finetune"),
        (f"It was fine-tuned from {MOTHER}.", "finetune"),
        (f"**Base model:** {MOTHER}", "base_model"),
        (f"Quantized version of {MOTHER}", "quantized"),
        (f"This robot was initialized from the weights of {MOTHER}", "finetune"),
        (f"This model beats Pot, which was fine-tuned from {MOTHER}.", ""),
        (f"See {MOTHER}.", ""),
        ("It was fine-tuned from [a report](https://a.example/tea).", ""),
        ("It was fine-tuned from [us](https://huggingface.co/datasets/acme/tea).", ""),
    ],
)
def test_parents_when_only_a_sentence_names_one_then_that(sentence, relation):
    readme = parse_readme(f"# Robot\n\n{sentence}\n")
    found = find_parents(repository="acme/robot", card={}, config={}, tags=(), readme=readme)
    assert [(each.repository, each.relationship, each.origin) for each in found] == (
        [("acme/mother", relation, "readme")] if relation else []
    )
    stated = find_parents(
        repository="acme/robot", card={"base_model": "a/b"}, config={}, tags=(), readme=readme
    )
    assert [each.repository for each in stated] == ["a/b"]
