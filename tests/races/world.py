"""A small registry with something of everything, as it was for each round of a race."""

from __future__ import annotations

import copy
import hashlib
import io
import os
import shutil
import zipfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from artifacts.database.transactions import writing_alone
from artifacts.enums import ArtifactType, TaskState, TokenScope
from artifacts.models import AccessToken, Artifact, Task, Upload, User
from artifacts.rules.digest import Sha256
from artifacts.rules.hub.operations import AddRegular, Commit
from artifacts.services.access.account import make_token_for_programs
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.services.content.uploads import PartRequest, begin_upload, sign_parts
from artifacts.services.hub.commits import commit_files
from artifacts.services.hub.repositories import create_repository
from artifacts.sources.commits import refer_to
from artifacts.storage.keys import incoming_lfs_key, upload_key
from artifacts.storage.links import read_part
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from tests.clients import ApiClient, HubClient
from tests.fakes.storage import local_store
from tests.races.judged import Judged, judge, leave_work, register_judged
from tests.races.sources import HUB
from tests.secret_watch import remember

PASSWORD = "a-long-password-1"
# What ursula has sent for her next commit.
LARGE = b"large" * 100
LARGE_SHA256 = hashlib.sha256(LARGE).hexdigest()
# What stands in the zip that is sent in parts.
PARTS = b"parts"
# More would be a task that makes itself due again and again.
TASKS_MAX = 200
DAYS_2_S = 2 * 86_400


@dataclass
class World:
    """What the operations of a round act upon; ids as they were before it began.

    Attributes:
        for_programs: ursula's token for programs, which is `program_token`.
        whole: a zip that is sent; `parts`: one whose only part is sent; `old`: one that
            `remove_orphans` is about to remove.
    """

    ursula: User
    token: AccessToken
    ada: User
    api: ApiClient
    hub: HubClient
    admin: ApiClient
    staff: Client
    robot: Artifact
    mother: Artifact
    waiting: Artifact
    whole: Upload
    parts: Upload
    old: Upload
    for_programs: AccessToken
    program_token: str
    judged: Judged
    statuses: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Before:
    """The rows of every table and the files of the bucket, to come back to.

    Building a world takes most of a round's time, and putting it back hardly any.
    """

    world: World
    rows: dict[str, tuple[list[str], list[tuple[Any, ...]]]]
    bucket: Path

    @classmethod
    def take(cls, world: World, folder: Path) -> Before:
        """Copy what is there; `folder` must not exist."""
        rows = {}
        with connection.cursor() as cursor:
            for model in _tables():
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')  # noqa: S608  (a model's name)
                names = [column[0] for column in cursor.description]
                rows[model._meta.db_table] = (names, cursor.fetchall())
        shutil.copytree(_bucket(), folder)
        share_handler(world)
        return cls(world, rows, folder)

    def restore(self) -> World:
        """Put everything back, and return a world whose objects are as they were then."""
        _clear()
        with (
            connection.constraint_checks_disabled(),
            writing_alone(),
            connection.cursor() as cursor,
        ):
            for table, (names, rows) in self.rows.items():
                columns = ", ".join(f'"{name}"' for name in names)
                marks = ", ".join(["%s"] * len(names))
                cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)  # noqa: S608
        shutil.copytree(self.bucket, _bucket())
        return copy.deepcopy(self.world)


def build() -> World:
    """Empty tables and bucket, and fill them again."""
    _clear()
    ada = User.objects.create_user("ada", PASSWORD, is_admin=True)
    User.objects.create_user("bob", PASSWORD, is_admin=True)
    ursula = User.objects.create_user(
        "ursula", PASSWORD, can_upload=True, can_search=True, can_download=True
    )
    robot, mother, waiting = (
        register_artifact(
            artifact_type=ArtifactType.MODEL, url=f"{HUB}acme/{name}", name=None, user=ursula
        ).artifact
        for name in ("robot", "mother", "silent-robot")
    )
    sensitive, hidden = register_judged(ursula)
    run_tasks()
    judged = judge(sensitive, hidden, uploader=ursula, administrator=ada)
    push(ursula)
    run_tasks()
    leave_work(judged)
    # Each round asks the silent source again, however long ago this world was built.
    Task.objects.filter(state=TaskState.READY).update(due_at=timezone.now())
    staff = Client(raise_request_exception=False)
    staff.force_login(ada)
    whole, old = sent(ursula, b"whole"), sent(ursula, b"old")
    then = timezone.now() - timedelta(seconds=DAYS_2_S)
    Upload.objects.filter(id=old.id).update(created_at=then)
    os.utime(local_store().path(upload_key(old.id)), (then.timestamp(), then.timestamp()))
    ursulas = ApiClient(ursula)
    program_token, for_programs = make_token_for_programs(
        user=ursula, name="nightly build", scope=TokenScope.WRITE, lifetime_days=1
    )
    return World(
        ursula, ursula.tokens.get(scope=""), ada, ursulas, HubClient(ursula), ApiClient(ada), staff,
        robot, mother, waiting, whole, sent_in_parts(ursula), old, for_programs,
        remember(program_token), judged,
    )  # fmt: skip


def share_handler(world: World) -> None:
    """Let all clients go through one handler, as all threads of a server do.

    Each would load the middleware at its first request, which takes much longer than the request.
    """
    handler = world.staff.handler
    handler.load_middleware()
    # What stands in the memo of a copy is not copied: functions never are, so this stays loaded.
    for each in (world.api, world.hub, world.admin, world.judged.decider):
        each.client.handler = handler


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
    packed = zip_of(PARTS)
    upload, _ = begin_upload(user=user, filename="parts.zip", size_bytes=len(packed), in_parts=True)
    wanted = [PartRequest(1, hashlib.sha256(packed).hexdigest())]
    ((_, target),) = sign_parts(user=user, upload_id=upload.id, parts=wanted)
    local_store().parts.receive(read_part(target.url.rpartition("/")[2]), [packed])
    return upload


def push(user: User) -> None:
    """Make a repository with a commit and two without, and send a large file."""
    create_repository(artifact_type=ArtifactType.MODEL, owner="", name="empty", user=user)
    create_repository(artifact_type=ArtifactType.DATASET, owner="", name="tea", user=user)
    repository, repo_id = create_repository(
        artifact_type=ArtifactType.MODEL, owner="", name="pushed", user=user
    )
    commit_files(
        artifact=repository,
        reference=refer_to(repo_id, "pushed"),
        commit=Commit("first", "", (AddRegular("README.md", b"# pushed"),)),
        user=user,
    )
    wanted = [Announcement(Sha256(LARGE_SHA256), len(LARGE))]
    (sending,) = announce_objects(user=user, artifact_id=repository.id, wanted=wanted)
    get_store().create(incoming_lfs_key(sending.object_id), LARGE, "")


def _clear() -> None:
    """Empty all tables and the bucket.

    Truncating, as Django does after a test, takes PostgreSQL longer than deleting a few rows.
    """
    with connection.constraint_checks_disabled(), writing_alone(), connection.cursor() as cursor:
        for model in _tables():
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608  (names of models)
    shutil.rmtree(_bucket(), ignore_errors=True)


def _tables() -> list[type[Model]]:
    return [*apps.get_app_config("artifacts").get_models(), Session, LogEntry]


def _bucket() -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])
