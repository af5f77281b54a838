"""The names of everything in the bucket. A test freezes them: other tools rely on them."""

from artifacts.enums import ArtifactType
from artifacts.rules.digest import Sha256
from artifacts.rules.values import whole_number

RECORDS_PREFIX = "artifacts/"
BLOBS_PREFIX = "blobs/sha256/"
BUNDLES_PREFIX = "bundles/"
UPLOADS_PREFIX = "uploads/"
INCOMING_PREFIX = "incoming/"
# Where the bucket's promises are tested (`promises.py`).
PROBES_PREFIX = "registry/probe/"
# Holds the time of the last reset: records made earlier are dead, though not yet removed.
RESET_MARKER_KEY = "registry/reset.json"
# Holds the bucket's generation; the database holds it, too (`records/generation.py`).
GENERATION_KEY = "registry/generation.json"
# One small object for each number that was assigned; never removed, not even by a reset.
NUMBERS_PREFIX = "registry/numbers/"
# One small object for each deleted artifact; it outlives the artifact's rows.
TOMBSTONES_PREFIX = "registry/deleted/"
# Numbers in keys are padded to this length, so that keys sort as numbers do.
_NUMBER_DIGITS = 12
# The same for moments, in microseconds since 1970.
_MOMENT_DIGITS = 20
# Who may use the registry (`services/access/people_records.py`).
PEOPLE_PREFIX = "registry/people/"
# What scans find and staff allows for all artifacts (`services/records/global_records.py`).
GLOBALS_PREFIX = "registry/globals/"
# So much of a digest tells apart what was said within one microsecond.
_DIGEST_CHARS = 16


def record_key(artifact_id: str) -> str:
    """Return the key of an artifact's record (requirement A7)."""
    return f"{RECORDS_PREFIX}{artifact_id}/metadata.json"


def revision_key(artifact_id: str, number: int) -> str:
    """Return the key of a revision's record."""
    return f"{RECORDS_PREFIX}{artifact_id}/revisions/{number}.json"


def decisions_key(artifact_id: str) -> str:
    """Return the key of what was decided on an artifact's revisions."""
    return f"{RECORDS_PREFIX}{artifact_id}/decisions.json"


def is_decisions_key(key: str) -> bool:
    """Whether `decisions_key` made a key, so that it is no record of a revision."""
    return key == decisions_key(parse_artifact_id(key))


def number_key(artifact_type: ArtifactType, number: int) -> str:
    """Return the key of the object that marks a number as assigned for a type."""
    return f"{NUMBERS_PREFIX}{artifact_type}/{number:0{_NUMBER_DIGITS}d}"


def parse_artifact_id(key: str) -> str:
    """Return the artifact's id from the key of a record or of a bundle."""
    return key.split("/")[1]


def parse_number_key(key: str) -> tuple[ArtifactType, int] | None:
    """Return type and number from a key that `number_key` made; None for any other key."""
    kind, _, digits = key.removeprefix(NUMBERS_PREFIX).partition("/")
    artifact_type, number = ArtifactType.find_word(kind), whole_number(digits)
    if artifact_type is None or number is None or key != number_key(artifact_type, number):
        return None
    return artifact_type, number


def tombstone_key(artifact_id: str) -> str:
    """Return the key of the object that marks an artifact as deleted."""
    return f"{TOMBSTONES_PREFIX}{artifact_id}.json"


def people_key(written_us: int) -> str:
    """Return the key of a record of people; the keys sort by date."""
    return f"{PEOPLE_PREFIX}{written_us:0{_MOMENT_DIGITS}d}.json"


def global_key(said_us: int, digest: str) -> str:
    """Return the key of a word about a global; the keys sort by date."""
    return f"{GLOBALS_PREFIX}{said_us:0{_MOMENT_DIGITS}d}-{digest[:_DIGEST_CHARS]}.json"


def read_global_us(key: str) -> int | None:
    """Return when a word was said, in microseconds since 1970; None for any other key."""
    number, _, digest = key.removeprefix(GLOBALS_PREFIX).removesuffix(".json").partition("-")
    is_moment = len(number) == _MOMENT_DIGITS and number.isascii() and number.isdecimal()
    if not is_moment or key != global_key(int(number), digest):
        return None
    return int(number)


def blob_key(sha256: Sha256) -> str:
    """Return the key of the bytes with this digest; two levels keep folders small on disk."""
    return f"{BLOBS_PREFIX}{sha256[:2]}/{sha256[2:4]}/{sha256}"


def parse_blob_key(key: str) -> Sha256 | None:
    """Return the digest from a key that `blob_key` made; None for any other key."""
    name = Sha256(key.rpartition("/")[2])
    return name if key == blob_key(name) else None


def bundle_key(artifact_id: str, revision: int, part: str) -> str:
    """Return the key of the zip of one part of a revision."""
    return f"{BUNDLES_PREFIX}{artifact_id}/{revision}/{part}.zip"


def upload_key(upload_id: object) -> str:
    """Return the key of an uploaded zip that waits to be registered.

    Its digest must not be part of the key: whoever announced the same digest would get the bytes
    without sending any.
    """
    return f"{UPLOADS_PREFIX}{upload_id}.zip"


def old_upload_key(sha256: Sha256) -> str:
    """Return the key that releases before decision 0025 used; some zips still wait there."""
    return f"{UPLOADS_PREFIX}sha256-{sha256}.zip"


def segment_key(name: str, start: int | None = None) -> str:
    """Return the key of a segment of an unfinished large object; without a start, the prefix."""
    number = "" if start is None else f"{start:015d}"
    return f"{INCOMING_PREFIX}segments/{name}/{number}"


def incoming_lfs_key(object_id: object) -> str:
    """Return the key of a large file whose digest was not computed yet."""
    return f"{INCOMING_PREFIX}lfs-{object_id}"


def incoming_upload_key(upload_id: object) -> str:
    """Return the key of a zip whose digest was not compared: sent in parts, or to a lax bucket."""
    return f"{INCOMING_PREFIX}upload-{upload_id}.zip"
