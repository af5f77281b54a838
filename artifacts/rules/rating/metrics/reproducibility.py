"""Whether the demonstration in the card would run, and whether one may let it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.citation import cite
from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.demonstration import Demonstration, judge_blocks
from artifacts.rules.rating.deployment import deployed_files
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing, ModelFacts
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored
from artifacts.rules.rating.safety import SafetyFact, find_safety_facts, runs_own_code
from artifacts.rules.readme import parse_readme

# What has to be inspected before a complete demonstration is run; half a point of it is for code
# that runs, so the gate's threshold is reached either way.
_CARE = {"pickle_only": 0.1, "code_at_load": 0.1}
_RUNS = 0.5
# Nobody should run what the Hub's scanners warn of, however complete it is. They err, too.
_WARNED_MOST = 0.25
# A sentence for every shard would tell no more.
_FAULTS_TOLD_MAX = 2


def judge(evidence: Evidence) -> Result:
    """Judge the card's code by reading it; if the sandbox executed it, that result decides."""
    model = evidence.model
    readme = parse_readme(model.readme)
    code = evidence.code if isinstance(evidence.code, CodeFacts) and evidence.code.is_own else None
    code_files = () if code is None or isinstance(code.files, Missing) else code.files
    found = judge_blocks(
        readme.code_blocks,
        repository=model.repository,
        library=model.library,
        paths=[file.path for file in model.files],
        code=code.repository if code else "",
        code_paths=[file.path for file in code_files],
        needs_trust=runs_own_code(model),
    )
    dangers = find_safety_facts(model, readme)
    facts: dict[str, Any] = {
        "blocks": len(readme.code_blocks), "section": found.where,
        "repairs": list(found.repairs), "doubts": list(found.doubts),
        "safety": {each.kind: each.sentence for each in dangers},
    }  # fmt: skip
    score, reason = _demonstrated(evidence, found, facts)
    broken = _find_broken(model)
    if broken and score:
        score, reason = 0.0, f"{reason} But the weights cannot be loaded: {' '.join(broken)}"
    has_ended_well = evidence.demonstration is not None and evidence.demonstration.ended_well
    score = _careful(score, dangers, has_ended_well=has_ended_well)
    citations = [
        *([cite(model, quote=found.code)] if found.code else []),
        *(each.citation for each in dangers),
    ]
    words = " ".join((reason, *(each.sentence for each in dangers)))
    result = scored(score, words, facts, citations=citations)
    is_absent = evidence.demonstration is None and not found.has_code
    return tell_absence(model, ("readme",), result) if is_absent else result


def _demonstrated(
    evidence: Evidence, found: Demonstration, facts: dict[str, Any]
) -> tuple[float, str]:
    """Return the score of the code itself, and why."""
    run = evidence.demonstration
    if run is None:
        return found.score, _reason(found, is_written=bool(evidence.model.readme.strip()))
    facts |= {"executed": True, "timed_out": run.is_timed_out, "output": run.output}
    if run.ended_well:
        return 1.0, f"The code under {run.section!r} was executed, and ended well."
    # It looked runnable, but something is missing: a library, a file, an argument.
    how = "took too long" if run.is_timed_out else "failed"
    return min(found.score, 0.5), f"The code under {run.section!r} was executed, and {how}."


def _reason(found: Demonstration, *, is_written: bool) -> str:
    """Say that the code runs as written, after a repair, or not, or that nobody can tell.

    Args:
        is_written: whether there is a card.
    """
    if not found.has_code:
        return (
            "No block of code that runs the model was found in the card."
            if is_written
            else "There is no card, and so no code in it that runs the model."
        )
    place = f"The code under {found.where!r}" if found.where else "The code"
    if found.score == 1:
        return f"{place} is complete and loads this model."
    repairs, doubts = "; ".join(found.repairs), "; ".join(found.doubts)
    if not found.score:
        return f"{place} does not run the model: {repairs}."
    if not doubts:
        return f"{place} would run after a repair: {repairs}."
    subject = "it" if repairs else place[:1].lower() + place[1:]
    unsure = f"Whether {subject} runs this model cannot be told by reading it: {doubts}."
    return f"{place} would need a repair: {repairs}. {unsure}" if repairs else unsure


def _careful(score: float, dangers: Sequence[SafetyFact], *, has_ended_well: bool) -> float:
    """Return a score with what one has to take care of.

    Args:
        has_ended_well: whether the code was executed behind walls; then it needs no inspection.
    """
    kinds = {each.kind for each in dangers}
    care = sum(cost for kind, cost in _CARE.items() if kind in kinds and not has_ended_well)
    score = max(min(score, _RUNS), score - care)
    return rounded(min(score, _WARNED_MOST) if "scan_found" in kinds else score)


def _find_broken(model: ModelFacts) -> list[str]:
    """Return what is wrong with the weights that a deployment loads."""
    loaded = (file.path for file in deployed_files(model.files))
    return [model.faults[path] for path in loaded if path in model.faults][:_FAULTS_TOLD_MAX]


METRIC = Metric(
    name=MetricName.REPRODUCIBILITY,
    sentence="Whether the code that the card shows would run and load this model, safely.",
    scale=Scale(
        zero="There is no code, or none that runs a model; or the weights are broken.",
        middle="It would run after a repair: a missing import, a name, a gap to fill in; or "
        "whether it runs cannot be told by reading it.",
        one="It was executed and ended well, or is complete as it stands and loads this model. "
        "Where it was only read, pickles and code of the repository take off 0.1 each; at most "
        "0.25 if the scan of this registry or of the Hub warns.",
        unknown="The card could not be read; one that has no code scores 0.",
    ),
    sources=(
        "Requirement C1 (0, 0.5, 1)",
        "Pyflakes (undefined names); Python language reference (grammar)",
        "Hugging Face Hub, Pickle Scanning; transformers, trust_remote_code; safetensors",
    ),
    judge=judge,
)
