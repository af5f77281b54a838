"""Gathering the evidence for a rating: asks all sources at once and keeps why one failed."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import SourceAbsent, SourceError, TooMuchToRead
from artifacts.limits import (
    EVIDENCE_HUB_REQUESTS_MAX,
    PATIENT_HUB_REQUESTS_MAX,
    RATING_HUB_REQUESTS_MAX,
)
from artifacts.models import Artifact
from artifacts.rules.rating.ancestry import BaseFacts, BaseSize, ParentFacts
from artifacts.rules.rating.attribution import CopyFacts
from artifacts.rules.rating.dataset_mentions import DatasetMention, find_datasets
from artifacts.rules.rating.evidence import (
    OWN_CODE,
    CodeFacts,
    CommitFacts,
    Evidence,
    Missing,
    ModelFacts,
)
from artifacts.rules.rating.libraries import REPOSITORIES
from artifacts.rules.rating.metric import EvidenceGroup
from artifacts.rules.reading import find_unread
from artifacts.rules.readme import Readme, parse_readme
from artifacts.selectors.lineage.bases import list_bases
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.services.trust.base_size import ask_for_size, find_our_size, find_unsized_base
from artifacts.services.trust.code_search import CodePlace, search_code
from artifacts.services.trust.copies import find_copy
from artifacts.services.trust.dataset_search import (
    ask_about,
    find_cost,
    is_asked_for,
    list_datasets,
    plan_questions,
)
from artifacts.services.trust.missing import missing, unread_facts
from artifacts.sources.github.evidence import fetch_code_facts
from artifacts.sources.huggingface.client import hub
from artifacts.sources.huggingface.evidence import fetch_commits
from artifacts.sources.huggingface.results import choose_results, fetch_results
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.parallel import at_once

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Gathered:
    """Evidence, and how long each group of it took to gather, in seconds."""

    evidence: Evidence
    gathered_s: Mapping[EvidenceGroup, float]


def gather_evidence(
    model: ModelFacts, *, commit: str, parents: tuple[ParentLink, ...], inquiry: Inquiry
) -> Gathered:
    """Ask the sources about everything that a rating may rest on, all at once.

    Besides the requests for the snapshot, the Hub is asked at most `EVIDENCE_HUB_REQUESTS_MAX`
    times (if no registration waits, `PATIENT_HUB_REQUESTS_MAX` times): for results, the history,
    the base model's card and size, and data sets. Facts that a source does not give become
    `Missing`, with the reason; none are made up.
    """
    spent = inquiry.count_answers(hub().base_url)
    allowed = min(spent + EVIDENCE_HUB_REQUESTS_MAX, RATING_HUB_REQUESTS_MAX)
    if inquiry.is_patient:
        allowed = spent + PATIENT_HUB_REQUESTS_MAX
    readme, unread = _read(model)
    mentions = find_datasets(model.card, model.tags, readme, model.repository)
    copy = _copy(model, parents)
    search = search_code(model, readme, unread, parents, inquiry, copy)
    place = search.place
    left = allowed - inquiry.count_answers(hub().base_url)
    # One is left for the history; in a task, which took no snapshot, there are enough.
    results = choose_results(model, left - bool(spent))
    left -= len(results)
    base = find_unsized_base(model, parents)
    known_size = find_our_size(base) if base is not None else None
    asks_base = base is not None and known_size is None and left > 0
    left -= asks_base
    asks_history = _asks_history(place, mentions, left)
    questions = plan_questions(mentions, left - asks_history)
    found = at_once(
        partial(_timed, partial(_code, place, model.library, inquiry)),
        partial(_timed, partial(_commits, model, commit, inquiry, is_wanted=asks_history)),
        partial(_timed, partial(fetch_results, model, results, inquiry)),
        partial(_timed, partial(_base_size, base, known_size, inquiry, is_asked=asks_base)),
        *(partial(_timed, partial(ask_about, question, inquiry)) for question in questions),
    )
    (code, code_s), (commits, commits_s), (model, results_s), (base_size, base_s), *datasets = found
    started_s = time.monotonic()
    registered = registered_parents(parents)
    bases = registered_bases(parents)
    answers = (answer for answer, _ in datasets)
    asked = dict(zip((each.mention for each in questions), answers, strict=True))
    parents_s = time.monotonic() - started_s
    evidence = Evidence(
        model=model,
        commits=commits,
        code=code,
        datasets=unread if unread and not mentions else list_datasets(mentions, asked, inquiry),
        parents=registered,
        bases=bases,
        base_size=base_size,
        mentioned_code=search.mentioned,
        copy=copy,
    )
    datasets_s = max((seconds for _, seconds in datasets), default=0.0)
    return Gathered(
        evidence,
        {
            "model": results_s,
            "code": code_s,
            "commits": commits_s,
            "datasets": datasets_s,
            "parents": parents_s,
            "base": base_s,
        },
    )


def registered_parents(parents: tuple[ParentLink, ...]) -> tuple[ParentFacts, ...]:
    """Return the parents of a model that are registered and rated."""
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


def registered_bases(parents: tuple[ParentLink, ...], child_id: str = "") -> tuple[BaseFacts, ...]:
    """Return all registered ancestors of a model, which bind it by their licenses."""
    keys = [each.parent_key for each in parents if each.parent_type == ArtifactType.MODEL]
    return list_bases(keys, besides=child_id) if keys else ()


def _timed(call: Callable[[], Any]) -> tuple[Any, float]:
    """Return a call's result and the seconds it took."""
    started_s = time.monotonic()
    return call(), time.monotonic() - started_s


