"""Downloads of single files by the Hub's clients, and what the audit trail keeps of them.

A client asks for each file of a snapshot alone. The trail gets one entry for each user, revision
and `DOWNLOAD_WINDOW_S`; what follows within that time is added to a tally beside the entry, because
entries are never changed. The table's unique key makes all requests of one time meet in one row,
whichever machine answers them.
"""

from __future__ import annotations

import time
from contextlib import suppress
from typing import NamedTuple

from django.db import connection

from artifacts.database.modes import AUDIT
from artifacts.database.transactions import DOWNLOAD, RestsOn, writing
from artifacts.enums import AuditAction
from artifacts.exceptions import ContentNotKept, ObjectMissing
from artifacts.limits import DOWNLOAD_WINDOW_S, FILE_ANSWERED_MAX_BYTES, LINK_LIFETIME_S
from artifacts.models import Artifact, AuditEntry, DownloadTally, File, Revision, User
from artifacts.rules.digest import Sha256
from artifacts.selectors.hub.trees import Leaf
from artifacts.services.access.audit import record_audit
from artifacts.services.content.downloads import ask_again, plain_filename, require_downloadable
from artifacts.services.content.monitoring import ask_monitor
from artifacts.storage import content_types
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store

_TALLIES = DownloadTally._meta.db_table  # noqa: SLF001  (documented)
# One statement begins a tally or adds to it; a second request waits for the first's transaction.
_ADD = f"""
    INSERT INTO {_TALLIES} (artifact_id, revision, user_name, started_s, files, size_bytes)
    VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (artifact_id, revision, user_name, started_s) DO UPDATE
    SET files = {_TALLIES}.files + excluded.files,
        size_bytes = {_TALLIES}.size_bytes + excluded.size_bytes
    RETURNING id, entry_id
"""  # noqa: S608  (the name comes from the model)


class Asked(NamedTuple):
    """What a request asks of a file.

    Attributes:
        start: the first byte.
        end: the byte after the last.
    """

    start: int
    end: int


def require_kept(artifact: Artifact, revision: Revision, entry: Leaf, user: User) -> Sha256:
    """Return the SHA-256 of a file whose bytes are here and may be read.

    What is being fetched is waited for, for a moment.

    Raises:
        DownloadRefused, GateFailed, ContentNotKept, ContentPending, ArtifactNotFound: see
            `require_downloadable`.
    """
    require_downloadable(artifact, revision, user)
    # What was being fetched a moment ago had no bytes when the entry was read.
    blob = entry.blob or _find_blob(revision, entry.path)
    if blob is None:
        raise ContentNotKept(f"The registry does not hold the bytes of {entry.path!r}.")
    return blob


def _find_blob(revision: Revision, path: str) -> Sha256 | None:
    """Return the SHA-256 of a file's bytes; None if they are not here."""
    found = File.objects.filter(revision_id=revision.pk, path=path)
    digest = found.values_list("blob_id", flat=True).first()
    return Sha256(digest) if digest else None


class Given(NamedTuple):
    """What answers a request for a file: a signed link, or the bytes that were asked for."""

    link: str
    content: bytes | None = None


def give_file(
    *, artifact: Artifact, revision: Revision, entry: Leaf, user: User, asked: Asked
) -> Given:
    """Give a file to a user, and count it in the audit trail.

    A small file that lies on this server is given at once: by a link, this server would send the
    same bytes to the same client, after a second request. All others are given by a link.

    Raises:
        DownloadRefused, GateFailed, ContentNotKept, ContentPending: see `require_kept`.
        MonitorRefused, MonitorUnavailable, MonitorsBusy: see `ask_monitor`.
        ArtifactNotFound: the artifact was deleted meanwhile.
        AuthenticationFailed, PermissionMissing: the user went, or may not download any more.
    """
    asked_at_s = time.monotonic()
    blob = require_kept(artifact, revision, entry, user)
    fresh = ask_monitor(artifact=artifact, revision=revision, user=user, file=entry.path)
    with writing(RestsOn(user, DOWNLOAD, revision.artifact_id), going_on=AUDIT):
        ask_again(revision, user, fresh, asked_at_s)
        entry_id = _count(artifact, revision, entry, user, asked)
        if fresh is not None:
            fresh.keep(AuditEntry.objects.get(pk=entry_id))
    store, key = get_store(), blob_key(blob)
    # The size is 0 where it is unknown; a range that holds nothing is the link's to refuse.
    is_small = 0 < entry.size_bytes <= FILE_ANSWERED_MAX_BYTES and asked.start < asked.end
    if store.is_here and is_small:
        with suppress(ObjectMissing):  # The link says so.
            return Given("", store.read(key)[asked.start : asked.end])
    url = store.download_url(
        key,
        filename=plain_filename(entry.path.rpartition("/")[2]),
        content_type=content_types.BYTES,
        expires_s=LINK_LIFETIME_S,
    )
    return Given(url)


def _count(artifact: Artifact, revision: Revision, entry: Leaf, user: User, asked: Asked) -> int:
    """Add a request to its tally, which begins with an entry in the trail; return its key."""
    now_s = int(time.time())
    is_whole = asked.start == 0 and asked.end >= entry.size_bytes
    given = (
        revision.artifact_id,
        revision.number,
        user.username,
        now_s - now_s % DOWNLOAD_WINDOW_S,
        int(is_whole),
        max(0, asked.end - asked.start),
    )
    with connection.cursor() as cursor:
        cursor.execute(_ADD, given)
        tally_id, entry_id = cursor.fetchone()
    if entry_id is None:
        note = f"revision={revision.number} by hub client"
        made = record_audit(artifact=artifact, user=user, action=AuditAction.DOWNLOAD, note=note)
        DownloadTally.objects.filter(pk=tally_id).update(entry=made)
        entry_id = made.pk
    return int(entry_id)
