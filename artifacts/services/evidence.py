"""Gathering what a rating rests on: the sources are asked at once, and what fails says so."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import SourceAbsent, SourceError, SourceTooLarge, TooMuchToRead
from artifacts.limits import EVIDENCE_HUB_REQUESTS_MAX, RATING_HUB_REQUESTS_MAX
from artifacts.models import Artifact, SearchDocument
from artifacts.rules.rating.evidence import (
    CodeFacts,
    CommitFacts,
    DatasetFacts,
    Evidence,
    Missing,
    ModelFacts,
    ParentFacts,
)
from artifacts.rules.rating.libraries import REPOSITORIES
from artifacts.rules.rating.links import DatasetMention, find_code, find_datasets
from artifacts.rules.readme import Readme, parse_readme
from artifacts.services.parent_links import ParentLink
from artifacts.sources.base import Deadline
from artifacts.sources.github.evidence import fetch_code_facts
from artifacts.sources.huggingface.client import hub
from artifacts.sources.huggingface.evidence import (
    fetch_card,
    fetch_commits,
    fetch_dataset,
    named_dataset,
)
from artifacts.sources.parallel import at_once

logger = logging.getLogger(__name__)

_NO_CODE = Missing("the card names no code repository, and the library that loads it is unknown.")


@dataclass(frozen=True)
class Gathered:
    """Evidence, and how long each group of it took to gather, in seconds."""

    evidence: Evidence
    gathered_s: Mapping[str, float]


def gather_evidence(
    model: ModelFacts, *, commit: str, parents: tuple[ParentLink, ...], deadline: Deadline
) -> Gathered:
    """Ask the sources about everything that a rating may rest on, all at once.

    Beside what the snapshot took, the Hub is asked at most `EVIDENCE_HUB_REQUESTS_MAX` times: for
    the history, the card of the base model, data sets. What does not answer becomes `Missing`:
    nothing is made up.
    """
    spent = deadline.answers_of(hub().base_url)
    allowed = min(spent + EVIDENCE_HUB_REQUESTS_MAX, RATING_HUB_REQUESTS_MAX)
    readme, unread = _read(model)
    mentions = find_datasets(model.card, model.tags, readme)
    place = _find_code(model, readme, unread, parents, deadline)
    left = allowed - deadline.answers_of(hub().base_url)
    asks_history = _asks_history(place, mentions, left)
    asked = _affordable(mentions, left - asks_history)
    found = at_once(
        partial(_timed, partial(_code, place, model.library, deadline)),
        partial(_timed, partial(_commits, model, commit, deadline, is_wanted=asks_history)),
        *(partial(_timed, partial(_dataset, mention, deadline)) for mention in asked),
    )
    (code, code_s), (commits, commits_s), *datasets = found
    started_s = time.monotonic()
    registered = registered_parents(parents)
    parents_s = time.monotonic() - started_s
    evidence = Evidence(
        model=model,
        commits=commits,
        code=code,
        datasets=unread
        if unread and not mentions
        else _datasets(mentions, dict(zip(asked, (each for each, _ in datasets), strict=True))),
        parents=registered,
    )
    datasets_s = max((seconds for _, seconds in datasets), default=0.0)
    return Gathered(
        evidence,
        {"code": code_s, "commits": commits_s, "datasets": datasets_s, "parents": parents_s},
    )


def registered_parents(parents: tuple[ParentLink, ...]) -> tuple[ParentFacts, ...]:
    """Return those of a model's parents that are registered and rated."""
    keys = [each.parent_key for each in parents if each.parent_type == ArtifactType.MODEL]
    found = Artifact.objects.visible().filter(
        type=ArtifactType.MODEL,
        source_key__in=keys,
        current_revision__current_rating__isnull=False,
    )
    rows = found.order_by("id").values_list(
        "id", "name", "current_revision__current_rating__net_score"
    )
    return tuple(ParentFacts(*row) for row in rows)


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return what a call returns, and the seconds it took."""
    started_s = time.monotonic()
    return call(), time.monotonic() - started_s


def _code(
    place: tuple[str, str] | Missing, library: str, deadline: Deadline
) -> CodeFacts | Missing:
    """Ask GitHub about a code repository; about the library's where the card's does not exist."""
    if isinstance(place, Missing):
        return place
    try:
        return fetch_code_facts(place[0], found_by=place[1], deadline=deadline)
    except SourceAbsent as error:
        last_resort = REPOSITORIES.get(library)
        if last_resort is None or last_resort == place[0]:
            return _missing(error)
        found = _code((last_resort, "library"), library, deadline)
        return replace(found, instead_of=place[0]) if isinstance(found, CodeFacts) else found
    except SourceError as error:
        return _missing(error)


def _read(model: ModelFacts) -> tuple[Readme, Missing | None]:
    """Return a model's README, and why there may be more in it, or in its card, than is known."""
    known = model.unread.get("card")
    unread = Missing(f"it may be named where it was not read. {known}") if known else None
    try:
        return parse_readme(model.readme), unread
    except TooMuchToRead as error:
        return Readme(), _unread(error)


