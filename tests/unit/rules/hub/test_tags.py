import pytest

from artifacts.enums import GateVerdict
from artifacts.rules.hub.tags import TAGS_SHOWN_MAX, make_tags


def tags(card: object = None, facts: object = None, license_name: str = "", gate=None) -> list[str]:
    return make_tags(card=card, facts=facts, license_name=license_name, gate=gate)


def test_tags_when_a_card_says_all_then_each_once_and_ours_first():
    card = {
        "pipeline_tag": "fill-mask", "library_name": "transformers", "language": ["en"],
        "base_model": "acme/tea", "datasets": ["acme/leaves"], "tags": ["own", "en"],
    }  # fmt: skip
    assert tags(card, license_name="MIT", gate=GateVerdict.PASSED) == [
        "registry:gate-passed", "license:mit", "fill-mask", "transformers", "en",
        "base_model:acme/tea", "dataset:acme/leaves", "own",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "tag",
    ["registry:gate-passed", "Registry:Gate-Passed", "license:mit", "base_model:a/b", "dataset:x"],
)
def test_tags_when_a_card_claims_what_only_the_registry_says_then_it_is_left_out(tag):
    assert tags({"tags": [tag, "own"]}, gate=GateVerdict.FAILED) == ["registry:gate-failed", "own"]


def test_tags_when_a_card_has_thousands_then_the_verdict_stays():
    found = tags({"tags": [f"t{n}" for n in range(1_000)]}, gate=GateVerdict.FAILED)
    assert (found[0], len(found)) == ("registry:gate-failed", TAGS_SHOWN_MAX)


def test_tags_when_the_hub_tells_the_form_of_weights_then_it_is_among_them():
    facts = {"tags": ["pytorch", "safetensors", "endpoints_compatible", "region:us", "license:mit"]}
    assert tags({}, facts) == ["pytorch", "safetensors"]


@pytest.mark.parametrize("card", [None, [], "x", {"tags": 5, "base_model": {"a": 1}}])
def test_tags_when_a_card_has_another_form_then_there_are_none(card):
    assert tags(card) == []
