"""The closed word lists of the registry. Values are stored and sent: never rename one.

They do not depend on Django, so that rules may use them. Fields take them through `choices`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

# What people read instead of one of our own names, where its letters alone do not say it: for the
# words below, the jobs of tasks, columns of lists, and the devices of the size score.
_SAID: Final = {
    "dataset": "data set",
    "training_dataset": "training data",
    "evaluation_dataset": "evaluation data",
    "finetune": "fine-tune",
    "config_json": "config.json",
    "readme": "README",
    "huggingface_model": "Hugging Face, models",
    "huggingface_dataset": "Hugging Face, data sets",
    "github": "GitHub",
    "kaggle": "Kaggle",
    "direct": "a file on the web",
    "upload": "uploaded",
    "commit": "uploaded by commits",
    "pending": "being fetched",
    "CREATE": "registered",
    "UPDATE": "updated",
    "DOWNLOAD": "downloaded",
    "RATE": "rated",
    "AUDIT": "trail read",
    "DELETE": "deleted",
    "MONITOR": "monitor changed",
    "REFUSE": "download refused",
    "not_run": "refused: could not be run",
    "ramp_up_time": "ramp-up time",
    "dataset_and_code_score": "data set and code",
    "dataset_quality": "data set quality",
    "size_score": "size",
    "ready": "waiting",
    "write": "read and write",
    "uploader_name": "registered by",
    "user_name": "who",
    "artifact_name": "artifact",
    "artifact_id": "id of the artifact",
    "artifact_type": "type",
    "content_state": "content",
    "source_kind": "source",
    "raspberry_pi": "Raspberry Pi",
    "jetson_nano": "Jetson Nano",
    "desktop_pc": "desktop PC",
    "aws_server": "AWS server",
    "ingest_artifact": "ask the source",
    "ingest_replacement": "ask the source for an update",
    "mirror_revision": "fetch the files",
    "rate_model": "rate the model",
    "rate_examined_model": "rate again, by the bytes of its files",
    "demonstrate_model": "run the example of its card",
    "rate_copies": "rate models with the same card or weights",
    "follow_parent": "rate again after a parent",
    "resolve_parents": "link what was made with it",
    "build_bundle": "pack a zip for a download",
    "check_lfs_object": "compare a large file that was sent",
    "remove_objects": "remove what is no longer needed",
    "remove_everything": "remove what a reset left",
    "store_people": "store users in the bucket",
    "rerate_models": "rate models by the rules of this release",
    "rate_chosen": "rate the chosen models",
    "answer_ms": "answers within",
    "oldest_due_s": "oldest due for",
    "failed_last_24_h": "given up within 24 hours",
    "last_lease_until": "last lease ends",
    "server_errors": "answered with a server error",
    "resting": "sources that are left alone for a moment",
    "postponed": "to be tried again",
    "postgresql": "PostgreSQL",
    "sqlite": "SQLite",
}

# What each permission allows, as the end of "may ...".
PERMISSIONS_IN_WORDS: Final = {
    "search": "look for artifacts, and see what they are, how they are rated and who used them",
    "download": "download them",
    "upload": "register, replace and delete artifacts, and have models rated again",
}


def say(name: str) -> str:
    """Return one of our own names as people say it: `link_only` as "link only"."""
    return _SAID.get(name) or name.replace("_", " ")


def title(name: str) -> str:
    """Return the same with a capital letter, as it stands alone."""
    said = say(name)
    return said[:1].upper() + said[1:]


class Word(StrEnum):
    """A word of a closed list. Its value is the word itself; its label is what people read."""

    @property
    def label(self) -> str:
        """The word as pages and forms show it."""
        return title(self.value)

    @classmethod
    def find_word(cls, text: str) -> Self | None:
        """Return the word with this text, None when the list has no such word."""
        try:
            return cls(text)
        except ValueError:
            return None

    @classmethod
    def values(cls) -> list[str]:
        """Return the words as plain texts, for schemas and messages."""
        return [word.value for word in cls]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Return pairs of word and name, as fields of models and serializers take them.

        Migrations hold the names, so they stay whatever pages say (`label`).
        """
        return [(word.value, word.name.replace("_", " ").title()) for word in cls]


class ArtifactType(Word):
    """What an artifact is (contract: ArtifactType)."""

    MODEL = "model"
    DATASET = "dataset"
    CODE = "code"


class SourceKind(Word):
    """Where an artifact came from."""

    HUGGINGFACE_MODEL = "huggingface_model"
    HUGGINGFACE_DATASET = "huggingface_dataset"
    GITHUB = "github"
    KAGGLE = "kaggle"
    DIRECT = "direct"
    UPLOAD = "upload"
    # Made here, commit by commit, by the Hub's clients.
    COMMIT = "commit"


