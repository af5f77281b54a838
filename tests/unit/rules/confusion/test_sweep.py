"""Finding suspicions among many labels."""

import pytest

from artifacts.enums import SourceKind
from artifacts.rules.confusion.catalogue import judge_pair
from artifacts.rules.confusion.edits import SLIPS_MAX_CHARS, list_slips
from artifacts.rules.confusion.keys import list_keys, list_searched_keys
from artifacts.rules.confusion.labels import Called, Label, make_labels
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.confusion.sweep import find_suspicions
from tests.trust.confusion import read_rows


def label(
    repository: str, downloads: int = 0, kind: str = SourceKind.HUGGINGFACE_MODEL, **more
) -> Label:
    what = more.get("type", "model")
    name = repository.rpartition("/")[2]
    return make_labels(Called(repository, what, name, 0, kind, repository, downloads))[0]


def pairs(*labels: Label) -> list[tuple[str, str, str]]:
    return [
        (each.suspect.id, each.other.id, each.sign.mechanism) for each in find_suspicions(labels)
    ]


BERT = label("google-bert/bert-base-uncased", 1_000_000)


@pytest.mark.parametrize(
    ("repository", "mechanism"),
    [
        ("evil/bert-base-uncasd", Mechanism.TYPO),
        ("evil/bert_base_uncased", Mechanism.SEPARATORS),
        ("evil/uncased-bert-base", Mechanism.ORDER),
        ("evil/bert-base-unca5ed", Mechanism.HOMOGLYPH),
        ("evil/bert-bayse-unkaysed", Mechanism.HOMOPHONE),
        ("evil/bert-base-uncased-official", Mechanism.AFFIX),
        ("evil/bert-base-uncased", Mechanism.SCOPE),
        ("goog1e-bert/bert-base-uncased", Mechanism.OWNER),
    ],
)
def test_sweep_when_a_name_is_made_like_a_known_one_then_it_is_the_suspect(repository, mechanism):
    assert pairs(label(repository), BERT) == [(repository, BERT.id, mechanism)]


@pytest.mark.parametrize(
    "repository",
    [
        "acme/bert-large-uncased", "acme/bart-base-uncased", "acme/bert-base-cased",
        "acme/bert-base-uncased-finetuned-squad", "google-bert/bert-base-uncasd",
    ],
)  # fmt: skip
def test_sweep_when_a_name_is_of_a_family_or_of_the_same_owner_then_nothing(repository):
    assert pairs(label(repository), BERT) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("meta-llama/llama-2-7b", "acme/llama-2-13b"), ("a/robot-v1", "b/robot-v2"),
        ("a/whisper-small-en", "b/whisper-small-de"), ("a/clip-vit", "b/blip-vit"),
        ("TheBloke/Llama-2-7B-GGUF", "meta/Llama-2-7B"), ("a/mistral-7b", "b/mixtral-7b"),
    ],
)  # fmt: skip
def test_sweep_when_two_are_honest_relatives_then_nothing(one, other):
    assert pairs(label(one), label(other, 10**6)) == []


def test_sweep_when_the_name_is_everybodys_then_nobody_is_suspected():
    assert pairs(*(label(f"person{at}x/my-first-model", 3) for at in range(5))) == []


def test_sweep_when_a_crowd_copies_a_famous_name_then_all_are_suspected():
    crowd = [label(f"person{at}x/bert-base-uncased", 3) for at in range(5)]
    assert {suspect for suspect, *_ in pairs(BERT, *crowd)} == {each.id for each in crowd}


def test_sweep_when_many_have_the_name_then_the_least_known_is_suspected_all_the_same():
    crowd = [label(f"person{at}x/bert-base-uncased", 9 + at) for at in range(40)]
    poser = label("goog1e-bert/bert-base-uncased", 1)
    assert len(pairs(BERT, *crowd, poser)) == 41
    known = label("google-bert/bert-base-uncased", 60)
    found = pairs(known, *crowd, poser)
    assert (poser.id, known.id, Mechanism.OWNER) in found


def test_sweep_when_an_owner_on_github_poses_then_it_is_said():
    code = label("google-bret/tools", kind=SourceKind.GITHUB, type="code")
    (found,) = find_suspicions([BERT, code])
    assert (found.suspect.id, found.sign.mechanism) == ("google-bret/tools", Mechanism.OWNER)
    assert found.sign.detail.startswith("On GitHub, the owner google-bret is called like the Hub's")


def test_sweep_when_the_poser_has_a_namesake_on_the_hub_then_it_is_found_all_the_same():
    code = label("google-bret/tools", kind=SourceKind.GITHUB, type="code")
    namesake = label("google-bret/other", 7)
    assert (code.id, BERT.id, Mechanism.OWNER) in pairs(namesake, code, BERT)
    assert (code.id, BERT.id, Mechanism.OWNER) in pairs(code, namesake, BERT)


@pytest.mark.parametrize("name", ["pebbles", "pebbling", "rollerskate", "xxyyxxyy"])
def test_sweep_when_two_names_are_one_slip_apart_then_they_are_compared(name):
    known = label(f"google/{name}", 10**6)
    slips = [label(f"evil/{slip}") for slip in sorted(list_slips(name)) if slip]
    expected = [each.id for each in slips if judge_pair(each, known) is not None]
    assert len(expected) > len(slips) / 2
    assert [each.id for each in slips if pairs(each, known)] == expected


def test_sweep_when_an_owner_is_the_same_on_another_host_then_nothing():
    hub = label("stabilityai/stable-diffusion-2", 10**6)
    assert pairs(hub, label("Stability-AI/stable-diffusion", kind=SourceKind.GITHUB)) == []


def test_keys_when_a_pair_is_to_be_found_then_one_search_finds_it_from_either_side():
    kinds = {
        name: kind for name, kind, *_ in [*read_rows("honest.txt"), *read_rows("confused.txt")]
    }
    missed = []
    compared = 0
    for name, kind, target, _ in read_rows("confused.txt"):
        ours, theirs = label(name, 1, kind), label(target, 9, kinds[target])
        if judge_pair(ours, theirs) is None:
            continue
        compared += 1
        for asking, stored in ((ours, theirs), (theirs, ours)):
            if not list_searched_keys(asking) & list_keys(stored):
                missed.append((asking.id, stored.id))
    assert compared > 130
    # From the Hub's side a poser on GitHub is found by the sweep alone.
    assert {kinds[stored] for _, stored in missed} <= {SourceKind.GITHUB}


@pytest.mark.parametrize("length", [SLIPS_MAX_CHARS, SLIPS_MAX_CHARS + 1, 255])
@pytest.mark.parametrize("first", ["a", "\N{GREEK SMALL LETTER ALPHA}", "\u4e00", "\ufdfa"])
def test_keys_when_a_name_is_long_then_a_search_asks_for_a_bounded_number(first, length):
    name = "".join(chr(ord(first) + at % (26 if first == "a" else 250)) for at in range(length))
    made = label(f"{name}/{name}", kind=SourceKind.GITHUB)
    assert 4 <= len(list_searched_keys(made)) <= 10_000


def test_keys_when_a_label_is_stored_then_they_are_few():
    assert len(list_keys(BERT)) < 10
