import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

import artifacts.admin  # noqa: F401  (registers the lists, which the site does when it is asked)
from artifacts.enums import ContentState, TaskState
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import (
    DEFAULT_ADMIN_USERNAME,
    AccessToken,
    Artifact,
    AuditEntry,
    Revision,
    Task,
    User,
)
from artifacts.rules.rating.judgement import RULES_VERSION
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS
from artifacts.services.access.users import restore_administrator
from artifacts.work.queue import create_task
from tests.clients import ApiClient
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.admin.pages import act, page

pytestmark = pytest.mark.django_db
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "artifacts"),
    key=lambda model: model.__name__,
)


def test_every_row_has_its_page():
    assert {model.__name__ for model in MODELS} == {
        "AccessToken", "ActivityBucket", "AllowedGlobal", "Artifact", "AuditEntry", "Blob",
        "CachedAnswer", "Decision", "File", "HubPull", "IdSequence", "LfsObject", "LineageEdge",
        "LookAlike", "Rating", "Revision", "RevisionScan", "SearchDocument",
        "SignInTally", "Task", "Upload", "User", "VersionTag",
    }  # fmt: skip


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_opened_and_searched_then_answers(staff, model):
    make_artifact()
    url = reverse(f"admin:artifacts_{model._meta.model_name}_changelist")
    for query in ("", "?q=robot", "?q=%25%00x"):
        assert staff.get(url + query).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_not_signed_in_then_asks_to(model):
    answer = Client().get(reverse(f"admin:artifacts_{model._meta.model_name}_changelist"))
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_list_when_a_user_is_no_administrator_then_asks_for_one(uploader):
    client = Client()
    client.force_login(uploader)
    assert client.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("spelling", PUBLISHED_PASSWORDS)
def test_sign_in_when_the_published_password_is_typed_then_let_in(spelling):
    restore_administrator()
    client = Client()
    answer = client.post(
        reverse("admin:login"),
        {"username": DEFAULT_ADMIN_USERNAME, "password": spelling, "next": "/admin/"},
    )
    assert answer.status_code == 302
    assert client.get("/admin/").status_code == 200


def test_sign_in_when_the_password_is_wrong_then_says_so(administrator):
    answer = Client().post(reverse("admin:login"), {"username": "ada", "password": "wrong"})
    assert answer.status_code == 200
    assert "User or password is wrong" in answer.content.decode()


def test_artifact_page_when_opened_then_shows_everything_about_it(staff):
    artifact = make_artifact(readme="<script>alert(1)</script> A card.")
    create_task("mirror_revision", artifact_id=artifact.id, arguments={})
    shown = page(staff, "artifacts_artifact_change", artifact.id)
    for text in ("robot", artifact.id, "README.md", "Fetch the files", "registered", "ursula"):
        assert text in shown
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


def test_artifact_page_when_the_source_is_silent_then_opens_too(staff):
    artifact = make_artifact(visible=False)
    assert "Waiting for the source" in page(staff, "artifacts_artifact_change", artifact.id)


def test_artifact_list_when_filtered_then_narrower(staff):
    make_artifact("one", "model", number=1)
    make_artifact("two", "code", number=2)
    shown = staff.get(reverse("admin:artifacts_artifact_changelist") + "?type__exact=code")
    assert "two" in shown.content.decode()
    assert ">one<" not in shown.content.decode()


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("rules=older", ">one<", ">two<"),
        ("rules=these", ">two<", ">one<"),
        ("current_revision__current_rating__gate__exact=undecided", ">two<", ">one<"),
    ],
)
def test_artifact_list_when_filtered_by_rating_then_what_awaits_a_new_one(
    staff, query, shown, hidden
):
    old, new = make_artifact("one", number=1), make_artifact("two", number=2)
    make_rating(old, rules_version=RULES_VERSION - 1, gate="failed")
    make_rating(new, rules_version=RULES_VERSION, gate="undecided")
    listed = staff.get(f"{reverse('admin:artifacts_artifact_changelist')}?{query}").content.decode()
    assert shown in listed
    assert hidden not in listed


def test_files_when_linked_from_an_artifact_then_only_its_files(staff):
    artifact = make_artifact()
    url = reverse("admin:artifacts_file_changelist") + f"?revision={artifact.current_revision_id}"
    assert "README.md" in staff.get(url).content.decode()


def test_delete_when_chosen_from_the_list_then_deleted_and_audited(staff):
    artifact = make_artifact()
    assert act(staff, "artifact", "delete_selected", artifact.id) == ["1 artifact was deleted."]
    assert not Artifact.objects.exists()
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name) == ("DELETE", "ada")
    assert Task.objects.filter(name="remove_objects").exists()


def test_delete_when_confirmed_on_its_page_then_deleted_and_audited(staff):
    artifact = make_artifact()
    url = reverse("admin:artifacts_artifact_delete", args=[artifact.id])
    assert staff.get(url).status_code == 200
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert not Artifact.objects.exists()
    assert AuditEntry.objects.latest("id").action == "DELETE"


