"""Finding artifacts by a regular expression over names and READMEs."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from artifacts.exceptions import NothingFound, SearchTooCostly, TooManyQueries
from artifacts.limits import (
    MATCHING_CPU_MAX_S,
    MATCHING_CPU_MAX_S_PER_MB,
    REGEX_RESULTS_MAX,
    SEARCH_CPU_MAX_S,
    SEARCH_MAX_S,
)
from artifacts.models import Artifact
from artifacts.rules.search.expressions import Expression, compile_expression
from artifacts.rules.search.sought import Named, list_matched
from artifacts.selectors.catalogue.candidates import Document, list_candidates

# How many artifacts one query reads: few enough for the database to use its index.
_BATCH = 50


class Matching(NamedTuple):
    """The artifacts that match an expression, oldest first, and the ids of those it is for."""

    artifacts: list[Artifact]
    sought: list[str]


def find_by_expression(text: str) -> Matching:
    """Return the artifacts whose name or README matches an expression.

    Raises:
        InvalidExpression: the expression is refused; the message says why.
        NothingFound: nothing matches.
        SearchTooCostly: the search exceeds its budget.
        TooManyQueries: more than `REGEX_RESULTS_MAX` match; the contract has no pages here.
    """
    expression = compile_expression(text)
    found = list(_matching(expression))
    if not found:
        raise NothingFound("No name and no README fits this regular expression.")
    found.sort(key=lambda artifact: (artifact.created_us, artifact.id))
    return Matching(found, list_meant(expression, found))


def list_meant(expression: Expression, found: Sequence[Named]) -> list[str]:
    """Return the ids of those that an expression is for; one that fits anything is for none.

    One without letters that an index could look up fits anything.
    """
    return list_matched(found, expression.matches) if expression.required is not None else []


def find_ids_by_expression(expression: Expression) -> frozenset[str]:
    """Return the ids of what matches, also of artifacts that are not visible yet.

    Raises:
        SearchTooCostly, TooManyQueries: as above.
    """
    found: set[str] = set()
    for artifact_id in _list_fitting(expression):
        found.add(artifact_id)
        _check_count(len(found))
    return frozenset(found)


def _matching(expression: Expression) -> Iterator[Artifact]:
    """Yield the candidates that match."""
    count = 0
    fitting = _list_fitting(expression)
    while ids := list(islice(fitting, _BATCH)):
        rows = Artifact.objects.shown().filter(id__in=ids)
        found = list(rows.only("id", "type", "name", "created_us"))
        count += len(found)
        _check_count(count)
        yield from found


def _list_fitting(expression: Expression) -> Iterator[str]:
    """Yield the ids of the candidates that match."""
    budget = _Budget()
    for document in list_candidates(expression.required):
        if budget.spend(expression, document):
            yield document.artifact_id


def _check_count(count: int) -> None:
    """Refuse to go on with too many results."""
    if count > REGEX_RESULTS_MAX:
        raise TooManyQueries(
            f"Over {REGEX_RESULTS_MAX:,} artifacts fit. Narrow the expression, or list them "
            "page by page with POST /artifacts."
        )


class _Budget:
    """What one search may cost; checked between two documents, each of which costs little.

    It limits the CPU time of this thread, which is what a search takes away from everybody else;
    waiting for the database or for other threads does not count. A second limit depends on the
    amount of text, so that an expression that is slow in RE2 ends early in a small registry too.
    """

    def __init__(self) -> None:
        """Begin to count."""
        self._started_s = time.monotonic()
        self._cpu_started_s = time.thread_time()
        self._matching_s = 0.0
        self._matching_max_s = MATCHING_CPU_MAX_S

    def spend(self, expression: Expression, document: Document) -> bool:
        """Match a document.

        Raises:
            SearchTooCostly: the budget was already spent.
        """
        before_s = time.thread_time()
        if before_s - self._cpu_started_s > SEARCH_CPU_MAX_S:
            raise SearchTooCostly(f"{SEARCH_CPU_MAX_S:g} s of CPU time")
        if time.monotonic() - self._started_s > SEARCH_MAX_S:
            raise SearchTooCostly(f"{SEARCH_MAX_S:g} s")
        if self._matching_s > self._matching_max_s:
            raise SearchTooCostly(
                f"{MATCHING_CPU_MAX_S:g} s of CPU time, and {MATCHING_CPU_MAX_S_PER_MB * 1000:g} "
                "ms for each megabyte of text"
            )
        is_found = expression.matches(document.name) or expression.matches(document.readme)
        self._matching_s += time.thread_time() - before_s
        self._matching_max_s += len(document.readme) / 1_000_000 * MATCHING_CPU_MAX_S_PER_MB
        return is_found
