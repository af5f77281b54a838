"""Zips that clients sent to the bucket, registered by `upload://<id>`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO
from uuid import UUID

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import InvalidUrl, ObjectMissing, SourceRefused, UploadNotFound
from artifacts.limits import README_MAX_BYTES, TEXT_FILE_MAX_BYTES
from artifacts.models import Upload
from artifacts.rules.archives.safetensors import check_header
from artifacts.rules.archives.zips import ZipMember, check_zip, open_member, read_member
from artifacts.rules.cards import parse_front_matter, stated_license
from artifacts.rules.parts import part_of
from artifacts.sources.base import Deadline, Snapshot, SourceFile, SourceReference
from artifacts.storage.keys import upload_key
from artifacts.storage.store import get_store

SCHEME = "upload://"
_REPOSITORY_PREFIX = "sha256/"


def upload_url(upload: Upload) -> str:
    """Return the URL under which an upload is registered."""
    return f"{SCHEME}{upload.id}"


class UploadSource:
    """Implements `Source` for uploads. The digest of the zip is the source's identity."""

    kinds = (SourceKind.UPLOAD,)

    def parse(self, url: str) -> SourceReference | None:
        """Read `upload://<id>`.

        Raises:
            InvalidUrl: what follows is no id.
            UploadNotFound: no upload with this id was announced.
        """
        if not url.startswith(SCHEME):
            return None
        given = url.removeprefix(SCHEME)
        try:
            upload_id = UUID(given)
        except ValueError as error:
            raise InvalidUrl("The url reads upload:// and then the id of an upload.") from error
        upload = Upload.objects.filter(id=upload_id).first()
        if upload is None:
            raise UploadNotFound(given)
        name = upload.filename.removesuffix(".zip")
        return SourceReference(SourceKind.UPLOAD, f"{_REPOSITORY_PREFIX}{upload.sha256}", name, url)

    def fetch_snapshot(
        self,
        reference: SourceReference,
        deadline: Deadline,  # noqa: ARG002  (the protocol's; the bucket has limits of its own)
    ) -> Snapshot:
        """Judge the zip and read its card.

        Raises:
            UploadNotFound: nothing was sent yet.
            ArchiveRefused: the zip or a safetensors file in it is unsafe or broken.
        """
        with self._open(reference) as file:
            members = check_zip(file)
            by_path = {member.path: member for member in members}
            for member in members:
                if member.path.endswith(".safetensors"):
                    with open_member(file, member) as opened:
                        check_header(opened, member.size_bytes)
            readme = _read(file, by_path.get("README.md"), README_MAX_BYTES)
            config = _read(file, by_path.get("config.json"), TEXT_FILE_MAX_BYTES)
        card = parse_front_matter(readme)
        return Snapshot(
            reference=reference,
            commit=reference.repository.removeprefix(_REPOSITORY_PREFIX),
            files=tuple(
                SourceFile(each.path, each.size_bytes, "", Part(part_of(each.path)))
                for each in members
            ),
            readme=readme,
            license=stated_license(card),
            card=card,
            config=_parsed(config),
        )

    def fetch_contents(
        self,
        reference: SourceReference,
        commit: str,  # noqa: ARG002  (the protocol's; the digest is in the reference)
        files: Sequence[SourceFile],
    ) -> Iterator[tuple[SourceFile, Iterator[bytes]]]:
        """Yield each file of the zip with its bytes."""
        with self._open(reference) as file:
            members = {member.path: member for member in check_zip(file)}
            for wanted in files:
                yield wanted, read_member(file, members[wanted.path])

    def _open(self, reference: SourceReference) -> BinaryIO:
        """Open the zip for reading and seeking."""
        sha256 = reference.repository.removeprefix(_REPOSITORY_PREFIX)
        try:
            return get_store().open(upload_key(sha256))
        except ObjectMissing as error:
            if reference.url.startswith(SCHEME):
                raise UploadNotFound(reference.url.removeprefix(SCHEME)) from error
            raise SourceRefused("The uploaded zip is gone. Upload it again.") from error


def _read(file: BinaryIO, member: ZipMember | None, max_bytes: int) -> str:
    """Return the start of a text file, "" when it is absent."""
    if member is None:
        return ""
    with open_member(file, member) as opened:
        return opened.read(max_bytes).decode("utf-8", "replace")


def _parsed(text: str) -> dict[str, Any]:
    """Return config.json as data; {} when it is absent or broken."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}
