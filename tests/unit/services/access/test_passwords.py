import contextlib
import threading
from collections import Counter
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from artifacts.exceptions import CredentialsRefused, InvalidRequest
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access import authentication, passwords, users
from artifacts.services.access.authentication import (
    check_credentials,
    count_call,
    issue_token,
    issue_token_to,
)
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS
from artifacts.services.upkeep.reset import reset_registry

pytestmark = pytest.mark.django_db
CONFIGURED = "a-configured-password"


@pytest.fixture
def hashes(monkeypatch) -> Counter[str]:
    """How many hashes are computed."""
    counted: Counter[str] = Counter()
    for name in ("encode", "verify"):
        done = getattr(hashers.MD5PasswordHasher, name)

        def count(*args, _name=name, _done=done):
            # Comparing encodes, within.
            counted["all"] += _name == "encode"
            return _done(*args)

        monkeypatch.setattr(hashers.MD5PasswordHasher, name, count)
    return counted


@pytest.mark.parametrize(
    ("name", "password"),
    [
        *[(DEFAULT_ADMIN_USERNAME, each) for each in PUBLISHED_PASSWORDS],
        (DEFAULT_ADMIN_USERNAME, "wrong"),
        ("ursula", "a-long-password-2"),
        ("URSULA", "wrong"),
        ("nobody", "wrong"),
        ("closed", "a-long-password-3"),
        ("no-password", "wrong"),
        ("", "wrong"),
        ("ursula", "x" * 1_000_000),
        ("ursula", "\ud800"),
    ],
    ids=range(12),
)
@pytest.mark.parametrize("configured", ["", "other"])
def test_sign_in_when_right_or_wrong_then_one_hash(
    settings, uploader, hashes, configured, name, password
):
    users.restore_administrator()
    User.objects.create_user("closed", "a-long-password-3", is_active=False)
    unusable = User.objects.create_user("no-password", "x")
    unusable.set_unusable_password()
    unusable.save()
    settings.REGISTRY_ADMIN_PASSWORD = configured
    hashes.clear()
    with contextlib.suppress(CredentialsRefused):
        check_credentials(username=name, password=password)
    assert hashes["all"] == 1


def test_sign_in_when_wrong_then_the_same_statements_whether_there_is_such_a_user(uploader):
    def statements(name: str) -> list[str]:
        with CaptureQueriesContext(connection) as asked, pytest.raises(CredentialsRefused):
            check_credentials(username=name, password="wrong", address="192.0.2.1")
        return [each["sql"].split("WHERE")[0].split("VALUES")[0] for each in asked]

    known, unknown = statements("ursula"), statements("ursulb")
    assert len(known) >= 3
    assert [each for each in known if "SAVEPOINT" not in each] == [
        each for each in unknown if "SAVEPOINT" not in each
    ]


def test_sign_in_when_the_row_has_the_published_hash_still_then_its_tokens_end(settings):
    account = users.restore_administrator()
    AccessToken.objects.create(
        digest="0" * 64, user=account, calls_left=5, expires_at=account.created_at
    )
    settings.REGISTRY_ADMIN_PASSWORD = CONFIGURED
    with pytest.raises(CredentialsRefused):
        issue_token(username=DEFAULT_ADMIN_USERNAME, password=PUBLISHED_PASSWORDS[0])
    first = issue_token(username=DEFAULT_ADMIN_USERNAME, password=CONFIGURED)
    second = issue_token(username=DEFAULT_ADMIN_USERNAME, password=CONFIGURED)
    assert first != second
    assert AccessToken.objects.exclude(digest="0" * 64).count() == 2
    assert not AccessToken.objects.filter(digest="0" * 64).exists()
    settings.REGISTRY_ADMIN_PASSWORD = ""
    assert not passwords.accept_password(User.objects.get(), PUBLISHED_PASSWORDS[0])
    assert passwords.accept_password(User.objects.get(), CONFIGURED)


def test_configured_password_when_two_sign_in_at_once_then_neither_ends_the_others_token(settings):
    users.restore_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = CONFIGURED
    one, other = User.objects.get(), User.objects.get()
    assert passwords.accept_password(one, CONFIGURED)
    issue_token_to(one)
    # This one read the row before the first one changed it.
    assert passwords.accept_password(other, CONFIGURED)
    issue_token_to(other)
    assert AccessToken.objects.count() == 2


def test_token_when_the_password_was_changed_a_moment_ago_then_none_is_given(
    uploader, administrator
):
    signed_in = check_credentials(username="ursula", password="a-long-password-2")
    users.set_password(name="ursula", password="another-long-password", by=administrator)
    with pytest.raises(CredentialsRefused):
        issue_token_to(signed_in)
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("is_hashed_anew", [True, False])
def test_token_when_a_reset_comes_in_between_then_given_for_the_account_as_it_is_now(
    monkeypatch, is_hashed_anew
):
    account = users.restore_administrator()
    done = authentication.issue_token_to
    resets: list[Any] = []

    def reset_before(user: User) -> str:
        if not resets:
            resets.append(user)
            if is_hashed_anew:
                passwords._hash_once.cache_clear()
            reset_registry(user=user, token_digest=None)
        return done(user)

    monkeypatch.setattr(authentication, "issue_token_to", reset_before)
    token = issue_token(username=DEFAULT_ADMIN_USERNAME, password=PUBLISHED_PASSWORDS[1])
    assert count_call(token)[0].pk == User.objects.get().pk != account.pk


def test_sign_in_when_a_reset_comes_as_the_configured_password_is_kept_then_done_anew(
    settings, monkeypatch
):
    account = users.restore_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = CONFIGURED
    hashed = passwords.hash_initial_password()

    def reset_first(_password: str) -> str:
        reset_registry(user=account, token_digest=None)
        return hashed

    monkeypatch.setattr(passwords, "make_password", reset_first)
    token = issue_token(username=DEFAULT_ADMIN_USERNAME, password=CONFIGURED)
    assert count_call(token)[0].pk == User.objects.get().pk != account.pk


@pytest.mark.django_db(transaction=True)
def test_token_when_the_password_is_being_changed_then_none_outlives_it(uploader, administrator):
    signed_in = User.objects.get(pk=uploader.pk)
    outcomes: list[str] = []

    def take_token() -> None:
        try:
            issue_token_to(signed_in)
            outcomes.append("token")
        except CredentialsRefused:
            outcomes.append("refused")
        finally:
            connection.close()

    thread = threading.Thread(target=take_token)
    with transaction.atomic():
        users.set_password(name="ursula", password="another-long-password", by=administrator)
        thread.start()
        # The tokens are gone, the new hash is not committed: the moment in which one could slip in.
        thread.join(0.3)
    thread.join()
    assert outcomes == ["refused"]
    assert not AccessToken.objects.exists()


def test_initial_hash_when_asked_for_again_then_no_second_one(settings, hashes):
    passwords._hash_once.cache_clear()
    assert passwords.hash_initial_password() == passwords.hash_initial_password()
    settings.REGISTRY_ADMIN_PASSWORD = CONFIGURED
    passwords.hash_initial_password()
    assert hashes["all"] == 2


def test_new_password_when_it_is_half_a_character_then_refused(uploader, administrator):
    with pytest.raises(InvalidRequest, match="half"):
        users.set_password(name="ursula", password="long-enough-\ud800", by=administrator)
