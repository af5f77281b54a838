"""Asking the Hub about the data sets that a model's card names, as far as requests are left.

What a registration has no request for is marked as not asked, and the rating as provisional; the
task that rates again asks for the rest (docs/decisions/0053).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from artifacts.exceptions import SourceError
from artifacts.rules.rating.dataset_mentions import DatasetMention
from artifacts.rules.rating.evidence import DatasetFacts, Missing
from artifacts.rules.reading import Reading, ReadState
from artifacts.services.trust.missing import missing
from artifacts.sources.huggingface.datasets import (
    add_card,
    add_croissant,
    fetch_dataset,
    named_dataset,
)
from artifacts.sources.inquiry import Inquiry

_NO_ADDRESS = Reading(ReadState.NOT_OPENED, reason="The card gives no address of it on the Hub.")
_NOT_OF_TRAINING = Reading(ReadState.NOT_OPENED, reason="The model was not trained on it.")
_NOT_YET = Reading(ReadState.NOT_ASKED, reason="It was not asked for yet.")
_TOO_MANY = Reading(ReadState.NOT_OPENED, reason="The card names more than are asked for.")


@dataclass(frozen=True)
class DatasetQuestion:
    """What to ask about a data set, besides whether the Hub knows it."""

    mention: DatasetMention
    is_card_wanted: bool
    is_croissant_wanted: bool


def plan_questions(mentions: Sequence[DatasetMention], requests: int) -> list[DatasetQuestion]:
    """Return what to ask, as much as the requests allow.

    First whether each data set exists, on which two metrics and the lineage rest; then for the
    cards; then for Croissant metadata.
    """
    chosen: list[DatasetMention] = []
    for mention in filter(is_asked_for, mentions):
        if find_cost(mention) <= requests:
            requests -= find_cost(mention)
            chosen.append(mention)
    return [
        DatasetQuestion(each, number < requests, number < requests - len(chosen))
        for number, each in enumerate(chosen)
    ]


def is_asked_for(mention: DatasetMention) -> bool:
    """Whether a data set counts and has an address; sentences name some that have none."""
    return mention.purpose == "training" and bool(mention.url)


def find_cost(mention: DatasetMention) -> int:
    """Return how many requests it takes to know a data set exists; the Hub redirects old names."""
    return 1 if "/" in mention.repository else 2


def ask_about(question: DatasetQuestion, inquiry: Inquiry) -> DatasetFacts | Missing:
    """Ask the Hub about a data set; `Missing` if it does not answer."""
    try:
        found = fetch_dataset(question.mention, inquiry)
    except SourceError as error:
        return missing(error)
    if found.text_reading.state is ReadState.NOT_ASKED:
        found = _ask_for_card(found, question, inquiry)
    if found.croissant_reading.state is ReadState.NOT_ASKED:
        if question.is_croissant_wanted:
            return add_croissant(found, inquiry)
        return replace(found, croissant_reading=_left_out(inquiry))
    return found


def list_datasets(
    mentions: Sequence[DatasetMention],
    asked: Mapping[DatasetMention, DatasetFacts | Missing],
    inquiry: Inquiry,
) -> tuple[DatasetFacts, ...] | Missing:
    """Return all data sets that the card names, with the facts about those that were asked for.

    Returns:
        `Missing` only if some were asked for and the Hub answered about none of them.
    """
    answers = list(asked.values())
    silent = [each for each in answers if isinstance(each, Missing)]
    if silent and len(silent) == len(answers):
        return silent[0]
    return tuple(_facts(each, asked.get(each), inquiry) for each in mentions)


def _ask_for_card(
    dataset: DatasetFacts, question: DatasetQuestion, inquiry: Inquiry
) -> DatasetFacts:
    """Return the facts with the data set's card, or with the reason why it was not read."""
    if not question.is_card_wanted:
        return replace(dataset, text_reading=_left_out(inquiry))
    try:
        return add_card(dataset, inquiry)
    except SourceError as error:
        reading = Reading(ReadState.NOT_ASKED, reason=missing(error).reason)
        return replace(dataset, text_reading=reading)


def _facts(
    mention: DatasetMention, answer: DatasetFacts | Missing | None, inquiry: Inquiry
) -> DatasetFacts:
    """Return the facts about one of them."""
    if isinstance(answer, DatasetFacts):
        return answer
    if isinstance(answer, Missing):
        return named_dataset(mention, Reading(ReadState.NOT_ASKED, reason=answer.reason))
    if mention.purpose != "training":
        return named_dataset(mention, _NOT_OF_TRAINING)
    return named_dataset(mention, _left_out(inquiry) if mention.url else _NO_ADDRESS)


def _left_out(inquiry: Inquiry) -> Reading:
    """Return the reading of what no request was left for: final if nobody asks with more."""
    return _TOO_MANY if inquiry.is_patient else _NOT_YET
