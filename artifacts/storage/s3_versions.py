"""The versions of a bucket's objects, if the bucket keeps them.

For an operator who restores deleted objects; the registry itself needs none of these rights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby, islice
from typing import Any

from artifacts.exceptions import StorageUnavailable, StorageUnversioned
from artifacts.limits import DELETE_BATCH_KEYS
from artifacts.storage.s3_bucket import S3Bucket
from artifacts.storage.s3_errors import translated


@dataclass(frozen=True)
class Version:
    """What was at a key at some time.

    Attributes:
        etag: equal for versions with the same bytes; "" for a deletion.
    """

    key: str
    version_id: str
    modified_at: datetime
    is_latest: bool
    etag: str

    @property
    def is_deletion(self) -> bool:
        """Whether the object was deleted then."""
        return not self.etag


class S3Versions:
    """The versions of the objects in a bucket."""

    def __init__(self, store: S3Bucket) -> None:
        """Use the store's bucket and credentials.

        Raises:
            StorageUnversioned: the bucket keeps no versions.
            StorageUnavailable: it does not answer, or refuses to.
        """
        self._store = store
        with translated(store.bucket):
            kept = store.client.get_bucket_versioning(Bucket=store.bucket)
        if "Status" not in kept:
            raise StorageUnversioned(
                f"The bucket {store.bucket!r} keeps no versions: what was deleted there is gone. "
                "Restore it from a backup."
            )

    def walk(self, prefix: str) -> Iterator[list[Version]]:
        """Yield the versions of each key with this prefix, newest first."""
        for _, versions in groupby(self._walk(prefix), key=lambda each: each.key):
            yield list(versions)

    def remove(self, versions: Iterable[Version]) -> int:
        """Remove versions for ever, return how many. Removing a deletion restores the object."""
        count, walk = 0, iter(versions)
        while batch := list(islice(walk, DELETE_BATCH_KEYS)):
            with translated(batch[0].key):
                answer = self._store.client.delete_objects(
                    Bucket=self._store.bucket,
                    Delete={
                        "Objects": [
                            {"Key": each.key, "VersionId": each.version_id} for each in batch
                        ],
                        "Quiet": True,
                    },
                )
            if answer.get("Errors"):
                raise StorageUnavailable(
                    f"The bucket refused to remove {len(answer['Errors'])} versions. These "
                    "credentials need s3:DeleteObjectVersion."
                )
            count += len(batch)
        return count

    def renew(self, version: Version) -> None:
        """Write a small object again, as it was in a version."""
        with translated(version.key):
            self._store.client.copy_object(
                Bucket=self._store.bucket,
                Key=version.key,
                CopySource={
                    "Bucket": self._store.bucket,
                    "Key": version.key,
                    "VersionId": version.version_id,
                },
            )

    def _walk(self, prefix: str) -> Iterator[Version]:
        """Yield all versions under a prefix, ordered by key, newest first.

        A key's versions may continue on the next page, so each page's last key waits for it.
        """
        waiting: list[Version] = []
        with translated(prefix):
            pages = self._store.client.get_paginator("list_object_versions").paginate(
                Bucket=self._store.bucket, Prefix=prefix
            )
            for page in pages:
                waiting += _in_page(page)
                last = max((each.key for each in waiting), default="")
                yield from _ordered(each for each in waiting if each.key != last)
                waiting = [each for each in waiting if each.key == last]
        yield from _ordered(waiting)


def _in_page(page: Any) -> Iterator[Version]:
    for each in [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]:
        yield Version(
            key=each["Key"],
            version_id=each["VersionId"],
            modified_at=each["LastModified"],
            is_latest=each["IsLatest"],
            etag=each.get("ETag", ""),
        )


def _ordered(versions: Iterable[Version]) -> list[Version]:
    """Sort versions; dates are in whole seconds, so S3's own mark tells which is the latest."""
    newest_first = sorted(
        versions,
        key=lambda each: (each.modified_at, each.is_latest, not each.is_deletion),
        reverse=True,
    )
    return sorted(newest_first, key=lambda each: each.key)
