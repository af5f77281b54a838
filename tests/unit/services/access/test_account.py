from typing import Any

import pytest
from django.utils import timezone

from artifacts.enums import TokenScope
from artifacts.exceptions import (
    AuthenticationFailed,
    ChangedMeanwhile,
    CredentialsRefused,
    InvalidName,
    InvalidRequest,
    LastAdministrator,
    PermissionMissing,
    TokenNotFound,
    TooManyTokens,
)
from artifacts.limits import PROGRAM_TOKEN_LIFETIME_MAX_DAYS
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access import account, authentication, passwords, users
from artifacts.services.access.authentication import count_call, digest_of, issue_token_to
from tests.clients import PASSWORD, user_with
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db
NEW = remember("another-long-password-3")


@pytest.fixture
def user() -> User:
    return user_with("search")


def test_token_when_made_then_has_its_name_and_signs_in(user):
    token = remember(account.make_token(user=user, name="  nightly build "))
    assert AccessToken.objects.get(digest=digest_of(token)).name == "nightly build"
    assert count_call(token)[0].pk == user.pk


def test_token_when_its_name_is_bad_then_none_is_made(user):
    with pytest.raises(InvalidName):
        account.make_token(user=user, name="a\u202eb")
    assert not AccessToken.objects.exists()


def test_token_when_revoked_then_refused_and_revoked_once(user):
    token = remember(account.make_token(user=user, name="x"))
    assert account.revoke_token(user=user, digest=digest_of(token)) == "x"
    with pytest.raises(AuthenticationFailed):
        count_call(token)
    with pytest.raises(TokenNotFound):
        account.revoke_token(user=user, digest=digest_of(token))


def test_token_when_it_is_anothers_then_as_if_there_were_none(user):
    token = remember(issue_token_to(user_with("upload")))
    with pytest.raises(TokenNotFound):
        account.revoke_token(user=user, digest=digest_of(token))
    assert count_call(token)


def test_password_when_changed_then_the_new_one_alone_signs_in(user):
    token = remember(account.make_token(user=user, name="x"))
    users.change_password(user=user, old=PASSWORD, new=NEW)
    assert authentication.check_credentials(username=user.username, password=NEW) == user
    with pytest.raises(CredentialsRefused):
        authentication.check_credentials(username=user.username, password=PASSWORD)
    with pytest.raises(AuthenticationFailed):
        count_call(token)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("wrong-password-1", NEW, CredentialsRefused),
        (PASSWORD, PASSWORD, InvalidRequest),
        (PASSWORD, "short", InvalidRequest),
        (PASSWORD, "half \ud800 a letter", InvalidRequest),
    ],
    ids=["wrong", "same", "short", "half a letter"],
)
def test_password_when_it_cannot_be_changed_then_the_old_one_stays(user, old, new, error):
    with pytest.raises(error):
        users.change_password(user=user, old=old, new=new)
    assert authentication.check_credentials(username=user.username, password=PASSWORD)


def test_password_when_another_changes_it_in_this_moment_then_theirs_stays(user, monkeypatch):
    real = passwords.check_new_password

    def meanwhile(password: str, of: User) -> None:
        real(password, of)
        other = User.objects.get(pk=user.pk)
        other.set_password("a-password-of-somebody-else")
        other.save()

    monkeypatch.setattr(users, "check_new_password", meanwhile)
    with pytest.raises(ChangedMeanwhile):
        users.change_password(user=user, old=PASSWORD, new=NEW)
    kept = User.objects.get(pk=user.pk)
    assert kept.check_password("a-password-of-somebody-else")


def test_password_when_the_user_is_deleted_meanwhile_then_nobody_asks(user, monkeypatch):
    monkeypatch.setattr(users, "check_new_password", lambda _, of: of.delete())
    asking = User.objects.get(pk=user.pk)
    with pytest.raises(AuthenticationFailed):
        users.change_password(user=asking, old=PASSWORD, new=NEW)


def test_password_when_the_settings_keep_it_then_refused_before_it_is_compared(settings):
    settings.REGISTRY_ADMIN_PASSWORD = remember("kept-by-the-settings-5")
    user = User.objects.create_user(DEFAULT_ADMIN_USERNAME, PASSWORD, is_admin=True)
    with pytest.raises(InvalidRequest, match="REGISTRY_ADMIN_PASSWORD"):
        users.change_password(user=user, old="anything", new=NEW)


def test_account_when_deleted_then_gone_unless_it_is_the_last_administrator(user):
    with pytest.raises(CredentialsRefused):
        account.delete_account(user=user, password="wrong-password-1")
    account.delete_account(user=user, password=PASSWORD)
    assert not User.objects.filter(pk=user.pk).exists()
    User.objects.filter(is_admin=True).delete()
    last = User.objects.create_user("the-last", PASSWORD, is_admin=True)
    with pytest.raises(LastAdministrator):
        account.delete_account(user=last, password=PASSWORD)


# ------------------------------------------------------------------ tokens for programs


def for_programs(user: User, **changes) -> tuple[str, AccessToken]:
    given: dict[str, Any] = {"name": "x", "scope": TokenScope.READ, "lifetime_days": 1} | changes
    token, row = account.make_token_for_programs(user=user, **given)
    return remember(token), row


def test_program_token_when_made_then_only_its_digest_is_kept(user):
    token, row = for_programs(user, name="  nightly build ")
    assert (row.digest, row.name, row.scope) == (digest_of(token), "nightly build", "read")
    kept = AccessToken.objects.values().get()
    assert token not in str(kept)
    assert token[3:20] not in str(kept)


@pytest.mark.parametrize("days", [0, -1, PROGRAM_TOKEN_LIFETIME_MAX_DAYS + 1])
def test_program_token_when_its_lifetime_is_none_then_none_is_made(user, days):
    with pytest.raises(InvalidRequest, match="1 to 365 days"):
        for_programs(user, lifetime_days=days)
    assert not AccessToken.objects.exists()


def test_program_token_when_the_password_was_changed_meanwhile_then_none_is_made(user):
    users.set_password(name=user.username, password=NEW, by=administrator())
    with pytest.raises(CredentialsRefused):
        for_programs(user)
    assert not AccessToken.objects.exists()


def test_program_token_when_the_token_that_asked_has_ended_then_none_is_made(user):
    asking = remember(account.make_token(user=user, name="asks"))
    caller, digest = count_call(asking)
    users.set_password(name=user.username, password=NEW, by=administrator())
    with pytest.raises(AuthenticationFailed):
        for_programs(caller, by_token=digest)
    assert not AccessToken.objects.exists()


def test_program_token_when_the_token_that_asked_is_anothers_then_none_is_made(user):
    _, digest = count_call(remember(issue_token_to(user_with("upload"))))
    with pytest.raises(AuthenticationFailed):
        for_programs(user, by_token=digest)


def test_program_tokens_when_expired_then_not_counted_among_those_one_may_have(user, set_limits):
    set_limits(PROGRAM_TOKENS_MAX=1)
    for_programs(user)
    with pytest.raises(TooManyTokens):
        for_programs(user)
    AccessToken.objects.update(expires_at=timezone.now())
    for_programs(user)


def test_program_token_when_revoked_by_one_who_administers_no_more_then_it_stays(user):
    _, row = for_programs(user)
    by = administrator()
    User.objects.filter(pk=by.pk).update(is_admin=False)
    with pytest.raises(PermissionMissing):
        account.revoke_token(user=user, digest=row.digest, by=by)
    assert AccessToken.objects.exists()


def administrator() -> User:
    return User.objects.create_user("ada", PASSWORD, is_admin=True)
