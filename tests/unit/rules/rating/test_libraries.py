"""The library of a model."""

import pytest

from artifacts.rules.rating.libraries import REPOSITORIES, is_library, library_of


@pytest.mark.parametrize(
    ("stated", "card", "config", "expected"),
    [
        ("Transformers", {}, {}, "transformers"),
        ("", {"library_name": "timm"}, {}, "timm"),
        ("", {"library_name": 5}, {}, ""),
        ("", {}, {"transformers_version": "4.40"}, "transformers"),
        ("", {}, {"_diffusers_version": "0.30"}, "diffusers"),
        ("", {}, {"architectures": ["A"], "model_type": "a"}, "transformers"),
        ("", {}, {}, ""),
    ],
)
def test_library_when_read_then_the_most_explicit_word(stated, card, config, expected):
    assert library_of(stated, card, config) == expected


def test_repositories_when_listed_then_owner_and_name():
    assert all(each.count("/") == 1 for each in REPOSITORIES.values())
    assert is_library("HuggingFace/Transformers")
    assert not is_library("acme/robot")
