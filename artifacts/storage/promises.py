"""The promises that the registry relies on its bucket to keep, and how each is tested.

The same functions test every store: through `ObjectStore`, as the registry uses it, and over HTTP,
as clients use its addresses. Objects of the tests lie under a prefix of their own. What the bucket
holds afterwards decides whether a promise is broken, whatever the bucket answered.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from artifacts.exceptions import (
    CredentialsEnded,
    RegistryError,
    StorageUnavailable,
)
from artifacts.storage import content_types, promises_of_clients, promises_of_objects
from artifacts.storage.abilities import Gravity, Shortfall
from artifacts.storage.base import ObjectStore, StorageSilent
from artifacts.storage.keys import PROBES_PREFIX
from artifacts.storage.promise import Ground, PromiseBroken

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Promise:
    """Something that the registry relies on.

    Attributes:
        name: the name of the field in `Abilities`, if the registry has another way.
        lack: what a bucket does that breaks the promise.
        remedy: what the registry does instead, or what its users have to live with.
        is_about_addresses: clients use the bucket directly, which the local store does not offer.
    """

    name: str
    gravity: Gravity
    lack: str
    remedy: str
    is_kept: Callable[[Ground], None]
    is_about_addresses: bool = False


_NO_OTHER_WAY = "Nothing is written into it, because there is no other way."

PROMISES: tuple[Promise, ...] = (
    Promise(
        "reads_back",
        Gravity.REFUSED,
        "The bucket does not give back at once what was written to it.",
        _NO_OTHER_WAY,
        promises_of_objects.reads_back,
    ),
    Promise(
        "reads_ranges",
        Gravity.REFUSED,
        "The bucket does not give a part of an object.",
        _NO_OTHER_WAY,
        promises_of_objects.reads_ranges,
    ),
    Promise(
        "deletes",
        Gravity.REFUSED,
        "The bucket keeps what it is told to delete.",
        _NO_OTHER_WAY,
        promises_of_objects.deletes,
    ),
    Promise(
        "deletes_many",
        Gravity.REPLACED,
        "The bucket does not delete several objects at once (DeleteObjects).",
        "The registry deletes one by one, which takes longer.",
        promises_of_objects.deletes_many,
    ),
    Promise(
        "creates_once",
        Gravity.REPLACED,
        "The bucket overwrites objects although a conditional write forbids it (If-None-Match).",
        "The registry keeps its own processes from it by rows in its database; others must not "
        "write into this bucket.",
        promises_of_objects.creates_once,
    ),
    Promise(
        "copies",
        Gravity.REPLACED,
        "The bucket does not copy objects within itself (UploadPartCopy).",
        "The registry reads and writes the bytes, which takes longer.",
        promises_of_objects.copies,
    ),
    Promise(
        "joins_once",
        Gravity.REPLACED,
        "The bucket overwrites objects when parts are joined, although a conditional write forbids "
        "it (If-None-Match).",
        "The registry keeps its own processes from it by rows in its database; others must not "
        "write into this bucket.",
        promises_of_objects.joins_once,
    ),
    Promise(
        "lists_begun",
        Gravity.REPLACED,
        "The bucket does not list unfinished multipart uploads, or states a wrong date for them "
        "(ListMultipartUploads).",
        "Parts of interrupted uploads stay until a lifecycle rule of the bucket removes them.",
        promises_of_objects.lists_begun,
    ),
    Promise(
        "takes_uploads",
        Gravity.REFUSED,
        "The bucket does not take what clients send to a presigned address.",
        _NO_OTHER_WAY,
        promises_of_clients.takes_uploads,
        is_about_addresses=True,
    ),
    Promise(
        "compares_digests",
        Gravity.REPLACED,
        "The bucket takes other bytes than announced (x-amz-checksum-sha256).",
        "The registry reads every upload and computes its digest before it registers anything.",
        promises_of_clients.compares_digests,
        is_about_addresses=True,
    ),
    Promise(
        "takes_parts",
        Gravity.REFUSED,
        "The bucket does not join what clients send in parts to presigned addresses.",
        _NO_OTHER_WAY,
        promises_of_clients.takes_parts,
        is_about_addresses=True,
    ),
    Promise(
        "compares_parts",
        Gravity.REPLACED,
        "The bucket takes other bytes than announced for a part (x-amz-checksum-sha256).",
        "The registry compares the parts itself when it computes the digest of the whole.",
        promises_of_clients.compares_parts,
        is_about_addresses=True,
    ),
    Promise(
        "hands_out",
        Gravity.REFUSED,
        "The bucket does not hand out what a presigned address names.",
        _NO_OTHER_WAY,
        promises_of_clients.hands_out,
        is_about_addresses=True,
    ),
    Promise(
        "hands_out_ranges",
        Gravity.SAID,
        "The bucket hands out no ranges of what a presigned address names.",
        "Interrupted downloads start again from the beginning.",
        promises_of_clients.hands_out_ranges,
        is_about_addresses=True,
    ),
    Promise(
        "answers_head",
        Gravity.SAID,
        "The bucket does not answer HEAD of a presigned address.",
        "HEAD of a download fails; GET does not.",
        promises_of_clients.answers_head,
        is_about_addresses=True,
    ),
    Promise(
        "names_files",
        Gravity.SAID,
        "The bucket leaves out the name and type that a presigned address states.",
        "Browsers give downloads a name of their own.",
        promises_of_clients.names_files,
        is_about_addresses=True,
    ),
    Promise(
        "stays_private",
        Gravity.SAID,
        "The bucket hands out objects to anybody, without a valid signature.",
        "Nothing in it is private: let only the registry's users reach its address.",
        promises_of_clients.stays_private,
        is_about_addresses=True,
    ),
)


def prove(store: ObjectStore, cautious: ObjectStore) -> tuple[Shortfall, ...]:
    """Test every promise and return the broken ones, in the order of `PROMISES`.

    Args:
        store: the bucket, used as if it had all of Amazon S3's abilities.
        cautious: the same bucket, used as if it had none of `Abilities`.

    Raises:
        StorageUnavailable: the bucket does not answer, is full, or refuses the registry, which
            says nothing about its abilities.
    """
    store.probe()
    ground = Ground(store, cautious, f"{PROBES_PREFIX}{uuid.uuid4().hex}/")
    has_addresses = bool(urlsplit(ground.download_address("any")).netloc)
    promises = [each for each in PROMISES if has_addresses or not each.is_about_addresses]
    try:
        # This tests no promise: if it fails, none can be tested.
        store.replace(ground.key("first"), b"first", content_types.TEXT)
        found = [_tried(each, ground) for each in promises]
    finally:
        _clear(cautious, ground.prefix)
    return tuple(each for each in found if each is not None)


def _tried(promise: Promise, ground: Ground) -> Shortfall | None:
    """Test a promise, twice if it seems broken: the bucket may just be restarting."""
    detail = _broken(promise, ground) and _broken(promise, ground)
    if not detail:
        return None
    logger.warning("bucket.lacks", extra={"promise": promise.name, "reason": detail})
    return Shortfall(promise.name, promise.gravity, promise.lack, promise.remedy, detail)


def _broken(promise: Promise, ground: Ground) -> str:
    """Return how a promise is broken; "" if it is kept."""
    try:
        promise.is_kept(ground)
    except (StorageSilent, CredentialsEnded):
        raise
    except (PromiseBroken, RegistryError) as error:
        return str(error)
    except (KeyError, TypeError, ValueError) as error:
        # What botocore raises when an answer lacks a required field.
        return f"an answer lacks something ({type(error).__name__}: {error})"
    return ""


def _clear(store: ObjectStore, prefix: str) -> None:
    """Remove the tests' objects; `remove_orphans` finds those that stay."""
    with suppress(StorageUnavailable):
        store.delete([found.key for found in store.list(prefix)])
