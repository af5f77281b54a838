import pytest

from artifacts.rules.search.nearness import choose_nearest, list_trigrams

NAMES = ["whisper-tiny", "whisper-large", "bert-base-uncased", "distilbert", "squad"]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("wisper-tiny", "whisper-tiny"), ("Whisper large", "whisper-large"),
        ("bert base", "bert-base-uncased"), ("squat", "squad"), ("distil-bert", "distilbert"),
    ],
)  # fmt: skip
def test_nearest_when_a_name_is_mistyped_then_the_one_that_was_meant_is_first(text, first):
    assert choose_nearest(text, NAMES, 5)[0] == first


@pytest.mark.parametrize("text", ["", "---", "zzz", "completely different words"])
def test_nearest_when_nothing_is_shared_then_none(text):
    assert choose_nearest(text, NAMES, 5) == []


def test_nearest_when_there_are_many_then_as_many_as_asked_for_each_once():
    assert choose_nearest("whisper", [*NAMES, *NAMES], 2) == ["whisper-tiny", "whisper-large"]


def test_trigrams_when_words_are_padded_then_as_pg_trgm_counts_them():
    # PostgreSQL: show_trgm('Cat!') is {"  c"," ca","at ",cat}.
    assert list_trigrams("Cat!") == ["  c", " ca", "cat", "at "]
