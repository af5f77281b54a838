"""The Lambda service: who runs what, on how many instances, now or later."""

import base64
import contextlib
import io
import os
import queue
import shutil
import sys
import threading
import time
import zipfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.rehearsal.instance import Deployment, Instance, Outcome
from tests.rehearsal.runtime import Runtime, provide_runtime

# Lambda tries an event that failed twice more, after one minute and two. Waiting that long would
# show nothing that waiting a few seconds does not.
RETRY_AFTER_S = (3.0, 6.0)
# How long an invocation may wait for an instance. AWS would refuse it at once (429); a queue shows
# the same work on few instances.
QUEUE_MAX_S = 60.0

Find = Callable[[str, str], tuple[Deployment, bytes] | None]


class NoSuchFunction(Exception):
    """No function has this name and version."""


class NoInstanceFree(Exception):
    """All instances have been busy for too long."""


class Functions:
    """Runs what `find` says is deployed under a name and a qualifier.

    Args:
        folder: where packages are unpacked and instances have their logs and temporary files.
        find: returns a deployment and its zip.
        keys: variables that the service gives to each instance: credentials and region.
        instances_max: how many run at the same time.
        later_max: how many of them may work on events that nobody waits for.
        keep_log: called with an instance that has written.
        on_start: is told the function's name whenever an instance starts.
        environment: a virtual environment whose Python, and runtime client, they run on.
        others: what functions run on that are deployed for another runtime.
    """

    def __init__(
        self,
        folder: Path,
        find: Find,
        *,
        keys: dict[str, str],
        instances_max: int = 3,
        later_max: int = 1,
        keep_log: Callable[[Instance], None] = lambda _instance: None,
        on_start: Callable[[str], None] = lambda _name: None,
        environment: Path = Path(sys.prefix),
        others: Sequence[Runtime] = (),
    ) -> None:
        self.folder = folder
        self.find = find
        self.keys = keys
        # Of functions with another role, by their names.
        self.keys_by_name: dict[str, dict[str, str]] = {}
        self.instances_max = instances_max
        self.keep_log = keep_log
        self.on_start = on_start
        self.started: list[Instance] = []
        self.outcomes: list[tuple[str, Outcome]] = []
        self._idle: list[Instance] = []
        self._running = 0
        # Who waits for an instance of a function, in the order of coming: else the unlucky of
        # thirty clients would wait until the gateway gives up.
        self._lines: dict[str, list[object]] = defaultdict(list)
        self._changed = threading.Condition()
        self._unpacking = threading.Lock()
        self._later: queue.Queue[tuple[str, str, bytes] | None] = queue.Queue()
        self._under_way = 0
        self.runtime = provide_runtime(environment, folder / "client")
        self.runtimes: dict[str, Runtime] = {each.name: each for each in (self.runtime, *others)}
        self._workers = [
            threading.Thread(target=self._work_later, daemon=True) for _ in range(later_max)
        ]
        for worker in self._workers:
            worker.start()

    def invoke(self, name: str, qualifier: str, payload: bytes) -> Outcome:
        """Run an event and wait for its outcome.

        Raises:
            NoSuchFunction: nothing is deployed under this name and qualifier.
            NoInstanceFree: all were busy for too long.
        """
        instance = self._take(*self._deployed(name, qualifier))
        try:
            return instance.invoke(payload)
        finally:
            self.keep_log(instance)
            self._give_back(instance)

    def invoke_later(self, name: str, qualifier: str, payload: bytes) -> None:
        """Queue an event, to be run once, or again when it fails.

        Raises:
            NoSuchFunction: nothing is deployed under this name and qualifier.
        """
        self._deployed(name, qualifier)
        with self._changed:
            self._under_way += 1
        self._later.put((name, qualifier, payload))

    def settle(self, timeout_s: float) -> bool:
        """Wait until no queued event is left, and say whether that came about."""
        with self._changed:
            return self._changed.wait_for(lambda: self._under_way == 0, timeout_s)

    def recycle(self) -> None:
        """End the instances that are idle, so that the next invocation is a cold start."""
        with self._changed:
            idle, self._idle = self._idle, []
            self._running -= len(idle)
            self._changed.notify_all()
        for instance in idle:
            instance.stop()

    def stop(self) -> None:
        """End every instance."""
        for _ in self._workers:
            self._later.put(None)
        for instance in self.started:
            with contextlib.suppress(OSError):
                instance.stop()

    def unpacked(self, deployment: Deployment, code: bytes) -> Path:
        """Return the folder with a package's files, which nobody may write to."""
        # Digesting megabytes again for each invocation would take longer than the invocation.
        name = base64.b64decode(deployment.code_sha256).hex()
        task = self.folder / "code" / name[:16] / "task"
        with self._unpacking:
            if not task.exists():
                partial = task.with_name("partial")
                shutil.rmtree(partial, ignore_errors=True)
                with zipfile.ZipFile(io.BytesIO(code)) as archive:
                    archive.extractall(partial)
                    for entry in archive.infolist():
                        # Lambda keeps what a zip says of who may run a file; `zipfile` does not.
                        if entry.external_attr >> 16 & 0o111:
                            (partial / entry.filename).chmod(0o755)
                for path in partial.rglob("*"):
                    path.chmod(0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444)
                partial.chmod(0o555)
                partial.rename(task)
        return task

    def _deployed(self, name: str, qualifier: str) -> tuple[Deployment, bytes]:
        found = self.find(name, qualifier)
        if found is None:
            raise NoSuchFunction(f"{name}:{qualifier}")
        return found

    def _take(self, deployment: Deployment, code: bytes) -> Instance:
        task = self.unpacked(deployment, code)
        ends_at = time.monotonic() + QUEUE_MAX_S
        place, line = object(), self._lines[deployment.name]
        with self._changed:
            line.append(place)
            try:
                while True:
                    if line[0] is place and (instance := self._find_free(deployment, task)):
                        return instance
                    if not self._changed.wait(ends_at - time.monotonic()):
                        raise NoInstanceFree(f"{self.instances_max} are busy.")
            finally:
                line.remove(place)
                self._changed.notify_all()

    def _find_free(self, deployment: Deployment, task: Path) -> Instance | None:
        """Return an instance that idles, or a new one where there may be one more."""
        self._end_outdated(deployment)
        for instance in reversed(self._idle):
            if instance.deployment == deployment:
                self._idle.remove(instance)
                return instance
        if self._running < self.instances_max:
            self._running += 1
            return self._start(deployment, task)
        return None

    def _start(self, deployment: Deployment, task: Path) -> Instance:
        own = self.folder / "instances" / f"{len(self.started) + 1}-v{deployment.version}"
        own.mkdir(parents=True)
        self.on_start(deployment.name)
        runtime = self.runtimes[deployment.runtime or self.runtime.name]
        keys = {**self.keys, **self.keys_by_name.get(deployment.name, {})}
        instance = Instance(deployment, runtime=runtime, task=task, own=own, keys=keys)
        self.started.append(instance)
        return instance

    def _end_outdated(self, deployment: Deployment) -> None:
        """End idle instances that died, or run older code or settings of the same function."""
        outdated = [
            each
            for each in self._idle
            if not each.is_alive
            or (
                each.deployment != deployment
                and (each.deployment.name, each.deployment.version)
                == (deployment.name, deployment.version)
            )
        ]
        # Room for another function's instance is made out of the one that idles longest.
        if not outdated and self._running >= self.instances_max:
            outdated = [each for each in self._idle if each.deployment != deployment][:1]
        for instance in outdated:
            self._idle.remove(instance)
            self._running -= 1
            instance.stop()

    def _give_back(self, instance: Instance) -> None:
        with self._changed:
            if instance.is_alive:
                self._idle.append(instance)
            else:
                self._running -= 1
            self._changed.notify_all()

    def _work_later(self) -> None:
        while (queued := self._later.get()) is not None:
            outcome = self._try_often(*queued)
            with self._changed:
                self.outcomes.append((queued[2].decode("utf-8", "replace"), outcome))
                self._under_way -= 1
                self._changed.notify_all()

    def _try_often(self, name: str, qualifier: str, payload: bytes) -> Outcome:
        for pause_s in (*RETRY_AFTER_S, None):
            try:
                outcome = self.invoke(name, qualifier, payload)
            except (NoSuchFunction, NoInstanceFree) as error:
                outcome = Outcome(str(error).encode(), "Unhandled")
            if not outcome.error or pause_s is None:
                break
            time.sleep(pause_s)
        return outcome
