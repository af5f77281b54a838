"""The staff site's list of tokens, of both kinds; deleting one revokes it."""

import pytest
from django.test import Client
from django.urls import reverse

from artifacts.enums import TokenScope
from artifacts.models import AccessToken, User
from artifacts.services.access.account import make_token, make_token_for_programs
from artifacts.services.access.authentication import count_call
from tests.clients import user_with
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db
LIST = "admin:artifacts_accesstoken_changelist"


@pytest.fixture
def staff(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def user() -> User:
    return user_with("search")


def token_of(user: User, scope: TokenScope = TokenScope.WRITE) -> str:
    token, _ = make_token_for_programs(user=user, name="nightly", scope=scope, lifetime_days=9)
    return remember(token)


def test_tokens_when_listed_then_what_they_are_for_and_never_themselves(staff, user):
    token = token_of(user)
    remember(make_token(user=user, name="by hand"))
    count_call(token)
    shown = staff.get(reverse(LIST)).content.decode()
    assert "for programs, read and write" in shown
    assert "session" in shown
    assert "1,000" in shown
    assert token not in shown


@pytest.mark.parametrize("way", ["selected", "one"])
def test_token_when_staff_delete_it_then_refused_and_the_log_says_who(staff, user, way, caplog):
    token = token_of(user)
    row = AccessToken.objects.get()
    with caplog.at_level("INFO"):
        if way == "one":
            url = reverse("admin:artifacts_accesstoken_delete", args=[row.pk])
            staff.post(url, {"post": "yes"})
        else:
            data = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
            staff.post(reverse(LIST), data)
    assert not AccessToken.objects.exists()
    (line,) = [each for each in caplog.records if each.message == "token.revoked"]
    assert (line.user, line.by, line.scope) == (user.username, "ada", "write")
    assert token


def test_token_when_staff_delete_it_then_asked_first(staff, user):
    token_of(user)
    row = AccessToken.objects.get()
    data = {"action": "delete_selected", "_selected_action": [row.pk]}
    assert "Are you sure" in staff.post(reverse(LIST), data).content.decode()
    assert AccessToken.objects.exists()
