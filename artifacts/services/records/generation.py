"""Detecting that bucket and database do not belong together, and refusing to continue.

Either may be restored to an earlier moment. Both keep a generation, `{number}-{random}`, which
advances every day and with every rebuild; the bucket keeps each number that was given; a visible
artifact has its record there. If one of these does not hold, one row of the database (`Generation`)
says so. All processes read it before they give a number, and only a rebuild clears it.
"""

from __future__ import annotations

import json
import logging
import uuid
from typing import NoReturn

from django.utils import timezone

from artifacts.database.transactions import writing
from artifacts.enums import Apart, ArtifactType
from artifacts.exceptions import (
    NotJoined,
    ObjectMissing,
    RecordBroken,
    Unreadable,
)
from artifacts.models import Artifact, Generation, IdSequence
from artifacts.rules.record_text import read_record
from artifacts.rules.values import is_hexadecimal
from artifacts.storage import content_types
from artifacts.storage.keys import GENERATION_KEY, number_key, record_key
from artifacts.storage.store import get_store, is_there

logger = logging.getLogger(__name__)

_NUMBER_DIGITS = 12
_WORD_CHARS = 32
_NOT_OF_ITS_FORM = (
    f"{GENERATION_KEY} is not of its form. Bring it back from the bucket's versions, or delete it "
    "and run `manage.py rebuild_index`."
)


def require_joined() -> None:
    """Check that no process has found bucket and database to be of different times.

    Raises:
        NotJoined: one has.
    """
    found = Generation.objects.exclude(apart="").values_list("reason", flat=True).first()
    if found is not None:
        raise NotJoined(found)


def note_apart(apart: Apart, reason: str) -> NoReturn:
    """Tell every process that bucket and database are of different times, and refuse.

    Raises:
        NotJoined: always.
    """
    with writing():
        row = _own_row()
        if not row.apart:
            row.apart, row.reason, row.found_at = apart, reason, timezone.now()
            row.save(update_fields=["apart", "reason", "found_at"])
    logger.error("generation.apart", extra={"apart": str(apart), "reason": reason})
    raise NotJoined(reason)


def check_generation() -> None:
    """Compare bucket and database.

    Raises:
        NotJoined: they are of different times.
        StorageUnavailable: the bucket does not answer.
        RecordBroken: the bucket's generation cannot be read.
    """
    require_joined()
    for look in (_compare_generations, _compare_numbers, _compare_newest):
        found = look()
        if found is not None:
            note_apart(*found)


def has_begun() -> bool:
    """Whether this database has ever had a generation."""
    return any(_known())


def turn_generation() -> None:
    """Begin the next generation, by which an older database is recognised from now on.

    The row names the next generation before the bucket has it, so a crash in between does no harm.

    Raises:
        NotJoined: bucket and database are of different times.
        StorageUnavailable: the bucket does not answer.
    """
    check_generation()
    _turn()


def join_generation() -> None:
    """Begin a generation that bucket and database share, after a rebuild joined them."""
    latest = max(generation_of_bucket(), _own_generation())
    with writing():
        row = _own_row()
        row.following = _after(latest)
        row.save(update_fields=["following"])
    _turn()
    Generation.objects.update(apart="", reason="", found_at=None, rebuilt_to="", rebuilt_of="")


def part_bucket() -> None:
    """Give the bucket a generation that no database has, since its content has been changed.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    _write(_after(generation_of_bucket()))


def note_unjoined(count: int) -> None:
    """Keep how many artifacts have a record but no rows, for health to show."""
    _note(unjoined=count)


def note_rebuilt(artifact_id: str, generation: str) -> None:
    """Keep how far a rebuild has come, and the bucket's generation when it began."""
    _note(rebuilt_to=artifact_id, rebuilt_of=generation)


def rebuilt_to(generation: str) -> str:
    """Return the last artifact that an interrupted rebuild completed; "" for none.

    Args:
        generation: the bucket's; a rebuild of another generation does not count.
    """
    rows = Generation.objects.filter(rebuilt_of=generation)
    return rows.values_list("rebuilt_to", flat=True).first() or ""


