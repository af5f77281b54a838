import json
import threading
from dataclasses import replace

import pytest
from django.db import connection

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, SourceKind
from artifacts.exceptions import (
    ArchiveRefused,
    ArtifactExists,
    InvalidName,
    InvalidUrl,
    RegistryError,
    SourceRefused,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.models import Artifact, AuditEntry, File, Revision, SearchDocument, Task, VersionTag
from artifacts.services.catalogue import candidates, registration
from artifacts.services.catalogue.registration import complete_registration, register_artifact
from artifacts.sources.base import SourceFile
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
TAGS = {"v1.2.3": "dead1234", "latest": "c0ffee", "new": ""}


def register(user, url: str = URL, name: str | None = None, artifact_type: str = "model"):
    return register_artifact(
        artifact_type=ArtifactType(artifact_type), url=url, name=name, user=user
    )


def test_register_when_the_source_answers_then_all_rows_are_there(source, uploader):
    source.snapshot = make_snapshot(make_reference(), tags=TAGS)
    result = register(uploader, name="tea-robot")
    artifact = Artifact.objects.get()
    revision = artifact.current_revision
    assert not result.is_deferred
    assert (artifact.type, artifact.name, artifact.uploader) == ("model", "tea-robot", uploader)
    assert (revision.number, revision.url, revision.license) == (1, URL, "mit")
    assert revision.facts == {"downloads": 7}
    assert set(revision.files.values_list("path", flat=True)) == {
        "README.md", "config.json", "weights.bin",
    }  # fmt: skip
    assert VersionTag.objects.get().tag == "v1.2.3"
    assert revision.tag_targets == {"latest": "c0ffee"}
    assert "tea" in SearchDocument.objects.get(artifact=artifact).readme
    entry = AuditEntry.objects.get(action=AuditAction.CREATE)
    assert (entry.action, entry.user_name) == (AuditAction.CREATE, "ursula")


BROKEN = "This is no valid safetensors file: it has 3 bytes. Export it again."


def with_faults(kind: SourceKind, faults: dict[str, str]):
    """What a source of this kind says of weights with these faults, "" for none."""
    reference = replace(make_reference(), kind=kind)
    files = tuple(
        SourceFile(path, 3, "", Part.OTHER if "LFS" in fault else Part.WEIGHTS, fault=fault)
        for path, fault in faults.items()
    )
    return replace(make_snapshot(reference), files=files)


def test_register_when_an_uploaded_model_has_broken_weights_only_then_refused(source, uploader):
    source.snapshot = with_faults(SourceKind.UPLOAD, {"a.safetensors": BROKEN, "b.sft": BROKEN})
    with pytest.raises(ArchiveRefused, match=r"'a\.safetensors' is broken.*safetensors.*again"):
        register(uploader)
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    ("artifact_type", "kind", "faults"),
    [
        pytest.param("model", SourceKind.UPLOAD, {"a.sft": BROKEN, "b.bin": ""}, id="some sound"),
        pytest.param("model", SourceKind.UPLOAD, {"a.sft": "A Git LFS pointer."}, id="a pointer"),
        pytest.param("model", SourceKind.GITHUB, {"a.sft": BROKEN}, id="of somebody else"),
        pytest.param("dataset", SourceKind.UPLOAD, {"a.sft": BROKEN}, id="a data set"),
        pytest.param("code", SourceKind.UPLOAD, {"a.sft": BROKEN}, id="code"),
    ],
)
def test_register_when_files_have_faults_then_taken_and_marked(
    source, uploader, artifact_type, kind, faults
):
    source.snapshot = with_faults(kind, faults)
    register(uploader, artifact_type=artifact_type)
    assert dict(File.objects.values_list("path", "fault")) == faults


def test_register_when_a_data_set_has_containers_of_both_then_they_are_data(source, uploader):
    source.snapshot = with_faults(SourceKind.GITHUB, {"a.hdf5": "", "b.safetensors": ""})
    register(uploader, artifact_type="dataset")
    assert dict(File.objects.values_list("path", "part")) == {
        "a.hdf5": "dataset", "b.safetensors": "weights",
    }  # fmt: skip


def test_register_when_no_name_is_given_then_the_url_gives_it(source, uploader):
    assert register(uploader).artifact.name == "robot"


def test_register_when_done_then_the_record_is_in_the_bucket(source, uploader):
    artifact = register(uploader).artifact
    record = json.loads(get_store().read(record_key(artifact.id)))
    assert artifact.id in json.dumps(record)


@pytest.mark.parametrize(
    ("url", "name", "error"),
    [("ftp://example.org/x", None, InvalidUrl), (URL, "", InvalidName), (URL, "*", InvalidName)],
    ids=["url", "empty-name", "reserved-name"],
)
def test_register_when_the_request_is_wrong_then_nothing_is_left(
    source, uploader, url, name, error
):
    with pytest.raises(error):
        register(uploader, url, name)
    assert not Artifact.objects.exists()


def test_register_when_the_source_is_registered_then_names_its_artifact(source, uploader):
    first = register(uploader).artifact
    with pytest.raises(ArtifactExists) as caught:
        register(uploader, name="another name")
    assert caught.value.artifact_id == first.id
    assert first.id in caught.value.message


def test_register_when_the_source_is_known_by_another_name_then_it_is_the_same(source, uploader):
    first = register(uploader).artifact
    with pytest.raises(ArtifactExists) as caught:
        register(uploader, "https://huggingface.co/old-name/robot")
    assert caught.value.artifact_id == first.id


