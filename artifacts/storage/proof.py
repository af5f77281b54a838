"""What is known of the bucket: tested once, then remembered in the database.

So a new instance of the registry does not test it again, and a heartbeat reports the result without
asking the bucket or making its client.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.storage import storages
from django.core.signals import setting_changed
from django.utils import timezone

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import (
    BUCKET_KNOWN_FOR_S,
    BUCKET_PROOF_WAIT_S,
    BUCKET_REFUSED_FOR_S,
)
from artifacts.models import BucketProof
from artifacts.storage.abilities import ALL, NONE, Abilities, Shortfall, abilities_with

if TYPE_CHECKING:
    from artifacts.storage.base import ObjectStore

logger = logging.getLogger(__name__)

_proving = threading.Lock()


@dataclass(frozen=True)
class _Known:
    """What this process knows of the bucket, and until when it relies on that."""

    abilities: Abilities
    until_s: float


_known: dict[str, _Known] = {}


def abilities() -> Abilities:
    """Return the abilities of the bucket on S3; test it if they are not known yet.

    Raises:
        StorageUnavailable: they are not known, and the bucket does not answer.
    """
    known = _known.get(_place())
    if known is not None and time.monotonic() < known.until_s:
        return known.abilities
    # One request tests it for all; others wait, but no longer than they would for the bucket.
    if not _proving.acquire(timeout=BUCKET_PROOF_WAIT_S):
        raise StorageUnavailable("The bucket is being tried out. Try again in a few seconds.")
    try:
        proof = BucketProof.objects.filter(place=_place()).first()
        found = _read_shortfalls(proof)
        if proof is None or _should_be_tried_again(proof, found):
            found = prove_bucket()
        return _believe(found)
    finally:
        _proving.release()


def prove_bucket() -> tuple[Shortfall, ...]:
    """Test the bucket that the settings name and, if it is on S3, remember the result.

    Raises:
        StorageUnavailable: it does not answer, is full, or refuses the registry.
    """
    found = try_bucket()
    if settings.REGISTRY_STORAGE == "s3":
        BucketProof.objects.update_or_create(
            place=_place(),
            defaults={
                "shortfalls": [asdict(each) for each in found],
                "proved_at": timezone.now(),
            },
        )
        _believe(found)
    logger.info("bucket.proved", extra={"lacks": [each.promise for each in found]})
    return found


def try_bucket() -> tuple[Shortfall, ...]:
    """Test the bucket that the settings name, without remembering anything.

    Raises:
        StorageUnavailable: it does not answer, is full, or refuses the registry.
    """
    from artifacts.storage.promises import prove

    return prove(_bucket(ALL), _bucket(NONE))


def known_shortfalls() -> Sequence[Shortfall]:
    """Return the promises that the bucket is known to break; none before it is tested."""
    if settings.REGISTRY_STORAGE != "s3":
        return ()
    return _read_shortfalls(BucketProof.objects.filter(place=_place()).first())


def _read_shortfalls(proof: BucketProof | None) -> tuple[Shortfall, ...]:
    """Return the shortfalls that a proof lists."""
    return tuple(Shortfall(**each) for each in proof.shortfalls) if proof else ()


def _should_be_tried_again(proof: BucketProof, found: Sequence[Shortfall]) -> bool:
    """Whether a bucket was refused, and may have been mended meanwhile."""
    age_s = (timezone.now() - proof.proved_at).total_seconds()
    return bool(abilities_with(found).refusal) and age_s > BUCKET_REFUSED_FOR_S


def _believe(found: Sequence[Shortfall]) -> Abilities:
    """Remember the result in this process, and return the bucket's abilities."""
    able = abilities_with(found)
    lasts_s = BUCKET_REFUSED_FOR_S if able.refusal else BUCKET_KNOWN_FOR_S
    _known[_place()] = _Known(able, time.monotonic() + lasts_s)
    return able


def _bucket(able: Abilities) -> ObjectStore:
    """Return the bucket of the settings, used as if it had exactly these abilities."""
    storage: Any = storages["default"]
    if settings.REGISTRY_STORAGE == "s3":
        from artifacts.storage.s3 import S3Store

        return S3Store(storage, lambda: able)
    from artifacts.storage.local import LocalStore

    local: ObjectStore = LocalStore(storage.location)
    return local


def _place() -> str:
    """Return which bucket the settings name."""
    options = settings.STORAGES["default"].get("OPTIONS", {})
    address = options.get("endpoint_url") or options.get("region_name", "")
    return f"{address} {options.get('bucket_name', '')}"


def _forget(*, setting: str, **_: Any) -> None:
    """Forget what is known when a test changes the settings."""
    if setting in ("STORAGES", "REGISTRY_STORAGE"):
        _known.clear()


setting_changed.connect(_forget)
