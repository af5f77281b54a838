"""Starts, watches and ends the worker process beside the server."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

from artifacts.limits import WORKER_KILLED_AFTER_S

logger = logging.getLogger(__name__)

RESTART_PAUSE_S = 1.0
# How long the kernel may take to clean up after a killed process.
_KILLED_MAX_S = 2.0


class WorkerKeeper:
    """Runs a worker process, and starts another one when it dies.

    It needs no thread and no lock: the server's loop calls it, so nothing is started after the loop
    has ended.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0

    def look(self) -> None:
        """Start a worker if none runs; call this regularly."""
        if self._process is not None and (code := self._process.poll()) is not None:
            logger.warning("worker.restarted", extra={"exit_code": code})
            self._process = None
            self._start_at = time.monotonic() + RESTART_PAUSE_S
        if self._process is None and time.monotonic() >= self._start_at:
            command = [sys.executable, "-W", "ignore", sys.argv[0], "run_worker"]
            command += ["--parent", str(os.getpid())]
            # In its own process group: Ctrl-C goes to a whole group, and might reach a Python that
            # is still starting. The worker stops when told to, or when the server is gone.
            try:
                self._process = subprocess.Popen(command, process_group=0)  # noqa: S603  (our words)
            except OSError:
                # No memory, or too many processes: the server continues and will try again.
                logger.exception("worker.not_started")
                self._start_at = time.monotonic() + RESTART_PAUSE_S

    def ask_to_stop(self) -> None:
        """Tell the worker to finish its tasks and stop."""
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait for the worker, then kill it; its unfinished tasks run again after their leases."""
        if self._process is None:
            return
        try:
            self._process.wait(WORKER_KILLED_AFTER_S)
        except subprocess.TimeoutExpired:
            logger.warning("worker.killed")
            self._process.kill()
            try:
                self._process.wait(_KILLED_MAX_S)
            except subprocess.TimeoutExpired:
                logger.exception("worker.unkillable")
