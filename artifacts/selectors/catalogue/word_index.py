"""Looking words up in the trigram index of names and READMEs, each question of bounded size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db import OperationalError, connection

from artifacts.limits import (
    CATALOGUE_COUNTED_MAX,
    NEAREST_NAMES_READ_MAX,
    READMES_FOUND_MAX,
    READMES_SEARCHED_MAX_MS,
)
from artifacts.models import SearchDocument
from artifacts.models.server_settings import transaction_with
from artifacts.rules.search.formula import LITERAL_MAX_CHARS
from artifacts.rules.search.nearness import list_trigrams
from artifacts.selectors.catalogue.candidates import OF_LIKE, TOOK_TOO_LONG, has_trigram

_DOCUMENTS: Final = SearchDocument._meta.db_table  # noqa: SLF001  (Django's documented name)
_INDEX: Final = "artifacts_searchindex"
_SELECT: Final = f"SELECT artifact_id FROM {_DOCUMENTS}"  # noqa: S608  (a constant)
_IN_NAME, _IN_EITHER = "(name ILIKE %s)", "(name ILIKE %s OR readme ILIKE %s)"
# Of a long text that is looked for nearly.
_TRIGRAMS_MAX = 20


@dataclass(frozen=True)
class Held:
    """Where words were found, each list with one more than is read where there are more.

    Attributes:
        in_names: the artifacts whose names hold all words.
        in_readmes: those whose names and READMEs together do; None if that takes too long.
    """

    in_names: list[str]
    in_readmes: list[str] | None


def find_words(words: tuple[str, ...]) -> Held:
    """Return the artifacts that hold all words, of which at least one can be looked up.

    READMEs are left out if a word is too short for the index.
    """
    if not all(map(has_trigram, words)):
        return Held(find_in_names(words), [])
    names = _ask(words, is_in_readmes=False)
    readmes = _ask(words, is_in_readmes=True)
    try:
        # See `candidates`: the planner takes a README for a few bytes.
        with transaction_with(
            enable_seqscan="off", statement_timeout=f"{READMES_SEARCHED_MAX_MS}ms"
        ):
            found = _run_both(names, readmes)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) != TOOK_TOO_LONG:
            raise
        return Held(find_in_names(words), None)
    in_names = [key for key, is_name in found if is_name]
    in_readmes = [key for key, is_name in found if not is_name]
    return Held(in_names, in_readmes)


def find_in_names(words: tuple[str, ...]) -> list[str]:
    """Return the artifacts whose names hold all words, with one more than is read if more do.

    Args:
        words: of which at least one can be looked up.
    """
    return _run(*_ask(words, is_in_readmes=False))


def find_near_names(text: str) -> list[str]:
    """Return names that have much in common with a text, in no order."""
    runs = list_trigrams(text)[:_TRIGRAMS_MAX]
    if not runs:
        return []
    if connection.vendor == "sqlite":
        # The index has no blanks around words.
        asked = " OR ".join(_quote(each) for each in runs if each.isalnum())
        if not asked:
            return []
        return _run(
            f"SELECT name FROM {_INDEX} WHERE {_INDEX} MATCH %s ORDER BY rank LIMIT %s",  # noqa: S608
            [f"{{name}} : ({asked})", NEAREST_NAMES_READ_MAX],
        )
    return _run(
        f"SELECT name FROM {_DOCUMENTS} WHERE name %% %s"  # noqa: S608  (a constant)
        " ORDER BY similarity(name, %s) DESC LIMIT %s",
        [text, text, NEAREST_NAMES_READ_MAX],
    )


def _ask(words: tuple[str, ...], *, is_in_readmes: bool) -> tuple[str, list[str | int]]:
    """Return the question which artifacts hold all words, and its parameters."""
    most = (READMES_FOUND_MAX if is_in_readmes else CATALOGUE_COUNTED_MAX) + 1
    if connection.vendor == "sqlite":
        long = [word[:LITERAL_MAX_CHARS] for word in words if has_trigram(word)]
        short = [f"%{_escape(word)}%" for word in words if not has_trigram(word)]
        asked = ("" if is_in_readmes else "{name} : ") + f"({' AND '.join(map(_quote, long))})"
        also = " AND name LIKE %s ESCAPE '\\'" * len(short)
        statement = (
            f"{_SELECT} WHERE id IN (SELECT rowid FROM {_INDEX} WHERE {_INDEX} MATCH %s)"  # noqa: S608
            f"{also} ORDER BY id DESC LIMIT %s"
        )
        return statement, [asked, *short, most]
    condition, times = (_IN_EITHER, 2) if is_in_readmes else (_IN_NAME, 1)
    texts = [f"%{_escape(word[:LITERAL_MAX_CHARS])}%" for word in words for _ in range(times)]
    joined = " AND ".join([condition] * len(words))
    return f"{_SELECT} WHERE {joined} LIMIT %s", [*texts, most]


def _quote(text: str) -> str:
    """Return a text as a phrase of FTS5."""
    return '"' + text.replace('"', '""') + '"'


def _escape(text: str) -> str:
    """Return a text as `LIKE` takes it literally."""
    return text.translate(OF_LIKE)


def _run(statement: str, parameters: list[str | int]) -> list[str]:
    """Return the first column of a statement's result."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return [row[0] for row in cursor.fetchall()]


def _run_both(
    names: tuple[str, list[str | int]], readmes: tuple[str, list[str | int]]
) -> list[tuple[str, int]]:
    """Ask two questions in one statement; each answer says whether it is the first one's."""
    statement = (
        f"SELECT artifact_id, 1 FROM ({names[0]}) AS named"  # noqa: S608  (constants)
        f" UNION ALL SELECT artifact_id, 0 FROM ({readmes[0]}) AS held"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*names[1], *readmes[1]])
        return list(cursor.fetchall())
