"""A preview is what a registration would do, and writes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.enums import ArtifactType, ContentState, SourceKind
from artifacts.exceptions import (
    ArchiveRefused,
    ArtifactExists,
    InvalidName,
    SourceRefused,
    SourceUnavailable,
    UploadNotFound,
)
from artifacts.limits import SNAPSHOT_DEADLINE_S
from artifacts.models import Artifact, Task
from artifacts.services.catalogue.preview import preview_artifact
from artifacts.services.catalogue.registration import register_artifact
from artifacts.sources.base import SourceFile
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db


def preview(user, url: str = URL, name: str | None = None, kind: str = "model"):
    return preview_artifact(artifact_type=ArtifactType(kind), url=url, name=name, user=user)


def test_preview_when_compared_with_the_registration_then_the_same(source, uploader, tasks_wait):
    seen = preview(uploader).draft
    done = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact
    revision, rating = done.current_revision, done.current_revision.current_rating
    for field in ("url", "license", "size_bytes", "commit", "card", "config", "facts"):
        assert getattr(seen.revision, field) == getattr(revision, field), field
    for field in ("net_score", "gate", "gate_reasons", "evidence"):
        assert getattr(seen.rating, field) == getattr(rating, field), field
    assert (seen.artifact.name, seen.artifact.source_key) == (done.name, done.source_key)
    assert {each.path for each in seen.files} == set(revision.files.values_list("path", flat=True))
    assert source.asked == 2


@pytest.mark.parametrize("kind", ["model", "dataset", "code"])
def test_preview_when_made_then_no_row_no_task_and_no_object_is_written(source, uploader, kind):
    with CaptureQueriesContext(connection) as captured:
        preview(uploader, kind=kind)
    changes = [
        each["sql"] for each in captured if not each["sql"].startswith(("SELECT", "SAVEPOINT"))
    ]
    assert changes == []
    assert list(get_store().list("")) == []


def test_preview_when_made_then_within_the_time_of_a_registration(source, uploader, monkeypatch):
    given = []
    real = source.fetch_snapshot

    def fetch(reference, inquiry):
        given.append((round(inquiry.deadline.left_s), inquiry.is_patient))
        return real(reference, inquiry)

    monkeypatch.setattr(source, "fetch_snapshot", fetch)
    preview(uploader)
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    assert given == [(SNAPSHOT_DEADLINE_S, False)] * 2


@pytest.mark.parametrize("error", [SourceUnavailable("It sleeps."), SourceRefused("It is gone.")])
def test_preview_when_the_source_fails_then_its_error_and_no_task(source, uploader, error):
    source.error = error
    with pytest.raises(type(error), match=error.message):
        preview(uploader)
    assert not Task.objects.exists()
    assert not Artifact.objects.exists()


def test_preview_when_the_request_is_wrong_then_refused_before_the_source_is_asked(
    source, uploader
):
    with pytest.raises(InvalidName):
        preview(uploader, name="*")
    with pytest.raises(UploadNotFound):
        preview(uploader, url="upload://6f1c6f0e-0000-4000-8000-000000000000")
    assert source.asked == 0


def test_preview_when_registered_under_another_spelling_then_named(source, uploader, tasks_wait):
    there = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact
    with pytest.raises(ArtifactExists) as caught:
        preview(uploader, url="https://huggingface.co/acme/robot-formerly")
    assert caught.value.artifact_id == there.id


def test_preview_when_the_gate_is_enforced_then_its_answer_beside_the_verdict(
    source, uploader, outside, settings
):
    assert preview(uploader).refusals == ()
    settings.REGISTRY_GATE = "enforce"
    refused = preview(uploader)
    assert refused.refusals == tuple(refused.draft.rating.gate_reasons)
    assert refused.wait == ""
    outside.commits = SourceUnavailable("It sleeps.")
    waiting = preview(uploader)
    assert waiting.refusals == ()
    assert "It sleeps." in waiting.wait


def test_preview_when_an_upload_is_broken_then_refused_as_at_registration(source, uploader):
    reference = make_reference()
    broken = SourceFile("a.safetensors", 3, "", "weights", fault="It is broken.")  # type: ignore[arg-type]
    changed = make_snapshot(reference)
    object.__setattr__(changed, "files", (broken,))
    object.__setattr__(reference, "kind", SourceKind.UPLOAD)
    source.snapshot = changed
    with pytest.raises(ArchiveRefused):
        preview(uploader)


@pytest.mark.parametrize(
    ("snapshot", "mirror", "reason"),
    [
        ({}, "always", ""),
        ({}, "never", "keeps links only"),
        ({"link_only_reason": "It is gated."}, "always", "It is gated."),
    ],
)
def test_preview_when_files_would_be_left_out_then_says_why(
    source, uploader, settings, snapshot, mirror, reason
):
    settings.REGISTRY_MIRROR = mirror
    source.snapshot = make_snapshot(make_reference(), **snapshot)
    seen = preview(uploader)
    assert reason in seen.left_out
    assert bool(reason) == bool(seen.left_out)
    is_link = seen.draft.revision.content_state == ContentState.LINK_ONLY
    assert is_link == ("gated" in reason)
