"""How users and artifacts end in the middle of something."""

import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import AuthenticationFailed, PermissionMissing
from artifacts.models import User
from artifacts.services.catalogue import registration, replacement
from artifacts.services.records import artifact_records
from artifacts.services.upkeep import reset
from artifacts.storage.keys import record_key
from artifacts.storage.store import get_store
from tests.unit.services.conftest import URL

OTHER_URL = "https://huggingface.co/acme/other"
PASSWORD = "a-long-password-2"


def demote(user: User) -> None:
    User.objects.filter(pk=user.pk).update(can_upload=False, can_download=False, can_search=False)


def close(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def start_anew(_user: User) -> None:
    boss = User.objects.create_user("boss", PASSWORD, is_admin=True)
    reset.reset_registry(user=boss, token_digest=None)


ENDS = pytest.mark.parametrize(
    ("end", "error"),
    [
        pytest.param(User.delete, AuthenticationFailed, id="deleted"),
        pytest.param(close, AuthenticationFailed, id="closed"),
        pytest.param(demote, PermissionMissing, id="demoted"),
        pytest.param(start_anew, AuthenticationFailed, id="reset"),
    ],
)


def register(user, url=URL):
    return registration.register_artifact(
        artifact_type=ArtifactType.MODEL, url=url, name=None, user=user
    )


def replace(user, artifact, url=OTHER_URL):
    return replacement.replace_artifact(
        artifact_type=ArtifactType.MODEL,
        artifact_id=artifact.id,
        name=artifact.name,
        url=url,
        user=user,
    )


def record_of(artifact):
    return artifact_records.parse_record(get_store().read(record_key(artifact.id)), artifact.id)
