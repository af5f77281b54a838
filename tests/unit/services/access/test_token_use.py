"""Calls with tokens for programs: who they stand for, and how many a minute has."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.db.models import QuerySet

from artifacts.enums import TokenScope
from artifacts.exceptions import AuthenticationFailed, TokenRateExceeded
from artifacts.models import AccessToken, User
from artifacts.rules.program_tokens import checksum
from artifacts.services.access import token_use
from artifacts.services.access.account import make_token, make_token_for_programs
from artifacts.services.access.authentication import count_call, digest_of
from artifacts.services.access.token_use import write_uses
from tests.clients import PASSWORD, user_with
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 30, 10, 0, 20, tzinfo=UTC)
MINUTE = NOW.replace(second=0)
# Written two at a time.
RATE = 100


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch, settings) -> Clock:
    settings.REGISTRY_TOKEN_RATE = RATE
    found = Clock()
    monkeypatch.setattr("django.utils.timezone.now", found)
    forget()
    return found


def forget() -> None:
    """Become another process."""
    token_use._minute = None
    token_use._unwritten.clear()
    token_use._due.clear()


def token_of(user: User, scope: TokenScope = TokenScope.READ, days: int = 30) -> str:
    token, _ = make_token_for_programs(user=user, name="x", scope=scope, lifetime_days=days)
    return remember(token)


@pytest.fixture
def token(clock) -> str:
    return token_of(user_with("search"))


# ------------------------------------------------------------------ who calls


@pytest.mark.parametrize(
    ("is_admin", "granted", "scope", "may"),
    [
        (False, ("search", "upload"), TokenScope.READ, {"search"}),
        (False, ("search", "upload"), TokenScope.WRITE, {"search", "upload"}),
        (False, ("download",), TokenScope.WRITE, {"download"}),
        (True, (), TokenScope.READ, {"search", "download"}),
        (True, (), TokenScope.WRITE, {"search", "download", "upload"}),
    ],
    ids=["read", "write", "write without the permission", "administrator", "administrator writes"],
)
def test_call_when_made_then_by_the_user_with_what_both_may(clock, is_admin, granted, scope, may):
    user = user_with(*granted)
    User.objects.update(is_admin=is_admin)
    found, digest = count_call(f"bearer {token_of(user, scope)}")
    assert (found.pk, found.username, found.scope) == (user.pk, user.username, scope)
    assert AccessToken.objects.get().digest == digest
    assert {each for each in ("search", "upload", "download") if found.may(each)} == may
    assert not found.is_admin
    assert not found.is_staff


def test_call_when_made_then_one_query_and_rights_of_this_moment(token, django_assert_num_queries):
    assert count_call(token)[0].may("search")
    User.objects.update(can_search=False, can_download=True)
    with django_assert_num_queries(1):
        found, _ = count_call(token)
    assert (found.may("search"), found.may("download")) == (False, True)


def test_user_when_narrowed_then_neither_saved_nor_read_again(token):
    found, _ = count_call(token)
    for act in (found.save, found.refresh_from_db, lambda: found.password):
        with pytest.raises(TypeError, match="narrowed"):
            act()


@pytest.mark.parametrize(
    "change",
    [
        lambda token: AccessToken.objects.update(expires_at=NOW),
        lambda token: AccessToken.objects.all().delete(),
        lambda token: User.objects.update(is_active=False),
        lambda token: User.objects.all().delete(),
        lambda token: set_password(),
    ],
    ids=["expired", "revoked", "closed", "deleted", "another password"],
)
def test_call_when_the_token_is_over_then_refused(token, change):
    assert count_call(token)
    change(token)
    with pytest.raises(AuthenticationFailed):
        count_call(token)


def set_password() -> None:
    user = User.objects.get()
    user.set_password(remember("another-long-password-3"))
    user.save()


def test_token_when_its_checksum_is_wrong_then_refused_without_a_query(
    token, django_assert_num_queries
):
    wrong = token[:-1] + ("0" if token[-1] != "0" else "1")
    with django_assert_num_queries(0), pytest.raises(AuthenticationFailed):
        count_call(wrong)


def test_token_when_made_up_with_a_right_checksum_then_refused(clock):
    with pytest.raises(AuthenticationFailed):
        count_call(f"hf_{'a' * 37}{checksum('a' * 37)}")


def test_kinds_when_one_has_the_row_of_the_other_then_both_are_refused(token):
    """Whatever a row says: a token of one form never stands for the rights of the other."""
    session = remember(make_token(user=User.objects.get(), name="x"))
    AccessToken.objects.filter(digest=digest_of(token)).update(scope="", calls_left=5)
    AccessToken.objects.filter(digest=digest_of(session)).update(scope="write", calls_left=5)
    for each in (token, session):
        with pytest.raises(AuthenticationFailed):
            count_call(each)


def test_row_when_for_programs_then_spent_for_whatever_counts_calls(token):
    assert AccessToken.objects.get().calls_left == 0


# ------------------------------------------------------------------ how often


def calls(token: str, count: int) -> int:
    """So many requests, each with its answer; how many passed."""
    passed = 0
    for _ in range(count):
        try:
            count_call(token)
        except TokenRateExceeded:
            continue
        passed += 1
        write_uses()
    return passed


def test_calls_when_one_process_makes_them_then_exactly_as_many_as_allowed(token):
    assert calls(token, RATE + 5) == RATE
    row = AccessToken.objects.get()
    # The first, and then two at a time.
    assert (row.used_at, row.used_calls) == (MINUTE, RATE - 1)


def test_calls_when_too_many_then_the_error_says_how_long_to_wait(token, clock):
    calls(token, RATE)
    with pytest.raises(TokenRateExceeded) as refused:
        count_call(token)
    assert (refused.value.calls_per_minute, refused.value.retry_after_s) == (RATE, 40)
    clock.now = MINUTE + timedelta(seconds=59.9)
    with pytest.raises(TokenRateExceeded) as refused:
        count_call(token)
    assert refused.value.retry_after_s == 1


def test_calls_when_the_minute_is_over_then_allowed_again(token, clock):
    calls(token, RATE)
    clock.now += timedelta(minutes=1)
    assert calls(token, RATE + 1) == RATE
    later = MINUTE + timedelta(minutes=1)
    assert AccessToken.objects.values_list("used_at", "used_calls").get() == (later, RATE - 1)


def test_calls_when_many_processes_make_them_then_each_adds_less_than_a_batch(
    token, settings, monkeypatch
):
    settings.REGISTRY_TOKEN_RATE = rate = 200
    batch, processes = 4, [(Counter[str](), set[str]()) for _ in range(5)]
    passed, before = 0, -1
    while passed > before:
        before = passed
        for unwritten, due in processes:
            monkeypatch.setattr(token_use, "_unwritten", unwritten)
            monkeypatch.setattr(token_use, "_due", due)
            passed += calls(token, 1)
    assert rate <= passed <= rate + len(processes) * (batch - 1)


def test_calls_when_few_then_one_write_a_minute(token, settings, clock, django_assert_num_queries):
    settings.REGISTRY_TOKEN_RATE = 50 * 30
    count_call(token)
    with django_assert_num_queries(1):
        write_uses()
    for second in range(20):
        clock.now = MINUTE + timedelta(seconds=20 + second)
        with django_assert_num_queries(1):
            count_call(token)
            write_uses()
    assert AccessToken.objects.values_list("used_at", "used_calls").get() == (MINUTE, 1)


def test_calls_when_refused_then_nothing_is_written(token, django_assert_num_queries):
    calls(token, RATE)
    for _ in range(3):
        with django_assert_num_queries(1), pytest.raises(TokenRateExceeded):
            count_call(token)
        with django_assert_num_queries(0):
            write_uses()


def test_calls_when_another_token_has_had_its_own_then_this_one_goes_on(token):
    calls(token, RATE)
    other = token_of(User.objects.get())
    assert calls(other, 5) == 5


def test_clock_when_it_is_behind_then_the_minute_is_not_set_back(token, clock):
    calls(token, 7)
    forget()
    clock.now -= timedelta(minutes=1)
    # What a faster clock has written counts here, too.
    assert calls(token, 10) == 10
    assert AccessToken.objects.values_list("used_at", "used_calls").get() == (MINUTE, 7)


def test_use_when_it_cannot_be_written_then_logged_and_nobody_notices(token, monkeypatch, caplog):
    def fail(*_, **__):
        raise DatabaseError("read-only")

    count_call(token)
    monkeypatch.setattr(QuerySet, "update", fail)
    write_uses()
    assert "token.use_not_noted" in caplog.messages


def test_token_when_deleted_before_its_use_is_written_then_nothing_happens(token):
    count_call(token)
    AccessToken.objects.all().delete()
    write_uses()
    assert not AccessToken.objects.exists()


def test_password_when_it_signs_in_then_tokens_for_programs_stay(token):
    assert User.objects.get().check_password(PASSWORD)
    assert count_call(token)
