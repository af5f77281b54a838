"""Django's `manage.py createsuperuser`: names and passwords are judged as elsewhere."""

import io

import pytest
from django.core.management import CommandError, call_command

from artifacts.models import User

pytestmark = pytest.mark.django_db
NEW = "another-long-password"


@pytest.mark.parametrize("name", ["Ursula", "ursul\u0430", "ursu\u200bla", "a/b"], ids=ascii)
def test_createsuperuser_when_the_name_is_taken_or_refused_then_makes_nobody(
    uploader, monkeypatch, name
):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    with pytest.raises(CommandError):
        call_command("createsuperuser", username=name, interactive=False)
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("1029384756102", "numeric"), ("password1234", "common"), ("x" * 1_001, "at most"),
     ("short", "too short"), ("superuser-sam", "similar")],
)  # fmt: skip
@pytest.mark.parametrize("is_typed", [False, True], ids=["by-variable", "typed"])
def test_createsuperuser_when_the_password_is_weak_then_there_is_no_way_around(
    db, monkeypatch, password, complaint, is_typed
):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", password)
    monkeypatch.setattr("getpass.getpass", lambda *_: password)
    monkeypatch.setattr("builtins.input", lambda *_: "y")  # "Bypass password validation ...?"
    given = {"interactive": is_typed, "stderr": io.StringIO()}
    with pytest.raises(CommandError, match=complaint):
        call_command("createsuperuser", username="superuser-sam", stdin=Terminal(), **given)
    assert not User.objects.exists()


class Terminal(io.StringIO):
    """Where somebody sits."""

    def isatty(self) -> bool:
        return True


def test_createsuperuser_when_the_name_is_free_then_kept_in_its_form(uploader, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", NEW)
    call_command("createsuperuser", username="\uff21da", interactive=False, stdout=io.StringIO())
    assert User.objects.get(username="Ada").is_admin
