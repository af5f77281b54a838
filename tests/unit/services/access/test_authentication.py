import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.exceptions import AuthenticationFailed, CredentialsRefused
from artifacts.limits import AUTHORIZATION_MAX_CHARS, TOKEN_CALLS, TOKEN_LIFETIME_S
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access import authentication, passwords
from artifacts.services.access.authentication import check_credentials, count_call, issue_token
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS
from artifacts.services.access.users import restore_administrator
from tests.growth import repeated, too_fast

# Not covered: what is measured here is the work, and not coverage.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]
THREADS = 32
PASSWORD = "a-long-password-2"


@pytest.fixture
def token(uploader) -> str:
    return issue_token(username="ursula", password=PASSWORD)


def test_token_when_issued_then_long_random_and_kept_as_a_digest(token):
    row = AccessToken.objects.get()
    assert re.fullmatch(r"hf_session_[0-9A-Za-z]{43}", token)
    assert (row.digest, row.calls_left) == (authentication.digest_of(token), TOKEN_CALLS)
    lasts = row.expires_at - timezone.now()
    assert timedelta(seconds=TOKEN_LIFETIME_S - 60) < lasts <= timedelta(seconds=TOKEN_LIFETIME_S)
    assert issue_token(username="ursula", password=PASSWORD) != token


def test_count_when_called_then_one_statement_and_a_user_as_permitted_now(
    token, django_assert_num_queries
):
    User.objects.update(can_upload=False, is_admin=True)
    with django_assert_num_queries(1):
        user, _ = count_call(token)
    expected = User.objects.get()
    assert user == expected
    fields = ("username", "is_admin", "is_active", "can_upload", "can_search", "can_download")
    assert [getattr(user, each) for each in fields] == [getattr(expected, each) for each in fields]
    assert user._state.adding is False
    assert AccessToken.objects.get().calls_left == TOKEN_CALLS - 1


def test_count_when_its_user_is_saved_then_what_was_not_read_stays(token):
    before = User.objects.get()
    user, _ = count_call(token)
    user.can_search = not user.can_search
    user.save()
    after = User.objects.get()
    assert after.can_search is not before.can_search
    assert after.check_password(PASSWORD)
    assert (after.name_key, after.created_at) == (before.name_key, before.created_at)


@pytest.mark.parametrize(
    "change",
    [
        {"calls_left": 0},
        {"calls_left": -1},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
    ],
    ids=["spent", "overspent", "expired"],
)
def test_count_when_the_token_is_over_then_refused_and_not_counted(token, change):
    AccessToken.objects.update(**change)
    before = AccessToken.objects.get().calls_left
    with pytest.raises(AuthenticationFailed):
        count_call(token)
    assert AccessToken.objects.get().calls_left == before


def test_count_when_another_token_is_used_then_this_one_keeps_its_calls(token):
    other = issue_token(username="ursula", password=PASSWORD)
    count_call(other)
    left = AccessToken.objects.values_list("digest", "calls_left")
    assert dict(left) == {
        authentication.digest_of(token): TOKEN_CALLS,
        authentication.digest_of(other): TOKEN_CALLS - 1,
    }


@pytest.mark.django_db(transaction=True)
def test_count_when_32_threads_spend_a_token_then_exactly_its_calls_pass(uploader):
    token = issue_token(username="ursula", password=PASSWORD)
    per_thread = TOKEN_CALLS // THREADS + 2
    outcomes: list[bool] = []

    def spend() -> None:
        try:
            for _ in range(per_thread):
                try:
                    count_call(token)
                except AuthenticationFailed:
                    outcomes.append(False)
                else:
                    outcomes.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(True) == TOKEN_CALLS == 1_000
    assert outcomes.count(False) == THREADS * per_thread - TOKEN_CALLS
    assert AccessToken.objects.get().calls_left == 0


# ------------------------------------------------------------------ signing in


def test_credentials_when_the_user_is_unknown_then_a_password_is_hashed_all_the_same(monkeypatch):
    hashed: list[Any] = []
    monkeypatch.setattr(passwords, "make_password", hashed.append)
    with pytest.raises(CredentialsRefused):
        check_credentials(username="nobody", password="x")
    assert hashed == ["x"]


@pytest.mark.parametrize("password", [*PUBLISHED_PASSWORDS, "", "\N{SNOWMAN}", "configured "])
def test_credentials_when_a_password_is_configured_then_no_other_signs_in(settings, password):
    # The row still has the hash of the published one: nothing ran since the setting was made.
    restore_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    with pytest.raises(CredentialsRefused):
        check_credentials(username=DEFAULT_ADMIN_USERNAME, password=password)
    assert check_credentials(username=DEFAULT_ADMIN_USERNAME, password="configured").is_admin


def test_credentials_when_the_configured_account_is_closed_then_refused(settings):
    restore_administrator()
    User.objects.update(is_active=False)
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    with pytest.raises(CredentialsRefused):
        check_credentials(username=DEFAULT_ADMIN_USERNAME, password="configured")


def test_credentials_when_a_password_is_configured_then_other_users_keep_theirs(settings, uploader):
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    assert check_credentials(username="ursula", password=PASSWORD) == uploader
    with pytest.raises(CredentialsRefused):
        check_credentials(username="ursula", password="configured")


def test_credentials_when_long_passwords_differ_at_their_end_then_told_apart():
    User.objects.create_user("lena", "x" * 100 + "1")
    with pytest.raises(CredentialsRefused):
        check_credentials(username="lena", password="x" * 100 + "2")


@pytest.mark.parametrize(
    "header",
    [
        "{}",
        "bearer {}",
        "BEARER   {}",
        '"{}"',
        ' "bearer {}" ',
        '" {} "',
        '{}"',
    ],
)
def test_count_when_the_header_is_written_in_any_known_way_then_the_token_is_found(token, header):
    assert count_call(header.format(token))[0].username == "ursula"


@pytest.mark.parametrize(
    "header",
    [
        "{} {}",
        "basic {}",
        'bearer "{}"',
        "{}\u00e9",
        "{}." + " " * 300,
        "{}" + " " * AUTHORIZATION_MAX_CHARS,
    ],
    ids=["two", "other-scheme", "inner-quotes", "letter", "long", "blanks"],
)
def test_count_when_the_header_is_written_otherwise_then_no_statement_is_sent(
    token, header, django_assert_num_queries
):
    with django_assert_num_queries(0), pytest.raises(AuthenticationFailed):
        count_call(header.format(token, token))


def test_count_when_a_header_is_of_blanks_then_time_does_not_grow_with_it():
    def refused(header: str) -> None:
        with pytest.raises(AuthenticationFailed):
            count_call(header)

    assert too_fast(refused, repeated(" ", "!", "A" * 20)) == ""
    assert too_fast(refused, repeated('"', "!", " ")) == ""
