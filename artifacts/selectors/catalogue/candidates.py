"""Reading the documents that a search has to examine: those the trigram index names, or all.

Uses plain statements of bounded size, one after the other, by id. A server-side cursor would
outlive its statement's time limit and the client, and behind a pooler it would load the whole table
into memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from django.db import OperationalError, connection
from django.db.models import F, Func, IntegerField, Q

from artifacts.limits import REGEX_CANDIDATES_MAX, REGEX_INDEX_TIMEOUT_MS
from artifacts.models import SearchDocument
from artifacts.models.server_settings import transaction_with
from artifacts.rules.search.formula import AllOf, Formula, Literal

# So many documents are read at once, if their texts have no more bytes than that: a README has at
# most 1 MB, and mostly a few kB.
_STEP_ROWS = 2_000
_CHUNK_BYTES = 8_000_000
# The size of a text in bytes, which PostgreSQL knows without reading it.
_SIZE = {"sqlite": "length(CAST({0} AS BLOB))", "postgresql": "octet_length({0})"}
_DOCUMENTS = SearchDocument._meta.db_table  # noqa: SLF001  (Django's documented name for this)
# Three letters or digits in a row make a trigram that pg_trgm can look up; for a text without them
# it would read its whole index.
_TRIGRAM_CHARS = 3
# Letters whose lower case depends on their neighbours, or is two letters, in some locales.
_BY_CONTEXT = "Σσςİı"
OF_LIKE = str.maketrans({sign: f"\\{sign}" for sign in "\\%_"})
# SQLSTATE of "query_canceled", which `statement_timeout` raises.
TOOK_TOO_LONG = "57014"


class Document(NamedTuple):
    """An artifact's id, name and README."""

    artifact_id: str
    name: str
    readme: str


def list_candidates(required: Formula | None) -> Iterator[Document]:
    """Yield the documents that the index cannot rule out."""
    sized = None if required is None else _find_sized(required)
    for chunk in _chunks(_walk() if sized is None else sorted(sized)):
        # Where all documents are read, a range of ids is shorter to write and faster to plan.
        asked = Q(id__in=chunk) if sized is not None else Q(id__range=(chunk[0], chunk[-1]))
        found = SearchDocument.objects.filter(asked)
        yield from (Document(*row) for row in found.values_list("artifact_id", "name", "readme"))


def _walk() -> Iterator[tuple[int, int]]:
    """Yield the id and size of every document, in the order of the ids."""
    last = 0
    while True:
        rows = SearchDocument.objects.filter(id__gt=last).order_by("id")
        step = list(rows.values_list("id", _size())[:_STEP_ROWS])
        yield from step
        if len(step) < _STEP_ROWS:
            return
        last = step[-1][0]


def _size() -> Func:
    """Return the size of a README in bytes."""
    template = _SIZE[connection.vendor].format("%(expressions)s")
    return Func(F("readme"), template=template, output_field=IntegerField())


def _chunks(sized: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the ids of documents that are read at once."""
    chunk: list[int] = []
    chunk_bytes = 0
    for key, size_bytes in sized:
        if chunk and (chunk_bytes + size_bytes > _CHUNK_BYTES or len(chunk) >= _STEP_ROWS):
            yield chunk
            chunk, chunk_bytes = [], 0
        chunk.append(key)
        chunk_bytes += size_bytes
    if chunk:
        yield chunk


def _find_sized(required: Formula) -> list[tuple[int, int]] | None:
    """Ask the index for ids, with sizes; None when it cannot answer, or would name too many."""
    if connection.vendor == "sqlite":
        asked = _match(required)
        if isinstance(required, AllOf):  # in the name or in the README, not some here, some there
            asked = f"{{name}} : {asked} OR {{readme}} : {asked}"
        sized = _run(
            f"SELECT id, {_SIZE['sqlite'].format('readme')} FROM {_DOCUMENTS} WHERE id IN"  # noqa: S608  (constants)
            " (SELECT rowid FROM artifacts_searchindex WHERE artifacts_searchindex MATCH %s"
            " LIMIT %s)",
            [asked, REGEX_CANDIDATES_MAX + 1],
        )
    else:
        found = _find_on_postgresql(required)
        if found is None:
            return None
        sized = found
    return sized if len(sized) <= REGEX_CANDIDATES_MAX else None


def _find_on_postgresql(required: Formula) -> list[tuple[int, int]] | None:
    """Ask pg_trgm: its indexes serve a plain LIKE, which matches texts as RE2 does."""
    asked = _like(required)
    if asked is None:
        return None
    condition, texts = asked
    statement = (
        f"SELECT id, {_SIZE['postgresql'].format('readme')} FROM {_DOCUMENTS}"  # noqa: S608  (constants)
        f" WHERE {condition.format('name')}"
        f" OR {condition.format('readme')} LIMIT %s"
    )
    # The planner believes that a README is a few bytes, and that reading all of them is cheap.
    settings = {"enable_seqscan": "off", "statement_timeout": f"{REGEX_INDEX_TIMEOUT_MS}ms"}
    try:
        with transaction_with(**settings):
            if "ILIKE" in condition and not _run("SELECT lower('I') = 'i'", [])[0][0]:
                return None  # The locale pairs letters differently from RE2 (Turkish, Azeri).
            return _run(statement, [*texts, *texts, REGEX_CANDIDATES_MAX + 1])
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != TOOK_TOO_LONG:
            raise
        return None


def _like(formula: Formula) -> tuple[str, list[str]] | None:
    """Return a formula as a condition, with `{0}` for the column, and its parameters.

    None when it holds nothing that pg_trgm can look up.
    """
    if isinstance(formula, Literal):
        pieces = [text for text in _pieces(formula.text) if has_trigram(text)]
        if not pieces:
            return None
        if formula.is_first:  # which has ordinary letters alone
            return "{0} LIKE %s", [f"{formula.text.translate(OF_LIKE)}%"]
        text = max(pieces, key=len).translate(OF_LIKE)
        return ("{0} ILIKE %s" if formula.is_folded else "{0} LIKE %s"), [f"%{text}%"]
    parts = [_like(part) for part in formula.parts]
    known = [part for part in parts if part is not None]
    if not known or (len(known) < len(parts) and not isinstance(formula, AllOf)):
        return None
    word = " AND " if isinstance(formula, AllOf) else " OR "
    joined = word.join(condition for condition, _ in known)
    return f"({joined})", [text for _, texts in known for text in texts]


def _pieces(text: str) -> list[str]:
    """Split a text at letters whose case the server may treat differently, and drop these."""
    return text.translate({ord(letter): "\0" for letter in _BY_CONTEXT}).split("\0")


def has_trigram(text: str) -> bool:
    """Whether there are enough letters or digits in a row for the index to look up."""
    run = 0
    for letter in text:
        run = run + 1 if letter.isalnum() else 0
        if run == _TRIGRAM_CHARS:
            return True
    return False


def _match(formula: Formula) -> str:
    """Return a formula in the query language of FTS5 (sqlite.org/fts5.html, section 3)."""
    if isinstance(formula, Literal):
        return "^" * formula.is_first + '"' + formula.text.replace('"', '""') + '"'
    word = " AND " if isinstance(formula, AllOf) else " OR "
    return "(" + word.join(_match(part) for part in formula.parts) + ")"


def _run(statement: str, parameters: Sequence[str | int]) -> list[tuple[int, int]]:
    """Return the rows of a statement's result."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