def generation_of_bucket() -> str:
    """Return the bucket's generation, "" when it has none.

    Raises:
        RecordBroken: it cannot be read.
        StorageUnavailable: the bucket does not answer.
    """
    try:
        generation = read_record(get_store().read(GENERATION_KEY))["generation"]
        if _is_of_our_form(generation):
            return str(generation)
    except ObjectMissing:
        return ""
    except (Unreadable, KeyError, TypeError) as error:
        raise RecordBroken(_NOT_OF_ITS_FORM) from error
    raise RecordBroken(_NOT_OF_ITS_FORM)


def _is_of_our_form(generation: object) -> bool:
    """Whether this has our form, from which the next generation can be computed."""
    number, _, word = str(generation).partition("-")
    return (
        len(number) == _NUMBER_DIGITS
        and number.isascii()
        and number.isdecimal()
        and is_hexadecimal(word, _WORD_CHARS)
    )


def _turn() -> None:
    """Give first the bucket, then the database the next generation."""
    with writing():
        row = _own_row()
        if not row.following:
            row.following = _after(row.current)
            row.save(update_fields=["following"])
        following = row.following
    with writing():
        # Locked while the bucket is written, so that a slow process cannot undo a newer turn.
        row = _own_row()
        if row.following == following:
            _write(following)
            row.current, row.following = following, ""
            row.save(update_fields=["current", "following"])


def _note(**values: str | int) -> None:
    Generation.objects.bulk_create([Generation()], ignore_conflicts=True)
    Generation.objects.update(**values)


def _own_row() -> Generation:
    """Return the row, locked until the transaction's end."""
    Generation.objects.bulk_create([Generation()], ignore_conflicts=True)
    return Generation.objects.select_for_update().get()


def _own_generation() -> str:
    return Generation.objects.values_list("current", flat=True).first() or ""


def _after(generation: str) -> str:
    """Return a new generation that follows this one."""
    number = int(generation.partition("-")[0] or 0)
    return f"{number + 1:0{_NUMBER_DIGITS}d}-{uuid.uuid4().hex}"


def _write(generation: str) -> None:
    data = json.dumps({"generation": generation}).encode()
    get_store().replace(GENERATION_KEY, data, content_types.JSON)


def _compare_generations() -> tuple[Apart, str] | None:
    """Compare both generations, reading again until the database's stays the same."""
    before = _known()
    while True:
        in_bucket = generation_of_bucket()
        current, following = known = _known()
        if in_bucket in (current, following or current):
            return None
        if known == before:
            break
        before = known
    if in_bucket and in_bucket.partition("-")[0] >= current.partition("-")[0]:
        return Apart.DATABASE_BEHIND, "The database is of an earlier time than the bucket."
    return Apart.BUCKET_BEHIND, "The bucket is of an earlier time than the database."


def _known() -> tuple[str, str]:
    found = Generation.objects.values_list("current", "following").first()
    return found or ("", "")


def _compare_numbers() -> tuple[Apart, str] | None:
    """Check that the bucket knows no number that this database has not given yet."""
    for kind in ArtifactType:
        last = _last_number(kind)
        # The database advances the number before the bucket is told.
        if is_there(number_key(kind, last + 1)) and _last_number(kind) == last:
            reason = (
                f"The database gave {last} as the last number of type {kind}, and the bucket knows "
                "of a higher one: the database was restored to an earlier moment."
            )
            return Apart.DATABASE_BEHIND, reason
    return None


def _last_number(kind: ArtifactType) -> int:
    rows = IdSequence.objects.filter(artifact_type=kind).values_list("last_number", flat=True)
    return rows.first() or 0


def _compare_newest() -> tuple[Apart, str] | None:
    """Check that the newest artifact has its record, which is written before the rows."""
    newest = Artifact.objects.visible().order_by("-created_us", "-id").values_list("id", flat=True)
    artifact_id = newest.first()
    if artifact_id is None or is_there(record_key(artifact_id)):
        return None
    if not Artifact.objects.filter(id=artifact_id).exists():
        return None  # Deleted meanwhile.
    reason = (
        f"The bucket has no record of {artifact_id}: it was restored to an earlier moment, or lost "
        "what it had."
    )
    return Apart.BUCKET_BEHIND, reason
