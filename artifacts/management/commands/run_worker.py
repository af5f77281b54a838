"""`manage.py run_worker`: does the tasks of the database until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import close_old_connections, connection

from artifacts.limits import EXIT_MAX_S, WORKER_GRACE_S
from artifacts.services import housekeeping, leases
from artifacts.tasks.runner import run_one
from registry_site import stopping

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
        """Work until told to stop; a task that runs then has a few seconds to be finished.

        Raises:
            CommandError: there would be nobody to work.
        """
        if options["threads"] < 1:
            raise CommandError("--threads is at least 1.")
        name = f"{socket.gethostname()}-{os.getpid()}"
        with stopping.listening():
            if options["once"]:
                while not stopping.is_asked() and run_one(name):
                    pass
            else:
                _run(name, options["threads"], options["parent"])


def _run(name: str, number_of_threads: int, parent: int) -> None:
    """Work until told to stop, or until the parent is gone, which could not say so."""
    # Set here alone, never by a signal: see registry_site/stopping.py.
    stop = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(f"{name}-{number}", stop), name=f"worker-{number}")
        for number in range(number_of_threads)
    ]
    threads.append(threading.Thread(target=_keep_house, args=(stop,), name="housekeeping"))
    for thread in threads:
        # A thread that does not end must not keep the process.
        thread.daemon = True
        thread.start()
    while not stopping.is_asked() and not (parent and os.getppid() != parent):
        time.sleep(POLL_S)
    stopping.end_within(WORKER_GRACE_S + EXIT_MAX_S)
    stop.set()
    ends_at = time.monotonic() + WORKER_GRACE_S
    for thread in threads:
        thread.join(max(0.0, ends_at - time.monotonic()))
    left = [thread.name for thread in threads if thread.is_alive()]
    if left:
        # Their leases run out, and the tasks are done again.
        logger.warning("worker.left_unfinished", extra={"threads": left})
    stopping.end_within(EXIT_MAX_S)


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
