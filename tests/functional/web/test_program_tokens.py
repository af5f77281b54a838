"""Tokens for programs on the page of the account."""

import re

import pytest
from django.test import Client

from artifacts.models import AccessToken
from tests.clients import user_with
from tests.functional.web.accounts import change, make, shown_on, signed_in, works
from tests.functional.web.structure import faults, skipped_levels
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser() -> Client:
    return signed_in(user_with("search"))


def make_for_programs(client: Client, **changes):
    given = {"name": "nightly build", "scope": "read", "lifetime_days": "30"} | changes
    return client.post("/account/program-tokens", given)


def token_on(answer) -> str:
    assert answer.status_code == 200
    found = re.search(r'<code id="token">([^<]+)</code>', answer.content.decode())
    assert found is not None
    return remember(found[1])


def test_program_token_when_made_then_works_and_its_page_says_where_it_may_go(browser):
    answer = make_for_programs(browser)
    shown = answer.content.decode()
    token = token_on(answer)
    assert works(token)
    assert (faults(shown), skipped_levels(shown)) == ([], [])
    assert answer["Cache-Control"] == "private, no-store"
    assert f"export HF_ENDPOINT=http://testserver\nexport HF_TOKEN={token}" in shown
    assert "without <code>HF_ENDPOINT</code> those clients send this token to huggingface.co" in (
        " ".join(shown.split())
    )
    row = AccessToken.objects.get()
    assert (row.name, row.scope, row.calls_left) == ("nightly build", "read", 0)


def test_program_tokens_when_listed_then_apart_from_those_that_are_counted(browser):
    token = token_on(make_for_programs(browser, name="of a program", scope="write"))
    make(browser, "of a session")
    works(token)
    shown = shown_on(browser)
    programs, sessions = shown.split('<h2 id="session-tokens">')
    assert token not in shown
    assert "of a program" in programs
    assert "of a program" not in sessions
    assert "of a session" in sessions
    assert "of a session" not in programs
    assert 'data-label="May">read and write' in programs
    assert "may make 3,000 calls a minute" in " ".join(programs.split())
    assert "ends after 10 hours or 1,000 calls" in " ".join(sessions.split())
    assert AccessToken.objects.get(name="of a program").used_at is not None


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "zero\u200bwidth"},
        {"scope": "administrator"},
        {"scope": ""},
        {"lifetime_days": "366"},
        {"lifetime_days": "-1"},
        {"lifetime_days": "x"},
    ],
    ids=str,
)
def test_program_token_when_the_form_is_wrong_then_said_beside_the_field(browser, changes):
    answer = make_for_programs(browser, **changes)
    assert answer.status_code == 400
    shown = answer.content.decode()
    assert faults(shown) == []
    assert 'class="problem"' in shown
    assert not AccessToken.objects.exists()


def test_program_token_when_there_are_too_many_then_said_above_the_form(browser, set_limits):
    set_limits(PROGRAM_TOKENS_MAX=1)
    token_on(make_for_programs(browser))
    answer = make_for_programs(browser)
    assert answer.status_code == 400
    assert "Revoke one that nothing uses" in answer.content.decode()


def test_program_token_when_revoked_on_the_page_then_refused_at_once(browser):
    token = token_on(make_for_programs(browser))
    browser.post("/account/tokens/revoke", {"token": AccessToken.objects.get().digest})
    assert not works(token)
    assert "No program has one." in shown_on(browser)


def test_program_tokens_when_the_password_changes_then_ended(browser):
    token = token_on(make_for_programs(browser))
    assert change(browser)["Location"] == "/account#messages"
    assert not works(token)
