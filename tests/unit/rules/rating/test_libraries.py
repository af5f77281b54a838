"""The library of a model."""

import pytest

from artifacts.rules.rating.libraries import REPOSITORIES, find_library, is_library
from artifacts.rules.readme import parse_readme


@pytest.mark.parametrize(
    ("stated", "card", "config", "expected"),
    [
        ("Transformers", {}, {}, "transformers"),
        ("", {"library_name": "timm"}, {}, "timm"),
        ("", {"library_name": 5}, {}, ""),
        ("", {}, {"transformers_version": "4.40"}, "transformers"),
        ("", {}, {"_diffusers_version": "0.30"}, "diffusers"),
        ("", {}, {"architectures": ["A"], "model_type": "a"}, "transformers"),
        ("", {}, {"peft_type": "LORA"}, "peft"),
        ("", {}, {}, ""),
    ],
)
def test_library_when_read_then_the_most_explicit_word(stated, card, config, expected):
    assert find_library(stated, card, config) == expected


@pytest.mark.parametrize(
    ("tags", "readme", "expected"),
    [
        (["vision", "Diffusers"], "", "diffusers"),
        (["vision"], "```python\nimport torch\nfrom timm import create_model\n```", "timm"),
        ([], "```\n>>> from sentence_transformers import X\n```", "sentence-transformers"),
        ([], "You import transformers here.\n\n```\nx = 'import peft'\n```", ""),
        (["timm"], "```python\nimport diffusers\n```", "timm"),
    ],
)
def test_library_when_only_tags_or_code_say_it_then_that(tags, readme, expected):
    assert find_library("", {}, {}, tags, parse_readme(readme)) == expected


def test_repositories_when_listed_then_owner_and_name():
    assert all(each.count("/") == 1 for each in REPOSITORIES.values())
    assert is_library("HuggingFace/Transformers")
    assert not is_library("acme/robot")


@pytest.mark.parametrize(
    ("tags", "library"),
    [
        (("generated_from_trainer",), "transformers"),
        (("generated_from_keras_callback",), "transformers"),
        (("generated_from_trainer", "setfit"), "setfit"),
        (("generated_by_hand",), ""),
    ],
)
def test_library_when_a_trainer_made_the_card_then_that_of_the_trainer(tags, library):
    assert find_library("", {}, {}, tags) == library
