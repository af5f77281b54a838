from artifacts.enums import GateVerdict
from artifacts.rules.hub.tags import TAGS_SHOWN_MAX, make_tags


def test_tags_when_all_is_stated_then_each_once():
    card = {"tags": ["robot", "robot", 7], "base_model": ["acme/mother"], "library_name": "timm"}
    found = make_tags(
        card=card,
        facts={"pipeline_tag": "fill-mask"},
        license_name="MIT",
        gate=GateVerdict.FAILED,
    )
    assert found == [
        "fill-mask", "timm", "robot", "base_model:acme/mother", "license:mit",
        "registry:gate-failed",
    ]  # fmt: skip


def test_tags_when_nothing_is_stated_or_it_is_nonsense_then_none():
    assert make_tags(card=[], facts=None, license_name="", gate=None) == []


def test_tags_when_a_card_has_thousands_then_the_first():
    card = {"tags": [f"tag{number}" for number in range(5_000)]}
    assert len(make_tags(card=card, facts={}, license_name="", gate=None)) == TAGS_SHOWN_MAX
