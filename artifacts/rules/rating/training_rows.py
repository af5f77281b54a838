"""Rows of tables that say what a model was trained on: a key, and beside it the names.

Source: spaCy, `spacy huggingface-hub` (its README has a row "Sources"); model cards of vendors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.languages import is_on_training_data
from artifacts.rules.readme import Readme, Table

_KEY = Pattern(
    r"(?i)(?:(?:pre-?|fine-?)?(?:training|tuning) (?:data|data ?sets?|sets?|corpus|corpora)"
    r"|trained on)\W*"
)
# What spaCy calls it, in tables that name the version of spaCy as well.
_SPACY_KEY, _SPACY = "sources", "spacy"
# What the data of training are called beside settings of it, and usual ones.
_DATA = frozenset(("dataset", "data set", "data", "datasets", "corpus"))
_SETTINGS = (
    "epoch", "batch", "learning rate", "optimi", "num epochs", "training epochs", "training steps",
    "loss function", "lernrate", "époque", "época", "taux d'apprentissage", "tasa de aprendizaje",
    "эпох", "エポック", "学習率", "轮数", "学习率", "에폭", "학습률",
)  # fmt: skip
# Key and value; tables with more columns compare something.
_COLUMNS = 2
_ASIDE = Pattern(r"\([^()]*\)|[,;\n]")
_NAME = Pattern(r"[A-Z][\w.+-]*(?: [\w.+-]+){0,4}")
# In longer values somebody tells something, in sentences.
_NAMES_MAX = 12


def find_training_rows(readme: Readme) -> dict[str, str]:
    """Return the words of rows on training data by their value, each name said to be a data set."""
    rows = (row for table in readme.tables for row in _list_values(table))
    return {value: " . ".join(f"{name} dataset" for name in _names(value)) for value in rows}


def _list_values(table: Table) -> Iterator[str]:
    """Yield the values of a table whose keys announce training data."""
    keys = {_plain(row) for row in table.rows}
    is_of_training = any(each.startswith(_SETTINGS) for each in keys)
    # Where a table has no head, its first row is one of keys and values.
    for row in table.rows:
        key = _plain(row)
        is_spacy = key == _SPACY_KEY and _SPACY in keys
        is_set = is_of_training and (key in _DATA or is_on_training_data(key))
        if len(row) == _COLUMNS and (is_spacy or is_set or _KEY.fullmatch(row[0].strip())):
            yield row[1]


def _plain(row: Sequence[str]) -> str:
    """Return a row's key in lower case."""
    return row[0].strip(" :*").lower() if row else ""


def _names(value: str) -> list[str]:
    """Return the names in a value, "" for a value that is a sentence."""
    pieces = [each.strip() for each in _ASIDE.split(value)]
    names = [each for each in pieces if _NAME.fullmatch(each)]
    return names if len(names) <= _NAMES_MAX else []