def _unread(error: TooMuchToRead) -> Missing:
    """Say why facts are not there that a README or card may name."""
    return Missing(
        f"it may be named where it was not read. {error.message}", try_later=error.try_later
    )


def _find_code(
    model: ModelFacts,
    readme: Readme,
    unread: Missing | None,
    parents: tuple[ParentLink, ...],
    deadline: Deadline,
) -> tuple[str, str] | Missing:
    """Return a GitHub repository and how it was found, the nearest to the model first."""
    if model.origin == SourceKind.GITHUB:
        return model.repository, "card"
    found = find_code(model.repository, model.card, readme)
    if found is not None or unread is not None:
        return found or unread or _NO_CODE
    base = _base_of(parents)
    if base is not None:
        try:
            found = find_code(base.parent_name, {}, parse_readme(_card_of_base(base, deadline)))
        except SourceError as error:
            return _missing(error)
        except TooMuchToRead as error:
            return _unread(error)
        if found is not None:
            return found[0], "base_model"
    library = REPOSITORIES.get(model.library)
    return (library, "library") if library else _NO_CODE


def _base_of(parents: tuple[ParentLink, ...]) -> ParentLink | None:
    """Return the first model that a model was made from."""
    return next((each for each in parents if each.parent_type == ArtifactType.MODEL), None)


def _asks_history(
    place: tuple[str, str] | Missing, mentions: tuple[DatasetMention, ...], requests: int
) -> bool:
    """Whether the history of the model's repository is asked for.

    Those who write the model's code are its team. Where that is known, the first data set goes
    before the history, should there be no request left for both.
    """
    if isinstance(place, Missing) or place[1] == "library":
        return True
    first = next((each for each in mentions if _is_asked_for(each)), None)
    return first is None or _cost(first) != requests


def _affordable(mentions: tuple[DatasetMention, ...], requests: int) -> list[DatasetMention]:
    """Return the data sets of training to ask for, as many as there are requests left."""
    chosen: list[DatasetMention] = []
    for mention in filter(_is_asked_for, mentions):
        if _cost(mention) <= requests:
            requests -= _cost(mention)
            chosen.append(mention)
    return chosen


def _is_asked_for(mention: DatasetMention) -> bool:
    """Whether a data set has a say, and an address: sentences name some without one."""
    return mention.purpose == "training" and bool(mention.url)


def _cost(mention: DatasetMention) -> int:
    """Return the requests that a data set costs; the Hub redirects old names without an owner."""
    return 1 if "/" in mention.repository else 2


def _card_of_base(base: ParentLink, deadline: Deadline) -> str:
    """Return the card of a base model: ours if it is registered, else the Hub's."""
    ours = SearchDocument.objects.filter(
        artifact__type=ArtifactType.MODEL, artifact__source_key=base.parent_key
    )
    readme = ours.values_list("readme", flat=True).first()
    return fetch_card(base.parent_name, deadline) if readme is None else readme


def _commits(
    model: ModelFacts, commit: str, deadline: Deadline, *, is_wanted: bool
) -> CommitFacts | Missing:
    """Ask the Hub who commits to the model's repository."""
    if not is_wanted:
        return Missing("its history was not looked at, since its code has contributors.")
    if model.origin != SourceKind.HUGGINGFACE_MODEL:
        return Missing("the model is not from the Hub, so it has no history there.")
    try:
        return fetch_commits(model.repository, commit, deadline)
    except SourceError as error:
        return _missing(error)


def _dataset(mention: DatasetMention, deadline: Deadline) -> DatasetFacts | Missing:
    """Ask the Hub about a data set."""
    try:
        return fetch_dataset(mention, deadline)
    except SourceError as error:
        return _missing(error)


def _datasets(
    mentions: tuple[DatasetMention, ...],
    asked: Mapping[DatasetMention, DatasetFacts | Missing],
) -> tuple[DatasetFacts, ...] | Missing:
    """Return all data sets that the card names; those that were asked for with what is known.

    One whose source does not answer hides nothing while another of them is known.
    """
    answers = list(asked.values())
    silent = [each for each in answers if isinstance(each, Missing)]
    if silent and len(silent) == len(answers):
        return silent[0]
    known = {key: each for key, each in asked.items() if isinstance(each, DatasetFacts)}
    return tuple(known.get(each) or named_dataset(each) for each in mentions)


def _missing(error: SourceError) -> Missing:
    """Say why facts are not there."""
    logger.info("evidence.missing", extra={"reason": error.message})
    # Only that something does not exist is an answer, or that it is too much. A loop of redirects
    # or refused credentials tell nothing about the model, and an operator may mend them.
    is_final = isinstance(error, SourceAbsent | SourceTooLarge)
    return Missing(error.message, try_later=not is_final)
