"""Looking into the files of a revision while they are mirrored, and marking those with a fault."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Iterator, Sequence

from artifacts.enums import ArtifactType, Part
from artifacts.exceptions import TooMuchToRead
from artifacts.limits import FAULTS_NAMED_MAX, FORMAT_START_BYTES, POINTERS_NOTED_MAX
from artifacts.models import File, Revision
from artifacts.rules.findings import Finding, examine_file, is_safetensors, is_worth_a_look
from artifacts.rules.lfs import Pointer
from artifacts.rules.text import storable
from artifacts.services.trust.examined import judge_size_again
from artifacts.storage.blobs import StoredBlob
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)


class Start:
    """Chunks that pass through, of which the first bytes are remembered."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        """Remember nothing yet."""
        self._chunks = chunks
        self.remembered = b""

    def passing(self) -> Iterator[bytes]:
        """Yield the chunks."""
        for chunk in self._chunks:
            if len(self.remembered) < FORMAT_START_BYTES:
                self.remembered += chunk[: FORMAT_START_BYTES - len(self.remembered)]
            yield chunk


def examine(file: File, blob: StoredBlob, start: Start | None) -> None:
    """Set part and fault of a file by its bytes, without writing them.

    Args:
        start: how its bytes began; None to open them where it is worth a request to the bucket.
    """
    if not is_worth_a_look(file.path, blob.size_bytes):
        return
    try:
        found = _look(file, blob, start)
    except TooMuchToRead as error:
        # The header was not checked, so no fault was found either.
        logger.warning("weights.unread", extra={"file": file.pk, "reason": error.message})
        return
    file.part, file.fault = found.part, storable(found.fault)
    if found.pointer is not None:
        _note_pointer(file, found.pointer)


def describe_faults(revision: Revision) -> str:
    """Say which files of a revision have a fault; "" if none has."""
    return say_faults(list(revision.files.exclude(fault="").values_list("path", "fault")))


def say_faults(faults: Sequence[tuple[str, str]]) -> str:
    """Say which files have a fault; "" if none has.

    Args:
        faults: path and fault of each that has one.
    """
    if not faults:
        return ""
    named = " ".join(f"{path}: {fault}" for path, fault in faults[:FAULTS_NAMED_MAX])
    return f"A fault was found in {len(faults):,} of its files. {named}"


def keep_findings(
    revision: Revision, files: Iterable[File], listed: Iterable[tuple[str, int | None]]
) -> None:
    """Have a model rated again whose bytes told what its file list could not.

    Args:
        listed: part and size of the files before they were fetched and looked into.
    """
    told = any(
        file.fault or (file.part, file.size_bytes) != before
        for file, before in zip(files, listed, strict=True)
    )
    if told and revision.artifact.type == ArtifactType.MODEL:
        Revision.objects.filter(pk=revision.pk).update(facts=revision.facts)
        judge_size_again(revision)
        queue.schedule_once(Job.RATE_EXAMINED_MODEL, artifact_id=revision.artifact_id)


def _note_pointer(file: File, pointer: Pointer) -> None:
    """Note with a revision, without writing it, how large is what a pointer stands for."""
    noted = file.revision.facts.setdefault("pointers", {})
    if len(noted) < POINTERS_NOTED_MAX:
        noted[file.path] = pointer.size_bytes


def _look(file: File, blob: StoredBlob, start: Start | None) -> Finding:
    """Examine a file's bytes as far as it takes."""
    part = Part(file.part)
    if start is not None and not is_safetensors(file.path):
        return examine_file(file.path, part, blob.size_bytes, io.BytesIO(start.remembered))
    with get_store().open(blob_key(blob.sha256)) as opened:
        return examine_file(file.path, part, blob.size_bytes, opened)
