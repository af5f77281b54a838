"""Joining what staff allows for all artifacts, in the bucket and in the rows, after a restore."""

from __future__ import annotations

from collections.abc import Callable

from artifacts.database.transactions import writing
from artifacts.exceptions import ObjectMissing, RecordBroken
from artifacts.services.records.global_records import (
    list_global_keys,
    read_global,
    restore_globals,
)
from artifacts.services.upkeep.restoring import AT_ODDS, find_pending_reset_us

Report = Callable[[str, RecordBroken | ObjectMissing], None]


def join_globals(*, reset_us: int, report: Report) -> list[str]:
    """Write the words that the rows lack; return the names of globals that changed by them.

    Args:
        reset_us: the last reset, as the bucket knows it; what was said earlier is gone.
        report: called with the key of an object that cannot be read, and the reason.
    """
    changed: list[str] = []
    # In their order in time, which is that of the keys.
    for key in list_global_keys(after_us=max(reset_us, find_pending_reset_us())):
        try:
            word = read_global(key)
            with writing():
                changed += restore_globals(None, [word])
        except (RecordBroken, ObjectMissing) as error:
            report(key, error)
        except AT_ODDS as error:
            report(
                key, RecordBroken(f"A word about a global has a wrong field: {error}. Restore it.")
            )
    return changed
