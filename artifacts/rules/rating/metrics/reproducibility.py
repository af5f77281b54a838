"""Whether the demonstration in the card would run."""

from __future__ import annotations

from typing import Any

from artifacts.rules.rating.demonstration import judge_blocks
from artifacts.rules.rating.evidence import Evidence
from artifacts.rules.rating.metric import Metric, Result, Scale, scored
from artifacts.rules.readme import parse_readme


def judge(evidence: Evidence) -> Result:
    """Read the card's code; where it was executed in the sandbox, that decides."""
    model = evidence.model
    blocks = parse_readme(model.readme).code_blocks
    found = judge_blocks(
        blocks,
        repository=model.repository,
        library=model.library,
        paths=[file.path for file in model.files],
    )
    facts: dict[str, Any] = {
        "blocks": len(blocks),
        "section": found.where,
        "repairs": list(found.repairs),
    }
    run = evidence.demonstration
    if run is not None:
        facts |= {"executed": True, "timed_out": run.is_timed_out, "output": run.output}
        if run.ended_well:
            return scored(
                1.0, f"The code under {run.section!r} was executed, and ended well.", facts
            )
        # It reads as if it ran, and something is missing: a library, a file, an argument.
        score = min(found.score, 0.5)
        how = "took too long" if run.is_timed_out else "failed"
        return scored(score, f"The code under {run.section!r} was executed, and {how}.", facts)
    if not found.has_code:
        return scored(0.0, "The card has no code that runs the model.", facts)
    place = f"The code under {found.where!r}" if found.where else "The code"
    if found.score == 1:
        return scored(1.0, f"{place} is complete and loads this model.", facts)
    what = "; ".join(found.repairs)
    if found.score > 0:
        return scored(0.5, f"{place} would run after a repair: {what}.", facts)
    return scored(0.0, f"{place} does not run the model: {what}.", facts)


METRIC = Metric(
    name="reproducibility",
    title="Reproducibility",
    sentence="Whether the code that the card shows would run and load this model.",
    scale=Scale(
        zero="There is no code, or none that runs a model.",
        middle="It would run after a repair: a missing import, a name, a gap to fill in.",
        one="It is complete as it stands, and loads this model.",
        unknown="Does not occur: that a card has no code is known, and scores 0.",
    ),
    sources=(
        "Requirement C1 (0, 0.5, 1)",
        "Pyflakes (undefined names); Python language reference (grammar)",
    ),
    judge=judge,
)
