"""Which bucket there is, as the settings name it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.signals import setting_changed

from artifacts.storage.proof import abilities

if TYPE_CHECKING:
    from artifacts.storage.base import ObjectStore


@cache
def get_store() -> ObjectStore:
    """Return the bucket; Django's or django-storages' default storage says where it is."""
    storage: Any = storages["default"]
    if settings.REGISTRY_STORAGE == "s3":
        # Not at the top: boto3 takes a third of a second that a local start need not spend.
        from artifacts.storage.s3 import S3Store

        return S3Store(storage, abilities)
    from artifacts.storage.local import LocalStore

    local: ObjectStore = LocalStore(storage.location)
    return local


def probe_store() -> None:
    """Show that the bucket answers, as cheaply as it can be shown.

    Raises:
        StorageUnavailable: it does not; the message says how.
    """
    is_client_made = get_store.cache_info().currsize > 0
    if settings.REGISTRY_STORAGE == "s3" and not is_client_made:
        from artifacts.storage.s3_heartbeat import is_beating

        if is_beating(settings.STORAGES["default"]["OPTIONS"]):
            return
    get_store().probe()


def _forget(*, setting: str, **_: Any) -> None:
    """Let tests change the settings."""
    if setting in ("STORAGES", "REGISTRY_STORAGE"):
        get_store.cache_clear()


setting_changed.connect(_forget)
