import json
from datetime import timedelta

import pytest
from django.utils import timezone

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
from artifacts.services.identity import now_us
from artifacts.services.registration import register_artifact
from artifacts.services.reset import remove_everything, reset_registry
from artifacts.storage.keys import RESET_MARKER_KEY, record_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL

pytestmark = pytest.mark.django_db


@pytest.fixture
def artifact(source, uploader, settings) -> Artifact:
    settings.REGISTRY_TASKS = "worker"
    return register_artifact(artifact_type="model", url=URL, name=None, user=uploader).artifact


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


def test_reset_when_done_then_numbers_start_again_and_ids_stay_new(artifact, source, administrator):
    reset_registry(user=administrator, token_digest=None)
    again = register_artifact(
        artifact_type="model", url=URL, name=None, user=User.objects.get()
    ).artifact
    assert again.id.startswith("model-1-")
    assert again.id != artifact.id


def test_reset_when_its_task_has_run_then_the_bucket_has_no_records(artifact, administrator):
    reset_registry(user=administrator, token_digest=None)
    task = Task.objects.get(name="remove_everything")
    remove_everything(**task.arguments)
    assert not list(get_store().list("artifacts/"))
    assert json.loads(get_store().read(RESET_MARKER_KEY)) == task.arguments


def test_reset_when_its_task_runs_late_then_newer_artifacts_stay(artifact):
    later_us = now_us() + 1_000_000
    newer = f"model-1-{later_us}"
    get_store().create(record_key(newer), b"{}", "application/json")
    remove_everything(reset_us=later_us - 1)
    assert [found.key for found in get_store().list("artifacts/")] == [record_key(newer)]


def test_reset_when_searched_afterwards_then_nothing_old_is_found(artifact, administrator):
    from artifacts.exceptions import NothingFound
    from artifacts.selectors.search import find_by_expression

    assert find_by_expression("robot")
    reset_registry(user=administrator, token_digest=None)
    with pytest.raises(NothingFound):
        find_by_expression("robot")
