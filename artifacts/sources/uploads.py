"""Zips that clients sent to the bucket, registered as `upload://<id>`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from artifacts.enums import SourceKind, UploadState
from artifacts.exceptions import (
    ArchiveRefused,
    InvalidUrl,
    ObjectMissing,
    SourceRefused,
    SourceUnavailable,
    TooMuchToRead,
    UploadIncomplete,
    UploadNotFound,
    UploadPending,
    UploadRefused,
)
from artifacts.models import UPLOAD_SCHEME, Upload, parse_upload_id
from artifacts.rules.archives.zips import CheckedZip
from artifacts.rules.budget import judging
from artifacts.rules.digest import Sha256
from artifacts.rules.listing_notes import note_renamed
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.folders import Folder
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.kept_files import read_kept_files
from artifacts.storage.keys import old_upload_key, upload_key
from artifacts.storage.store import get_store

_REPOSITORY_PREFIX = "sha256/"


class UploadSource:
    """Implements `Source` for uploads. The digest of the zip is the source's identity.

    `services.content.uploads` checks before whose upload it is.
    """

    kinds = (SourceKind.UPLOAD,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `upload://<id>`.

        Raises:
            InvalidUrl: the rest is no id.
            UploadNotFound: no upload with this id was announced.
            UploadIncomplete: some of its parts were not sent yet.
            UploadPending: its digest is being computed.
            UploadRefused: its bytes are not the announced ones.
        """
        if not url.startswith(UPLOAD_SCHEME):
            return None
        upload_id = parse_upload_id(url)
        if upload_id is None:
            raise InvalidUrl(
                "The url reads upload:// and then the id of an upload, as POST /uploads answered."
            )
        upload = Upload.objects.filter(id=upload_id).first()
        if upload is None:
            raise UploadNotFound(str(upload_id))
        _require_digest(upload)
        name = upload.filename.removesuffix(".zip")
        return SourceReference(SourceKind.UPLOAD, f"{_REPOSITORY_PREFIX}{upload.sha256}", name, url)

    def fetch_snapshot(
        self,
        reference: SourceReference,
        inquiry: Inquiry,
    ) -> Snapshot:
        """Check the zip and read its card.

        Its digest was already compared: by `receive_upload` or S3 when it was sent, or later by
        `services.content.upload_checks`.

        Raises:
            UploadNotFound: nothing was sent yet.
            SourceRefused: its size differs from the announced one.
            SourceUnavailable: checking it takes longer than a request may; a task continues.
            ArchiveRefused: the zip is unsafe or broken.
        """
        with judging(), _open(reference) as file:
            _check_size(reference, file)
            archive = _checked(file)
            members = {member.path: member for member in archive.members}
            sizes = {member.path: member.size_bytes for member in archive.members}
            found = read_kept_files(
                Folder(sizes, lambda path: archive.open(members[path])), inquiry
            )
        renamed = {each.path: each.own_path for each in members.values() if each.own_path}
        return Snapshot(
            reference=reference,
            commit=reference.repository.removeprefix(_REPOSITORY_PREFIX),
            files=tuple(
                SourceFile(path, size_bytes, "", finding.part, fault=finding.fault)
                for path, size_bytes in sizes.items()
                for finding in (found.findings[path],)
            ),
            readme=found.said.readme,
            license=found.license,
            card=found.said.card,
            config=found.said.config,
            facts=found.facts | note_renamed(renamed),
        )

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; the digest is in the reference)
        files: Sequence[SourceFile],
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file of the zip with its bytes.

        The zip stays where it was sent until every revision made from it is stored, so this can be
        repeated; `remove_orphans` removes it then.

        Raises:
            UploadNotFound: the zip is gone.
            ArchiveRefused: a file unpacks to other bytes than the zip states.
        """
        with _open_registered(reference) as file:
            archive = _checked(file)
            members = {member.path: member for member in archive.members}
            for wanted in files:
                if wanted.path in members:
                    yield wanted, archive.read(members[wanted.path])


def _require_digest(upload: Upload) -> None:
    """Check that the zip was compared with its digest, by which the upload is known."""
    if upload.state == UploadState.CHECKED:
        return
    if upload.state == UploadState.REFUSED:
        raise UploadRefused(upload.reason)
    if upload.state in (UploadState.UNCHECKED, UploadState.CHECKING):
        raise UploadPending(str(upload.id))
    if upload.parts_id:
        raise UploadIncomplete(
            f"Parts of the upload {upload.id} are still to come: GET /uploads/{upload.id} says "
            f"which are there. Then finish it with POST /uploads/{upload.id}/complete, and "
            "register it."
        )
    if not get_store().compares_digests:
        raise UploadIncomplete(
            f"The upload {upload.id} was announced when the bucket was believed to compare "
            "digests, which it does not. Announce it again with POST /uploads, and send it again."
        )


def _open(reference: SourceReference) -> BinaryIO:
    """Open the zip for reading and seeking."""
    upload_id = reference.url.removeprefix(UPLOAD_SCHEME)
    try:
        return get_store().open(upload_key(upload_id))
    except ObjectMissing as error:
        raise UploadNotFound(upload_id) from error


def _open_registered(reference: SourceReference) -> BinaryIO:
    """Open the zip of a registered revision, which may lie where older releases put it.

    Not before registration: the digest alone would let anybody register somebody else's bytes.
    """
    try:
        return _open(reference)
    except UploadNotFound as error:
        sha256 = Sha256(reference.repository.removeprefix(_REPOSITORY_PREFIX))
        try:
            return get_store().open(old_upload_key(sha256))
        except ObjectMissing:
            raise error from None


def _check_size(reference: SourceReference, file: BinaryIO) -> None:
    """Check that the zip has the announced size; the row of a registered upload may be gone."""
    upload = Upload.objects.filter(id=reference.url.removeprefix(UPLOAD_SCHEME)).first()
    sent_bytes = file.seek(0, 2)
    if upload is not None and upload.size_bytes != sent_bytes:
        raise SourceRefused(
            f"The upload has {sent_bytes:,} bytes, and {upload.size_bytes:,} were announced. "
            "Announce and send it again."
        )


def _checked(file: BinaryIO) -> CheckedZip:
    """Check the zip.

    Raises:
        ArchiveRefused: it is unsafe or broken, or checking its names takes longer than a task may.
        SourceUnavailable: checking its names takes longer than a request may; a task continues.
    """
    try:
        return CheckedZip(file)
    except TooMuchToRead as error:
        kind = SourceUnavailable if error.try_later else ArchiveRefused
        raise kind(error.message) from error