def _code(place: CodePlace | Missing, library: str, inquiry: Inquiry) -> CodeFacts | Missing:
    """Ask GitHub about a code repository, or the library's if the card's does not exist."""
    if isinstance(place, Missing):
        return place
    try:
        facts = fetch_code_facts(
            place.repository, found_by=place.found_by, inquiry=inquiry, commit=place.commit
        )
        return replace(facts, ownership=place.ownership)
    except SourceAbsent as error:
        last_resort = REPOSITORIES.get(library)
        if last_resort is None or last_resort == place.repository:
            return _tell_gone(place, error)
        found = _code(CodePlace(last_resort, "library"), library, inquiry)
        if isinstance(found, Missing) or place.found_by not in OWN_CODE:
            return found
        return replace(found, instead_of=place.repository)
    except SourceError as error:
        return missing(error)


def _tell_gone(place: CodePlace, error: SourceAbsent) -> Missing:
    """Say whose repository does not exist; only the model's own could have told about the model."""
    if place.found_by in OWN_CODE:
        return missing(error)
    whose = "its base" if place.found_by == "base_model" else "the library that loads it"
    return Missing(
        f"the model shows no code of its own, and {place.repository}, that of {whose}, was not "
        "found on GitHub."
    )


def _read(model: ModelFacts) -> tuple[Readme, Missing | None]:
    """Return a model's README, and why part of it, or of the card, could not be read, if so."""
    reasons = [each.reason for each in find_unread(model.readings, ("readme", "card"))]
    unread = Missing(f"it may be named where it was not read. {reasons[0]}") if reasons else None
    try:
        return parse_readme(model.readme), unread
    except TooMuchToRead as error:
        return Readme(), unread_facts(error)


def _asks_history(
    place: CodePlace | Missing, mentions: tuple[DatasetMention, ...], requests: int
) -> bool:
    """Whether to ask for the history of the model's repository.

    The authors of the model's code count as its team. Where they are known and the requests do not
    suffice for both, the first data set takes precedence over the history.
    """
    if isinstance(place, Missing) or place.found_by in ("base_model", "library"):
        return True
    first = next((each for each in mentions if is_asked_for(each)), None)
    return first is None or find_cost(first) != requests


def _base_size(
    base: ParentLink | None, known: BaseSize | Missing | None, inquiry: Inquiry, *, is_asked: bool
) -> BaseSize | Missing | None:
    """Return the size of the model that an adapter needs; None where nobody has to know it."""
    if base is None or known is not None:
        return known
    return ask_for_size(base, inquiry, is_asked=is_asked)


def _copy(model: ModelFacts, parents: tuple[ParentLink, ...]) -> CopyFacts | None:
    """Return what the model copies; None also if comparing the cards is too much."""
    try:
        return find_copy(model, parents)
    except TooMuchToRead as error:
        logger.info("evidence.not_compared", extra={"reason": error.message})
        return None


def _commits(
    model: ModelFacts, commit: str, inquiry: Inquiry, *, is_wanted: bool
) -> CommitFacts | Missing:
    """Ask the Hub who commits to the model's repository."""
    if not is_wanted:
        return Missing("its history was not looked at, since its code has contributors.")
    if model.origin != SourceKind.HUGGINGFACE_MODEL:
        return Missing("the model is not from the Hub, so it has no history there.")
    try:
        return fetch_commits(model.repository, commit, inquiry)
    except SourceError as error:
        return missing(error)
