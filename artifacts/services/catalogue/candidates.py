"""What somebody wants to register: checked, asked of its source and judged, with nothing written.

Registering and previewing share it, so that a preview shows what a registration would do, within
the same time and with as many requests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactExists, InvalidUrl
from artifacts.limits import INDEXED_TEXT_MAX_BYTES, SNAPSHOT_DEADLINE_S, SOURCE_KEY_MAX_CHARS
from artifacts.models import Artifact, User
from artifacts.rules.names import check_name
from artifacts.rules.text import is_indexable
from artifacts.services.content.uploads import require_own_upload
from artifacts.services.trust.assessment import Assessment
from artifacts.sources.base import Snapshot, Source, SourceReference
from artifacts.sources.catalogue import find_source
from artifacts.sources.inquiry import Inquiry

Assess = Callable[[ArtifactType, Snapshot, Inquiry], Assessment | None]


@dataclass(frozen=True)
class Submission:
    """What somebody wants to register, checked as far as the URL alone allows.

    Attributes:
        url: the source, as the client wrote it.
        name: as the client gave it; None for the source's.
    """

    artifact_type: ArtifactType
    url: str
    name: str | None
    source: Source
    reference: SourceReference

    @property
    def first_name(self) -> str:
        """The name until the source has answered."""
        return self.reference.name if self.name is None else self.name


@dataclass(frozen=True)
class Candidate:
    """What a source tells of a submission at this moment, and how it is judged."""

    name: str
    snapshot: Snapshot
    assessment: Assessment | None


def check_submission(
    *, artifact_type: ArtifactType, url: str, name: str | None, user: User
) -> Submission:
    """Check what somebody wants to register, without asking its source.

    Raises:
        InvalidUrl, InvalidName: the request is wrong.
        UploadNotFound: the URL names an upload that this user did not announce.
        ArtifactExists: this source is already registered under this type.
    """
    require_own_upload(user=user, url=url)
    source, reference = find_source(url)
    wanted = Submission(artifact_type, url, name, source, reference)
    check_name(wanted.first_name)
    refuse_duplicate(artifact_type, reference.key, url)
    return wanted


def look_up(wanted: Submission, assess: Assess) -> Candidate:
    """Ask the source, and judge what it tells.

    Args:
        assess: what judges it: with or without the gate's refusal.

    Raises:
        SourceUnavailable: the source does not answer now.
        SourceRefused: the source says that there is no such thing.
        ArtifactExists: this source is already registered under this type, by another spelling.
        RegistryError: whatever `assess` raises.
    """
    inquiry = Inquiry(SNAPSHOT_DEADLINE_S)
    snapshot = wanted.source.fetch_snapshot(wanted.reference, inquiry)
    if snapshot.reference.key != wanted.reference.key:
        refuse_duplicate(wanted.artifact_type, snapshot.reference.key, wanted.url)
    assessment = assess(wanted.artifact_type, snapshot, inquiry)
    # Only the source knows whether a URL's last part is a folder or the end of a branch.
    name = check_name(snapshot.reference.name) if wanted.name is None else wanted.name
    return Candidate(name, snapshot, assessment)


def refuse_duplicate(
    artifact_type: ArtifactType, source_key: str, url: str, *, but: str | None = None
) -> None:
    """Check that no other artifact of the type has this source.

    Args:
        but: the id of the one artifact that may have it.

    Raises:
        ArtifactExists: another one has it; the error names its id.
        InvalidUrl: the source's name is longer than the registry can keep.
    """
    if not is_indexable(source_key, SOURCE_KEY_MAX_CHARS):
        raise InvalidUrl(
            f"The url names a source of over {SOURCE_KEY_MAX_CHARS:,} characters, or of over "
            f"{INDEXED_TEXT_MAX_BYTES:,} bytes. Use a shorter one."
        )
    holder = Artifact.objects.filter(type=artifact_type, source_key=source_key).exclude(id=but)
    existing = holder.values_list("id", flat=True).first()
    if existing is not None:
        raise ArtifactExists(existing, url)
