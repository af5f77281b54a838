"""Names that nobody reads: told, with the one that is meant."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings import given
from registry_site.settings.variables import (
    KNOWN,
    OPERATORS,
    PREFIX,
    SECRET_ARNS,
    VARIABLES,
    unknown_names,
)
from tests.unit.settings.test_production import complaint


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("REGISTRY_MIROR", "REGISTRY_MIRROR"),
        ("registry_gate", "REGISTRY_GATE"),
        ("REGISTRY_SUBNETS_IDS", "REGISTRY_SUBNET_IDS"),
        ("DATABASE_URI", "DATABASE_URL"),
        ("GITHUB_TOKENS", "GITHUB_TOKEN"),
    ],
)
def test_name_when_mistyped_then_the_nearest_is_offered(name, meant):
    assert unknown_names([name]) == [f"{name} is no variable of the registry. Is {meant} meant?"]


def test_name_when_nothing_is_near_then_only_itself():
    assert unknown_names(["XYZ"]) == ["XYZ is no variable of the registry."]


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_name_when_a_letter_is_missing_then_it_is_found_again(name):
    (sentence,) = unknown_names([name[:-1]]) or [name]
    assert name in sentence


def test_names_when_one_is_both_the_registrys_and_the_operators_then_it_has_two_meanings():
    assert VARIABLES.keys() & OPERATORS.keys() == set()
    assert VARIABLES.keys() | OPERATORS.keys() == KNOWN
    assert len(KNOWN) > 50


def test_secrets_when_handed_to_a_function_then_each_may_be_kept_elsewhere():
    assert set(SECRET_ARNS) == {
        "SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "DATABASE_CREDENTIALS",
        "GITHUB_TOKEN", "HF_TOKEN", "REGISTRY_ADMIN_PASSWORD",
    }  # fmt: skip


def test_start_when_names_under_our_prefix_are_unknown_then_all_are_told(monkeypatch):
    monkeypatch.setenv("REGISTRY_MIROR", "never")
    monkeypatch.setenv("REGISTRY_GATES", "enforce")
    monkeypatch.setenv("SOMEBODYS_GATES", "open")
    with pytest.raises(ImproperlyConfigured) as caught:
        given.refuse_unknown_names()
    line = str(caught.value)
    assert "REGISTRY_MIRROR" in line
    assert "REGISTRY_GATE meant" in line
    assert "SOMEBODYS" not in line


def test_start_when_what_a_deployment_reads_is_there_then_no_mistake(monkeypatch):
    for name in OPERATORS:
        assert name.startswith(PREFIX)
        monkeypatch.setenv(name, "x")
    given.refuse_unknown_names()


@pytest.mark.slow
def test_start_when_a_name_is_mistyped_then_its_last_line_offers_the_right_one():
    assert "Is REGISTRY_MIRROR meant?" in complaint(REGISTRY_MIROR="never")
