"""A person's own account: tokens, the password, leaving."""

import pytest
from django.test import Client

from artifacts.limits import TOKENS_SHOWN_MAX
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access.authentication import issue_token_to
from tests.clients import PASSWORD, user_with
from tests.functional.web.accounts import (
    NEW_PASSWORD,
    change,
    make,
    shown_on,
    signed_in,
    works,
)
from tests.functional.web.structure import faults
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return user_with("search")


@pytest.fixture
def browser(reader) -> Client:
    return signed_in(reader)


@pytest.mark.parametrize(
    "path", ["/account", "/account/tokens", "/account/password", "/account/delete"]
)
def test_account_when_a_stranger_asks_then_the_sign_in(client, path):
    assert client.get(path)["Location"].startswith("/sign-in?next=")


def test_account_when_seen_then_permissions_are_sentences(browser, administrator):
    shown = shown_on(browser)
    assert "Yes</span> Look for artifacts" in shown
    assert "No</span> Register, replace" in shown
    assert f"An administrator can give you more: <bdi>{administrator.username}</bdi>" in shown
    assert 'href="/account"' in shown


def test_account_when_somebody_may_do_nothing_then_it_still_opens():
    shown = shown_on(signed_in(user_with()))
    assert "Yes</span>" not in shown


def test_token_when_made_then_works_and_is_shown_once(browser):
    token = make(browser)
    assert works(token)
    shown = shown_on(browser)
    assert token not in shown
    assert "nightly build" in shown
    assert "999 of 1,000" in shown


def test_token_when_made_by_the_api_then_listed_as_such_after_those_with_a_name(browser, reader):
    make(browser)
    issue_token_to(reader)
    shown = shown_on(browser)
    assert shown.index("nightly build") < shown.index("made by <code>PUT /authenticate</code>")


@pytest.mark.parametrize(
    "name", ["", "   ", "x" * 101, "ab\u202ecd", "zero\u200bwidth", "a\x00b", "two\nlines"]
)
def test_token_when_its_name_is_none_then_said_beside_the_field(browser, name):
    answer = browser.post("/account/tokens", {"name": name})
    assert answer.status_code == 400
    assert 'class="problem"' in answer.content.decode()
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", '"><img src=x>', "{{ user }}"])
def test_token_when_its_name_is_code_then_shown_as_text(browser, name):
    make(browser, name)
    shown = shown_on(browser)
    assert "<script>alert" not in shown
    assert "<img" not in shown


def test_token_when_revoked_then_refused_at_once_and_the_others_work(browser):
    first, second = make(browser, "first"), make(browser, "second")
    digest = AccessToken.objects.get(name="first").digest
    answer = browser.post("/account/tokens/revoke", {"token": digest})
    assert answer["Location"] == "/account#messages"
    assert (works(first), works(second)) == (False, True)
    assert "is revoked" in shown_on(browser)


def test_token_when_it_is_anothers_then_nobody_else_revokes_it(browser):
    other = signed_in(user_with("search", "upload"))
    token = make(other, "of another")
    digest = AccessToken.objects.get(name="of another").digest
    browser.post("/account/tokens/revoke", {"token": digest})
    assert works(token)
    assert "was revoked already" in shown_on(browser)


def test_tokens_when_there_are_many_then_the_page_stays_small(
    browser, reader, django_assert_max_num_queries
):
    for _ in range(TOKENS_SHOWN_MAX + 1):
        issue_token_to(reader)
    make(browser, "the one with a name")
    with django_assert_max_num_queries(12):
        shown = shown_on(browser)
    assert "the one with a name" in shown
    assert "There are more" in shown
    assert len(shown) < 100_000


def test_password_when_changed_then_this_session_alone_goes_on(browser, reader):
    elsewhere = signed_in(reader)
    token = make(browser)
    answer = change(browser)
    assert answer["Location"] == "/account#messages"
    assert "Your password is changed" in shown_on(browser)
    assert elsewhere.get("/account").status_code == 302
    assert not works(token)
    assert User.objects.get(pk=reader.pk).check_password(NEW_PASSWORD)


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"old": "wrong-password-1"}, 400, "not your present password"),
        ({"new": "zq7!x"}, 400, "too short"),
        ({"new": "only-searcher"}, 400, "too similar"),
        ({"new": PASSWORD}, 400, "Choose another one"),
        ({"again": "something-else-3"}, 400, "differs from the new password"),
    ],
    ids=["wrong", "short", "similar", "same", "mistyped"],
)
def test_password_when_it_cannot_be_changed_then_said_why(browser, reader, given, status, told):
    answer = change(browser, **given)
    shown = answer.content.decode()
    assert answer.status_code == status
    assert told in shown
    assert faults(shown) == []
    assert not any(each in shown for each in given.values())
    assert User.objects.get(pk=reader.pk).check_password(PASSWORD)


def test_password_when_tried_too_often_then_told_to_wait(browser):
    answers = [change(browser, old="wrong-password-1") for _ in range(30)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) > 0


def test_password_when_the_settings_keep_it_then_told_where_it_is_changed(client, settings):
    settings.REGISTRY_ADMIN_PASSWORD = remember("from-the-settings-4")
    user = User.objects.create_user(DEFAULT_ADMIN_USERNAME, PASSWORD, is_admin=True)
    client.force_login(user)
    shown = shown_on(client, "/account/password")
    assert "REGISTRY_ADMIN_PASSWORD" in shown
    assert "Change password</button>" not in shown
    answer = change(client)
    assert answer.status_code == 400
    assert User.objects.get(pk=user.pk).check_password(PASSWORD)


def test_deletion_when_the_password_confirms_it_then_gone_and_signed_out(
    browser, reader, administrator
):
    token = make(browser)
    assert "nobody can bring them back" in shown_on(browser, "/account/delete")
    answer = browser.post("/account/delete", {"password": PASSWORD}, follow=True)
    assert "Your account is deleted" in answer.content.decode()
    assert not User.objects.filter(pk=reader.pk).exists()
    assert not works(token)
    assert browser.get("/account").status_code == 302


@pytest.mark.parametrize("password", ["", "wrong-password-1"])
def test_deletion_when_not_confirmed_then_nothing_happens(browser, reader, password):
    answer = browser.post("/account/delete", {"password": password})
    assert answer.status_code == 400
    assert User.objects.filter(pk=reader.pk).exists()


def test_deletion_when_nobody_else_administers_then_refused():
    User.objects.filter(is_admin=True).delete()
    last = User.objects.create_user("the-last", PASSWORD, is_admin=True)
    answer = signed_in(last).post("/account/delete", {"password": PASSWORD})
    assert answer.status_code == 400
    assert "last administrator" in answer.content.decode()
    assert User.objects.filter(pk=last.pk).exists()


def test_account_when_read_only_then_tokens_are_made_and_the_rest_waits(browser, settings):
    settings.REGISTRY_MODE = "read_only"
    token = make(browser)
    assert works(token)
    digest = AccessToken.objects.get(name="nightly build").digest
    browser.post("/account/tokens/revoke", {"token": digest})
    assert not works(token)
    assert change(browser).status_code == 503
