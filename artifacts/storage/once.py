"""The right to write a key, for buckets that would overwrite an object without a word.

A row in the database stands for it, so no two processes of this registry have it at once. Against
others who write into the same bucket it protects nothing: the bucket has to be the registry's own.
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
    """Hold the right to look whether a key is free, and to write it.

    When the bucket does not say how a write ended, the right stays taken until it lapses: what was
    sent may still arrive, and would overwrite what the next one writes.

    Raises:
        StorageUnavailable: somebody else holds it, and goes on holding it.
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
    """Delete the rights that have lapsed, and return how many those were."""
    lapsed = KeyClaim.objects.filter(begun_at__lt=Now() - timedelta(seconds=KEY_CLAIM_LIFETIME_S))
    return lapsed.delete()[0]


def _is_claimed(key: str, holder: uuid.UUID) -> bool:
    """Try to get the right."""
    lapsed_at = Now() - timedelta(seconds=KEY_CLAIM_LIFETIME_S)
    with transaction.atomic():
        KeyClaim.objects.filter(key=key, begun_at__lt=lapsed_at).delete()
        KeyClaim.objects.bulk_create([KeyClaim(key=key, holder=holder)], ignore_conflicts=True)
    return KeyClaim.objects.filter(key=key, holder=holder).exists()
