"""What a registration would do, without doing it."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.enums import ArtifactType
from artifacts.exceptions import GateFailed, SourceUnavailable
from artifacts.models import Artifact, User
from artifacts.rules.identity import now_us
from artifacts.services.catalogue.candidates import check_submission, look_up
from artifacts.services.catalogue.revisions import Author, Draft, draft_revision
from artifacts.services.content.mirror import reason_to_leave_out
from artifacts.services.trust.assessment import Assessment, enforce_gate, judge_snapshot


@dataclass(frozen=True)
class Preview:
    """What would be registered now.

    Attributes:
        draft: the rows as a registration would write them, without an id. They are not written.
        refusals: why the gate would refuse it, a sentence each; () if it would not.
        wait: what the gate would wait for before it decides, "" for nothing.
        left_out: why its bytes would not be fetched, "" if they would.
    """

    draft: Draft
    refusals: tuple[str, ...] = ()
    wait: str = ""
    left_out: str = ""


def preview_artifact(
    *, artifact_type: ArtifactType, url: str, name: str | None, user: User
) -> Preview:
    """Ask the source and judge what it tells, as `register_artifact` does, and write nothing.

    What the sources answered is kept for a while, so a registration that follows asks little again.

    Raises:
        InvalidUrl, InvalidName: the request is wrong.
        UploadNotFound: the URL names an upload that this user did not announce.
        SourceUnavailable: the source does not answer now; a registration would wait for it.
        SourceRefused: the source says that there is no such thing.
        ArtifactExists: this source is already registered under this type.
    """
    wanted = check_submission(artifact_type=artifact_type, url=url, name=name, user=user)
    found = look_up(wanted, judge_snapshot)
    artifact = Artifact(
        type=artifact_type,
        name=found.name,
        source_key=found.snapshot.reference.key,
        created_us=now_us(),
        uploader_name=user.username,
    )
    draft = draft_revision(
        artifact=artifact,
        snapshot=found.snapshot,
        url=url,
        number=1,
        author=Author(user.username, user.is_admin),
        assessment=found.assessment,
    )
    refusals, wait = _ask_gate(found.assessment)
    left_out = draft.revision.content_reason or reason_to_leave_out(draft.revision.size_bytes)
    return Preview(draft, refusals, wait, left_out)


def _ask_gate(assessment: Assessment | None) -> tuple[tuple[str, ...], str]:
    """Return why the gate would refuse a model, and what it would wait for."""
    if assessment is None:
        return (), ""
    try:
        enforce_gate(assessment)
    except GateFailed as error:
        return error.failures, ""
    except SourceUnavailable as error:
        return (), error.message
    return (), ""