def test_register_when_another_type_has_the_source_then_it_is_another_artifact(source, uploader):
    register(uploader)
    assert register(uploader, artifact_type="code").artifact.id.startswith("code-1-")


def test_register_when_the_source_refuses_then_nothing_is_left(source, uploader, bucket):
    source.error = SourceRefused("There is no such repository.")
    with pytest.raises(SourceRefused):
        register(uploader)
    assert not Artifact.objects.exists()
    assert not list(get_store().list("artifacts/"))


def test_register_when_the_bucket_is_away_then_nothing_is_left(source, uploader, monkeypatch):
    class Away:
        def create(self, *_args):
            raise StorageUnavailable("The bucket does not answer. Try again later.")

    monkeypatch.setattr(registration, "get_store", Away)
    with pytest.raises(StorageUnavailable):
        register(uploader)
    assert not Artifact.objects.exists()


def test_register_when_the_id_is_taken_in_the_bucket_then_nothing_is_replaced(
    source, uploader, monkeypatch
):
    monkeypatch.setattr(registration, "next_id", lambda kind: (f"{kind}-1-7", 7))
    get_store().create(record_key("model-1-7"), b"somebody else's", "application/json")
    with pytest.raises(RegistryError, match="in use"):
        register(uploader)
    assert get_store().read(record_key("model-1-7")) == b"somebody else's"
    assert not Artifact.objects.exists()


def test_register_when_the_rows_fail_then_the_record_goes_too(source, uploader, monkeypatch):
    """Two registrations of one source pass the first look; the constraint decides."""
    winner = register(uploader).artifact
    real, looks = candidates.refuse_duplicate, []

    def look_the_other_way_twice(*args, **kwargs):
        looks.append(args)
        if len(looks) > 2:
            real(*args, **kwargs)

    for module in (candidates, registration):
        monkeypatch.setattr(module, "refuse_duplicate", look_the_other_way_twice)
    with pytest.raises(ArtifactExists) as caught:
        register(uploader)
    assert caught.value.artifact_id == winner.id
    keys = [found.key for found in get_store().list("artifacts/")]
    assert keys
    assert all(winner.id in key for key in keys)


@pytest.mark.django_db(transaction=True)
def test_register_when_many_do_at_once_then_one_wins_and_all_others_hear_of_it(
    source, uploader, settings
):
    settings.REGISTRY_TASKS = "worker"
    outcomes: list[object] = []

    def attempt() -> None:
        try:
            outcomes.append(register(uploader).artifact.id)
        except ArtifactExists as error:
            outcomes.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [each for each in outcomes if isinstance(each, str)]
    losers = [each for each in outcomes if isinstance(each, ArtifactExists)]
    assert (len(winners), len(losers)) == (1, 7)
    assert {error.artifact_id for error in losers} == set(winners)
    assert Artifact.objects.count() == 1


# ------------------------------------------------------------------ when the source is silent


@pytest.fixture
def deferred(source, uploader, settings) -> Artifact:
    settings.REGISTRY_TASKS = "worker"
    source.error = SourceUnavailable("The Hub does not answer.")
    result = register(uploader)
    assert result.is_deferred
    source.error = None
    return result.artifact


def test_register_when_deferred_then_invisible_and_scheduled(deferred):
    assert not Artifact.objects.visible().exists()
    task = Task.objects.get()
    assert (task.name, task.artifact_id, task.arguments) == (
        "ingest_artifact", deferred.id, {"url": URL},
    )  # fmt: skip


def test_register_when_deferred_then_the_source_is_held(deferred, uploader):
    with pytest.raises(ArtifactExists) as caught:
        register(uploader)
    assert caught.value.artifact_id == deferred.id


def test_complete_when_the_source_is_back_then_the_artifact_appears(deferred):
    complete_registration(artifact_id=deferred.id, url=URL)
    artifact = Artifact.objects.visible().get()
    assert (artifact.id, artifact.current_revision.number) == (deferred.id, 1)
    assert AuditEntry.objects.get(action=AuditAction.CREATE).user_name == "ursula"
    assert get_store().stat(record_key(deferred.id))


def test_complete_when_delivered_twice_then_done_once(deferred):
    for _ in range(2):
        complete_registration(artifact_id=deferred.id, url=URL)
    assert Revision.objects.count() == 1
    assert File.objects.count() == 3


def test_complete_when_the_artifact_was_reset_away_then_nothing(deferred):
    Artifact.objects.all().delete()
    complete_registration(artifact_id=deferred.id, url=URL)
    assert not Revision.objects.exists()


def test_complete_when_its_true_name_is_registered_then_refused(deferred, source, uploader):
    source.snapshot = make_snapshot(make_reference("https://huggingface.co/acme/canonical"))
    register(uploader, "https://huggingface.co/acme/canonical")
    with pytest.raises(ArtifactExists):
        complete_registration(artifact_id=deferred.id, url=URL)


def test_drop_when_it_failed_for_good_then_gone_and_the_source_is_free(
    deferred, uploader, settings
):
    settings.REGISTRY_TASKS = "immediate"
    registration.drop_artifact(artifact_id=deferred.id, reason="gone", url=URL)
    assert not Artifact.objects.filter(id=deferred.id).exists()
    assert register(uploader).artifact.current_revision.content_state == ContentState.PENDING


def test_drop_when_the_artifact_has_appeared_meanwhile_then_it_stays(deferred):
    complete_registration(artifact_id=deferred.id, url=URL)
    registration.drop_artifact(artifact_id=deferred.id, reason="late", url=URL)
    assert Artifact.objects.visible().filter(id=deferred.id).exists()
