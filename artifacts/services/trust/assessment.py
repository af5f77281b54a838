"""Assessing a model: gathering the evidence, judging it, and enforcing the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings

from artifacts.enums import OWN_KINDS, ArtifactType, GateVerdict, Part
from artifacts.exceptions import ArchiveRefused, GateFailed, SourceUnavailable
from artifacts.rules.budget import judging
from artifacts.rules.rating.evidence import DemonstrationFacts, Evidence, ModelFacts
from artifacts.rules.rating.judgement import (
    Judgement,
    judge,
)
from artifacts.said import say
from artifacts.selectors.trust.gate import ENFORCE, is_refused
from artifacts.services.lineage.parent_links import (
    ParentLink,
    find_parent_links,
    with_evidence,
)
from artifacts.services.trust.evidence import gather_evidence
from artifacts.services.trust.model_facts import read_snapshot_facts
from artifacts.sources.base import Snapshot
from artifacts.sources.inquiry import Inquiry


@dataclass(frozen=True)
class Assessment:
    """The evidence about a model, and the judgement that rests on it.

    Attributes:
        parents: what the model was made from, completed by the evidence.
    """

    evidence: Evidence
    judgement: Judgement
    parents: tuple[ParentLink, ...]
    is_public: bool

    @property
    def gate(self) -> GateVerdict:
        """The gate's verdict; the company's own models, which are uploaded, are exempt."""
        if not self.is_public:
            return GateVerdict.EXEMPT
        return self.judgement.gate.verdict


def assess_snapshot(
    artifact_type: ArtifactType, snapshot: Snapshot, inquiry: Inquiry
) -> Assessment | None:
    """Judge a model that is about to be registered; None for artifacts that are not rated.

    Raises:
        ArchiveRefused: an uploaded model has broken weights only.
        GateFailed: the gate is enforced and refuses the model.
        SourceUnavailable: the gate is enforced, and a later try may find the missing evidence.
    """
    assessment = judge_snapshot(artifact_type, snapshot, inquiry)
    if assessment is not None:
        enforce_gate(assessment)
    return assessment


def judge_snapshot(
    artifact_type: ArtifactType, snapshot: Snapshot, inquiry: Inquiry
) -> Assessment | None:
    """Judge a model whatever the gate makes of it; None for artifacts that are not rated.

    Raises:
        ArchiveRefused: an uploaded model has broken weights only.
    """
    if artifact_type != ArtifactType.MODEL:
        return None
    if snapshot.reference.kind in OWN_KINDS:
        _require_sound_weights(snapshot)
    with judging():
        model = read_snapshot_facts(snapshot)
        return assess_model(model, snapshot.commit, find_parent_links(snapshot), inquiry)


def _require_sound_weights(snapshot: Snapshot) -> None:
    """Refuse an upload of a model that nobody can load: its owner is here and can mend it.

    With sound weights beside them broken ones are kept and marked, as those of other sources are.
    """
    weights = [file for file in snapshot.files if file.part == Part.WEIGHTS]
    broken = [file for file in weights if file.fault]
    if broken and len(broken) == len(weights):
        raise ArchiveRefused(f"The file {broken[0].path[:100]!r} is broken. {broken[0].fault}")


def assess_model(
    model: ModelFacts,
    commit: str,
    parents: tuple[ParentLink, ...],
    inquiry: Inquiry,
    demonstration: DemonstrationFacts | None = None,
) -> Assessment:
    """Gather evidence and judge it, both within one budget of CPU time."""
    with judging():
        gathered = gather_evidence(model, commit=commit, parents=parents, inquiry=inquiry)
        evidence = replace(gathered.evidence, demonstration=demonstration)
        judgement = judge(evidence, gathered.gathered_s, settings.REGISTRY_GATE_THRESHOLDS)
    return Assessment(
        evidence,
        judgement,
        with_evidence(parents, evidence),
        is_public=model.origin not in OWN_KINDS,
    )


def enforce_gate(assessment: Assessment) -> None:
    """Refuse a model that fails, and one that is undecided unless the company accepts those.

    Where the gate only records, nothing is refused.

    Evidence that a source may still give is waited for first, whatever the verdict is so far: what
    is unknown now may turn out too low, and a low score may rest on half of what there is.

    Raises:
        GateFailed, SourceUnavailable: see `assess_snapshot`.
    """
    is_enforced = settings.REGISTRY_GATE == ENFORCE
    if not is_enforced or assessment.gate in (GateVerdict.PASSED, GateVerdict.EXEMPT):
        return
    later = assessment.judgement.try_later
    if later:
        raise SourceUnavailable(
            f"The gate cannot judge {', '.join(map(say, later))} yet: {next(iter(later.values()))}"
        )
    if is_refused(assessment.gate):
        finding = assessment.judgement.gate
        raise GateFailed(finding.summary, finding.reasons)
