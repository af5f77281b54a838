"""Zips that clients sent to the bucket, registered by `upload://<id>`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from artifacts.enums import Part, SourceKind, UploadState
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
from artifacts.limits import README_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.models import UPLOAD_SCHEME, Upload, upload_id_of
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.archives.zips import CheckedZip, ZipMember
from artifacts.rules.budget import judging
from artifacts.rules.cards import stated_license
from artifacts.rules.parts import part_of
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.sources.forms import read_card, read_config
from artifacts.storage.keys import old_upload_key, upload_key
from artifacts.storage.store import get_store

_REPOSITORY_PREFIX = "sha256/"
# Of files that are too much to read, so many are named.
_UNREAD_NAMED_MAX = 3
_LICENSE_FILES = ("LICENSE", "LICENSE.md", "LICENSE.txt", "COPYING")


class UploadSource:
    """Implements `Source` for uploads. The digest of the zip is the source's identity.

    Whose upload it is, `services.uploads` looks at before.
    """

    kinds = (SourceKind.UPLOAD,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `upload://<id>`.

        Raises:
            InvalidUrl: what follows is no id.
            UploadNotFound: no upload with this id was announced.
            UploadIncomplete: parts of it are still to be sent.
            UploadPending: its digest is being computed.
            UploadRefused: its bytes are others than announced.
        """
        if not url.startswith(UPLOAD_SCHEME):
            return None
        upload_id = upload_id_of(url)
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
        deadline: Deadline,
    ) -> Snapshot:
        """Judge the zip and read its card.

        Its digest was compared when it was sent, by `receive_upload` or S3 itself, or later, by
        `services.upload_checks`.

        Raises:
            UploadNotFound: nothing was sent yet.
            SourceRefused: what was sent has another size than announced.
            SourceUnavailable: judging it takes longer than a request may; a task goes on with it.
            ArchiveRefused: the zip or a safetensors file in it is unsafe or broken.
        """
        with judging(), _open(reference) as file:
            _check_size(reference, file)
            archive = _checked(file)
            members = archive.members
            by_path = {member.path: member for member in members}
            readme = _read(archive, by_path.get("README.md"), README_MAX_BYTES)
            config = _read(archive, by_path.get("config.json"), TEXT_FILE_MAX_BYTES)
            text = readme.decode("utf-8", "replace")
            stated, described = read_card(text), read_config(config, "config.json")
            unread = _check_weights(archive, deadline)
        return Snapshot(
            reference=reference,
            commit=reference.repository.removeprefix(_REPOSITORY_PREFIX),
            files=tuple(
                SourceFile(each.path, each.size_bytes, "", Part(part_of(each.path)))
                for each in members
            ),
            readme=text,
            license=stated_license(stated.data) or _license_of(by_path),
            card=stated.data,
            config=described.data,
            facts=stated.facts("card") | described.facts("config") | unread,
        )

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; the digest is in the reference)
        files: Sequence[SourceFile],
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file of the zip with its bytes.

        The zip stays where it was sent to until every revision made from it is kept, so this can
        be tried again; `remove_orphans` removes it then.

        Raises:
            UploadNotFound: the zip is gone.
            ArchiveRefused: a file unpacks to other bytes than the zip says.
        """
        with _open_registered(reference) as file:
            archive = _checked(file)
            members = {member.path: member for member in archive.members}
            for wanted in files:
                if wanted.path in members:
                    yield wanted, archive.read(members[wanted.path])


def _require_digest(upload: Upload) -> None:
    """See that somebody has compared the zip with its digest: it is what the upload is known by."""
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
    """Do the same for a revision that is registered: it may rest where older releases put it.

    Only then: before, its digest would be enough for anybody to register somebody else's bytes.
    """
    try:
        return _open(reference)
    except UploadNotFound as error:
        sha256 = reference.repository.removeprefix(_REPOSITORY_PREFIX)
        try:
            return get_store().open(old_upload_key(sha256))
        except ObjectMissing:
            raise error from None


def _check_size(reference: SourceReference, file: BinaryIO) -> None:
    """See that what was sent is as long as announced; an upload registered before may be gone."""
    upload = Upload.objects.filter(id=reference.url.removeprefix(UPLOAD_SCHEME)).first()
    sent_bytes = file.seek(0, 2)
    if upload is not None and upload.size_bytes != sent_bytes:
        raise SourceRefused(
            f"The upload has {sent_bytes:,} bytes, and {upload.size_bytes:,} were announced. "
            "Announce and send it again."
        )


def _license_of(by_path: dict[str, ZipMember]) -> str:
    """Return "other", the Hub's word for terms in a file of their own, where there is such a file.

    Source: the Hub's documentation, "Licenses": `license: other` with a LICENSE file.
    """
    return "other" if any(name in by_path for name in _LICENSE_FILES) else ""


def _checked(file: BinaryIO) -> CheckedZip:
    """Judge the zip.

    Raises:
        ArchiveRefused: it is unsafe or broken, or its names take more work than a task may do.
        SourceUnavailable: they take more than a request may: a task goes on with it.
    """
    try:
        return CheckedZip(file)
    except TooMuchToRead as error:
        kind = SourceUnavailable if error.try_later else ArchiveRefused
        raise kind(error.message) from error


def _check_weights(archive: CheckedZip, deadline: Deadline) -> dict[str, str]:
    """Check the headers of weights; return what is kept about those that are not looked at."""
    unread: list[str] = []
    for member in archive.members:
        if not member.path.endswith(".safetensors"):
            continue
        deadline.check("The bucket")
        try:
            with archive.open(member) as opened:
                check_header(opened, member.size_bytes)
        except TooMuchToRead as error:
            if error.try_later:
                raise SourceUnavailable(f"{member.path}: {error.message}") from error
            unread.append(f"{member.path}: {error.message}")
    return {"weights_unread": " ".join(unread[:_UNREAD_NAMED_MAX])} if unread else {}


def _read(archive: CheckedZip, member: ZipMember | None, max_bytes: int) -> bytes:
    """Return the start of a small file, nothing when it is absent."""
    if member is None:
        return b""
    with archive.open(member) as opened:
        return opened.read(max_bytes)
