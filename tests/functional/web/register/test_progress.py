"""The page that shows how far a registration is, in every state of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.enums import ContentState, TaskState
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.models import Artifact, Revision, Task
from artifacts.services.upkeep import activity
from artifacts.tasks.runner import run_one
from artifacts.work.jobs import Job
from artifacts.work.queue import create_task
from tests.clients import user_with
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.web.structure import faults, read, skipped_levels
from tests.unit.services.conftest import URL

pytestmark = pytest.mark.django_db


def see(person: Client, artifact_id: str, part: str = "") -> str:
    """What the page says, checked; or the part of it that changes."""
    answer = person.get(f"/register/{artifact_id}{part}")
    assert answer.status_code == 200
    text = answer.content.decode()
    if not part:
        assert faults(text) == []
        assert skipped_levels(text) == []
    return " ".join(text.split())


def see_part(person: Client, artifact_id: str) -> str:
    text = see(person, artifact_id, "?part=state")
    assert text.startswith("<section")
    assert text in see(person, artifact_id)
    return text


def heading(text: str) -> str:
    return re.search(r'<h2 id="progress-now">(.*?)</h2>', text)[1].strip()


def register(person: Client) -> str:
    led = person.post("/register", {"url": URL, "do": "register", "type": "dataset"})
    return led["Location"].rpartition("/")[2]


def work() -> None:
    """Have a worker do all that is due, whenever it is due."""
    Task.objects.filter(state=TaskState.READY).update(due_at=timezone.now())
    while run_one("worker"):
        pass


def test_progress_when_all_goes_well_then_ends_at_the_artifact(person, source):
    artifact_id = register(person)
    text = see_part(person, artifact_id)
    assert heading(text) == "Fetching the files"
    assert "About to begin" in text
    assert 'data-next-s="2"' in text
    work()
    text = see_part(person, artifact_id)
    assert heading(text) == "Done"
    assert f'href="/a/{artifact_id}">To the artifact</a>' in text
    assert 'data-next-s="0"' in text


def test_progress_when_the_source_is_silent_then_says_why_and_when_it_is_asked_again(
    person, source
):
    source.error = SourceUnavailable("The Hub sleeps.")
    artifact_id = register(person)
    assert heading(see_part(person, artifact_id)) == "Asking the source"
    assert run_one("worker")
    assert "UTC, within a minute." in see_part(person, artifact_id)
    Task.objects.update(due_at=timezone.now() + timedelta(minutes=8, seconds=30))
    text = see_part(person, artifact_id)
    assert heading(text) == "Waiting for the source"
    assert "The Hub sleeps." in text
    assert "Attempt 1 of 8." in text
    assert "in 8 minutes." in text
    assert "<time datetime=" in text
    assert 'data-next-s="10"' in text
    assert "To the artifact" not in text
    source.error = None
    work()
    assert heading(see_part(person, artifact_id)) == "Done"


def test_progress_when_given_up_then_the_page_stays_and_says_why(person, source):
    source.error = SourceUnavailable("The Hub sleeps.")
    artifact_id = register(person)
    source.error = SourceRefused("The Hub says that it is gone <b>for good</b>.")
    work()
    assert not Artifact.objects.exists()
    text = see_part(person, artifact_id)
    assert heading(text) == "Given up"
    assert "gone &lt;b&gt;for good&lt;/b&gt;." in text
    assert 'data-next-s="0"' in text
    again = [each for each in read(see(person, artifact_id)).anchors if "?url=" in each]
    assert again == ["/register?url=https%3A%2F%2Fhuggingface.co%2Facme%2Frobot&type=dataset"]
    form = person.get(again[0]).content.decode()
    assert f'value="{URL}"' in form
    Task.objects.all().delete()
    assert person.get(f"/register/{artifact_id}").status_code == 404


@pytest.mark.parametrize("artifact_id", ["model-1-7", "no.such", "x" * 300, "a%00b"])
def test_progress_when_nothing_is_known_of_it_then_404(person, artifact_id):
    assert person.get(f"/register/{artifact_id}").status_code == 404


def mirror(artifact: Artifact, **changes) -> Task:
    task = create_task(Job.MIRROR_REVISION, artifact_id=artifact.id, arguments={})
    Task.objects.filter(pk=task.pk).update(**changes)
    return task


def test_progress_when_files_arrive_then_bytes_of_the_total(person):
    artifact = make_artifact("robot", "code")
    mirror(
        artifact, state=TaskState.RUNNING, attempts=2, done_bytes=255_000, total_bytes=1_000_000,
        due_at=timezone.now() + timedelta(seconds=20),
    )  # fmt: skip
    text = see_part(person, artifact.id)
    assert "255.0 kB of 1.0 MB" in text
    assert '<progress max="1" value="0.2550" aria-label="Bytes fetched">' in text
    assert "Attempt 2 of 8." in text
    assert "Running" in text


def test_progress_when_a_worker_died_then_another_is_about_to_begin(person):
    artifact = make_artifact("robot", "code")
    mirror(artifact, state=TaskState.RUNNING, attempts=1, due_at=timezone.now())
    text = see_part(person, artifact.id)
    assert "About to begin" in text
    assert "Running" not in text


def test_progress_when_an_attempt_crashed_then_details_are_not_told(person):
    artifact = make_artifact("robot", "code")
    mirror(artifact, error="Internal error. KeyError: 'secret-key'")
    text = see_part(person, artifact.id)
    assert "Internal error." in text
    assert "secret-key" not in text


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (ContentState.FAILED, "Registered without its files"),
        (ContentState.LINK_ONLY, "Registered as a link"),
        (ContentState.STORED, "Done"),
    ],
)
def test_progress_when_the_files_are_settled_then_says_how(person, state, stage):
    artifact = make_artifact("robot", "code")
    Revision.objects.update(content_state=state, content_reason="It is <i>so</i>.")
    text = see_part(person, artifact.id)
    assert heading(text) == stage
    assert "It is &lt;i&gt;so&lt;/i&gt;." in text
    assert "To the artifact" in text


def test_progress_when_staff_cancelled_it_then_stopped(person):
    artifact = make_artifact("robot", "code")
    mirror(artifact, state=TaskState.CANCELLED)
    text = see_part(person, artifact.id)
    assert heading(text) == "Stopped"
    assert "Cancelled" in text


def test_progress_when_deleted_then_says_so(person):
    artifact = make_artifact()
    create_task(Job.REMOVE_OBJECTS, artifact_id=artifact.id, arguments={})
    Artifact.objects.all().delete()
    text = see_part(person, artifact.id)
    assert heading(text) == "Not here any more"
    assert "Register it again" in text


def test_progress_when_a_rating_waits_for_evidence_then_some_work_goes_on(person):
    artifact = make_artifact()
    make_rating(artifact, is_incomplete=True)
    Revision.objects.update(content_state=ContentState.STORED)
    task = create_task(Job.RATE_MODEL, artifact_id=artifact.id, arguments={}, delay_s=3_000)
    Task.objects.filter(pk=task.pk).update(attempts=3, error="GitHub sleeps.")
    text = see_part(person, artifact.id)
    assert heading(text) == "Registered; some work goes on"
    assert "GitHub sleeps." in text
    assert "To the artifact" in text


def test_progress_when_the_name_is_hostile_then_escaped(person):
    text = see(person, make_artifact("<script>alert(1)</script>\u202egpj").id)
    assert "<script>alert" not in text
    assert "[U+202E]" in text


def test_progress_when_a_colleague_may_only_search_then_shown():
    client = Client()
    client.force_login(user_with("search"))
    assert "robot" in see(client, make_artifact().id)


def test_progress_when_there_is_much_work_then_few_questions_and_a_small_page(
    person, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    artifact = make_artifact()
    make_rating(artifact)
    for number in range(60):
        create_task(f"job_{number}", artifact_id=artifact.id, arguments={})
    with django_assert_max_num_queries(4):
        answer = person.get(f"/register/{artifact.id}?part=state")
    assert len(answer.content) < 40_000


def test_progress_when_read_aloud_then_one_quiet_line_tells_the_changes(person):
    text = see(person, make_artifact().id)
    assert text.count("aria-live") == 1
    assert (
        '<p id="progress-said" class="register-said" role="status" aria-live="polite"></p>' in text
    )
