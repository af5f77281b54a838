"""How well the model's training data are documented, measured and used."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.curves import halves, logarithmic, rounded, weighted
from artifacts.rules.rating.dataset_citations import cite_dataset, cite_mention
from artifacts.rules.rating.evidence import DatasetFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown
from artifacts.rules.reading import ReadState

# Half of the score is what people wrote about the data: without it nobody can judge what a model
# learned from them, however large and popular they are.
_WEIGHTS = {"documentation": 0.50, "size": 0.12, "splits": 0.08, "license": 0.15, "use": 0.15}
# Ten thousand downloads a month put a data set among the thousand most used ones of the Hub.
_FULL_DOWNLOADS = 10_000
_NO_LICENSE = frozenset(("", "unknown", "other", "none"))
# Topics that a reason names when a card is silent on them.
_TOPICS = {
    "description": "what they are",
    "making": "how they were made",
    "structure": "their structure",
    "cautions": "biases and limits",
    "uses": "intended uses",
    "terms": "terms and citation",
}
_NAMES_MAX = 5


def judge(evidence: Evidence) -> Result:
    """Judge the training data sets by the best one that is known."""
    if isinstance(evidence.datasets, Missing):
        return unknown(evidence.datasets.reason, try_later=evidence.datasets.try_later)
    training = [each for each in evidence.datasets if each.purpose == "training"]
    found = [each for each in training if each.is_found]
    waiting = [each for each in training if each.is_to_be_asked]
    facts = {
        "named": [each.repository for each in training],
        "found": len(found),
        "not_asked": [each.repository for each in waiting],
    }
    later = _say_later(waiting)
    mentions = [cite_mention(evidence.model, each) for each in training]
    if not found:
        reason = f"{_say_none(training)}{later}".strip()
        return unknown(reason, facts, citations=mentions, is_provisional=bool(waiting))
    best = max(found, key=lambda each: (quality(each), each.repository))
    shown = {name: rounded(share) for name, share in _shares(best).items()}
    return scored(
        rounded(quality(best)),
        f"{_say(best)}{later}",
        {**facts, "judged": best.repository, **shown},
        citations=(*_citations(evidence, best), *mentions),
        is_provisional=bool(waiting),
    )


def quality(dataset: DatasetFacts) -> float:
    """Score how good a data set looks from outside.

    Where its card is closed to us or too much to read, the rest decides: nobody can tell then
    whether it is documented.
    """
    shares = _shares(dataset)
    score = weighted((weight, shares[name]) for name, weight in _WEIGHTS.items() if name in shares)
    return score / sum(_WEIGHTS[name] for name in shares)


def _shares(dataset: DatasetFacts) -> dict[str, float]:
    """Return each part of the score that can be judged, from 0 to 1."""
    counted = dataset.examples is not None or bool(dataset.card.get("size_categories"))
    shares = {
        "documentation": dataset.documentation.share(),
        "size": (counted + (dataset.size_bytes is not None)) / 2,
        "splits": float(bool(dataset.splits)),
        "license": float(dataset.license.lower() not in _NO_LICENSE),
        "use": logarithmic(dataset.downloads or 0, _FULL_DOWNLOADS),
    }
    if _is_closed(dataset):
        del shares["documentation"]
    return shares


def _is_closed(dataset: DatasetFacts) -> bool:
    """Whether there is a card that could not be read."""
    return dataset.text_reading.state in (ReadState.NOT_OPENED, ReadState.UNREADABLE)


def _say(dataset: DatasetFacts) -> str:
    """Say what is good about a data set, and what is lacking."""
    strong, weak = halves(_shares(dataset))
    reason = f"{dataset.repository}: {', '.join(strong) or 'nothing'} as it should be"
    reason += f", but not {', '.join(weak)}." if weak else "."
    if _is_closed(dataset):
        return f"{reason} Its documentation is not judged. {dataset.text_reading.reason}"
    if dataset.text_reading.state is ReadState.NOT_ASKED:
        return f"{reason} Its card was not asked for yet."
    shares = dataset.documentation.shares()
    silent = [words for topic, words in _TOPICS.items() if not shares[topic]]
    if len(silent) == len(_TOPICS):
        return f"{reason} Its card says nothing about the data in words."
    # Sentences are known by usual words: what they tell in others was not seen.
    return f"{reason} In its card nothing was found on {', '.join(silent)}." if silent else reason


def _say_none(training: Sequence[DatasetFacts]) -> str:
    """Say why no data set can be judged."""
    if not training:
        return "No name of a data set that the model was trained on was found."
    absent = [each for each in training if each.reading.state is ReadState.ABSENT]
    unlinked = [each for each in training if not each.url]
    others = [each for each in training if each.url and each.reading.state is ReadState.NOT_OPENED]
    if len(absent) == len(training):
        return "None of the data sets that the card names could be looked at."
    parts = []
    if absent:
        parts.append(f"The Hub does not show {_list(absent)}.")
    if unlinked:
        parts.append(f"The card names {_list(unlinked)} without a link to the Hub.")
    if others:
        parts.append(f"Left out, since the card names too many: {_list(others)}.")
    unread = [each for each in training if each.url and each.reading.state is ReadState.UNREADABLE]
    if unread:
        parts.append(f"What the Hub says of {_list(unread)} could not be read.")
    return " ".join(parts)


def _say_later(waiting: Sequence[DatasetFacts]) -> str:
    """Say which data sets there is more to ask about, "" for none."""
    unasked = [each for each in waiting if each.reading.state is ReadState.NOT_ASKED]
    if unasked:
        sets, were = ("set", "was") if len(unasked) == 1 else ("sets", "were")
        return f" The data {sets} {_list(unasked)} {were} not asked for yet; it is rated again."
    return " It is rated again with all there is." if waiting else ""


def _list(datasets: Sequence[DatasetFacts]) -> str:
    """Return the names of data sets, as many as a sentence bears."""
    names = [each.repository for each in datasets]
    more = f" and {len(names) - _NAMES_MAX} more" if len(names) > _NAMES_MAX else ""
    return f"{', '.join(names[:_NAMES_MAX])}{more}"


def _citations(evidence: Evidence, best: DatasetFacts) -> tuple[Citation, ...]:
    """Return where the judged data set is described, and where the model's card names it."""
    return (*cite_dataset(best), cite_mention(evidence.model, best))


METRIC = Metric(
    name=MetricName.DATASET_QUALITY,
    sentence="How well the data that the model was trained on are documented, measured and used.",
    scale=Scale(
        zero="The data set exists, and nothing is said about it.",
        middle="Size, license and users are known, but nobody wrote about the data; or a good text "
        "alone.",
        one="A text on what the data are, how they were made, their structure, limits, uses and "
        "terms; size, splits and license; thousands of downloads a month.",
        unknown="The card names no data set of training, or none that could be looked at.",
    ),
    sources=(
        "Gebru et al., Datasheets for Datasets, arXiv:1803.09010",
        "Pushkarna et al., Data Cards, arXiv:2204.01075",
        "Hugging Face, Dataset Cards (template, dataset_info)",
        "MLCommons, Croissant format specification 1.0, with its vocabulary for responsible AI",
    ),
    judge=judge,
    uses=("datasets",),
)
