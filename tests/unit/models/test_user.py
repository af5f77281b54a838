"""The user's row: its name, and the tokens that end with its password, whoever changes it."""

import io
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.urls import reverse

import artifacts.migrations
from artifacts.exceptions import InvalidName
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access import users
from tests.clients import ApiClient

pytestmark = pytest.mark.django_db
OLD, NEW = "a-long-password-2", "another-long-password"


# ------------------------------------------------------------------ doors that change a password


def by_service(user: User, _staff: Client, _settings) -> None:
    users.set_password(name=user.username, password=NEW, by=user)


def by_staff_page(user: User, staff: Client, _settings) -> None:
    url = reverse("admin:artifacts_user_change", args=[user.pk])
    staff.post(url, {"new_password": NEW, "is_admin": "on"})


def by_command(user: User, _staff: Client, _settings) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("getpass.getpass", lambda prompt: NEW)
        call_command("changepassword", user.username, stdout=io.StringIO())


def by_row(user: User, _staff: Client, _settings) -> None:
    row = User.objects.get(pk=user.pk)
    row.set_password(NEW)
    row.save()


def by_hash(user: User, _staff: Client, _settings) -> None:
    row = User.objects.get(pk=user.pk)
    row.password = make_password(NEW)
    row.save(update_fields=["password"])


def by_deferred_row(user: User, _staff: Client, _settings) -> None:
    row = User.objects.only("username").get(pk=user.pk)
    row.set_password(NEW)
    row.save(update_fields=["password"])


def by_query(user: User, _staff: Client, _settings) -> None:
    User.objects.filter(pk=user.pk).update(password=make_password(NEW))


def by_bulk(user: User, _staff: Client, _settings) -> None:
    user.set_password(NEW)
    User.objects.bulk_update([user], ["password"])


def by_update_or_create(user: User, _staff: Client, _settings) -> None:
    User.objects.update_or_create(username=user.username, defaults={"password": make_password(NEW)})


def by_having_none(user: User, _staff: Client, _settings) -> None:
    user.set_unusable_password()
    user.save()


def by_closing(user: User, _staff: Client, _settings) -> None:
    user.is_active = False
    user.save(update_fields=["is_active"])


def by_start_with_another_setting(_user: User, _staff: Client, settings) -> None:
    settings.REGISTRY_ADMIN_PASSWORD = NEW
    users.ensure_administrator()


DOORS = [
    by_service, by_staff_page, by_command, by_row, by_hash, by_deferred_row, by_query, by_bulk,
    by_update_or_create, by_having_none, by_closing, by_start_with_another_setting,
]  # fmt: skip


@pytest.fixture
def staff(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_password_when_changed_by_any_door_then_tokens_and_sessions_end(
    administrator, staff, settings, door
):
    account = users.restore_administrator()
    api, session = ApiClient(account), Client()
    others = ApiClient(administrator)
    session.force_login(account)
    assert api.get("/users").status_code == 200
    assert session.get(reverse("admin:index")).status_code == 200
    door(User.objects.get(pk=account.pk), staff, settings)
    assert api.get("/users").status_code == 403
    assert session.get(reverse("admin:index")).status_code == 302
    assert others.get("/users").status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda user, _: user.save(),
        lambda user, by: users.set_permissions(name=user.username, permissions=[], by=by),
        lambda user, _: User.objects.filter(pk=user.pk).update(can_upload=True),
        lambda *_: users.ensure_administrator(),
        lambda user, _: user.refresh_from_db(),
    ],
    ids=["save", "permissions", "query", "start", "refresh"],
)
def test_tokens_when_something_else_changes_then_stay(uploader, administrator, change):
    AccessToken.objects.create(
        digest="0" * 64, user=uploader, calls_left=5, expires_at=uploader.created_at
    )
    change(User.objects.get(pk=uploader.pk), administrator)
    assert AccessToken.objects.count() == 1


def test_hash_when_only_renewed_with_other_parameters_then_tokens_stay(uploader, settings):
    api = ApiClient(uploader)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS
    ]  # fmt: skip
    user = User.objects.get()
    assert user.check_password(OLD)
    assert User.objects.get().password.startswith("pbkdf2")
    assert api.get("/users/ursula").status_code == 200
    user.set_password(NEW)
    user.save()
    assert api.get("/users/ursula").status_code == 403


def test_session_when_the_own_password_is_changed_then_this_one_stays_and_others_end(
    administrator, staff
):
    other = Client()
    other.force_login(administrator)
    staff.post(reverse("account-password"), {"old": "a-long-password-1", "new": NEW, "again": NEW})
    assert staff.get(reverse("admin:index")).status_code == 200
    assert other.get(reverse("admin:index")).status_code == 302


