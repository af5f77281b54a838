"""The clients of a bucket, and the lifetime of the credentials they sign with."""

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

# With botocore's defaults (60 s, five times), a bucket that hangs would hang everything else.
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
# Connecting and reading together take no longer than a health page waits.
IMPATIENCE = Config(
    connect_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    read_timeout=HEALTH_PROBE_TIMEOUT_S / 2,
    retries={"mode": "standard", "total_max_attempts": 1},
)


class S3Clients:
    """The clients, each shared by all threads and made when first needed, which takes 0.25 s.

    After the bucket reports expired credentials, new clients are made: a client keeps the
    credentials that it was made with, unless these renew themselves.
    """

    def __init__(self, storage: S3Storage) -> None:
        """Use bucket, address and credentials of a django-storages storage."""
        self._storage = storage
        self._made: dict[Config, S3Client] = {}
        self._endings = endings.count
        self._lock = Lock()

    def get(self, config: Config) -> S3Client:
        """Return the client with these timeouts."""
        with self._lock:
            if self._endings != endings.count:
                self._endings = endings.count
                self._made.clear()
            if config not in self._made:
                self._made[config] = _make_client(self._storage, config)
            return self._made[config]


def life_s(client: S3Client, wanted_s: int) -> int:
    """Return how long an address signed now may live: no longer than the client's credentials.

    Credentials that are about to expire are renewed first, if possible. For some the end is
    unknown: keys of a user never expire, and a session token in the environment, as on Lambda,
    comes without its date (docs/storage.md).

    Raises:
        CredentialsEnded: they have expired, and there are no others.
    """
    with translated("credentials"):
        # botocore has no public method for this.
        credentials: Any = cast("Any", client)._get_credentials()  # noqa: SLF001  (see above)
        if credentials is None:
            return wanted_s  # Signing will fail and report it.
        credentials.get_frozen_credentials()  # which renews them
    ends_at: datetime | None = getattr(credentials, "_expiry_time", None)
    if ends_at is None:
        return wanted_s
    left_s = int((ends_at - datetime.now(UTC)).total_seconds())
    if left_s < 1:
        raise CredentialsEnded(f"at {ends_at:%Y-%m-%d %H:%M:%S} UTC")
    return min(wanted_s, left_s)


def _make_client(storage: S3Storage, config: Config) -> S3Client:
    """Make a client as django-storages does, with our timeouts."""
    # A copy, because a storage keeps one connection per thread from its first use.
    own = copy(storage)
    own.__setstate__(storage.__getstate__())
    own.client_config = storage.client_config.merge(config)
    client: S3Client = own.connection.meta.client
    return client
