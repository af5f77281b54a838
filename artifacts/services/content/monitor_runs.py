"""Running a model's program on a zip of it, on this machine, and judging how that ended."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from artifacts.enums import MonitorVerdict
from artifacts.exceptions import ContentPending, MonitorUnavailable, ObjectMissing
from artifacts.limits import CHUNK_BYTES, MONITOR_FETCHED_MAX_BYTES, MONITOR_OUTPUT_MAX_CHARS
from artifacts.rules.printed import clean_printed
from artifacts.sandbox.monitors import MonitorTask, NodeMissing, find_node, run_monitor
from artifacts.sandbox.watching import ProgramRun
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store

logger = logging.getLogger(__name__)
_MB = 1_000_000
_NOT_ON_LAMBDA = (
    "On AWS Lambda nothing separates a program from the registry. Run the registry on servers of "
    "your own to keep sensitive models (docs/sensitive-models.md)."
)


@dataclass(frozen=True)
class Judged:
    """How a program ended, and what that means.

    Attributes:
        exit_status: None if it was not run.
        output: the end of what it printed, cleaned.
        reason: a sentence that says how it ended; "" where it allows the download.
    """

    verdict: MonitorVerdict
    exit_status: int | None
    output: str
    reason: str = ""


def judge_on_zip(task: MonitorTask, *, key: str) -> Judged:
    """Run a program on a zip of the bucket.

    Raises:
        ContentPending: the zip was removed a moment ago.
    """
    try:
        node = _find_node()
    except MonitorUnavailable as error:
        return _not_run(error.message, error.message)
    try:
        with _readable(key) as path:
            return _judge(run_monitor(task, node=node, zip_path=path))
    except _ZipTooLarge as error:
        return _not_run(str(error), str(error))
    except ObjectMissing as error:
        raise ContentPending("The zip of this part is being made. Ask again soon.") from error


def require_runnable() -> None:
    """Check that programs can be run here, by running one that does nothing.

    Raises:
        MonitorUnavailable: they cannot; the message says why, and what an operator can do.
    """
    node = _find_node()
    with tempfile.NamedTemporaryFile(suffix=".zip") as empty:
        run = run_monitor(
            MonitorTask("process.exit(0)", "", "", ""), node=node, zip_path=Path(empty.name)
        )
    if run.exit_status != 0 or run.is_timed_out:
        raise MonitorUnavailable(_judge(run).reason)


def _find_node() -> str:
    """Return the path of Node.js.

    Raises:
        MonitorUnavailable: there is none, or nothing would confine what it runs.
    """
    if settings.AWS_LAMBDA_FUNCTION_NAME:
        raise MonitorUnavailable(_NOT_ON_LAMBDA)
    try:
        return find_node(settings.REGISTRY_NODE)
    except NodeMissing as error:
        raise MonitorUnavailable(str(error)) from error


def _judge(run: ProgramRun) -> Judged:
    """Say what the end of a program means: only 0, in time, lets anybody have the model."""
    output = clean_printed(run.output, MONITOR_OUTPUT_MAX_CHARS)
    if run.exit_status is None:
        return _not_run(f"Nothing confines such programs here. {output}", output)
    if run.is_timed_out:
        reason = "It took too long and was ended."
    elif run.is_too_long:
        reason = "It printed too much and was ended."
    elif run.exit_status < 0:
        reason = f"It was ended by the signal {-run.exit_status}, as by using too much memory."
    elif run.exit_status:
        reason = f"It refused this one, with the exit status {run.exit_status}."
    else:
        return Judged(MonitorVerdict.ALLOWED, 0, output)
    return Judged(MonitorVerdict.REFUSED, run.exit_status, output, reason)


def _not_run(reason: str, output: str) -> Judged:
    """Note for operators that a program was to be run and was not."""
    logger.warning("monitor.not_run", extra={"reason": output})
    return Judged(MonitorVerdict.NOT_RUN, None, output, reason)


class _ZipTooLarge(Exception):
    """A zip is larger than what is copied to this machine for a program."""


@contextmanager
def _readable(key: str) -> Iterator[Path]:
    """Yield a path of a zip on this machine: its own where the bucket is a folder, or a copy.

    Raises:
        ObjectMissing: there is no such zip.
        _ZipTooLarge: it would have to be copied, and is too large for that.
    """
    store = get_store()
    size_bytes = store.stat(key).size_bytes
    if isinstance(store, LocalStore):
        yield store.path(key)
        return
    if size_bytes > MONITOR_FETCHED_MAX_BYTES:
        raise _ZipTooLarge(
            f"Its zip has {size_bytes // _MB:,} MB. The program would need a copy of it on this "
            f"machine, and only zips up to {MONITOR_FETCHED_MAX_BYTES // _MB:,} MB are copied: "
            "download a smaller part."
        )
    with tempfile.NamedTemporaryFile(prefix="monitored-", suffix=".zip") as copy:
        with store.open(key) as source:
            while chunk := source.read(CHUNK_BYTES):
                copy.write(chunk)
        copy.flush()
        yield Path(copy.name)
