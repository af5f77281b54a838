"""Results of evaluations in `.eval_results/` of a model on the Hub.

Source: the Hub's documentation, "Evaluation Results".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceError, TooMuchToRead, Unreadable
from artifacts.limits import RESULTS_FILE_MAX_BYTES, RESULTS_FILES_MAX
from artifacts.rules.eval_results import StatedResult, is_results_file, read_results_file
from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.reading import ABSENT, Reading, ReadState
from artifacts.sources.huggingface import client
from artifacts.sources.inquiry import Inquiry

_OK = 200


def choose_results(model: ModelFacts, requests: int) -> tuple[str, ...]:
    """Return the paths of the files to open, as many as so many requests allow."""
    if model.origin != SourceKind.HUGGINGFACE_MODEL:
        return ()
    return tuple(_list_paths(model)[: max(0, min(requests, RESULTS_FILES_MAX))])


def fetch_results(model: ModelFacts, paths: Sequence[str], inquiry: Inquiry) -> ModelFacts:
    """Return the model with the results in some of its files, and how far they were read.

    Results that the source gave with the snapshot, as uploads do, stay as they are.
    """
    listed = _list_paths(model)
    if "results" in model.readings:
        return model
    results: list[StatedResult] = []
    reading = ABSENT if not listed else Reading(ReadState.READ, listed[0])
    for path in paths:
        try:
            results += _fetch(model, path, inquiry)
        except (Unreadable, TooMuchToRead) as error:
            reading = Reading(ReadState.UNREADABLE, path, error.message)
        except SourceError as error:
            reading = Reading(ReadState.NOT_ASKED, path, f"{path} was not read: {error.message}")
    if reading.is_known and len(paths) < len(listed):
        reading = _unopened(model, listed, len(paths))
    return replace(model, results=tuple(results), readings={**model.readings, "results": reading})


def _unopened(model: ModelFacts, listed: Sequence[str], opened: int) -> Reading:
    """Return why some files were not opened."""
    path = listed[opened]
    if model.origin != SourceKind.HUGGINGFACE_MODEL:
        reason = f"{path} has results, which are read on the Hub and in uploads only."
        return Reading(ReadState.NOT_OPENED, path, reason)
    what = f"{path} was" if len(listed) == opened + 1 else f"{path} and others were"
    reason = f"{what} not opened, since no request was left for it."
    # What was read suffices for a score; a later try would open no more than this one did.
    state = ReadState.NOT_OPENED if opened else ReadState.NOT_ASKED
    return Reading(state, path, reason)


def _fetch(model: ModelFacts, path: str, inquiry: Inquiry) -> tuple[StatedResult, ...]:
    """Return the results in a file.

    Raises:
        Unreadable, TooMuchToRead: its content cannot be read.
        SourceError: the Hub does not give it.
    """
    answer = client.get_file(
        SourceKind.HUGGINGFACE_MODEL, model.repository, model.commit or "main", path,
        RESULTS_FILE_MAX_BYTES, inquiry,
    )  # fmt: skip
    if answer.status != _OK:
        raise Unreadable(f"{path} cannot be read: the Hub does not give it.")
    if len(answer.body) >= RESULTS_FILE_MAX_BYTES:
        raise TooMuchToRead(path, f"it has over {RESULTS_FILE_MAX_BYTES:,} bytes")
    return read_results_file(answer.text(), path)


def _list_paths(model: ModelFacts) -> list[str]:
    """Return the paths of the model's files of results, in order."""
    return sorted(file.path for file in model.files if is_results_file(file.path))
