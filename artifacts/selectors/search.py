"""Finding artifacts by a regular expression over names and READMEs."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from artifacts.exceptions import NothingFound, TooManyQueries
from artifacts.limits import REGEX_RESULTS_MAX
from artifacts.models import Artifact, SearchDocument
from artifacts.rules.search.expressions import Expression, compile_expression
from artifacts.rules.search.nodes import AllOf, AnyOf, Formula, Literal

# Documents that are in memory at once; a README has at most 1 MB, and mostly a few kB.
_CHUNK_ROWS = 200
_INDEXED_IDS = "SELECT rowid FROM artifacts_searchindex WHERE artifacts_searchindex MATCH %s"


def find_by_expression(text: str) -> list[Artifact]:
    """Return the artifacts whose name or README an expression is found in, oldest first.

    Raises:
        InvalidExpression: it may not be searched for, and why.
        NothingFound: nothing fits.
        TooManyQueries: more than `REGEX_RESULTS_MAX` fit; the contract gives no pages here.
    """
    expression = compile_expression(text)
    found = list(_matching(expression))
    if not found:
        raise NothingFound("No name and no README fits this regular expression.")
    return sorted(found, key=lambda artifact: (artifact.created_us, artifact.id))


def _matching(expression: Expression) -> Iterator[Artifact]:
    """Judge the candidates one by one."""
    count = 0
    for pk, kind, created_us, name, readme in _candidates(expression.required).iterator(
        chunk_size=_CHUNK_ROWS
    ):
        if not expression.matches(name) and not expression.matches(readme):
            continue
        count += 1
        if count > REGEX_RESULTS_MAX:
            raise TooManyQueries(
                f"Over {REGEX_RESULTS_MAX:,} artifacts fit. Narrow the expression, or list them "
                "page by page with POST /artifacts."
            )
        yield Artifact(id=pk, type=kind, name=name, created_us=created_us)


def _candidates(
    required: Formula | None,
) -> QuerySet[SearchDocument, tuple[str, str, int, str, str]]:
    """Return the documents that the index cannot rule out, as columns."""
    documents = SearchDocument.objects.filter(artifact__current_revision__isnull=False)
    if required is not None:
        if connection.vendor == "sqlite":
            documents = documents.filter(id__in=RawSQL(_INDEXED_IDS, (_match_query(required),)))  # noqa: S611  (a constant)
        else:
            documents = documents.filter(_condition(required))
    return documents.values_list(
        "artifact_id", "artifact__type", "artifact__created_us", "name", "readme"
    )


def _match_query(formula: Formula) -> str:
    """Return a formula in the query language of FTS5 (sqlite.org/fts5.html, section 3)."""
    if isinstance(formula, Literal):
        return '"' + formula.text.replace('"', '""') + '"'
    word = " AND " if isinstance(formula, AllOf) else " OR "
    return "(" + word.join(_match_query(part) for part in formula.parts) + ")"


def _condition(formula: Formula) -> Q:
    """Return a formula as conditions that the indexes of pg_trgm answer."""
    if isinstance(formula, Literal):
        return Q(name__icontains=formula.text) | Q(readme__icontains=formula.text)
    conditions = [_condition(part) for part in formula.parts]
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined | condition if isinstance(formula, AnyOf) else joined & condition
    return joined
