import csv
import io

import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from artifacts.admin import exporting
from artifacts.admin.lists import CheckedChangeList
from artifacts.enums import TaskState
from artifacts.models import Artifact, AuditEntry, Task
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.admin.pages import act, page
from tests.functional.admin.test_staff_site import MODELS

pytestmark = pytest.mark.django_db
LONG = "n" * 100


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode(), newline="")))


def export(staff, model: str, query: str = ""):
    answer = staff.get(reverse(f"admin:artifacts_{model}_export") + query)
    assert answer.status_code == 200
    return answer


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_opened_then_in_words_of_people(staff, model):
    make_artifact()
    shown = page(staff, f"artifacts_{model._meta.model_name}_changelist")
    for words in ("Select ", " to view", " to change", "1 artifacts", "1 files"):
        assert words not in shown.replace("Select all on this page", "").replace(
            "Select this object", ""
        )


def test_list_when_its_rows_and_filters_have_words_of_programs_then_those_of_people(staff):
    create_task("mirror_revision", artifact_id=make_artifact("robot", "dataset").id, arguments={})
    tasks = page(staff, "artifacts_task_changelist")
    artifacts = page(staff, "artifacts_artifact_changelist")
    assert "Fetch the files" in tasks.partition("<table")[2]
    assert "Fetch the files" in tasks.partition("<table")[0]
    for words in ("Data set", "Hugging Face, models", "Link only", "Registered by"):
        assert words in artifacts
    for words in ("Dataset", "Huggingface", "Link Only", "Uploader", "Mirror revision"):
        assert words not in tasks + artifacts


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_saved_then_its_columns_as_a_file(staff, model):
    make_artifact()
    answer = export(staff, model._meta.model_name)
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    head, *rows = rows_of(answer)
    assert head
    assert all(len(row) == len(head) for row in rows)


def test_list_when_names_are_long_then_whole_in_the_title(staff):
    artifact = make_artifact(LONG)
    shown = page(staff, "artifacts_artifact_changelist")
    assert f'title="{LONG}"' in shown
    assert f'title="{artifact.id}"' in shown
    assert '<p class="soft">1 artifact' in shown


def test_list_when_searched_by_a_part_then_found_in_any_case(staff):
    make_artifact("acme/Distil-BERT", number=1)
    make_artifact("other", number=2)
    shown = staff.get(reverse("admin:artifacts_artifact_changelist"), {"q": "il-bert"})
    assert [each.name for each in shown.context["cl"].result_list] == ["acme/Distil-BERT"]


def test_list_when_nothing_is_like_that_then_says_so(staff):
    make_artifact()
    shown = staff.get(reverse("admin:artifacts_artifact_changelist"), {"q": "zzz"}).content.decode()
    assert "No artifact is like that." in shown


def test_file_when_names_are_formulas_then_text(staff):
    make_artifact('=HYPERLINK("http://evil.example")')
    _, (name, *_) = rows_of(export(staff, "artifact"))
    assert name.startswith("'=HYPERLINK")


def test_file_when_filtered_then_as_the_list(staff):
    make_artifact("one", "model", number=1)
    make_artifact("two", "code", number=2)
    head, *rows = rows_of(export(staff, "artifact", "?type__exact=code"))
    assert [row[0] for row in rows] == ["two"]
    assert rows[0][head.index("verdict")] == "unrated"


def test_file_when_of_the_trail_then_times_for_programs(staff):
    make_artifact()
    head, row = rows_of(export(staff, "auditentry"))
    assert row[head.index("created at")].endswith("+00:00")
    assert AuditEntry.objects.count() == 1


def test_file_when_a_filter_is_odd_then_led_to_the_list(staff):
    answer = staff.get(reverse("admin:artifacts_user_export") + "?is_admin__exact=x")
    assert answer.status_code == 302


@pytest.mark.parametrize(
    ("limits", "rows"),
    [({"EXPORT_ROWS_MAX": 4, "EXPORT_PAGE_ROWS": 2}, 4), ({"EXPORT_MAX_BYTES": 1}, 0)],
)
def test_file_when_there_is_more_than_fits_then_says_so(staff, monkeypatch, limits, rows):
    for name, value in limits.items():
        monkeypatch.setattr(exporting, name, value)
    for number in range(1, 6):
        make_artifact(number=number)
    _, *found = rows_of(export(staff, "artifact"))
    assert len(found) == rows + 1
    assert found[-1] == ["There are more rows: narrow the list, and export again."]


def test_file_when_the_database_is_lost_among_the_rows_then_a_page_and_no_half_file(
    staff, monkeypatch
):
    for number in (1, 2):
        make_artifact(number=number)
    make_cell, made = CheckedChangeList.make_cell, []

    def fail_later(*given):
        made.append(given)
        if len(made) > 3:
            raise OperationalError("server closed the connection unexpectedly")
        return make_cell(*given)

    monkeypatch.setattr(CheckedChangeList, "make_cell", fail_later)
    staff.raise_request_exception = False
    answer = staff.get(reverse("admin:artifacts_artifact_export"))
    assert answer.status_code == 503
    assert "The registry cannot do this now" in answer.content.decode()


