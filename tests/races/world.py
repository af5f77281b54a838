"""A small registry with something of everything, made anew for each round of a race."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceUnavailable
from artifacts.models import Artifact, Upload, User
from artifacts.services.registration import register_artifact
from artifacts.services.transactions import writing_alone
from artifacts.services.uploads import PartRequest, begin_upload, sign_parts
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.uploads import UploadSource
from artifacts.storage.keys import upload_key
from artifacts.storage.links import read_part
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from tests.clients import ApiClient

HUB = "https://huggingface.co/"
PASSWORD = "a-long-password-1"
# More would be a task that makes itself due again and again.
TASKS_MAX = 200
DAYS_2_S = 2 * 86_400


class AnyHub:
    """Every repository of the Hub: a model made from acme/mother. Some do not answer."""

    def fetch_snapshot(self, reference: SourceReference, _deadline: object) -> Snapshot:
        if "silent" in reference.repository:
            raise SourceUnavailable("The Hub does not answer.")
        card = _card(reference.repository)
        is_mother = reference.repository == "acme/mother"
        return Snapshot(
            reference,
            commit="c0ffee",
            files=(SourceFile("README.md", len(card), _digest(card), Part.CARD),),
            readme=card.decode(),
            license="mit",
            card={} if is_mother else {"base_model": "acme/mother"},
        )

    def fetch_contents(self, reference: SourceReference, _commit: str, files):
        for file in files:
            yield file, iter([_card(reference.repository)])


def find_source(url: str):
    """Stands in for `sources.catalogue.find_source`."""
    uploads = UploadSource()
    reference = uploads.parse(url)
    if reference is not None:
        return uploads, reference
    repository = url.removeprefix(HUB)
    name = repository.rpartition("/")[2]
    return AnyHub(), SourceReference(SourceKind.HUGGINGFACE_MODEL, repository, name, url)


def get_source(kind: str):
    """Stands in for `sources.catalogue.get_source`."""
    return UploadSource() if kind == SourceKind.UPLOAD else AnyHub()


@dataclass
class World:
    """What the operations of a round act upon; ids as they were before it began.

    Attributes:
        whole: a zip that is sent; `parts`: one whose only part is sent; `old`: one that
            `remove_orphans` is about to remove.
    """

    number: int
    ursula: User
    ada: User
    api: ApiClient
    admin: ApiClient
    staff: Client
    robot: Artifact
    mother: Artifact
    waiting: Artifact
    whole: Upload
    parts: Upload
    old: Upload
    statuses: dict[str, int] = field(default_factory=dict)


def build(number: int) -> World:
    """Empty tables and bucket, and fill them again."""
    _clear()
    ada = User.objects.create_user("ada", PASSWORD, is_admin=True)
    User.objects.create_user("bob", PASSWORD, is_admin=True)
    ursula = User.objects.create_user(
        "ursula", PASSWORD, can_upload=True, can_search=True, can_download=True
    )
    robot, mother, waiting = (
        register_artifact(
            artifact_type="model", url=f"{HUB}acme/{name}", name=None, user=ursula
        ).artifact
        for name in ("robot", "mother", "silent-robot")
    )
    run_tasks()
    staff = Client(raise_request_exception=False)
    staff.force_login(ada)
    whole, old = sent(ursula, b"whole"), sent(ursula, b"old")
    then = timezone.now() - timedelta(seconds=DAYS_2_S)
    Upload.objects.filter(id=old.id).update(created_at=then)
    os.utime(get_store().path(upload_key(old.id)), (then.timestamp(), then.timestamp()))
    return World(
        number, ursula, ada, ApiClient(ursula), ApiClient(ada), staff, robot, mother, waiting,
        whole, sent_in_parts(ursula), old,
    )  # fmt: skip


def run_tasks() -> None:
    """Do what is due, one after the other."""
    for _ in range(TASKS_MAX):
        if not run_one("race"):
            return
    raise AssertionError("a task is due for ever")


def zip_of(data: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(zipfile.ZipInfo("README.md"), data)
    return packed.getvalue()


def sent(user: User, data: bytes) -> Upload:
    """A zip that was announced and sent at once."""
    packed = zip_of(data)
    sha256 = hashlib.sha256(packed).hexdigest()
    upload, _ = begin_upload(user=user, filename="tea.zip", size_bytes=len(packed), sha256=sha256)
    get_store().create(upload_key(upload.id), packed, "application/zip")
    return upload


def sent_in_parts(user: User) -> Upload:
    """A zip of one part, which was sent and is not joined."""
    packed = zip_of(b"parts")
    upload, _ = begin_upload(user=user, filename="parts.zip", size_bytes=len(packed), in_parts=True)
    wanted = [PartRequest(1, hashlib.sha256(packed).hexdigest())]
    ((_, target),) = sign_parts(user=user, upload_id=upload.id, parts=wanted)
    get_store().parts.receive(read_part(target.url.rpartition("/")[2]), [packed])
    return upload


def _clear() -> None:
    """Empty all tables and the bucket.

    Truncating, as Django does after a test, takes PostgreSQL longer than deleting a few rows.
    """
    models = (*apps.get_app_config("artifacts").get_models(), Session, LogEntry)
    with connection.constraint_checks_disabled(), writing_alone(), connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  (names of models)
    location = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    shutil.rmtree(location, ignore_errors=True)


def _card(repository: str) -> bytes:
    return f"# {repository}\n".encode()


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
