"""What tests of commits share."""

import base64
import hashlib
import json

from artifacts.enums import ArtifactType
from artifacts.services.content.lfs_objects import Announcement, announce_objects
from artifacts.storage.keys import incoming_lfs_key
from artifacts.storage.store import get_store

CARD = b"---\nlicense: mit\n---\n# robot\n"
MODEL = ArtifactType.MODEL
WEIGHTS = b"w" * 1_000


def sha256_of(content):
    return hashlib.sha256(content).hexdigest()


def file(path, content):
    encoded = base64.b64encode(content).decode()
    return {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}}


def large(path, content, size=None):
    value = {"path": path, "algo": "sha256", "oid": sha256_of(content), "size": len(content)}
    return {"key": "lfsFile", "value": value | ({"size": size} if size else {})}


def deleted(path):
    key = "deletedFolder" if path.endswith("/") else "deletedFile"
    return {"key": key, "value": {"path": path}}


def body(*lines, parent=None):
    header = {"summary": "a change", "description": ""}
    header |= {"parentCommit": parent} if parent else {}
    return b"\n".join(
        json.dumps(each).encode() for each in ({"key": "header", "value": header}, *lines)
    )


def send(user, artifact, content):
    """Announce bytes and put them where the client would."""
    (sending,) = announce_objects(
        user=user,
        artifact_id=artifact.id,
        wanted=[Announcement(sha256_of(content), len(content))],
    )
    if sending.object_id is not None:
        get_store().replace(incoming_lfs_key(sending.object_id), content, "")
    return sending


def paths_of(revision):
    return dict(revision.files.values_list("path", "blob_id"))
