"""Results of evaluations in `.eval_results/` of an uploaded zip."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from artifacts.exceptions import Unreadable
from artifacts.limits import RESULTS_FILE_MAX_BYTES, RESULTS_FILES_IN_ZIP_MAX
from artifacts.rules.archives.zips import CheckedZip
from artifacts.rules.eval_results import is_results_file, read_results_file
from artifacts.rules.reading import ABSENT, Reading, ReadState


def read_zipped_results(archive: CheckedZip) -> tuple[list[dict[str, Any]], Reading]:
    """Return the results in a zip as JSON data, and how far they were read."""
    members = sorted(
        (each for each in archive.members if is_results_file(each.path)),
        key=lambda member: member.path,
    )
    results: list[dict[str, Any]] = []
    reading = ABSENT
    for member in members[:RESULTS_FILES_IN_ZIP_MAX]:
        try:
            with archive.open(member) as opened:
                text = opened.read(RESULTS_FILE_MAX_BYTES).decode("utf-8-sig", "replace")
            results += map(asdict, read_results_file(text, member.path))
            if reading == ABSENT:
                reading = Reading(ReadState.READ, member.path)
        except Unreadable as error:
            reading = Reading(ReadState.UNREADABLE, member.path, error.message)
    return results, reading