def test_session_when_it_was_signed_by_an_earlier_key_then_ends_with_the_password_too(
    uploader, administrator, settings
):
    session = Client()
    session.force_login(uploader)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "x" * 50
    request = RequestFactory().get("/")
    request.session = session.session
    assert get_user(request) == uploader
    session.force_login(uploader)
    users.set_password(name="ursula", password=NEW, by=administrator)
    settings.SECRET_KEY_FALLBACKS = ["y" * 50, settings.SECRET_KEY]
    request.session = session.session
    assert not get_user(request).is_authenticated


# ------------------------------------------------------------------ doors that take a name

SPELLINGS = ["ursula", "URSULA", "\uff35rsula", "ur\u017fula"]


@pytest.mark.parametrize("name", SPELLINGS, ids=ascii)
def test_user_when_asked_for_in_another_spelling_then_found_at_every_door(
    anonymous, uploader, admin_api, name
):
    body = {"user": {"name": name, "is_admin": False}, "secret": {"password": OLD}}
    answer = anonymous.put("/authenticate", body)
    assert answer.status_code == 200
    assert authenticate(RequestFactory().get("/"), username=name, password=OLD) == uploader
    assert User.objects.get_by_natural_key(name) == uploader
    own = anonymous.get(f"/users/{name}", **{"X-Authorization": answer.json()})
    assert own.json()["name"] == "ursula"
    path = f"/users/{name}/permissions"
    assert admin_api.put(path, {"permissions": ["search"]}).json()["name"] == "ursula"
    assert admin_api.delete(f"/users/{name}").status_code == 200
    assert not User.objects.filter(username="ursula").exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Ursula", 409), ("\uff35rsula", 409), ("\u1d1c\u0280\ua731\u1d1c\u029f\u1d00", 400),
        ("ursu1a", 409), ("ursul\u0430", 400), ("ursu\u200bla", 400), ("ur\u0455ula", 400),
        ("\u0430\u0501\u0430", 409), (DEFAULT_ADMIN_USERNAME.upper(), 409),
        (DEFAULT_ADMIN_USERNAME.replace("l", "1"), 409),
    ],
    ids=ascii,
)  # fmt: skip
def test_user_when_the_name_is_or_looks_like_anothers_then_made_by_no_door(
    admin_api, staff, uploader, name, status
):
    before = set(User.objects.values_list("username", flat=True))
    answer = admin_api.post("/users", {"name": name, "password": NEW})
    assert answer.status_code == status
    staff.post(reverse("admin:artifacts_user_add"), {"username": name, "new_password": NEW})
    assert set(User.objects.values_list("username", flat=True)) == before


def test_manager_when_the_name_is_refused_or_taken_then_raises(uploader):
    with pytest.raises(InvalidName):
        User.objects.create_user("ursul\u0430", NEW)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("URSULA", NEW)


@pytest.mark.parametrize("name", ["x" * 151, "a\x00b", "\ud800", "\ufdfa" * 100_000], ids=range(4))
def test_named_when_nobody_can_have_the_name_then_nobody_and_no_query(
    name, django_assert_num_queries
):
    with django_assert_num_queries(0):
        assert User.objects.named(name) is None


def test_named_when_it_only_looks_like_a_name_then_nobody(uploader):
    assert User.objects.named("ursu1a") is None


# ------------------------------------------------------------------ rows of an earlier release


def old_row(name: str) -> User:
    """A row as code writes it that does not know of keys."""
    user = User(username=name, password=make_password(OLD))
    user.save()
    User.objects.filter(pk=user.pk).update(name_key=None, username=name)
    return User.objects.get(pk=user.pk)


def test_old_rows_when_two_differ_by_case_then_each_is_found_by_the_exact_name(caplog):
    lower = old_row("ada")
    upper = old_row("Ada")
    users.fill_name_keys()
    assert [User.objects.named("ada"), User.objects.named("Ada")] == [lower, upper]
    assert User.objects.named("ADA") == lower
    assert list(User.objects.values_list("name_key", flat=True).order_by("pk")) == ["ada", None]
    (warned,) = [each for each in caplog.records if each.msg == "user.looks_like_another"]
    assert warned.user == "Ada"
    api = ApiClient(upper)
    assert api.get("/users/Ada").status_code == 200
    assert api.get("/users/ada").status_code == 403


def test_migration_when_users_are_there_then_each_gets_a_key_once():
    rows = [old_row(name) for name in ("Lina", "lina", "user10")]
    (path,) = Path(artifacts.migrations.__file__).parent.glob("*_people_and_sign_ins.py")
    module = import_module(f"artifacts.migrations.{path.stem}")
    module.fill_name_keys(apps, SimpleNamespace(connection=connection))
    keys = dict(User.objects.values_list("pk", "name_key"))
    assert [keys[row.pk] for row in rows] == ["llna", None, "userlo"]
