"""Artifacts with files to be scanned."""

import hashlib

from artifacts.enums import GateVerdict, Part
from artifacts.models import Artifact, Blob, File, Revision
from artifacts.rules.digest import Sha256
from artifacts.services.trust.scans import scan_revision
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.unit.rules.scanning.pickling import calling

EVIL, UNKNOWN = calling("os", "system"), calling("acme.models", "Model")


def keep(artifact: Artifact, files: dict[str, bytes]) -> Revision:
    """Give the current revision of an artifact some files whose bytes are in the bucket."""
    revision = artifact.current_revision
    revision.files.all().delete()
    for path, data in files.items():
        sha256 = Sha256(hashlib.sha256(data).hexdigest())
        get_store().create(blob_key(sha256), data, "application/octet-stream")
        blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size_bytes": len(data)})
        File.objects.create(
            revision=revision, path=path, part=Part.WEIGHTS, size_bytes=len(data), blob=blob
        )
    Revision.objects.filter(pk=revision.pk).update(content_state="stored")
    return revision


def scanned(files: dict[str, bytes], **named) -> Revision:
    artifact = make_artifact(**named)
    make_rating(artifact, gate=GateVerdict.PASSED)
    revision = keep(artifact, files)
    scan_revision(revision_id=revision.pk)
    return Revision.objects.select_related("current_rating", "scan", "artifact").get(pk=revision.pk)
