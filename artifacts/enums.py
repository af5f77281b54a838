"""The closed word lists of the registry. Values are stored and sent: never rename one."""

from django.db.models import TextChoices


class ArtifactType(TextChoices):
    """What an artifact is (contract: ArtifactType)."""

    MODEL = "model"
    DATASET = "dataset"
    CODE = "code"


class SourceKind(TextChoices):
    """Where an artifact came from."""

    HUGGINGFACE_MODEL = "huggingface_model"
    HUGGINGFACE_DATASET = "huggingface_dataset"
    GITHUB = "github"
    KAGGLE = "kaggle"
    DIRECT = "direct"
    UPLOAD = "upload"


class ContentState(TextChoices):
    """How far the bytes of a revision are kept.

    `link_only` is final: the bytes are left out on purpose (too large, no credentials, mirroring
    switched off) and the reason stands beside it. `failed` can be mirrored again by staff.
    """

    PENDING = "pending"
    STORED = "stored"
    LINK_ONLY = "link_only"
    FAILED = "failed"


class UploadState(TextChoices):
    """How far an announced zip is.

    One that is sent at once stays open, because the bucket compares its digest as it arrives. Where
    the bucket does not, it is unchecked until the registry has.
    """

    OPEN = "open"
    UNCHECKED = "unchecked"
    CHECKING = "checking"
    CHECKED = "checked"
    REFUSED = "refused"


class Part(TextChoices):
    """A subset of a bundle. Every file belongs to one of the first five; `full` is all of them."""

    WEIGHTS = "weights"
    DATASET = "dataset"
    CODE = "code"
    CARD = "card"
    CONFIG = "config"
    FULL = "full"


class AuditAction(TextChoices):
    """What somebody did to an artifact. The contract's trail shows all but DELETE."""

    CREATE = "CREATE"
    UPDATE = "UPDATE"
    DOWNLOAD = "DOWNLOAD"
    RATE = "RATE"
    AUDIT = "AUDIT"
    DELETE = "DELETE"


class GateVerdict(TextChoices):
    """Whether a model reaches the threshold on every metric (requirement C3).

    Own models, which were uploaded, are exempt.
    """

    PASSED = "passed"
    FAILED = "failed"
    EXEMPT = "exempt"


class TaskState(TextChoices):
    """Where a piece of background work stands."""

    READY = "ready"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
