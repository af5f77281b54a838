import json
from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import ArtifactType
from artifacts.exceptions import ResetOff
from artifacts.models import (
    DEFAULT_ADMIN_USERNAME,
    AccessToken,
    Artifact,
    AuditEntry,
    Blob,
    Revision,
    SearchDocument,
    Task,
    User,
)
from artifacts.rules.identity import now_us
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.records import identity
from artifacts.services.records.deaths import bury
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.reset import remove_everything, reset_registry
from artifacts.storage.keys import RESET_MARKER_KEY, record_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact(source, uploader, settings) -> Artifact:
    settings.REGISTRY_TASKS = "worker"
    return register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader
    ).artifact


def give_token(user: User, digest: str = "a" * 64) -> str:
    expires_at = timezone.now() + timedelta(hours=1)
    AccessToken.objects.create(digest=digest, user=user, expires_at=expires_at, calls_left=10)
    return digest


def test_reset_when_done_then_only_the_default_administrator_is_left(artifact, administrator):
    reset_registry(user=administrator, token_digest=None)
    assert list(User.objects.values_list("username", "is_admin")) == [
        (DEFAULT_ADMIN_USERNAME, True)
    ]
    for model in (Artifact, Revision, SearchDocument, Blob, AuditEntry, AccessToken):
        assert not model.objects.exists()


def test_reset_when_asked_with_a_token_then_that_token_stays_valid(artifact, administrator):
    digest = give_token(administrator)
    give_token(administrator, "b" * 64)
    reset_registry(user=administrator, token_digest=digest)
    token = AccessToken.objects.get()
    assert (token.digest, token.calls_left) == (digest, 10)
    assert token.user.username == DEFAULT_ADMIN_USERNAME


def test_reset_when_done_then_numbers_go_on(artifact, source, administrator):
    reset_registry(user=administrator, token_digest=None)
    again = register_artifact(
        artifact_type=ArtifactType.MODEL, url=URL, name=None, user=User.objects.get()
    ).artifact
    assert artifact.id.startswith("model-1-")
    assert again.id.startswith("model-2-")


def test_reset_when_its_task_has_run_then_the_bucket_has_no_records(artifact, administrator):
    reset_registry(user=administrator, token_digest=None)
    task = Task.objects.get(name="remove_everything")
    bury("model-1-5", "ada")
    bury(f"model-1-{now_us() + 1_000_000}", "ada")
    remove_everything(**task.arguments)
    assert not list(get_store().list("artifacts/"))
    assert len(list(get_store().list("registry/deleted/"))) == 1
    assert json.loads(get_store().read(RESET_MARKER_KEY)) == task.arguments


def test_reset_when_another_machines_clock_was_ahead_then_its_artifacts_go_too(
    source, uploader, administrator, settings, monkeypatch
):
    settings.REGISTRY_TASKS = "worker"
    monkeypatch.setattr(identity, "now_us", lambda: now_us() + 60_000_000)
    register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=uploader)
    reset_registry(user=administrator, token_digest=None)
    remove_everything(**Task.objects.get(name="remove_everything").arguments)
    assert rebuild_index().restored == []
    assert list(get_store().list("artifacts/")) == []


def test_reset_when_its_task_runs_late_then_newer_artifacts_stay(artifact):
    later_us = now_us() + 1_000_000
    newer = f"model-1-{later_us}"
    get_store().create(record_key(newer), b"{}", "application/json")
    remove_everything(reset_us=later_us - 1)
    assert [found.key for found in get_store().list("artifacts/")] == [record_key(newer)]


def test_reset_when_searched_afterwards_then_nothing_old_is_found(artifact, administrator):
    from artifacts.exceptions import NothingFound
    from artifacts.selectors.catalogue.search import find_by_expression

    assert find_by_expression("robot").artifacts
    reset_registry(user=administrator, token_digest=None)
    with pytest.raises(NothingFound):
        find_by_expression("robot")


def test_reset_when_the_settings_allow_none_then_nothing_goes(artifact, administrator, settings):
    settings.REGISTRY_RESET = "off"
    with pytest.raises(ResetOff, match="REGISTRY_RESET"):
        reset_registry(user=administrator, token_digest=None)
    assert Artifact.objects.count() == 1
    assert User.objects.filter(username="ada").exists()


def test_reset_when_done_then_one_warning_says_who_from_where_and_how_much(
    artifact, administrator, caplog
):
    reset_registry(user=administrator, token_digest=None, address="192.0.2.7")
    (line,) = [each for each in caplog.records if each.message == "registry.reset"]
    assert line.levelname == "WARNING"
    found = (line.user, line.address, line.artifacts, line.users)
    assert found == ("ada", "192.0.2.7", 1, 2)
