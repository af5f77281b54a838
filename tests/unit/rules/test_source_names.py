"""Where a source is, in an address that people know."""

import pytest

from artifacts.rules.page_urls import name_source


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("huggingface_model:acme/robot", "https://huggingface.co/acme/robot"),
        ("huggingface_dataset:acme/words@v1", "https://huggingface.co/datasets/acme/words"),
        ("github:acme/robot@main//models", "https://github.com/acme/robot"),
        ("direct:https://a.example/b.zip", "https://a.example/b.zip"),
        ("upload:6f1c6f0e", "6f1c6f0e"),
        ("tomorrows_kind:x", "x"),
        ("", ""),
    ],
)
def test_source_when_named_then_without_our_own_word_for_its_kind(key, name):
    assert name_source(key) == name
