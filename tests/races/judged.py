"""What is judged in a race's world: decided on, scanned, guarded by a program, or look-alike."""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.enums import ArtifactType, DecisionState, Part
from artifacts.models import AllowedGlobal, Artifact, LookAlike, Revision, RevisionScan, Scan, User
from artifacts.selectors.trust.decisions import find_failing
from artifacts.services.catalogue.registration import register_artifact
from artifacts.services.content.bundles import build_bundle
from artifacts.services.content.monitors import set_monitor
from artifacts.services.trust.allowing import allow_global
from artifacts.services.trust.decisions import decide
from artifacts.services.trust.look_alikes import audit_names
from artifacts.work import queue
from artifacts.work.jobs import Job
from tests.clients import PASSWORD, ApiClient
from tests.races.sources import DANGEROUS, HUB, SUSPICIOUS

PROGRAM = "process.exit(0)"


@dataclass
class Judged:
    """What these operations act upon.

    Attributes:
        decider: of somebody who decides, and registered nothing.
        sensitive: a model with a program, approved though its weights are suspicious; its name
            resembles the robot's.
        hidden: a model that a scan has put into quarantine.
        allowed: a global that is allowed in the sensitive one.
        failing: the metrics by which models fail the gate here.
    """

    dora: User
    decider: ApiClient
    sensitive: Artifact
    hidden: Artifact
    allowed: AllowedGlobal
    look_alike: LookAlike
    failing: tuple[str, ...]


def register_judged(user: User) -> tuple[Artifact, Artifact]:
    """Register the sensitive model and the one to be hidden; their tasks are to be run next."""
    sensitive, hidden = (
        register_artifact(
            artifact_type=ArtifactType.MODEL, url=f"{HUB}{repository}", name=None, user=user
        ).artifact
        for repository in (SUSPICIOUS, DANGEROUS)
    )
    return sensitive, hidden


def judge(sensitive: Artifact, hidden: Artifact, *, uploader: User, administrator: User) -> Judged:
    """Decide on what was registered and scanned."""
    dora = User.objects.create_user(
        "dora", PASSWORD, can_decide=True, can_search=True, can_download=True
    )
    revision = Revision.objects.select_related("current_rating").get(artifact=sensitive)
    failing = find_failing(revision.current_rating)
    decide(revision=revision, state=DecisionState.APPROVED, reason="Seen.", by=dora, waived=failing)
    build_bundle(artifact_id=sensitive.id, revision=revision.number, part=Part.FULL)
    set_monitor(artifact_id=sensitive.id, program=PROGRAM, user=uploader)
    allowed = allow_global(
        name="acme.models.Other", reason="Seen.", by=administrator, artifact_id=sensitive.id
    )
    # Where a test never commits, the registration has not looked for it.
    audit_names()
    look_alike = LookAlike.objects.get(suspect=sensitive)
    return Judged(dora, ApiClient(dora), sensitive, hidden, allowed, look_alike, failing)


def leave_work(judged: Judged) -> None:
    """Leave what is to be scanned, judged and stored, to whoever runs tasks first."""
    revision = Revision.objects.get(artifact=judged.sensitive)
    Scan.objects.filter(blob__files__revision=revision).update(rules_version=0)
    RevisionScan.objects.filter(revision=revision).update(rules_version=0)
    queue.schedule(Job.SCAN_REVISION, artifact_id=judged.sensitive.id, revision_id=revision.pk)
    queue.schedule(Job.JUDGE_SCANS, after_id=0)
    queue.schedule(Job.STORE_DECISIONS, artifact_id=judged.sensitive.id)
