"""The closed word lists of the registry. Values are stored and sent: never rename one.

They do not depend on Django, so that rules may use them. Fields take them through `choices`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, Self

from artifacts.said import title


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
    """An action on an artifact."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DOWNLOAD = "DOWNLOAD"
    RATE = "RATE"
    AUDIT = "AUDIT"
    DELETE = "DELETE"
    DECIDE = "DECIDE"
    # A program that decides about downloads was set or removed.
    MONITOR = "MONITOR"
    # A download was refused by it.
    REFUSE = "REFUSE"


_OUR_ACTIONS: Final = (
    AuditAction.DELETE, AuditAction.DECIDE, AuditAction.MONITOR, AuditAction.REFUSE,
)  # fmt: skip
# Those that the contract's audit trail has a word for.
CONTRACT_ACTIONS: Final = tuple(each for each in AuditAction if each not in _OUR_ACTIONS)


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


class ScanVerdict(Word):
    """What a scan says of a file (`rules.scanning`).

    `unreadable`: it does not parse, so it does not load either. `suspicious`: it loads what nobody
    has looked at yet. `dangerous`: it reaches the system when it is loaded. `allowed`: staff has
    allowed all that was found.
    """

    CLEAN = "clean"
    ALLOWED = "allowed"
    UNREADABLE = "unreadable"
    SUSPICIOUS = "suspicious"
    DANGEROUS = "dangerous"


class DecisionState(Word):
    """What was decided on a revision. `quarantined` hides it; `rejected` keeps its bytes back."""

    UNDECIDED = "undecided"
    APPROVED = "approved"
    REJECTED = "rejected"
    QUARANTINED = "quarantined"


# The decisions against a revision.
CLOSED: Final = (DecisionState.REJECTED, DecisionState.QUARANTINED)


def only_against(decision: str | None) -> str:
    """Return a decision if it is one against what it is about; "" for any other, and for none."""
    return decision if decision in CLOSED else ""


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


class Ownership(Word):
    """Who may replace and delete an artifact, beside those who manage all (REGISTRY_OWNERSHIP)."""

    ANY = "any"
    UPLOADER = "uploader"


class RegistryMode(Word):
    """Which requests the registry accepts (REGISTRY_MODE)."""

    OPEN = "open"
    READ_ONLY = "read_only"
    CLOSED = "closed"
