"""The forms of names: looks, sounds, orders, stems."""

import pytest

from artifacts.enums import SourceKind
from artifacts.rules.confusion.labels import Called, make_labels, read_name, read_owner
from artifacts.rules.confusion.skeletons import read_skeleton
from artifacts.rules.confusion.sounds import read_sound


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("llama", "l1ama"), ("Llama", "LIama"), ("google", "g00gle"), ("mistral", "rnistral"),
        ("wav2vec", "vvav2vec"), ("deepseek", "d3epse3k"), ("bert", "b\u0435rt"),
        ("Mistral", "\u041cistral"), ("alpha", "\u03b1lpha"), ("cafe", "caf\u00e9"),
        ("clip", "\u217dlip"),
    ],
)  # fmt: skip
def test_skeleton_when_two_look_the_same_then_it_is_one(one, other):
    assert read_skeleton(one) == read_skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bert", "bart"), ("v2", "v3"), ("e5", "es"), ("7b", "tb"), ("phi3", "phie")]
)
def test_skeleton_when_two_look_different_then_it_is_not(one, other):
    assert read_skeleton(one) != read_skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("falcon", "phalcon"), ("qwen", "kwen"), ("mixtral", "mikstral"),
        ("coder", "koder"), ("seek", "seak"), ("gemma", "jemma"), ("two", "2"), ("large", "larj"),
    ],
)  # fmt: skip
def test_sound_when_two_are_spoken_alike_then_it_is_one(one, other):
    assert read_sound(one) == read_sound(other)


@pytest.mark.parametrize(
    ("one", "other"), [("bert", "bart"), ("clip", "blip"), ("llama", "llava"), ("v2", "v3")]
)
def test_sound_when_two_are_spoken_differently_then_it_is_not(one, other):
    assert read_sound(one) != read_sound(other)


def test_name_when_read_then_has_its_forms():
    name = read_name("evil/the-TinyLlama_1.1B-official")
    assert name.words == ("the", "tinyllama", "1", "1b", "official")
    assert name.spelling == "thetinyllama11bofficial"
    assert name.order == "1 1b llama official the tiny"
    assert name.stem == "tinyllama11b"


def test_owner_when_read_then_words_of_companies_stay():
    assert read_owner("google-official").stem == "google"
    assert read_owner("LAION-AI").stem == "laionai"


def test_labels_when_the_name_here_is_another_than_at_the_source_then_there_are_two():
    called = Called("a", "model", "ours", 1, SourceKind.HUGGINGFACE_MODEL, "acme/robot", 7, "x")
    labels = make_labels(called)
    assert [each.name.text for each in labels] == ["ours", "robot"]
    assert {(each.owner.text, each.host, each.downloads, each.likes) for each in labels} == {
        ("acme", "hub", 7, 0)
    }


def test_labels_when_people_sent_it_themselves_then_it_has_no_owner():
    (label,) = make_labels(Called("a", "model", "robot", 1, SourceKind.UPLOAD, "7f3c/x.zip"))
    assert (label.owner, label.host) == (None, "")
