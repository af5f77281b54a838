"""Somebody who uses the registry, and what is done around a restore."""

import time
from datetime import UTC, datetime

import pytest

from artifacts.enums import ArtifactType, ContentState
from artifacts.models import Artifact, Revision, Task
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.content.mirror import mirror_revision
from artifacts.services.records.generation import check_generation
from artifacts.services.upkeep.orphans import remove_orphans
from artifacts.services.upkeep.rebuild import rebuild_index
from artifacts.services.upkeep.reset import remove_everything, reset_registry
from artifacts.storage.keys import (
    blob_key,
    record_key,
)
from artifacts.storage.store import get_store
from tests.unit.services.conftest import make_reference, make_snapshot

HUB = "https://huggingface.co/acme/"
# The stories that the rehearsal tells, on files and on a real S3 server.
BOTH = pytest.mark.parametrize(
    "kept", ["local", pytest.param("versioned", marks=pytest.mark.s3)], indirect=True
)


class Registry:
    """Somebody who uses the registry, and remembers what it promised."""

    def __init__(self, source, user, callbacks) -> None:
        self.source, self.user, self.callbacks = source, user, callbacks
        self.promised: dict[str, str] = {}

    def offer(self, name: str, text: str = "") -> str:
        """Have the source hold something of this name."""
        url = HUB + name
        contents = {"README.md": f"# {name} {text}\n".encode(), "weights.bin": name.encode() * 9}
        self.source.contents = contents
        self.source.snapshot = make_snapshot(make_reference(url), contents, readme=text)
        return url

    def register(self, *names: str) -> list[str]:
        ids = []
        for name in names:
            url = self.offer(name)
            with self.callbacks(execute=True):
                made = register_artifact(
                    artifact_type=ArtifactType.MODEL, url=url, name=name, user=self.user
                ).artifact
            assert made.id not in self.promised
            self.promised[made.id] = name
            ids.append(made.id)
        return ids

    def replace(self, artifact_id: str, text: str) -> None:
        name = self.promised[artifact_id]
        url = self.offer(name, text)
        with self.callbacks(execute=True):
            replace_artifact(
                artifact_type=ArtifactType.MODEL,
                artifact_id=artifact_id,
                name=name,
                url=url,
                user=self.user,
            )

    def delete(self, artifact_id: str) -> None:
        with self.callbacks(execute=True):
            delete_artifact(
                artifact_type=ArtifactType.MODEL, artifact_id=artifact_id, user=self.user
            )
        del self.promised[artifact_id]

    def mirror(self) -> None:
        """Do what tasks were made for; each source still has what it had."""
        for revision in Revision.objects.filter(content_state=ContentState.PENDING):
            self.offer(self.promised[revision.artifact_id])
            mirror_revision(revision_id=revision.pk)

    def check(self, *, numbers_given_once: bool = True) -> None:
        """See that every artifact that was promised is there, whole, and no other."""
        assert set(Artifact.objects.visible().values_list("id", flat=True)) == set(self.promised)
        for artifact_id in self.promised:
            assert get_store().stat(record_key(artifact_id))
            revision = Artifact.objects.get(id=artifact_id).current_revision
            assert revision.content_state == ContentState.STORED
            digests = list(revision.files.values_list("blob_id", flat=True))
            assert len(digests) == 2
            assert all(get_store().stat(blob_key(each)) for each in digests)
        numbers = [each.split("-")[1] for each in self.promised]
        assert len(set(numbers)) == len(numbers) or not numbers_given_once


def clean_up() -> None:
    """The next day's: what is old is old enough."""
    remove_orphans(grace_hours=-1)


def rebuild():
    """A rebuild, whose dry run sees what it sees; afterwards there is nothing left to do."""
    dry = rebuild_index(is_dry_run=True)
    result = rebuild_index()
    told = {name: str(value) for name, value in vars(result).items()}
    # Of an object that is still held: what `vars` returns of one that is not changes under one's
    # hands in Python 3.13.0.
    seen = {name: str(value) for name, value in vars(dry).items()}
    different = {name: (seen[name], told[name]) for name in told if seen[name] != told[name]}
    assert not different, different
    check_generation()
    again = rebuild_index()
    assert (again.restored, again.advanced, again.deleted_again) == ([], [], [])
    assert (again.records_written, again.bytes_lost) == ([], [])
    return result


def reset(administrator) -> None:
    reset_registry(user=administrator, token_digest=None)
    remove_everything(**Task.objects.get(name="remove_everything").arguments)


def now_apart() -> datetime:
    """A moment with nothing of the same second before or after it: versions have whole seconds."""
    time.sleep(1.1)
    moment = datetime.now(UTC)
    time.sleep(1.1)
    return moment
