import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings import environment as env


@pytest.fixture
def variable(monkeypatch):
    def set_to(value: str) -> str:
        monkeypatch.setenv("REGISTRY_TEST", value)
        return "REGISTRY_TEST"

    return set_to


def test_text_when_required_and_missing_then_names_the_variable():
    with pytest.raises(ImproperlyConfigured, match="REGISTRY_ABSENT"):
        env.text("REGISTRY_ABSENT")


def test_choice_when_another_word_then_names_the_choices(variable):
    assert env.choice(variable("S3"), ("local", "s3"), "local") == "s3"
    with pytest.raises(ImproperlyConfigured, match="local, s3"):
        env.choice(variable("ftp"), ("local", "s3"), "local")


@pytest.mark.parametrize(("value", "reason"), [("many", "whole number"), ("-1", "at least 0")])
def test_integer_when_wrong_then_says_how(variable, value, reason):
    with pytest.raises(ImproperlyConfigured, match=reason):
        env.integer(variable(value), 1, minimum=0)


def test_words_when_separated_by_commas_or_spaces_then_both(variable):
    assert env.words(variable("a, b c,,d")) == ("a", "b", "c", "d")


def test_base_url_when_no_address_then_says_so(variable):
    assert env.base_url(variable("https://hub.example/"), "") == "https://hub.example"
    with pytest.raises(ImproperlyConfigured, match="http"):
        env.base_url(variable("hub.example"), "")


def test_demand_when_some_are_missing_then_all_of_them_are_named(variable):
    there = variable("here")
    env.demand([there])
    with pytest.raises(ImproperlyConfigured, match="REGISTRY_ABSENT, REGISTRY_LACKING"):
        env.demand([there, "REGISTRY_ABSENT", "REGISTRY_LACKING"])
