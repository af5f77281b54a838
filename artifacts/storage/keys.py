"""The names of everything in the bucket. A test freezes them: other tools rely on them."""

RECORDS_PREFIX = "artifacts/"
BLOBS_PREFIX = "blobs/sha256/"
BUNDLES_PREFIX = "bundles/"
UPLOADS_PREFIX = "uploads/"
INCOMING_PREFIX = "incoming/"
# Where the bucket is tried out (`promises.py`).
PROBES_PREFIX = "registry/probe/"
# Says when the registry was last reset: records made before are dead, though not yet removed.
RESET_MARKER_KEY = "registry/reset.json"


def record_key(artifact_id: str) -> str:
    """Return where the record of an artifact is (requirement A7)."""
    return f"{RECORDS_PREFIX}{artifact_id}/metadata.json"


def revision_key(artifact_id: str, number: int) -> str:
    """Return where the record of one revision is."""
    return f"{RECORDS_PREFIX}{artifact_id}/revisions/{number}.json"


def blob_key(sha256: str) -> str:
    """Return where bytes with this digest are; two levels keep folders small on file systems."""
    return f"{BLOBS_PREFIX}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def digest_in(key: str) -> str:
    """Return the digest of the bytes at a key, "" where the key does not name it."""
    name = key.rpartition("/")[2]
    return name if key == blob_key(name) else ""


def bundle_key(artifact_id: str, revision: int, part: str) -> str:
    """Return where the zip of a part of a revision is."""
    return f"{BUNDLES_PREFIX}{artifact_id}/{revision}/{part}.zip"


def upload_key(upload_id: object) -> str:
    """Return where an uploaded zip waits to be registered.

    Never by its digest: whoever announced the same digest would have the bytes without sending any.
    """
    return f"{UPLOADS_PREFIX}{upload_id}.zip"


def old_upload_key(sha256: str) -> str:
    """Return where releases before decision 0025 put a zip; some wait there to be mirrored."""
    return f"{UPLOADS_PREFIX}sha256-{sha256}.zip"


def segment_key(name: str, start: int | None = None) -> str:
    """Return where a piece of a large object is kept on its way; without a start, the prefix."""
    number = "" if start is None else f"{start:015d}"
    return f"{INCOMING_PREFIX}segments/{name}/{number}"


def incoming_upload_key(upload_id: object) -> str:
    """Return where a zip rests before its digest is known: in parts, or where nobody compared."""
    return f"{INCOMING_PREFIX}upload-{upload_id}.zip"
