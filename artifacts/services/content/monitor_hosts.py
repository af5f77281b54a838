"""Where programs of sensitive models run: on this machine, or in a function of their own on AWS.

Both take the same task and tell the same end. What cannot be run is not run: `MonitorUnavailable`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

from artifacts.exceptions import (
    FunctionBusy,
    FunctionUnavailable,
    MonitorsBusy,
    MonitorUnavailable,
)
from artifacts.functions import call_function
from artifacts.limits import (
    CHUNK_BYTES,
    MONITOR_BUSY_RETRY_AFTER_S,
    MONITOR_FETCHED_MAX_BYTES,
    MONITOR_LINK_LIFETIME_S,
)
from artifacts.sandbox.function import code_version
from artifacts.sandbox.monitors import MonitorTask, NodeMissing, find_node, run_monitor
from artifacts.sandbox.remote import describe_task, read_answer
from artifacts.sandbox.watching import ProgramRun
from artifacts.storage import content_types
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store

_MB = 1_000_000
_NOT_HERE = (
    "On AWS Lambda programs run in a function of their own, and none is named. An operator deploys "
    "it by setting REGISTRY_MONITOR_ROLE_ARN (docs/sensitive-models.md)."
)
_NO_VERDICT = (
    "The function that runs them gave no verdict. Try again; the log says why (`monitor.not_run`)."
)


class Host(Protocol):
    """A place in which programs run."""

    def run(self, task: MonitorTask, key: str | None) -> ProgramRun:
        """Run a program on a zip of the bucket, and tell how it ended.

        Args:
            key: None for an empty zip, by which a program is tried.

        Returns:
            A run whose exit status is None if nothing would have confined it.

        Raises:
            ObjectMissing: there is no such zip.
            MonitorUnavailable: it could not be run, and the message says why.
            MonitorsBusy: it could be, in a moment.
        """
        ...


def choose_host() -> Host:
    """Return the place that the settings name.

    Raises:
        MonitorUnavailable: they name none, or nothing is there.
    """
    if settings.REGISTRY_MONITOR_FUNCTION:
        return FunctionOfItsOwn(settings.REGISTRY_MONITOR_FUNCTION, settings.REGISTRY_MONITOR_HOSTS)
    if settings.AWS_LAMBDA_FUNCTION_NAME:
        raise MonitorUnavailable(_NOT_HERE)
    try:
        return ThisMachine(find_node(settings.REGISTRY_NODE), settings.REGISTRY_MONITOR_HOSTS)
    except NodeMissing as error:
        raise MonitorUnavailable(str(error)) from error


@dataclass(frozen=True)
class ThisMachine:
    """Runs programs by a subprocess behind the kernel's namespaces.

    Attributes:
        node: the path of Node.js.
        asked: `host:port` of each that programs may ask.
    """

    node: str
    asked: tuple[str, ...]

    def run(self, task: MonitorTask, key: str | None) -> ProgramRun:
        """Run a program; see `Host`."""
        with _readable(key) as path:
            return run_monitor(task, node=self.node, zip_path=path, hosts=self.asked)


@dataclass(frozen=True)
class FunctionOfItsOwn:
    """Has programs run by another function of AWS Lambda, which gets a signed link to the zip.

    Attributes:
        asked: `host:port` of each that programs may ask.
    """

    name: str
    asked: tuple[str, ...]

    def run(self, task: MonitorTask, key: str | None) -> ProgramRun:
        """Run a program; see `Host`."""
        store = get_store()
        url, size_bytes = "", 0
        if key is not None:
            size_bytes = store.stat(key).size_bytes
            _require_small(size_bytes)
            url = store.download_url(
                key,
                filename="model.zip",
                content_type=content_types.ZIP,
                expires_s=MONITOR_LINK_LIFETIME_S,
            )
        event = describe_task(task, zip_url=url, zip_size_bytes=size_bytes, hosts=self.asked)
        try:
            return read_answer(call_function(self.name, code_version(), event))
        except FunctionBusy as error:
            raise MonitorsBusy(MONITOR_BUSY_RETRY_AFTER_S) from error
        except FunctionUnavailable as error:
            raise MonitorUnavailable(_NO_VERDICT, error.message) from error


@contextmanager
def _readable(key: str | None) -> Iterator[Path]:
    """Yield a path of a zip on this machine: its own where the bucket is a folder, or a copy.

    Raises:
        ObjectMissing: there is no such zip.
        MonitorUnavailable: it would have to be copied, and is too large for that.
    """
    store = get_store()
    if key is not None and isinstance(store, LocalStore):
        store.stat(key)
        yield store.path(key)
        return
    with tempfile.NamedTemporaryFile(prefix="monitored-", suffix=".zip") as copy:
        if key is not None:
            _require_small(store.stat(key).size_bytes)
            with store.open(key) as source:
                while chunk := source.read(CHUNK_BYTES):
                    copy.write(chunk)
            copy.flush()
        yield Path(copy.name)


def _require_small(size_bytes: int) -> None:
    """Check that a zip may be copied to where the program runs.

    Raises:
        MonitorUnavailable: it is too large.
    """
    if size_bytes > MONITOR_FETCHED_MAX_BYTES:
        raise MonitorUnavailable(
            f"Its zip has {size_bytes // _MB:,} MB. The program would need a copy of it where it "
            f"runs, and only zips up to {MONITOR_FETCHED_MAX_BYTES // _MB:,} MB are copied: "
            "download a smaller part."
        )
