"""The worker process beside the server: started, watched, ended."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time

from artifacts.limits import WORKER_KILLED_AFTER_S

logger = logging.getLogger(__name__)

RESTART_PAUSE_S = 1.0
# Until the kernel has taken back what a killed process had.
_KILLED_MAX_S = 2.0


class WorkerKeeper:
    """Runs a worker process, and another one when it dies.

    No thread and no lock: the server's loop looks in, and so nothing is started behind its back
    when it stops.
    """

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._start_at = 0.0

    def look(self) -> None:
        """See that a worker runs; to be called again and again."""
        if self._process is not None and (code := self._process.poll()) is not None:
            logger.warning("worker.restarted", extra={"exit_code": code})
            self._process = None
            self._start_at = time.monotonic() + RESTART_PAUSE_S
        if self._process is None and time.monotonic() >= self._start_at:
            command = [sys.executable, "-W", "ignore", sys.argv[0], "run_worker"]
            command += ["--parent", str(os.getpid())]
            # In a group of its own: Ctrl-C goes to all of a group, and would reach a Python that
            # is not up yet. The worker stops when it is told to, or when the server is gone.
            try:
                self._process = subprocess.Popen(command, process_group=0)  # noqa: S603  (our words)
            except OSError:
                # No memory, or too many processes: the server goes on, and this is tried again.
                logger.exception("worker.not_started")
                self._start_at = time.monotonic() + RESTART_PAUSE_S

    def ask_to_stop(self) -> None:
        """Tell the worker to finish what it does."""
        if self._process is not None:
            self._process.terminate()

    def end(self) -> None:
        """Wait for the worker, but not for ever: its leases bring back what a killed one left."""
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
