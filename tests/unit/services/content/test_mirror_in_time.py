"""Mirroring in several invocations, each of which ends too soon."""

import io
import itertools
import zipfile
from typing import Any

import pytest

from artifacts import functions
from artifacts.enums import ArtifactType, ContentState, TaskState
from artifacts.exceptions import SourceUnavailable
from artifacts.models import File, Revision, Task
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content import bundles, mirror
from artifacts.storage.keys import INCOMING_PREFIX, bundle_key
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from artifacts.work import clock, leases
from tests.unit.services.conftest import CONTENTS, URL

pytestmark = pytest.mark.django_db
LARGE = "weights.bin"  # of 300 bytes, which arrive ten at a time


class Countdown:
    """A deadline that is looked at so many times before it is near."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def left_s(self) -> float:
        self.looks -= 1
        return 900.0 if self.looks >= 0 else 1.0


def countdown(looks: int) -> Any:
    """One in the place of a deadline."""
    return Countdown(looks)


@pytest.fixture(autouse=True)
def small(monkeypatch, set_limits, settings):
    """What is large elsewhere is small here."""
    settings.REGISTRY_TASKS = "lambda"
    monkeypatch.setattr(functions, "send_event", lambda _event: None)
    set_limits(SEGMENTED_MIN_BYTES=100, CHUNK_BYTES=10, SEGMENT_BYTES=60, S3_PART_MIN_BYTES=20)


@pytest.fixture
def task(source, uploader) -> Task:
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    return Task.objects.get(name="mirror_revision")


def invoke(task: Task, looks: int) -> Task:
    """Run the task in an invocation that ends after so many looks at its clock."""
    assert run_one("lambda-1", task.id, countdown(looks))
    task.refresh_from_db()
    return task


def content_state() -> str:
    return Revision.objects.get().content_state


def test_mirror_when_time_ends_in_a_large_file_then_goes_on_there(task, source):
    invoke(task, looks=25)
    assert (task.state, task.attempts, content_state()) == (
        TaskState.READY, 0, ContentState.PENDING
    )  # fmt: skip
    first = source.fetched.copy()
    assert first[-1] == (LARGE, 0)
    source.fetched.clear()
    invoke(task, looks=1_000)
    assert (task.state, content_state()) == (TaskState.SUCCEEDED, ContentState.STORED)
    ((path, start),) = source.fetched
    assert (path, start > 0) == (LARGE, True)
    assert list(get_store().list(INCOMING_PREFIX)) == []


def test_mirror_when_only_small_files_were_kept_then_the_pause_costs_no_attempt(task, source):
    invoke(task, looks=6)
    assert (task.state, task.attempts) == (TaskState.READY, 0)
    assert source.fetched == [("README.md", 0), ("config.json", 0)]
    assert File.objects.filter(blob__isnull=False).count() == 1


def test_mirror_when_every_invocation_is_short_then_done_in_the_end(task, set_limits):
    # The zip is made from its beginning each time, so that has to fit into one invocation.
    set_limits(CHUNK_BYTES=100)
    states = [TaskState.READY]
    while states[-1] == TaskState.READY and len(states) < 20:
        states.append(TaskState(invoke(task, looks=16).state))
    assert states[-1] == TaskState.SUCCEEDED
    assert len(states) > 4
    assert task.attempts == 1
    raw = get_store().read(bundle_key(task.artifact_id, 1, "full"))
    bundle = zipfile.ZipFile(io.BytesIO(raw))
    assert bundle.testzip() is None
    assert {name: bundle.read(name) for name in bundle.namelist()} == CONTENTS


def test_bundle_when_made_in_pieces_then_the_same_as_in_one(task, source):
    invoke(task, looks=1_000)
    store, key = get_store(), bundle_key(task.artifact_id, 1, "full")
    whole = store.read(key)
    store.delete([key])
    Task.objects.update(state=TaskState.READY, due_at="2000-01-01T00:00:00Z")
    task = leases.lease_next("lambda-1", task.id)
    with pytest.raises(clock.OutOfTime), clock.attempting(countdown(25)) as attempt:
        bundles.build_bundle(artifact_id=task.artifact_id, revision=1, part="full")
    assert attempt.has_progressed
    assert len(list(store.list(INCOMING_PREFIX))) > 0
    with clock.attempting(countdown(1_000)):
        bundles.build_bundle(artifact_id=task.artifact_id, revision=1, part="full")
    assert store.read(key) == whole
    assert list(store.list(INCOMING_PREFIX)) == []


def test_mirror_when_no_invocation_is_long_enough_then_fails_and_says_why(task, source):
    Task.objects.update(attempts_max=2)
    for _ in range(2):
        Task.objects.update(due_at="2000-01-01T00:00:00Z")
        invoke(task, looks=0)
    assert (task.state, content_state()) == (TaskState.FAILED, ContentState.FAILED)
    assert "no further" in task.error
    assert "no further" in Revision.objects.get().content_reason


def test_mirror_when_the_source_breaks_off_then_what_arrived_of_a_large_file_is_kept(
    task, source, monkeypatch
):
    def breaking(*arguments):
        for file, chunks in type(source).fetch_contents(source, *arguments):
            yield file, cut(chunks) if file.path == LARGE else chunks

    def cut(chunks):
        yield from itertools.islice(chunks, 10)
        raise SourceUnavailable("The Hub fell asleep. Try again later.")

    with monkeypatch.context() as patch:
        patch.setattr(source, "fetch_contents", breaking)
        invoke(task, looks=1_000)
    assert (task.state, task.attempts) == (TaskState.READY, 1)
    Task.objects.update(due_at="2000-01-01T00:00:00Z")
    source.fetched.clear()
    invoke(task, looks=1_000)
    assert source.fetched == [(LARGE, 100)]
    assert content_state() == ContentState.STORED


def test_mirror_when_a_worker_has_all_the_time_then_nothing_is_cut_into_pieces(task, monkeypatch):
    monkeypatch.setattr(mirror, "SegmentedWriter", None)
    monkeypatch.setattr(bundles, "SegmentedWriter", None)
    assert run_one("worker", task.id)
    assert content_state() == ContentState.STORED
    assert not File.objects.filter(blob__isnull=True).exists()
