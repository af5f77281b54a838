import pytest

from artifacts.exceptions import (
    AuthenticationFailed,
    InvalidRequest,
    LastAdministrator,
    PermissionMissing,
    UserExists,
    UserNotFound,
)
from artifacts.limits import PASSWORD_MAX_CHARS, USERNAME_MAX_CHARS
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access import users
from artifacts.services.access.authentication import check_credentials, issue_token
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS, accept_password

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-password-3"
LONGEST = "x" * USERNAME_MAX_CHARS


@pytest.mark.parametrize("name", ["s", LONGEST, "Lina Torres", "名前", "a%2Fb", "a.b@c#?"])
def test_create_when_the_name_can_be_shown_then_taken(administrator, name):
    made = users.create_user(
        name=name, password=PASSWORD, permissions=["download", "upload"], by=administrator
    )
    assert check_credentials(username=name, password=PASSWORD) == made
    assert users.permissions_of(made) == ["upload", "download"]
    assert made.is_admin is False


@pytest.mark.parametrize(
    "name",
    ["", " sam", "sam ", "s\nm", "s\x00m", "s\u202em", LONGEST + "x", "a/b", ".", ".."],
)
def test_create_when_the_name_could_not_be_addressed_or_shown_then_refused(administrator, name):
    with pytest.raises(InvalidRequest, match="name"):
        users.create_user(name=name, password=PASSWORD, by=administrator)


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("short", "too short"),
        ("password123", "common"),
        ("samantha-1", "similar"),
        ("x" * (PASSWORD_MAX_CHARS + 1), "1,000"),
    ],
)
def test_create_when_the_password_is_weak_then_says_why(administrator, password, complaint):
    with pytest.raises(InvalidRequest, match=complaint):
        users.create_user(name="samantha", password=password, by=administrator)
    assert not User.objects.filter(username="samantha").exists()


def test_create_when_the_name_is_taken_then_says_so_and_nothing_is_broken(administrator):
    with pytest.raises(UserExists):
        users.create_user(name="ada", password=PASSWORD, is_admin=True, by=administrator)
    assert User.objects.count() == 1


def test_permissions_when_set_then_exactly_those_and_the_role_stays(administrator, uploader):
    changed = users.set_permissions(name="ursula", permissions=["search"], by=administrator)
    assert (users.permissions_of(changed), changed.is_admin) == (["search"], False)
    assert users.permissions_of(User.objects.get(username="ursula")) == ["search"]


def test_permissions_when_there_is_none_such_then_refused_and_unchanged(administrator, uploader):
    with pytest.raises(InvalidRequest, match="'everything'"):
        users.set_permissions(name="ursula", permissions=["everything"], by=administrator)
    assert len(users.permissions_of(User.objects.get(username="ursula"))) == 3


def test_password_when_set_then_the_old_one_and_its_tokens_end(administrator, uploader):
    issue_token(username="ursula", password="a-long-password-2")
    users.set_password(name="ursula", password=PASSWORD, by=administrator)
    assert not AccessToken.objects.exists()
    assert check_credentials(username="ursula", password=PASSWORD) == uploader


def test_password_when_it_is_configured_then_refused_because_it_would_not_hold(settings):
    account = users.restore_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    with pytest.raises(InvalidRequest, match="REGISTRY_ADMIN_PASSWORD"):
        users.set_password(name=account.username, password=PASSWORD, by=account)


@pytest.mark.parametrize(
    "other", [{}, {"is_admin": True, "is_active": False}, {"can_upload": True}]
)
def test_administrator_when_the_last_one_then_neither_deleted_nor_demoted(administrator, other):
    User.objects.create_user("other", PASSWORD, **other)
    with pytest.raises(LastAdministrator):
        users.delete_user(name="ada", by=administrator)
    with pytest.raises(LastAdministrator):
        users.set_permissions(name="ada", permissions=[], is_admin=False, by=administrator)
    assert User.objects.get(username="ada").is_admin


def test_administrator_when_there_is_another_then_the_default_one_may_be_deleted(administrator):
    users.restore_administrator()
    users.delete_user(name=DEFAULT_ADMIN_USERNAME, by=administrator)
    users.ensure_administrator()
    assert list(User.objects.values_list("username", flat=True)) == ["ada"]


@pytest.mark.parametrize(
    ("operation", "extra"),
    [
        (users.delete_user, {}),
        (users.set_permissions, {"permissions": []}),
        (users.set_password, {"password": PASSWORD}),
    ],
)
def test_user_when_unknown_then_says_so(administrator, operation, extra):
    with pytest.raises(UserNotFound):
        operation(name="nobody", by=administrator, **extra)


# ------------------------------------------------------------------ the default administrator


def test_ensure_when_there_is_nobody_then_the_default_one_and_no_second():
    users.ensure_administrator()
    users.ensure_administrator()
    account = User.objects.get()
    assert (account.username, account.is_admin) == (DEFAULT_ADMIN_USERNAME, True)
    assert accept_password(account, PUBLISHED_PASSWORDS[2])


@pytest.mark.parametrize("change", [{"is_admin": False}, {"is_active": False}])
def test_ensure_when_nobody_could_administer_then_the_account_is_repaired(change):
    users.restore_administrator()
    User.objects.update(**change)
    users.ensure_administrator()
    account = User.objects.get()
    assert (account.is_admin, account.is_active) == (True, True)


def test_ensure_when_a_password_is_configured_then_its_hash_is_kept(settings):
    users.restore_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = "configured"
    users.ensure_administrator()
    kept = User.objects.get().password
    assert User.objects.get().check_password("configured")
    users.ensure_administrator()
    assert User.objects.get().password == kept


def test_ensure_when_staff_chose_a_password_then_it_stays():
    account = users.restore_administrator()
    users.set_password(name=DEFAULT_ADMIN_USERNAME, password=PASSWORD, by=account)
    users.ensure_administrator()
    account = User.objects.get()
    assert accept_password(account, PASSWORD)
    assert not any(accept_password(account, each) for each in PUBLISHED_PASSWORDS)


@pytest.mark.parametrize(
    "operation",
    [
        lambda by: users.create_user(name="samantha", password=PASSWORD, by=by),
        lambda by: users.set_permissions(name="ursula", permissions=["upload"], by=by),
        lambda by: users.set_password(name="ursula", password="another-long-password", by=by),
        lambda by: users.delete_user(name="ursula", by=by),
    ],
    ids=["create", "permit", "set a password", "delete"],
)
def test_operation_when_who_asks_lost_the_rank_meanwhile_then_nothing_is_done(
    administrator, uploader, operation
):
    asking = User.objects.create_user("bob", PASSWORD, is_admin=True)
    User.objects.filter(pk=asking.pk).update(is_admin=False)
    before = list(User.objects.order_by("pk").values())
    with pytest.raises(PermissionMissing):
        operation(asking)
    User.objects.filter(pk=asking.pk).delete()
    with pytest.raises(AuthenticationFailed):
        operation(asking)
    assert list(User.objects.order_by("pk").values()) == [
        each for each in before if each["id"] != asking.pk
    ]


def test_deletion_when_somebody_leaves_then_no_rank_is_needed(uploader):
    users.delete_user(name="ursula", by=uploader)
    assert not User.objects.filter(pk=uploader.pk).exists()
