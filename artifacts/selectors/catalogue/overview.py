"""Everything that pages show of one artifact, as plain data.

One panel each: `templates/panels/<name>.html` draws what the field `<name>` holds. Nothing here
knows a page, an address of this site or the person who asks.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, Revision
from artifacts.rules.identity import can_be_id
from artifacts.rules.page_urls import name_source, only_web_url
from artifacts.rules.reading import Readable, find_unread, read_readings
from artifacts.selectors.access.audit import Trail, get_trail
from artifacts.selectors.catalogue.states import (
    Card,
    Revisions,
    Tasks,
    get_card,
    get_revisions,
    get_tasks,
)
from artifacts.selectors.content.files import Files, get_files
from artifacts.selectors.lineage.family import Family, get_family
from artifacts.selectors.trust.decision_history import Decisions, find_decisions
from artifacts.selectors.trust.decisions import require_shown
from artifacts.selectors.trust.safety import list_dangers
from artifacts.selectors.trust.verdict import Scores, Verdict, get_scores, get_verdict


@dataclass(frozen=True)
class Facts:
    """What an artifact is, where it came from and how much of it is here.

    Attributes:
        source: the address of the current revision, or the page of a source that is silent.
        web_url: the same where a page may link to it, "" otherwise.
        revision: the number of the current revision, None while the source has not answered.
        license: as stated, "" for none.
        license_unread: why a license may be stated where nobody could look, "" if that is known.
        size_bytes: of all files, None for unknown.
        content_state: how far the bytes are kept, "" while the source has not answered.
        content_reason: why they are not, or what is wrong with some; "" otherwise.
        dangers: what makes a model unsafe to load, as sentences; None if nobody looked.
    """

    artifact_id: str
    artifact_type: str
    name: str
    source: str
    web_url: str
    revision: int | None
    commit: str
    license: str
    license_unread: str
    size_bytes: int | None
    content_state: str
    content_reason: str
    uploader_name: str
    created_at: datetime
    dangers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Overview:
    """What is shown of an artifact, a field for each panel."""

    verdict: Verdict
    facts: Facts
    scores: Scores
    lineage: Family
    files: Files
    revisions: Revisions
    tasks: Tasks
    trail: Trail
    card: Card
    decisions: Decisions


def get_overview(artifact_id: str, *, with_waiting: bool = False, user: object = None) -> Overview:
    """Return everything that is shown of an artifact, in a fixed number of queries.

    Each list holds its first rows; one more query counts a list that has more of them.

    Args:
        with_waiting: whether an artifact whose source has not answered is shown, as to staff.
        user: who asks; those who decide are shown more of the decisions.

    Raises:
        ArtifactNotFound: there is no such artifact, or none that everybody may see.
    """
    artifact = find_artifact(artifact_id)
    if artifact.current_revision_id is None and not with_waiting:
        raise ArtifactNotFound("artifact", artifact_id)
    return Overview(
        verdict=get_verdict(artifact),
        facts=gather_facts(artifact),
        scores=get_scores(artifact),
        lineage=get_family(artifact),
        files=get_files(artifact.id, artifact.current_revision),
        revisions=get_revisions(artifact),
        tasks=get_tasks(artifact.id),
        trail=get_trail(artifact.id),
        card=get_explained_card(artifact),
        decisions=find_decisions(artifact, user),
    )


def find_shown_artifact(artifact_id: str, user: object, *, with_evidence: bool = True) -> Artifact:
    """Return the same for whoever asks.

    Args:
        user: a user, or somebody unknown.

    Raises:
        ArtifactNotFound: there is no such artifact.
        ArtifactQuarantined: it is in quarantine, and this user does not decide.
    """
    artifact = find_artifact(artifact_id, with_evidence=with_evidence)
    if artifact.current_revision is not None:
        require_shown(artifact, artifact.current_revision, user)
    return artifact


def find_artifact(artifact_id: str, *, with_evidence: bool = True) -> Artifact:
    """Return an artifact with its revision and rating, even if its source has not answered.

    Args:
        with_evidence: whether the evidence is read, too, which may have a megabyte.

    Raises:
        ArtifactNotFound: there is no such artifact.
    """
    found = Artifact.objects.select_related("current_revision__current_rating")
    if not with_evidence:
        found = found.defer("current_revision__current_rating__evidence")
    artifact = found.filter(id=artifact_id).first() if can_be_id(artifact_id) else None
    if artifact is None:
        raise ArtifactNotFound("artifact", artifact_id)
    return artifact


def get_explained_card(artifact: Artifact) -> Card:
    """Return the card of an artifact, or why it is not known whether there is one."""
    unread = explain_unread(artifact.current_revision, "readme")
    return replace(get_card(artifact.id), unread=unread)


def gather_facts(artifact: Artifact) -> Facts:
    """Return what an artifact is."""
    revision = artifact.current_revision
    source = revision.url if revision else name_source(artifact.source_key)
    return Facts(
        artifact_id=artifact.id,
        artifact_type=artifact.type,
        name=artifact.name,
        source=source,
        web_url=only_web_url(source),
        revision=revision.number if revision else None,
        commit=revision.commit if revision else "",
        license=revision.license if revision else "",
        license_unread=explain_unread(revision, "card", "license_file"),
        size_bytes=revision.size_bytes if revision else None,
        content_state=revision.content_state if revision else "",
        content_reason=revision.content_reason if revision else "",
        uploader_name=artifact.uploader_name,
        created_at=datetime.fromtimestamp(artifact.created_us / 1e6, UTC),
        dangers=list_dangers(artifact),
    )


def explain_unread(revision: Revision | None, *names: Readable) -> str:
    """Return why some of what a source holds is not known, "" if it is."""
    unread = find_unread(read_readings(revision.facts), names) if revision else []
    return unread[0].reason if unread else ""
