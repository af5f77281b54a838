"""A commit: one new revision of a repository, all of it or nothing.

Its bytes come first. They are blobs before any row names them, so that the revision is complete at
the moment when it becomes visible; what fails before leaves the old revision, and blobs that
`remove_orphans` removes. It is judged, recorded and audited as any other revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from artifacts.database.transactions import UPLOAD, RestsOn
from artifacts.enums import ArtifactType, ContentState, DecisionState, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    BlobsMissing,
    CommitOutdated,
    ContentNotKept,
    ContentPending,
    ContentTooLarge,
    InvalidRequest,
    LfsObjectMissing,
)
from artifacts.limits import SNAPSHOT_DEADLINE_S
from artifacts.models import Artifact, File, LfsObject, Revision, User
from artifacts.rules.digest import Sha256
from artifacts.rules.findings import Finding
from artifacts.rules.hub.changes import change
from artifacts.rules.hub.commits import commit_of
from artifacts.rules.hub.operations import AddLarge, AddRegular, Commit
from artifacts.rules.lfs import Pointer
from artifacts.rules.text import storable
from artifacts.services.catalogue.registration import complete_with
from artifacts.services.catalogue.replacement import replace_with
from artifacts.services.catalogue.revisions import Author, Draft
from artifacts.services.content.kept_blobs import keep_blobs, look_for_blobs, store_small
from artifacts.services.content.lfs_checks import require_sent
from artifacts.services.content.mirror import reason_to_leave_out
from artifacts.services.trust.assessment import assess_snapshot
from artifacts.sources.base import SourceReference
from artifacts.sources.commits import CommittedFile, read_commit_files
from artifacts.sources.inquiry import Inquiry


@dataclass
class _Bytes:
    """The bytes that a commit adds to the repository.

    Attributes:
        sizes: of each new blob, by its digest.
        young: those of them that were stored a moment ago.
    """

    sizes: dict[Sha256, int] = field(default_factory=dict)
    young: set[Sha256] = field(default_factory=set)


def commit_files(
    *, artifact: Artifact, reference: SourceReference, commit: Commit, user: User
) -> Revision:
    """Give a repository a new revision, and return it; the current one if nothing changes.

    Args:
        artifact: with its current revision, None for its first commit.

    Raises:
        CommitOutdated: the commit's parent is not the current one, or somebody was faster.
        PathNotThere: it deletes what is not there.
        LfsObjectMissing: it names bytes that the caller has not sent.
        BlobsMissing: the bucket has lost them; they have to be sent again.
        LfsObjectPending, ContentPending: bytes are being compared or fetched; try again later.
        UploadRefused: bytes arrived that are not the announced ones.
        ContentTooLarge, InvalidRequest: there would be too many files, or names that clash.
        ArchiveRefused: all weights of a model are broken.
    """
    base = artifact.current_revision
    _require_parent(artifact, base, commit.parent)
    kept = _read_files(base) if base is not None else {}
    changed = change(kept, commit.operations)
    added = _Bytes()
    files = [
        each if isinstance(each, CommittedFile) else _added(each, added)
        for each in changed.values()
    ]
    if base is None and not files:
        raise InvalidRequest("The commit adds no file, and there is none yet.")
    if base is not None and _digests(files) == _digests(kept.values()):
        return base
    if reason := reason_to_leave_out(sum(each.size_bytes for each in files)):
        raise ContentTooLarge(reason)
    facts = {"commit_summary": storable(commit.summary)} if commit.summary else {}
    author = Author(user.username, user.is_admin)

    def settle(_draft: Draft) -> None:
        """Make sure, with the artifact locked, that nobody was faster and the bytes are here."""
        current = Artifact.objects.filter(id=artifact.id).values_list("current_revision", flat=True)
        if current.get() != (base.pk if base is not None else None):
            raise CommitOutdated
        keep_blobs(added.sizes, young=added.young)

    try:
        _find_bytes(artifact, files, kept, added, user)
        inquiry = Inquiry(SNAPSHOT_DEADLINE_S)
        snapshot = read_commit_files(reference, files, facts, inquiry)
        found = assess_snapshot(ArtifactType(artifact.type), snapshot, inquiry)
        given = (snapshot, found, reference.url, author)
        if base is not None:
            replace_with(artifact.id, *given, RestsOn(user, UPLOAD), settle=settle)
        elif not complete_with(artifact, *given, user=user, settle=settle):
            raise CommitOutdated
    except BlobsMissing as error:
        # Or clients would be told for ever that these bytes need not be sent.
        LfsObject.objects.filter(user_id=user.pk, sha256__in=error.digests).delete()
        raise
    return _get_current(artifact.id)


def _require_parent(artifact: Artifact, base: Revision | None, parent: str) -> None:
    """Check that the commit that a client saw last is the current one."""
    if not parent:
        return
    current = base and commit_of(
        artifact_id=artifact.id, number=base.number, commit=base.commit, folder=base.folder
    )
    if parent != current:
        raise CommitOutdated(parent)


def _read_files(base: Revision) -> dict[str, CommittedFile]:
    """Return the files of the current revision, by path.

    Raises:
        ContentPending: they are still being fetched.
        ContentNotKept: the registry does not have them all.
    """
    rows = list(base.files.all())
    if lacking := next((each.path for each in rows if each.blob_id is None), None):
        if base.content_state == ContentState.PENDING:
            raise ContentPending("The files of this repository are still being fetched.")
        raise ContentNotKept(
            f"This registry does not have all files of the repository, such as {lacking[:100]!r}, "
            "so a commit cannot keep them. Upload all of them under another name."
        )
    pointers = base.facts.get("pointers", {})
    return {each.path: _kept(each, pointers) for each in rows}


def _kept(row: File, pointers: Mapping[str, int]) -> CommittedFile:
    """Return a file of the current revision, with what is known of it."""
    sha256 = Sha256(str(row.blob_id))
    pointer = Pointer(sha256, pointers[row.path]) if row.path in pointers else None
    finding = Finding(Part(row.part), row.fault, pointer)
    return CommittedFile(row.path, sha256, row.size_bytes or 0, finding=finding)


def _added(each: AddRegular | AddLarge, added: _Bytes) -> CommittedFile:
    """Return a file that a commit adds, and note its bytes.

    Raises:
        LfsObjectMissing: the commit states another size for the same digest.
    """
    if isinstance(each, AddLarge):
        file = CommittedFile(each.path, each.sha256, each.size_bytes)
    else:
        sha256 = Sha256(hashlib.sha256(each.content).hexdigest())
        file = CommittedFile(each.path, sha256, len(each.content), content=each.content)
    if added.sizes.setdefault(file.sha256, file.size_bytes) != file.size_bytes:
        raise LfsObjectMissing(file.path)  # Of two sizes one is a lie.
    return file


def _digests(files: Iterable[CommittedFile]) -> dict[str, Sha256]:
    """Return the digest of each file, by path."""
    return {each.path: each.sha256 for each in files}


def _find_bytes(
    artifact: Artifact,
    files: list[CommittedFile],
    kept: Mapping[str, CommittedFile],
    added: _Bytes,
    user: User,
) -> None:
    """Store the bytes that the commit brings, and make sure that the others are here.

    Raises:
        LfsObjectMissing, LfsObjectPending, UploadRefused: see `lfs_checks.require_sent`.
        BlobsMissing: the bucket has lost some.
    """
    for each in kept.values():
        # A digest that is here does not prove the size that a client states with it.
        if added.sizes.get(each.sha256) == each.size_bytes:
            del added.sizes[each.sha256]
    new = [each for each in files if each.sha256 in added.sizes]
    large = [each for each in new if each.content is None]
    earlier = File.objects.filter(
        revision__artifact_id=artifact.id, blob__in={each.sha256 for each in large}
    ).exclude(revision__decision=DecisionState.QUARANTINED)
    here = dict(earlier.values_list("blob_id", "blob__size_bytes"))
    wanted = {
        each.path: (each.sha256, each.size_bytes)
        for each in large
        if here.get(each.sha256) != each.size_bytes
    }
    try:
        sent = require_sent(user_id=user.pk, wanted=wanted)
    except LfsObjectMissing:
        if Artifact.objects.filter(id=artifact.id).exists():
            raise
        raise ArtifactNotFound(artifact.type, artifact.id) from None  # By a reset, with all else.
    added.young |= {sha256 for sha256, is_young in sent.items() if is_young}
    # Once, in however many files: storing takes milliseconds.
    small = {each.sha256: each.content for each in new if each.content is not None}
    added.young |= store_small(small)
    added.young |= look_for_blobs(added.sizes.keys() - small.keys() - added.young)


def _get_current(artifact_id: str) -> Revision:
    """Return the revision that is current now."""
    return Revision.objects.select_related("artifact").get(
        pk__in=Artifact.objects.filter(id=artifact_id).values("current_revision")
    )