def test_file_when_not_signed_in_then_asked_to(client):
    assert client.get(reverse("admin:artifacts_auditentry_export")).status_code == 302


def test_delete_when_a_reason_is_given_then_the_trail_has_it(staff):
    artifact = make_artifact()
    url = reverse("admin:artifacts_artifact_delete", args=[artifact.id])
    assert "Reason, for the audit trail" in staff.get(url).content.decode()
    staff.post(url, {"post": "yes", "reason": " Unlicensed.\0 "})
    assert AuditEntry.objects.latest("id").note.startswith("Unlicensed.")


def test_delete_when_several_are_chosen_then_each_has_the_reason(staff):
    ids = [make_artifact(number=number).id for number in (1, 2)]
    given = {"action": "delete_selected", "_selected_action": ids}
    url = reverse("admin:artifacts_artifact_changelist")
    assert "Delete 2 artifacts?" in staff.post(url, given).content.decode()
    staff.post(url, {**given, "post": "yes", "reason": "x" * 500})
    notes = AuditEntry.objects.filter(action="DELETE").values_list("note", flat=True)
    assert list(notes) == ["x" * 200] * 2
    assert not Artifact.objects.exists()


def test_rate_again_when_more_than_ten_then_one_task_with_its_page(staff):
    ids = []
    for number in range(1, 12):
        artifact = make_artifact(number=number)
        make_rating(artifact)
        ids.append(artifact.id)
    messages = act(staff, "artifact", "rate_again", *ids)
    assert messages == ["11 models are being rated again by this task."]
    task = Task.objects.get()
    assert task.name == "rate_chosen"
    assert "0 of 11 models" in page(staff, "artifacts_task_changelist")
    assert "rate_chosen" in page(staff, "artifacts_task_change", task.id)


def test_retry_when_more_than_ten_then_together(staff):
    tasks = [create_task("mirror_revision", artifact_id="x", arguments={}) for _ in range(12)]
    Task.objects.exclude(id=tasks[0].id).update(state=TaskState.FAILED, finished_at=timezone.now())
    (message,) = act(staff, "task", "retry", *(task.id for task in tasks))
    assert message.startswith("11 tasks are due again")
    assert "1 of those chosen cannot be retried" in message
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.READY}


@pytest.mark.parametrize(
    ("state", "offered"),
    [("failed", "retry"), ("cancelled", "retry"), ("ready", "cancel"), ("succeeded", "")],
)
def test_task_page_when_opened_then_offers_what_can_be_done(staff, state, offered):
    task = create_task("mirror_revision", artifact_id="x", arguments={})
    Task.objects.update(state=state)
    shown = page(staff, "artifacts_task_change", task.id)
    found = {each for each in ("retry", "cancel") if f'name="action" value="{each}"' in shown}
    assert found == ({offered} if offered else set())


def test_task_page_when_it_is_retried_there_then_back_on_its_page(staff):
    task = create_task("mirror_revision", artifact_id="x", arguments={})
    Task.objects.update(state=TaskState.FAILED)
    answer = staff.post(
        reverse("admin:artifacts_task_changelist"),
        {"action": "retry", "_selected_action": str(task.id), "from_page": str(task.id)},
    )
    assert answer["Location"] == reverse("admin:artifacts_task_change", args=[task.id])


@pytest.mark.parametrize("counted", [0, 3_000], ids=["many", "few"])
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("OBOT", {"robot-one", "robot-two"}),
        ("robot two", {"robot-two"}),
        ("bo", {"robot-one", "robot-two"}),
        ("code-2-", {"robot-two"}),
        ("1760000000000001", {"robot-one"}),
        ("nobody", set()),
    ],
)
def test_artifacts_when_searched_by_a_part_of_name_or_id_then_found(
    staff, monkeypatch, words, expected, counted
):
    monkeypatch.setattr("artifacts.admin.artifact.CATALOGUE_COUNTED_MAX", counted)
    make_artifact("robot-one", number=1)
    make_artifact("robot-two", "code", number=2)
    shown = staff.get("/admin/artifacts/artifact/", {"q": words}).content.decode()
    assert {name for name in ("robot-one", "robot-two") if f">{name}<" in shown} == expected


def test_artifacts_when_waiting_ones_are_searched_then_found_by_their_names(staff):
    make_artifact("robot-hidden", visible=False)
    shown = staff.get("/admin/artifacts/artifact/", {"q": "hidden", "waiting": "yes"})
    assert ">robot-hidden<" in shown.content.decode()
