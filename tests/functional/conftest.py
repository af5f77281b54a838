"""Rows and clients for tests that come in through a door."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.enums import ContentState, SourceKind
from artifacts.models import (
    AccessToken,
    Artifact,
    AuditEntry,
    File,
    Revision,
    SearchDocument,
    User,
)
from artifacts.services.authentication import digest_of

PASSWORD = "a-long-password-1"


class ApiClient:
    """Sends JSON with a user's token."""

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.user = user
        self.token = ""
        if user is not None:
            self.token = f"token-of-{user.username}-and-some-more-letters"
            AccessToken.objects.create(
                digest=digest_of(self.token),
                user=user,
                calls_left=1_000,
                expires_at=timezone.now() + timedelta(hours=1),
            )

    def send(self, method: str, path: str, body: Any = None, **headers: str):
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        if self.token:
            headers = {"X-Authorization": f"bearer {self.token}"} | headers
        return self.client.generic(method, path, data, headers=headers)

    def get(self, path: str, **headers: str):
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str):
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str):
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str):
        return self.send("DELETE", path, **headers)


def make_artifact(
    name: str = "robot",
    kind: str = "model",
    *,
    number: int = 1,
    readme: str = "",
    visible: bool = True,
    user: str = "ursula",
) -> Artifact:
    """One artifact with a file, as a registration would leave it."""
    created_us = 1_760_000_000_000_000 + number
    artifact = Artifact.objects.create(
        id=f"{kind}-{number}-{created_us}",
        type=kind,
        name=name,
        source_key=f"huggingface_model:acme/{name}-{number}",
        created_us=created_us,
        uploader_name=user,
    )
    if not visible:
        return artifact
    revision = Revision.objects.create(
        artifact=artifact,
        number=1,
        url=f"https://huggingface.co/acme/{name}",
        source_kind=SourceKind.HUGGINGFACE_MODEL,
        repository=f"acme/{name}",
        content_state=ContentState.PENDING,
        created_at=timezone.now(),
        created_by=user,
    )
    File.objects.create(revision=revision, path="README.md", part="card", size_bytes=len(readme))
    SearchDocument.objects.create(artifact=artifact, name=name, readme=readme)
    AuditEntry.objects.create(
        artifact_id=artifact.id,
        artifact_type=kind,
        artifact_name=name,
        user_name=user,
        user_is_admin=False,
        action="CREATE",
        created_at=timezone.now(),
    )
    artifact.current_revision = revision
    artifact.save()
    return artifact


@pytest.fixture
def admin_api(administrator) -> ApiClient:
    return ApiClient(administrator)


@pytest.fixture
def api(uploader) -> ApiClient:
    """A user with all three permissions."""
    return ApiClient(uploader)


@pytest.fixture
def anonymous(db) -> ApiClient:
    return ApiClient()


def user_with(*permissions: str) -> User:
    name = "-".join(["only", *permissions])
    return User.objects.create_user(name, PASSWORD, **{f"can_{each}": True for each in permissions})


def message_of(answer) -> str:
    """The sentence of a refusal, whose form is checked on the way."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "request_id"}
    assert body["error"]["request_id"] == answer["X-Request-Id"]
    return body["error"]["message"]
