"""The registry's errors: what went wrong, as data, and what to do about it.

None of them knows HTTP; `artifacts/api/exception_handler.py` gives each its status, in one table.
A message is a sentence for the person who caused the error and says what to do next.
"""

from artifacts.exceptions.access import (
    AuthenticationFailed,
    CredentialsRefused,
    LastAdministrator,
    PermissionMissing,
    ResetForbidden,
    UserExists,
)
from artifacts.exceptions.base import (
    RegistryError,
)
from artifacts.exceptions.components import (
    DatabaseUnavailable,
    InternalError,
    ObjectMissing,
    RecordBroken,
    SourceError,
    SourceMismatch,
    SourceRefused,
    SourceUnavailable,
    StorageFull,
    StorageUnavailable,
)
from artifacts.exceptions.content import (
    ArtifactExists,
    ArtifactNotFound,
    ContentNotKept,
    ContentPending,
    GateFailed,
    LinkExpired,
    NotFound,
    NothingFound,
    PartNotFound,
    UploadNotFound,
    UserNotFound,
)
from artifacts.exceptions.requests import (
    ArchiveRefused,
    ContentTooLarge,
    InvalidExpression,
    InvalidName,
    InvalidOffset,
    InvalidRequest,
    InvalidUrl,
    InvalidVersionRange,
    MethodNotAllowed,
    NotBuiltYet,
    TooManyQueries,
    UnknownHost,
)

__all__ = [
    "ArchiveRefused",
    "ArtifactExists",
    "ArtifactNotFound",
    "AuthenticationFailed",
    "ContentNotKept",
    "ContentPending",
    "ContentTooLarge",
    "CredentialsRefused",
    "DatabaseUnavailable",
    "GateFailed",
    "InternalError",
    "InvalidExpression",
    "InvalidName",
    "InvalidOffset",
    "InvalidRequest",
    "InvalidUrl",
    "InvalidVersionRange",
    "LastAdministrator",
    "LinkExpired",
    "MethodNotAllowed",
    "NotBuiltYet",
    "NotFound",
    "NothingFound",
    "ObjectMissing",
    "PartNotFound",
    "PermissionMissing",
    "RecordBroken",
    "RegistryError",
    "ResetForbidden",
    "SourceError",
    "SourceMismatch",
    "SourceRefused",
    "SourceUnavailable",
    "StorageFull",
    "StorageUnavailable",
    "TooManyQueries",
    "UnknownHost",
    "UploadNotFound",
    "UserExists",
    "UserNotFound",
]
