"""The bucket that the settings name."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.signals import setting_changed

from artifacts.exceptions import StorageUnversioned
from artifacts.storage.base import has_object
from artifacts.storage.proof import abilities

if TYPE_CHECKING:
    from artifacts.storage.base import ObjectStore
    from artifacts.storage.s3_versions import S3Versions


@cache
def get_store() -> ObjectStore:
    """Return the bucket; Django's or django-storages' default storage says where it is."""
    storage: Any = storages["default"]
    if settings.REGISTRY_STORAGE == "s3":
        # Not at the top: a local start need not spend the third of a second that boto3 takes.
        from artifacts.storage.s3 import S3Store

        return S3Store(storage, abilities)
    from artifacts.storage.local import LocalStore

    local: ObjectStore = LocalStore(storage.location)
    return local


def is_there(key: str) -> bool:
    """Whether the bucket has an object at a key.

    Raises:
        StorageUnavailable: it does not answer.
    """
    return has_object(get_store(), key)


def get_versions() -> S3Versions:
    """Return the versions of the bucket's objects.

    Raises:
        StorageUnversioned: it keeps none.
        StorageUnavailable: it does not answer.
    """
    if settings.REGISTRY_STORAGE != "s3":
        raise StorageUnversioned(
            "The bucket is a folder of files, which keeps no versions. Restore the folder from a "
            "backup, and run `manage.py rebuild_index`."
        )
    from artifacts.storage.s3 import S3Store
    from artifacts.storage.s3_versions import S3Versions

    return S3Versions(S3Store(storages["default"], abilities))


def probe_store() -> None:
    """Check in the cheapest way that the bucket answers.

    Raises:
        StorageUnavailable: it does not; the message says what is wrong.
    """
    is_client_made = get_store.cache_info().currsize > 0
    if settings.REGISTRY_STORAGE == "s3" and not is_client_made:
        from artifacts.storage.s3_heartbeat import is_beating

        if is_beating(settings.STORAGES["default"]["OPTIONS"]):
            return
    get_store().probe()


def forget_store() -> None:
    """Drop the bucket's clients; the next caller gets new ones."""
    get_store.cache_clear()


def _forget(*, setting: str, **_: Any) -> None:
    """Forget the bucket when a test changes the settings."""
    if setting in ("STORAGES", "REGISTRY_STORAGE"):
        forget_store()


setting_changed.connect(_forget)
