"""Zips that clients sent to the bucket, registered as `upload://<id>`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
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
from artifacts.limits import POINTERS_LOOKED_FOR_MAX, TEXT_FILE_MAX_BYTES
from artifacts.models import UPLOAD_SCHEME, Upload, parse_upload_id
from artifacts.rules.archives.zips import CheckedZip, ZipMember
from artifacts.rules.budget import judging
from artifacts.rules.cards import stated_license
from artifacts.rules.descriptions import NO_FILE, Opened, describe, leave_closed, open_bytes
from artifacts.rules.digest import Sha256
from artifacts.rules.findings import Finding, examine_file, is_safetensors
from artifacts.rules.lfs import may_be_pointer
from artifacts.rules.licensing.files import settle_license
from artifacts.rules.listing_notes import note_renamed
from artifacts.rules.parts import classify_part
from artifacts.rules.reading import keep_readings
from artifacts.rules.usual_names import (
    find_config,
    find_license_files,
    find_only_folder,
    find_other_readme,
    find_readme,
)
from artifacts.sources.base import Snapshot, SourceFile, SourceReference
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.zipped_results import read_zipped_results
from artifacts.storage.keys import old_upload_key, upload_key
from artifacts.storage.store import get_store

_REPOSITORY_PREFIX = "sha256/"
# How many of the files that are too large to read are named.
_UNREAD_NAMED_MAX = 3
# How many license files are opened; the others are named.
_LICENSE_FILES_MAX = 4
# What repositories keep in Git LFS; cards and code are too small for it.
_POINTED_TO = frozenset((Part.WEIGHTS, Part.DATASET, Part.CONFIG, Part.OTHER))


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
            members = archive.members
            by_path = {member.path: member for member in members}
            open_file = partial(_open_member, archive, by_path)
            folder = find_only_folder(by_path)
            said = describe(
                _open_readme(by_path, folder, open_file), open_file(find_config(by_path, folder))
            )
            # The terms of the folder, or else those that were laid beside it.
            prefix = f"{folder}/" if folder else ""
            sizes = {each.path: each.size_bytes for each in members}
            within = {
                path.removeprefix(prefix): sizes[path] for path in sizes if path.startswith(prefix)
            }
            prefix, within = (prefix, within) if find_license_files(within) else ("", sizes)
            license_, of_license = settle_license(
                stated_license(said.card),
                said,
                repository="",
                sizes_bytes=within,
                open_file=lambda path: open_file(f"{prefix}{path}"),
                files_max=_LICENSE_FILES_MAX,
            )
            findings, unread = _examine(archive, inquiry)
            results, of_results = read_zipped_results(archive)
        return Snapshot(
            reference=reference,
            commit=reference.repository.removeprefix(_REPOSITORY_PREFIX),
            files=tuple(
                SourceFile(
                    each.path,
                    each.size_bytes,
                    "",
                    findings[each.path].part,
                    fault=findings[each.path].fault,
                )
                for each in members
            ),
            readme=said.readme,
            license=license_,
            card=said.card,
            config=said.config,
            facts=keep_readings(said.readings | {"license_file": of_license, "results": of_results})
            | unread
            | _pointers(findings)
            | note_renamed({each.path: each.own_path for each in members if each.own_path})
            | ({"results": results} if results else {}),
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


def _examine(archive: CheckedZip, inquiry: Inquiry) -> tuple[dict[str, Finding], dict[str, str]]:
    """Look into weights, and into small files that may be pointers of Git LFS.

    Returns:
        What was found by path, and the entry for the facts about what was not read.
    """
    findings: dict[str, Finding] = {}
    unread: list[str] = []
    small_left = POINTERS_LOOKED_FOR_MAX
    for member in archive.members:
        part = classify_part(member.path, member.size_bytes)
        findings[member.path] = Finding(part)
        is_small = part in _POINTED_TO and may_be_pointer(member.size_bytes) and small_left > 0
        if not is_small and not is_safetensors(member.path):
            continue
        small_left -= is_small
        inquiry.check_time("The bucket")
        try:
            with archive.open(member) as opened:
                findings[member.path] = examine_file(member.path, part, member.size_bytes, opened)
        except TooMuchToRead as error:
            if error.try_later:
                raise SourceUnavailable(f"{member.path}: {error.message}") from error
            unread.append(f"{member.path}: {error.message}")
    facts = {"weights_unread": " ".join(unread[:_UNREAD_NAMED_MAX])} if unread else {}
    return findings, facts


def _pointers(findings: Mapping[str, Finding]) -> dict[str, dict[str, int]]:
    """Return the entry for the facts about pointers: path -> size of what each stands for."""
    sizes = {path: each.pointer.size_bytes for path, each in findings.items() if each.pointer}
    return {"pointers": sizes} if sizes else {}


def _open_readme(paths: Collection[str], folder: str, open_file: Callable[[str], Opened]) -> Opened:
    """Open the card of the folder that was packed."""
    path = find_readme(paths, folder)
    other = "" if path else find_other_readme(paths)
    if other:
        reason = f"{other} was not opened: it lies in one of several folders, not above all files."
        return leave_closed(other, reason)
    return open_file(path)


def _open_member(archive: CheckedZip, by_path: Mapping[str, ZipMember], path: str) -> Opened:
    """Return the start of a small file; "" as path for one that is absent."""
    if not path:
        return NO_FILE
    with archive.open(by_path[path]) as opened:
        return open_bytes(path, opened.read(TEXT_FILE_MAX_BYTES))
