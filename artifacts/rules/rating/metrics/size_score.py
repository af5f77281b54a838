"""Whether the weights fit the devices of the contract."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.ancestry import BaseSize
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.curves import halves, rounded
from artifacts.rules.rating.deployment import deployed_files, is_adapter, list_weights
from artifacts.rules.rating.evidence import Evidence, FileFacts, Missing, ModelFacts
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown
from artifacts.rules.values import read_strings
from artifacts.said import say

_MB, _GB = 1_000_000, 1_000_000_000
# The size of weights at which a device scores 0.5: half of the memory that its system leaves, since
# activations, runtime and copies during loading take as much again.
COMFORTABLE_BYTES = {
    # Raspberry Pi 3 or Zero 2 class, 1 GB: system and Python take about a third of it.
    "raspberry_pi": 335 * _MB,
    # Jetson Nano with 2 GB, shared by CPU and GPU: CUDA, cuDNN and desktop take 1.2 GB.
    "jetson_nano": 390 * _MB,
    # 16 GB, of which 12 are free.
    "desktop_pc": 6 * _GB,
    # An instance with 64 GB, for inference on CPUs or one large GPU.
    "aws_server": 30 * _GB,
}
# Steepness over the logarithm of the size: 0.96 at a third of the comfortable size and 0.04 at
# three times that size, since beyond it swapping starts or loading fails.
_STEEPNESS = 3.0
# Weights of two bytes for each parameter, in which models are published and loaded.
_BYTES_PER_PARAMETER = 2
_SIZE_IN_NAME = Pattern(
    r"(?i)(\d{1,4}(?:\.\d{1,2})?)\s?([bm])", before="A-Za-z0-9.", after="A-Za-z0-9"
)
_UNITS = {"b": 1_000_000_000, "m": 1_000_000}


def judge(evidence: Evidence) -> Result:
    """Score what one deployment loads for each device."""
    model = evidence.model
    weights = list_weights(model.files)
    facts: dict[str, Any] = {"files": len(model.files)}
    if not weights:
        return unknown("The model's file list shows no file that is known to hold weights.", facts)
    sized = [file for file in model.files if file.size_bytes is not None]
    faulty = model.faults.keys() - model.pointers
    chosen = deployed_files(sized, faulty)
    if not chosen:
        return _unsized(model, weights, faulty, facts)
    size_bytes = sum(file.size_bytes or 0 for file in chosen)
    facts = {"weights_mb": rounded(size_bytes / _MB), "files": [file.path for file in chosen[:9]]}
    citations = [cite(model, file.path) for file in chosen]
    more = f" and {len(chosen) - 1} more" if len(chosen) > 1 else ""
    reason = (
        f"The weights that one deployment loads have {_say_size(size_bytes)} "
        f"({chosen[0].path}{more})."
    )
    if is_adapter(chosen, model.tags):
        base_bytes, about_base = _find_base(evidence)
        reason = f"{reason} {about_base}"
        if not base_bytes:
            return _without_base(evidence.base_size, reason, facts, citations)
        if isinstance(evidence.base_size, BaseSize):
            citations.append(Citation(evidence.base_size.page_url))
        size_bytes += base_bytes
        facts["base_mb"] = rounded(base_bytes / _MB)
    parts = {device: rounded(fit(size_bytes, most)) for device, most in COMFORTABLE_BYTES.items()}
    score = rounded(math.fsum(parts.values()) / len(parts))
    fitting, _ = halves(parts)
    reason = f"{reason} They fit {', '.join(map(say, fitting)) or 'none of the devices'}."
    broken = sorted(file.path for file in weights if file.path in faulty)
    if broken:
        reason += f" Broken weights are left out: {broken[0]}: {model.faults[broken[0]]}"
    if any(file.path in model.pointers for file in chosen):
        reason += " Only Git LFS pointers to them are here, which state these sizes."
    return scored(score, reason, facts, parts, citations=citations)


def _say_size(size_bytes: int) -> str:
    """Return a size in words; weights that are there never have 0 MB."""
    return f"{size_bytes / _MB:,.0f} MB" if size_bytes >= _MB else "less than 1 MB"


def _find_base(evidence: Evidence) -> tuple[int, str]:
    """Return the size of the model that an adapter needs, 0 for unknown, and a sentence on it."""
    base, known = name_base(evidence.model), evidence.base_size
    base_bytes = estimate_bytes(base)
    if isinstance(known, BaseSize):
        base, base_bytes = known.name, known.size_bytes
        size = f"has {_say_size(base_bytes)}"
    elif base_bytes:
        size = f"has about {base_bytes / _MB:,.0f} MB by its name"
    else:
        size = "has a size that is not known here"
    return base_bytes, f"They adapt {base or 'a base model'}, which is loaded with them and {size}."


def name_base(model: ModelFacts) -> str:
    """Return the name of the model that an adapter needs, "" for none."""
    named = read_strings(model.config.get("base_model_name_or_path"))
    return next(filter(None, (*named, *read_strings(model.card.get("base_model")))), "")


def _without_base(
    base: BaseSize | Missing | None, reason: str, facts: dict[str, Any], citations: list[Citation]
) -> Result:
    """Say why the size of the base is not known."""
    if not isinstance(base, Missing):
        return unknown(reason, facts, citations=citations)
    told = f"{base.reason[:1].upper()}{base.reason[1:]}"
    return unknown(
        f"{reason} {told}",
        facts,
        try_later=base.try_later,
        citations=citations,
        is_provisional=base.is_to_be_asked,
    )


def _unsized(
    model: ModelFacts,
    weights: Sequence[FileFacts],
    faulty: Collection[str],
    facts: dict[str, Any],
) -> Result:
    """Say why the size of weights that are there is not known."""
    broken = [file.path for file in weights if file.path in faulty]
    path = (broken or [file.path for file in weights])[0]
    citations = [cite(model, path)]
    if broken:
        sentence = f"The model's weights are broken. {path}: {model.faults[path]}"
        return unknown(sentence, facts | {"broken": broken[:9]}, citations=citations)
    if all(file.size_bytes is None for file in weights):
        sentence = (
            f"The size of the model's weights, such as {path}, is not known: the file list does "
            "not tell the size, or tells that of a Git LFS pointer in their place."
        )
    else:
        sentence = f"The file list shows no complete weights: of {path} some parts are missing."
    return unknown(sentence, facts, citations=citations)


def estimate_bytes(name: str) -> int:
    """Return the size of weights by the parameters that a model's name states, 0 for none.

    `llama-7b` has seven billion, `smol-360M` 360 million.
    """
    found = _SIZE_IN_NAME.search(name.rpartition("/")[2].replace("_", "-"))
    if found is None:
        return 0
    return int(float(found[1]) * _UNITS[found[2].lower()] * _BYTES_PER_PARAMETER)


def fit(size_bytes: int, comfortable_bytes: int) -> float:
    """Score how weights fit a device: 1 for no bytes, 0.5 at the comfortable size, down to 0."""
    if not size_bytes:
        return 1.0
    excess: float = (size_bytes / comfortable_bytes) ** _STEEPNESS
    return 1 / (1 + excess)


def best_fit(parts: Mapping[str, float]) -> float:
    """Return the score of the most suitable device, which the gate compares."""
    return max(parts.values(), default=0.0)


METRIC = Metric(
    name=MetricName.SIZE_SCORE,
    sentence="Whether the weights fit a Raspberry Pi, a Jetson Nano, a desktop PC and a server.",
    scale=Scale(
        zero="Three times more than the device can hold comfortably.",
        middle="Half of the memory that the device's system leaves.",
        one="A small part of the device's memory.",
        unknown="The file list shows no weights, or not their size; or they are broken, or adapt a "
        "base of unknown size.",
    ),
    sources=(
        "Raspberry Pi 3 and Jetson Nano 2 GB data sheets (memory)",
        "Hugging Face Accelerate, model memory estimation: weights plus about as much to run",
    ),
    judge=judge,
    uses=("model", "base"),
)
