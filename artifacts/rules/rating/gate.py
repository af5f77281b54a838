"""The gate: a model is ingestible when every score reaches the threshold (requirement C3)."""

from __future__ import annotations

from collections.abc import Mapping

from artifacts.rules.rating.metric import Result
from artifacts.rules.rating.metrics.size_score import best_fit

# Requirement C3.
THRESHOLD = 0.5


def gate_failures(results: Mapping[str, Result]) -> list[str]:
    """Return a sentence for each metric that does not reach the threshold.

    An unknown score fails: the gate asks for evidence of trust. What does not apply is not judged
    (reviews without a repository of the model's own code, ancestors that are not registered). Of
    the size score the device that suits best counts: a model for servers is no worse for being too
    large for a Raspberry Pi.
    """
    failures = []
    for name, result in results.items():
        if not result.is_applicable:
            continue
        if result.score is None:
            failures.append(f"{name} is unknown: {result.reason}")
            continue
        score = best_fit(result.parts) if result.parts else result.score
        if score < THRESHOLD:
            failures.append(f"{name} is {score:.2f}, under {THRESHOLD}: {result.reason}")
    return failures
