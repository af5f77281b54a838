"""`manage.py run_worker`: does the tasks of the database until it is told to stop."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections, connection

from artifacts.services import housekeeping, leases
from artifacts.tasks.runner import run_one

logger = logging.getLogger(__name__)

# How often an idle worker looks at the table: a look is one indexed read of a fraction of a
# millisecond, and this is the longest that a task of a quiet registry waits.
POLL_S = 0.2
# How long a worker keeps still after it failed.
PAUSE_AFTER_ERROR_S = 2.0
# How often what failures left behind is cleared away, while a worker runs.
HOUSEKEEPING_INTERVAL_S = 24 * 60 * 60


class Command(BaseCommand):
    """Runs tasks on a few threads, so that one large transfer does not hold up the small ones."""

    help = "Run the background tasks until SIGTERM."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--threads", type=int, default=4, help="tasks at once (default: 4)")
        parser.add_argument(
            "--parent", type=int, default=0, help="stop when this process is no longer the parent"
        )
        parser.add_argument("--once", action="store_true", help="stop when nothing is due")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Work until told to stop; a task that runs then is finished first."""
        stop = threading.Event()
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: stop.set())
        name = f"{socket.gethostname()}-{os.getpid()}"
        if options["once"]:
            while run_one(name):
                pass
            return
        threads = [
            threading.Thread(target=_work, args=(f"{name}-{number}", stop), name=f"worker-{number}")
            for number in range(options["threads"])
        ]
        threads.append(threading.Thread(target=_keep_house, args=(stop,), name="housekeeping"))
        for thread in threads:
            thread.start()
        while not stop.wait(1.0):
            # A server that was killed can no longer tell its worker to stop.
            if options["parent"] and os.getppid() != options["parent"]:
                stop.set()
        for thread in threads:
            thread.join()


def _work(name: str, stop: threading.Event) -> None:
    """Do one task after the other."""
    while not stop.is_set():
        try:
            close_old_connections()
            # Looking takes no lock; only then is the lease taken, which does.
            worked = leases.anything_due() and run_one(name)
        except Exception:
            # The database is lost, or something is that nobody thought of: a worker without threads
            # would look alive and do nothing.
            logger.exception("worker.failed")
            connection.close()
            stop.wait(PAUSE_AFTER_ERROR_S)
            continue
        if not worked:
            stop.wait(POLL_S)
    connection.close()


def _keep_house(stop: threading.Event) -> None:
    """Clear up, once a day."""
    while not stop.wait(HOUSEKEEPING_INTERVAL_S):
        try:
            close_old_connections()
            housekeeping.keep_house()
        finally:
            # Nothing is asked for a day, and the thread ends without a word.
            connection.close()
