import os
import subprocess
import sys

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


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 60}, "DATABASE_URL"),
        ({"SECRET_KEY": "x" * 60, "DATABASE_URL": "sqlite:///x.db"}, "SQLite"),
        ({"SECRET_KEY": "x" * 60, "DATABASE_URL": "postgres://u@h/d"}, "DJANGO_ALLOWED_HOSTS"),
    ],
)
def test_production_when_a_variable_is_missing_then_the_start_stops_and_names_it(
    changes, complaint
):
    known = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.production",
    }
    command = [sys.executable, "-c", "import django; django.setup()"]
    ended = subprocess.run(
        command, env=known | changes, capture_output=True, text=True, check=False
    )
    assert ended.returncode != 0
    assert complaint in ended.stderr.splitlines()[-1]
