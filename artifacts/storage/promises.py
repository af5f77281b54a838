"""What the registry rests on in its bucket, promise by promise, and how each is tried.

Every place for bytes is tried by the same functions: through `ObjectStore`, as the registry uses
it, and over HTTP, as clients use its addresses. Objects of the tries lie under a prefix of their
own. A promise counts as broken by what is found afterwards, whatever the bucket answered.
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
from artifacts.storage import promises_of_clients, promises_of_objects
from artifacts.storage.abilities import Gravity, Shortfall
from artifacts.storage.base import ObjectStore, StorageSilent
from artifacts.storage.keys import PROBES_PREFIX
from artifacts.storage.promise import Ground, PromiseBroken

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Promise:
    """Something that the registry rests on.

    Attributes:
        name: where the registry has another way, the field of `Abilities` that says so.
        lack: what a bucket does that breaks it.
        remedy: what the registry does then, or what its users have to live with.
        is_about_addresses: clients come to the bucket itself; the local store has none such.
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
        "The bucket does not list what was begun in parts, or with a wrong date "
        "(ListMultipartUploads).",
        "Parts of uploads that broke off stay: have a lifecycle rule of the bucket remove them.",
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
        "Downloads that break off begin anew.",
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
        "Nothing in it is private: keep everybody but the registry's users from its address.",
        promises_of_clients.stays_private,
        is_about_addresses=True,
    ),
)


def prove(store: ObjectStore, cautious: ObjectStore) -> tuple[Shortfall, ...]:
    """Try every promise, and return those that are broken, in the order of `PROMISES`.

    Args:
        store: the bucket, trusted to do all that Amazon's does.
        cautious: the same, trusted in nothing that the registry has another way for.

    Raises:
        StorageUnavailable: the bucket does not answer, is full, or refuses the registry, which
            says nothing about what it can.
    """
    store.probe()
    ground = Ground(store, cautious, f"{PROBES_PREFIX}{uuid.uuid4().hex}/")
    has_addresses = bool(urlsplit(ground.download_address("any")).netloc)
    promises = [each for each in PROMISES if has_addresses or not each.is_about_addresses]
    try:
        # What comes of this is no promise: without it, no other could be tried.
        store.replace(ground.key("first"), b"first", "text/plain")
        found = [_tried(each, ground) for each in promises]
    finally:
        _clear(cautious, ground.prefix)
    return tuple(each for each in found if each is not None)


def _tried(promise: Promise, ground: Ground) -> Shortfall | None:
    """Try a promise, twice if it seems broken: a bucket may be restarted at this very moment."""
    detail = _broken(promise, ground) and _broken(promise, ground)
    if not detail:
        return None
    logger.warning("bucket.lacks", extra={"promise": promise.name, "reason": detail})
    return Shortfall(promise.name, promise.gravity, promise.lack, promise.remedy, detail)


def _broken(promise: Promise, ground: Ground) -> str:
    """Return in what a promise is broken; "" if it is kept."""
    try:
        promise.is_kept(ground)
    except (StorageSilent, CredentialsEnded):
        raise
    except (PromiseBroken, RegistryError) as error:
        return str(error)
    except (KeyError, TypeError, ValueError) as error:
        # What botocore makes of an answer that lacks what it has to have.
        return f"an answer lacks something ({type(error).__name__}: {error})"
    return ""


def _clear(store: ObjectStore, prefix: str) -> None:
    """Remove what the tries left; what stays, `remove_orphans` finds."""
    with suppress(StorageUnavailable):
        store.delete([found.key for found in store.list(prefix)])