# What the company sends itself, instead of having it fetched: the gate exempts it.
OWN_KINDS: Final = (SourceKind.UPLOAD, SourceKind.COMMIT)


class ContentState(Word):
    """Whether the registry keeps the bytes of a revision.

    `link_only` is final: the bytes are left out on purpose (too large, no credentials, mirroring
    switched off), and the reason is stored beside it. Staff can mirror a `failed` one again.
    """

    PENDING = "pending"
    STORED = "stored"
    LINK_ONLY = "link_only"
    FAILED = "failed"


class UploadState(Word):
    """How far the upload of an announced zip has come.

    An upload sent in one piece stays open, because the bucket compares its digest on arrival. Where
    the bucket does not, the upload is unchecked until the registry has compared it.
    """

    OPEN = "open"
    UNCHECKED = "unchecked"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"


class Part(Word):
    """A subset of a bundle. Every file belongs to one, but not to `full`, which is all files.

    `other` is what none of the rest fits: state of a training, programs, binaries of unknown kind.
    """

    WEIGHTS = "weights"
    DATASET = "dataset"
    CODE = "code"
    CARD = "card"
    CONFIG = "config"
    OTHER = "other"
    FULL = "full"


class Relationship(Word):
    """How an artifact was made from its parent."""

    BASE_MODEL = "base_model"
    FINETUNE = "finetune"
    ADAPTER = "adapter"
    MERGE = "merge"
    QUANTIZED = "quantized"
    CONVERSION = "conversion"
    TRAINING_DATASET = "training_dataset"
    EVALUATION_DATASET = "evaluation_dataset"
    CODE = "code"


class MarkKind(Word):
    """What a mark was made of."""

    CARD = "card"
    WEIGHTS = "weights"


class ParentOrigin(Word):
    """The source that names an artifact's parent."""

    CONFIG_JSON = "config_json"
    MODEL_CARD = "model_card"
    TAGS = "tags"
    README = "readme"


# What clients can request (requirement A5). All other parts are in the whole bundle only.
DOWNLOAD_PARTS = (Part.FULL, Part.WEIGHTS, Part.DATASET, Part.CODE, Part.CARD)


class AuditAction(Word):
    """An action on an artifact. The contract's audit trail has no word for some; see below."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DOWNLOAD = "DOWNLOAD"
    RATE = "RATE"
    AUDIT = "AUDIT"
    DELETE = "DELETE"
    # A program that decides about downloads was set or removed.
    MONITOR = "MONITOR"
    # A download was refused by it.
    REFUSE = "REFUSE"


# Staff see these on the staff site; the contract's audit trail has no words for them.
STAFF_ACTIONS: Final = (AuditAction.DELETE, AuditAction.MONITOR, AuditAction.REFUSE)


class MonitorVerdict(Word):
    """What came of a run of a sensitive model's program (requirement D4)."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    # It could not be run here, which refuses the download, too.
    NOT_RUN = "not_run"


class TokenScope(Word):
    """What a program may do with its token, as far as its owner may; neither administers."""

    READ = "read"
    WRITE = "write"


class MetricName(Word):
    """The metrics, named as their fields in the contract's ModelRating."""

    RAMP_UP_TIME = "ramp_up_time"
    BUS_FACTOR = "bus_factor"
    PERFORMANCE_CLAIMS = "performance_claims"
    LICENSE = "license"
    DATASET_AND_CODE_SCORE = "dataset_and_code_score"
    DATASET_QUALITY = "dataset_quality"
    CODE_QUALITY = "code_quality"
    REPRODUCIBILITY = "reproducibility"
    REVIEWEDNESS = "reviewedness"
    SIZE_SCORE = "size_score"
    TREE_SCORE = "tree_score"


class GateVerdict(Word):
    """Whether a model reaches the threshold of every metric (requirements C3 and C7).

    `undecided`: no known score is too low, but something is unknown. Uploaded models are exempt.
    """

    PASSED = "passed"
    FAILED = "failed"
    UNDECIDED = "undecided"
    EXEMPT = "exempt"


class TaskState(Word):
    """The state of a piece of background work."""

    READY = "ready"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Apart(Word):
    """How bucket and database do not match, for instance after one of them was restored.

    The values are issue codes that `/health/components` shows.
    """

    DATABASE_BEHIND = "database_behind_bucket"
    BUCKET_BEHIND = "bucket_behind_database"


class RegistryMode(Word):
    """Which requests the registry accepts (REGISTRY_MODE)."""

    OPEN = "open"
    READ_ONLY = "read_only"
    CLOSED = "closed"
