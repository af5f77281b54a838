"""Rows, constraints and querysets; one file per record family."""

from .access_token import AccessToken
from .activity import ActivityBucket
from .artifact import Artifact, IdSequence, SearchDocument
from .audit_entry import AuditEntry
from .bucket import BucketProof, KeyClaim
from .cached_answer import CachedAnswer
from .lineage import LineageEdge
from .rating import Rating
from .revision import Blob, File, Revision, VersionTag
from .sign_in import SignInTally
from .task import Task
from .upload import UPLOAD_SCHEME, Upload, upload_id_of
from .user import DEFAULT_ADMIN_USERNAME, User

__all__ = [
    "DEFAULT_ADMIN_USERNAME",
    "UPLOAD_SCHEME",
    "AccessToken",
    "ActivityBucket",
    "Artifact",
    "AuditEntry",
    "Blob",
    "BucketProof",
    "CachedAnswer",
    "File",
    "IdSequence",
    "KeyClaim",
    "LineageEdge",
    "Rating",
    "Revision",
    "SearchDocument",
    "SignInTally",
    "Task",
    "Upload",
    "User",
    "VersionTag",
    "upload_id_of",
]
