"""`manage.py run_worker`: runs the tasks in the database until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error, close_old_connections, connection

from artifacts.database import outages
from artifacts.limits import EXIT_MAX_S, GENERATION_WATCH_S, WORKER_GRACE_S
from artifacts.services.upkeep import housekeeping
from artifacts.services.upkeep.watching import watch_generation
from artifacts.tasks.runner import run_one
from artifacts.work import leases
from registry_site import stopping

logger = logging.getLogger(__name__)

# How often an idle worker polls the table, which takes one indexed read of a fraction of a
# millisecond. In a quiet registry, no task waits longer than this.
POLL_S = 0.2
# How long a worker pauses after a failure.
PAUSE_AFTER_ERROR_S = 2.0
# How often a running worker clears away what failures left behind.
HOUSEKEEPING_INTERVAL_S = 24 * 60 * 60
# Not a day, or a worker that is restarted each night would never clear up. Not at once either:
# tasks are waiting, and a worker that is restarted again and again would do nothing else.
HOUSEKEEPING_FIRST_S = 10 * 60


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
        """Work until told to stop; a running task then has a few seconds to finish.

        Raises:
            CommandError: the number of threads is less than one.
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
    """Work until told to stop, or until the parent is gone and so cannot tell."""
    # Set only here, never by a signal: see registry_site/stopping.py.
    stop = threading.Event()
    threads = [
        threading.Thread(target=_work, args=(f"{name}-{number}", stop), name=f"worker-{number}")
        for number in range(number_of_threads)
    ]
    threads.append(threading.Thread(target=_keep_house, args=(stop,), name="housekeeping"))
    for thread in threads:
        # A thread that does not end must not keep the process alive.
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
        # Their leases expire, and the tasks are run again.
        logger.warning("worker.left_unfinished", extra={"threads": left})
    stopping.end_within(EXIT_MAX_S)


def _work(name: str, stop: threading.Event) -> None:
    """Run one task after the other."""
    while not stop.is_set():
        try:
            close_old_connections()
            # Polling takes no lock; taking the lease, which follows, does.
            worked = leases.anything_due() and run_one(name)
            outages.write()
        except Exception:
            # The database is lost, or something unexpected failed. If the thread ended, the worker
            # would look alive and do nothing.
            logger.exception("worker.failed")
            connection.close()
            stop.wait(PAUSE_AFTER_ERROR_S)
            continue
        if not worked:
            stop.wait(POLL_S)
    connection.close()


def _keep_house(stop: threading.Event) -> None:
    """Compare bucket and database at once and every minute; clear up soon after that, and daily."""
    due_at = time.monotonic() + min(HOUSEKEEPING_FIRST_S, HOUSEKEEPING_INTERVAL_S)
    wait_s = 0.0
    while not stop.wait(wait_s):
        wait_s = min(GENERATION_WATCH_S, HOUSEKEEPING_INTERVAL_S)
        try:
            close_old_connections()
            watch_generation()
            if time.monotonic() >= due_at:
                due_at = time.monotonic() + HOUSEKEEPING_INTERVAL_S
                housekeeping.keep_house()
        except Error:
            # The database is lost; the working threads report that.
            logger.warning("generation.unknown", exc_info=True)
        except Exception:
            # Something unexpected failed. If this thread ended, the worker would still look alive.
            logger.exception("worker.failed")
        finally:
            # The connection would be idle for a minute, and the thread may end at any time.
            connection.close()
