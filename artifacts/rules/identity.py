"""What an id says: `{type}-{number}-{microseconds}` (requirement A6)."""

from __future__ import annotations

import string
import time
from typing import NamedTuple

from artifacts.enums import ArtifactType
from artifacts.exceptions import RecordBroken
from artifacts.rules.values import whole_number

# Of whatever can be an id (contract: ArtifactID), those of a newer release and of parents that are
# not registered included.
ID_PATTERN = r"^[a-zA-Z0-9\-]+$"
# The largest number that a row can hold.
_NUMBER_MAX = 2**63 - 1
_ID_LETTERS = frozenset(string.ascii_letters + string.digits + "-")
_NUMBERS = frozenset(string.digits + "-")


class Identity(NamedTuple):
    """The three parts of an id."""

    type: ArtifactType
    number: int
    created_us: int


def now_us() -> int:
    """Return the time as microseconds since 1970."""
    return time.time_ns() // 1_000


def make_id(artifact_type: ArtifactType, number: int, created_us: int) -> str:
    """Return the id of an artifact."""
    return f"{artifact_type}-{number}-{created_us}"


def can_be_id(text: str) -> bool:
    """Whether a text has the form of `ID_PATTERN`."""
    return bool(text) and _ID_LETTERS.issuperset(text)


def may_be_part_of_id(text: str) -> bool:
    """Whether a text may stand in an id: perhaps the end of a type, then digits and dashes."""
    numbers = text.lstrip(string.ascii_lowercase)
    kind = text.removesuffix(numbers)
    is_kind = not kind or any(each.endswith(kind) for each in ArtifactType.values())
    return is_kind and bool(numbers) and set(numbers) <= _NUMBERS


def parse_id(artifact_id: str) -> Identity:
    """Return the parts of an id.

    Raises:
        RecordBroken: it is no id that `make_id` returns.
    """
    kind, _, rest = artifact_id.partition("-")
    number, _, created_us = rest.partition("-")
    artifact_type = ArtifactType.find_word(kind)
    parts = _read_number(number), _read_number(created_us)
    if artifact_type is None or parts[0] is None or parts[1] is None:
        raise RecordBroken(f"{artifact_id[:100]!r} is no id of an artifact.")
    return Identity(artifact_type, parts[0], parts[1])


def read_created_us(artifact_id: str) -> int:
    """Return when an id was given, in microseconds since 1970; 0 where it does not say.

    Unlike `parse_id` it understands ids whose type only a newer release knows.
    """
    return whole_number(artifact_id.rpartition("-")[2]) or 0


def _read_number(digits: str) -> int | None:
    """Return a number of an id; None unless it is written as `make_id` writes it."""
    number = whole_number(digits)
    if number is None or number > _NUMBER_MAX or str(number) != digits:
        return None
    return number
