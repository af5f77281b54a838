"""How well the data that the model was trained on are documented, measured and used."""

from __future__ import annotations

from artifacts.rules.rating.curves import halves, logarithmic, rounded, saturating, weighted
from artifacts.rules.rating.evidence import DatasetFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown

_DOCUMENTED, _MEASURED, _SPLIT, _LICENSED, _USED = 0.30, 0.20, 0.10, 0.15, 0.25
# Fields of the Hub's dataset card that somebody has to think about; five are a thorough card.
_CARD_FIELDS = (
    "annotations_creators", "language", "language_creators", "license", "multilinguality",
    "pretty_name", "size_categories", "source_datasets", "task_categories", "task_ids",
    "paperswithcode_id",
)  # fmt: skip
_FULL_CARD_FIELDS = 5
# A description of 30 words is half of what one wants to read before using data.
_HALF_DESCRIPTION_WORDS = 30
# Ten thousand downloads a month: among the thousand most used data sets of the Hub.
_FULL_DOWNLOADS = 10_000
_NO_LICENSE = frozenset(("", "unknown", "other", "none"))


def judge(evidence: Evidence) -> Result:
    """Judge the best known of the data sets that the model was trained on."""
    if isinstance(evidence.datasets, Missing):
        return unknown(evidence.datasets.reason, try_later=evidence.datasets.try_later)
    training = [each for each in evidence.datasets if each.purpose == "training"]
    found = [each for each in training if each.is_found]
    facts = {"named": [each.repository for each in training], "found": len(found)}
    if not found:
        return unknown(
            "None of the data sets that the card names could be looked at."
            if training
            else "The card names no data set that the model was trained on.",
            facts,
        )
    best = max(found, key=lambda each: (quality(each), each.repository))
    shares = _shares(best)
    strong, weak = halves(shares)
    reason = f"{best.repository}: {', '.join(strong) or 'nothing'} as it should be"
    reason += f", but not {', '.join(weak)}." if weak else "."
    shown = {name: rounded(share) for name, share in shares.items()}
    return scored(rounded(quality(best)), reason, {**facts, "judged": best.repository, **shown})


def quality(dataset: DatasetFacts) -> float:
    """Return how good a data set looks from outside."""
    shares = _shares(dataset)
    return weighted((
        (_DOCUMENTED, shares["documentation"]),
        (_MEASURED, shares["size"]),
        (_SPLIT, shares["splits"]),
        (_LICENSED, shares["license"]),
        (_USED, shares["use"]),
    ))  # fmt: skip


def _shares(dataset: DatasetFacts) -> dict[str, float]:
    """Return each part from 0 to 1."""
    fields = sum(bool(dataset.card.get(name)) for name in _CARD_FIELDS)
    words = len(dataset.description.split())
    documented = max(
        min(1.0, fields / _FULL_CARD_FIELDS), saturating(words, _HALF_DESCRIPTION_WORDS)
    )
    counted = dataset.examples is not None or bool(dataset.card.get("size_categories"))
    return {
        "documentation": documented,
        "size": (counted + (dataset.size_bytes is not None)) / 2,
        "splits": float(bool(dataset.splits)),
        "license": float(dataset.license.lower() not in _NO_LICENSE),
        "use": logarithmic(dataset.downloads or 0, _FULL_DOWNLOADS),
    }


METRIC = Metric(
    name="dataset_quality",
    title="Data set quality",
    sentence="How well the data that the model was trained on are documented, measured and used.",
    scale=Scale(
        zero="The data set exists, and nothing is said about it.",
        middle="A card with some fields filled in, and some users.",
        one="A full card with size, splits and license; thousands of downloads a month.",
        unknown="The card names no data set of training, or none that could be looked at.",
    ),
    sources=(
        "Hugging Face, Dataset Cards (front matter, dataset_info)",
        "Gebru et al., Datasheets for Datasets, arXiv:1803.09010",
    ),
    judge=judge,
    uses=("datasets",),
)