def test_delete_when_the_artifact_waits_for_its_source_then_let_go(staff):
    artifact = make_artifact(visible=False)
    url = reverse("admin:artifacts_artifact_delete", args=[artifact.id])
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert not Artifact.objects.exists()


def test_delete_when_the_artifact_is_gone_meanwhile_then_the_refusal_is_shown(staff, monkeypatch):
    def gone(**given):
        raise ArtifactNotFound("model", given["artifact_id"])

    artifact = make_artifact()
    monkeypatch.setattr("artifacts.admin.artifact.delete_artifact", gone)
    url = reverse("admin:artifacts_artifact_delete", args=[artifact.id])
    answer = staff.post(url, {"post": "yes"}, follow=True)
    assert "There is no model" in answer.content.decode()
    (message,) = act(staff, "artifact", "delete_selected", artifact.id)
    assert "There is no model" in message


def test_mirror_again_when_chosen_then_scheduled(staff):
    artifact = make_artifact()
    Revision.objects.update(content_state=ContentState.FAILED)
    assert "1 artifact is" in act(staff, "artifact", "mirror_again", artifact.id)[0]
    assert Revision.objects.get().content_state == ContentState.PENDING
    assert Task.objects.get().name == "mirror_revision"


def test_task_page_when_opened_then_shows_what_went_wrong(staff):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    Task.objects.update(error="The Hub is away.", done_bytes=5, total_bytes=10)
    assert "The Hub is away." in page(staff, "artifacts_task_change", task.id)


def test_retry_when_a_task_failed_then_due_again(staff):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    Task.objects.update(state=TaskState.FAILED)
    assert act(staff, "task", "retry", task.id) == ["1 task is due again."]
    assert Task.objects.get().state == TaskState.READY


def test_retry_when_there_is_nothing_to_retry_then_the_refusal_is_shown(staff):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    assert "failed or cancelled" in act(staff, "task", "retry", task.id)[0]


def test_cancel_when_a_task_waits_then_cancelled(staff):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    assert act(staff, "task", "cancel", task.id) == ["1 task was cancelled."]


def test_tokens_when_listed_then_with_calls_left_and_revocable(staff, uploader):
    api = ApiClient(uploader)
    assert "1000" in page(staff, "artifacts_accesstoken_changelist").replace(",", "")
    token = AccessToken.objects.get()
    url = reverse("admin:artifacts_accesstoken_delete", args=[token.pk])
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert api.post("/artifacts", [{"name": "*"}]).status_code == 403


def test_reset_when_opened_then_says_what_goes_and_changes_nothing(staff):
    make_artifact()
    assert "cannot be undone" in page(staff, "reset")
    assert Artifact.objects.exists()


def test_reset_when_the_word_is_wrong_then_nothing_happens(staff):
    make_artifact()
    answer = staff.post(reverse("admin:reset"), {"confirmation": "reset"})
    assert "capital letters" in answer.content.decode()
    assert Artifact.objects.exists()


def test_reset_when_confirmed_then_the_initial_state(staff):
    make_artifact()
    answer = staff.post(reverse("admin:reset"), {"confirmation": "RESET"}, follow=True)
    assert answer.status_code == 200
    assert not Artifact.objects.exists()
    assert list(User.objects.values_list("username", flat=True)) == [DEFAULT_ADMIN_USERNAME]


def test_reset_when_the_form_comes_from_elsewhere_then_refused(administrator):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)
    answer = client.post(reverse("admin:reset"), {"confirmation": "RESET"})
    assert answer.status_code == 403


@pytest.mark.parametrize("model", ["artifact", "task", "auditentry", "file", "user"])
def test_list_when_longer_then_no_more_queries(staff, model, django_assert_max_num_queries):
    for number in range(1, 31):
        artifact = make_artifact(number=number)
        create_task("mirror_revision", artifact_id=artifact.id, arguments={})
    with django_assert_max_num_queries(10):
        staff.get(reverse(f"admin:artifacts_{model}_changelist"))


def test_delete_when_chosen_from_the_list_then_asks_first(staff):
    artifact = make_artifact()
    answer = staff.post(
        reverse("admin:artifacts_artifact_changelist"),
        {"action": "delete_selected", "_selected_action": [artifact.id]},
    )
    assert "Are you sure" in answer.content.decode()
    assert Artifact.objects.exists()


def test_artifact_list_when_sources_are_silent_then_those_on_a_list_of_their_own(staff):
    make_artifact("answered", number=1)
    make_artifact("silent", number=2, visible=False)
    url = reverse("admin:artifacts_artifact_changelist")
    everybody, waiting = (staff.get(url + query).content.decode() for query in ("", "?waiting=yes"))
    assert ("answered" in everybody, "silent" in everybody) == (True, False)
    assert ("answered</a>" in waiting, "silent" in waiting) == (False, True)


def test_retry_when_done_then_the_log_says_who(staff, administrator):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    Task.objects.update(state=TaskState.FAILED)
    act(staff, "task", "retry", task.id)
    entry = LogEntry.objects.get()
    assert (entry.user_id, entry.object_id) == (administrator.pk, str(task.id))
