"""Tables, constraints and querysets; one file for each family of tables."""

from .access_token import AccessToken
from .activity import ActivityBucket, ActivityQuarter, ClientMark, FailedRequest
from .artifact import Artifact, IdSequence, SearchDocument
from .audit_entry import AuditEntry
from .bucket import BucketProof, KeyClaim
from .cached_answer import CachedAnswer
from .decision import Decision
from .download import DownloadTally, Withdrawal
from .generation import Generation
from .hub_pull import HubPull
from .lfs_object import LfsObject
from .lineage import LineageEdge
from .listing import Listing
from .look_alike import ArtifactSearch, LookAlike, NameKey
from .monitor import MonitorChange, MonitorRun
from .outage import DATABASE, STORAGE, Outage
from .rating import ContentMark, Rating
from .revision import Blob, File, Revision, VersionTag
from .scan import AllowedGlobal, ForbiddenGlobal, RevisionScan, Scan
from .sign_in import SignInTally
from .task import INTERNAL_ERROR, Task
from .upload import UPLOAD_SCHEME, Upload, parse_upload_id, write_upload_url
from .user import DEFAULT_ADMIN_USERNAME, User

__all__ = [
    "DATABASE",
    "DEFAULT_ADMIN_USERNAME",
    "INTERNAL_ERROR",
    "STORAGE",
    "UPLOAD_SCHEME",
    "AccessToken",
    "ActivityBucket",
    "ActivityQuarter",
    "AllowedGlobal",
    "Artifact",
    "ArtifactSearch",
    "AuditEntry",
    "Blob",
    "BucketProof",
    "CachedAnswer",
    "ClientMark",
    "ContentMark",
    "Decision",
    "DownloadTally",
    "FailedRequest",
    "File",
    "ForbiddenGlobal",
    "Generation",
    "HubPull",
    "IdSequence",
    "KeyClaim",
    "LfsObject",
    "LineageEdge",
    "Listing",
    "LookAlike",
    "MonitorChange",
    "MonitorRun",
    "NameKey",
    "Outage",
    "Rating",
    "Revision",
    "RevisionScan",
    "Scan",
    "SearchDocument",
    "SignInTally",
    "Task",
    "Upload",
    "User",
    "VersionTag",
    "Withdrawal",
    "parse_upload_id",
    "write_upload_url",
]
