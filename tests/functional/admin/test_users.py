import pytest
from django.test import Client
from django.urls import reverse

from artifacts.models import Upload, User
from artifacts.said import PERMISSIONS_IN_WORDS
from tests.clients import PASSWORD, ApiClient
from tests.functional.admin.pages import act, page
from tests.functional.web.structure import faults, skipped_levels

pytestmark = pytest.mark.django_db


def save_user(client: Client, url: str, **values):
    return client.post(url, values, follow=True)


def test_user_when_added_then_can_sign_in_with_what_was_typed(staff, anonymous):
    answer = save_user(
        staff,
        reverse("admin:artifacts_user_add"),
        username="sam",
        new_password=PASSWORD,
        can_search="on",
    )
    assert answer.status_code == 200
    user = User.objects.get(username="sam")
    assert (user.can_search, user.can_upload, user.is_admin) == (True, False, False)
    body = {"user": {"name": "sam", "is_admin": False}, "secret": {"password": PASSWORD}}
    assert anonymous.put("/authenticate", body).status_code == 200


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("", "needs a password"), ("short", "too short"), ("x" * 1_001, "at most")],
)
def test_user_when_added_with_a_bad_password_then_says_why(staff, password, complaint):
    url = reverse("admin:artifacts_user_add")
    answer = save_user(staff, url, username="sam", new_password=password)
    assert complaint in answer.content.decode()
    assert not User.objects.filter(username="sam").exists()


def test_user_when_permissions_are_changed_then_they_hold(staff, uploader):
    url = reverse("admin:artifacts_user_change", args=[uploader.pk])
    save_user(staff, url, can_download="on")
    uploader.refresh_from_db()
    assert (uploader.can_upload, uploader.can_search, uploader.can_download) == (
        False, False, True,
    )  # fmt: skip


def test_user_when_given_a_new_password_then_the_old_tokens_end(staff, uploader):
    api = ApiClient(uploader)
    url = reverse("admin:artifacts_user_change", args=[uploader.pk])
    save_user(staff, url, can_search="on", new_password="another-long-password")
    assert api.post("/artifacts", [{"name": "*"}]).status_code == 403


def test_user_when_the_last_administrator_steps_down_then_refused(staff, administrator):
    url = reverse("admin:artifacts_user_change", args=[administrator.pk])
    answer = save_user(staff, url, can_search="on")
    assert "last administrator" in answer.content.decode()
    administrator.refresh_from_db()
    assert administrator.is_admin


def test_user_when_deleted_from_the_list_or_the_page_then_gone(staff, uploader):
    other = User.objects.create_user("otto", PASSWORD)
    assert act(staff, "user", "delete_selected", uploader.pk) == ["1 user was deleted."]
    staff.post(reverse("admin:artifacts_user_delete", args=[other.pk]), {"post": "yes"})
    assert list(User.objects.values_list("username", flat=True)) == ["ada"]


def test_user_when_the_last_administrator_is_deleted_then_refused(staff, administrator):
    assert "last administrator" in act(staff, "user", "delete_selected", administrator.pk)[0]
    url = reverse("admin:artifacts_user_delete", args=[administrator.pk])
    answer = staff.post(url, {"post": "yes"}, follow=True)
    assert "last administrator" in answer.content.decode()
    assert User.objects.filter(username="ada").exists()


def test_user_when_there_is_an_upload_then_can_be_deleted_all_the_same(staff, uploader):
    Upload.objects.create(user=uploader, filename="x.zip", size_bytes=1, sha256="0" * 64)
    url = reverse("admin:artifacts_user_delete", args=[uploader.pk])
    assert "ursula" in staff.get(url).content.decode()
    staff.post(url, {"post": "yes"})
    assert not User.objects.filter(username="ursula").exists()


def test_password_when_changed_on_djangos_page_then_on_the_users_own(staff, administrator):
    answer = staff.get(reverse("admin:password_change"))
    assert answer["Location"] == reverse("admin:artifacts_user_change", args=[administrator.pk])


def test_form_when_a_user_is_added_then_in_the_words_of_the_account_page(staff):
    shown = page(staff, "artifacts_user_add")
    assert "<h1>New user</h1>" in shown
    for said in (*PERMISSIONS_IN_WORDS.values(), "manage users"):
        assert said.casefold() in shown.casefold()
    for word in ("Required.", "150 characters", "Can upload", "Is admin", "Save and add"):
        assert word not in shown
    assert ">Add the user</button>" in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


def test_form_when_a_user_is_there_then_the_name_is_no_field(staff, uploader):
    shown = page(staff, "artifacts_user_change", uploader.pk)
    assert f"<bdi>{uploader.username}</bdi>" in shown
    assert 'name="username"' not in shown
    assert "Leave it empty to keep the present one." in shown
    assert faults(shown) == []


def test_form_when_a_name_is_refused_then_beside_its_field(staff):
    url = reverse("admin:artifacts_user_add")
    shown = save_user(staff, url, username="a\u202eb", new_password=PASSWORD).content.decode()
    assert 'class="problem" role="alert">Name: ' in shown
