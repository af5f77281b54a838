"""Results of evaluations in `.eval_results/` of files that are here: of a zip or of a commit."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from artifacts.exceptions import Unreadable
from artifacts.limits import RESULTS_FILE_MAX_BYTES, RESULTS_FILES_IN_ZIP_MAX
from artifacts.rules.eval_results import is_results_file, read_results_file
from artifacts.rules.reading import ABSENT, Reading, ReadState
from artifacts.sources.folders import Folder


def read_kept_results(folder: Folder) -> tuple[list[dict[str, Any]], Reading]:
    """Return the results in a folder as JSON data, and how far they were read."""
    paths = sorted(path for path in folder.sizes if is_results_file(path))
    results: list[dict[str, Any]] = []
    reading = ABSENT
    for path in paths[:RESULTS_FILES_IN_ZIP_MAX]:
        try:
            with folder.opener(path) as opened:
                text = opened.read(RESULTS_FILE_MAX_BYTES).decode("utf-8-sig", "replace")
            results += map(asdict, read_results_file(text, path))
            if reading == ABSENT:
                reading = Reading(ReadState.READ, path)
        except Unreadable as error:
            reading = Reading(ReadState.UNREADABLE, path, error.message)
    return results, reading
