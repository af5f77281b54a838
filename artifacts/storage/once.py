"""The exclusive right to write a key, for buckets that silently overwrite objects.

A row in the database represents it, so no two processes of this registry have it at once. It does
not protect against others who write into the bucket: the bucket must be the registry's own.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models.functions import Now

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import KEY_CLAIM_LIFETIME_S, KEY_CLAIM_POLL_S, KEY_CLAIM_WAIT_S
from artifacts.models import KeyClaim


@contextmanager
def sole_writer(key: str) -> Iterator[None]:
    """Hold the right to check whether a key is free, and to write it.

    If the bucket does not say how a write ended, the right stays taken until it lapses: the bytes
    may still arrive, and would overwrite those of the next writer.

    Raises:
        StorageUnavailable: another process holds the right for too long.
    """
    holder = uuid.uuid4()
    ends_at = time.monotonic() + KEY_CLAIM_WAIT_S
    while not _is_claimed(key, holder):
        if time.monotonic() > ends_at:
            raise StorageUnavailable(f"The key {key!r} is being written. Try again later.")
        time.sleep(KEY_CLAIM_POLL_S)
    is_over = True
    try:
        yield
    except StorageUnavailable:
        is_over = False
        raise
    finally:
        if is_over:
            KeyClaim.objects.filter(key=key, holder=holder).delete()


def forget_lapsed_claims() -> int:
    """Delete lapsed rights and return their number."""
    lapsed = KeyClaim.objects.filter(begun_at__lt=Now() - timedelta(seconds=KEY_CLAIM_LIFETIME_S))
    return lapsed.delete()[0]


def _is_claimed(key: str, holder: uuid.UUID) -> bool:
    """Try to take the right."""
    lapsed_at = Now() - timedelta(seconds=KEY_CLAIM_LIFETIME_S)
    with transaction.atomic():
        KeyClaim.objects.filter(key=key, begun_at__lt=lapsed_at).delete()
        KeyClaim.objects.bulk_create([KeyClaim(key=key, holder=holder)], ignore_conflicts=True)
    return KeyClaim.objects.filter(key=key, holder=holder).exists()
