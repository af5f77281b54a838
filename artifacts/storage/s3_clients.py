"""The clients of a bucket, and how long the credentials live that they sign with."""

from __future__ import annotations

from copy import copy
from datetime import UTC, datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config

from artifacts.exceptions import CredentialsEnded
from artifacts.limits import (
    HEALTH_PROBE_TIMEOUT_S,
    S3_ATTEMPTS_MAX,
    S3_CONNECT_TIMEOUT_S,
    S3_CONNECTIONS_MAX,
    S3_QUICK_ATTEMPTS_MAX,
    S3_QUICK_CONNECT_TIMEOUT_S,
    S3_QUICK_READ_TIMEOUT_S,
    S3_READ_TIMEOUT_S,
)
from artifacts.storage.s3_errors import endings, translated

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from storages.backends.s3 import S3Storage

# Without these, a bucket that hangs would hang everything with it (botocore: 60 s, five times).
PATIENCE = Config(
    connect_timeout=S3_CONNECT_TIMEOUT_S,
    read_timeout=S3_READ_TIMEOUT_S,
    max_pool_connections=S3_CONNECTIONS_MAX,
    retries={"mode": "standard", "total_max_attempts": S3_ATTEMPTS_MAX},
)
QUICK = Config(
    connect_timeout=S3_QUICK_CONNECT_TIMEOUT_S,
    read_timeout=S3_QUICK_READ_TIMEOUT_S,
    max_pool_connections=S3_CONNECTIONS_MAX,
    retries={"mode": "standard", "total_max_attempts": S3_QUICK_ATTEMPTS_MAX},
)
# Connecting and reading together stay within what a health page waits.
IMPATIENCE = Config(
    connect_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    read_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    retries={"mode": "standard", "total_max_attempts": 1},
)


class S3Clients:
    """A client serves all threads. Making one takes a quarter of a second: when first needed.

    Once the bucket said that the credentials have ended, they are made anew: a client keeps the
    credentials that it was made with, unless they are of a kind that renews itself.
    """

    def __init__(self, storage: S3Storage) -> None:
        """Take bucket, address and credentials from a django-storages storage."""
        self._storage = storage
        self._made: dict[Config, S3Client] = {}
        self._endings = endings.count
        self._lock = Lock()

    def get(self, config: Config) -> S3Client:
        """Return the client with these limits on time."""
        with self._lock:
            if self._endings != endings.count:
                self._endings = endings.count
                self._made.clear()
            if config not in self._made:
                self._made[config] = _client_of(self._storage, config)
            return self._made[config]


def life_s(client: S3Client, wanted_s: int) -> int:
    """Return how long an address may live that a client signs now: no longer than its credentials.

    Credentials that are about to end are renewed first, where they can be. Some do not tell when
    they end: keys of a user have no end, and a session's token in the environment, as on Lambda,
    comes without its date (docs/storage.md).

    Raises:
        CredentialsEnded: they have ended, and there are no others.
    """
    with translated("credentials"):
        # botocore has no public way to ask.
        credentials: Any = cast("Any", client)._get_credentials()  # noqa: SLF001  (see above)
        if credentials is None:
            return wanted_s  # Signing will say so.
        credentials.get_frozen_credentials()  # which renews them
    ends_at: datetime | None = getattr(credentials, "_expiry_time", None)
    if ends_at is None:
        return wanted_s
    left_s = int((ends_at - datetime.now(UTC)).total_seconds())
    if left_s < 1:
        raise CredentialsEnded(f"at {ends_at:%Y-%m-%d %H:%M:%S} UTC")
    return min(wanted_s, left_s)


def _client_of(storage: S3Storage, config: Config) -> S3Client:
    """Return a client of django-storages' making, with our limits on time."""
    # A copy, because the storage keeps its connection: one per thread, made at first use.
    own = copy(storage)
    own.__setstate__(storage.__getstate__())
    own.client_config = storage.client_config.merge(config)
    client: S3Client = own.connection.meta.client
    return client
