"""`manage.py serve`: the whole registry on one machine, a web server and a worker."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from artifacts.exceptions import StorageUnavailable, StorageUnsuitable
from artifacts.limits import UPLOAD_MAX_BYTES
from artifacts.services.users import ensure_administrator
from artifacts.storage.abilities import abilities_with
from artifacts.storage.proof import prove_bucket

logger = logging.getLogger(__name__)

# Requests wait for sources and for the database far more than they compute.
WEB_THREADS = 32
CONNECTIONS_MAX = 1_000
# A client that sends nothing for so long is cut off; waiting ones hold no thread.
IDLE_TIMEOUT_S = 60
RESTART_PAUSE_S = 1.0


class Command(BaseCommand):
    """Migrates, sees to the administrator, starts a worker beside the server, and serves."""

    help = "Serve the API, the pages and a background worker on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
        parser.add_argument(
            "--threads", type=int, default=WEB_THREADS, help="requests at once (default: 32)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until interrupted."""
        import waitress

        # As Ctrl-C does: the worker is told to stop, and what it does is waited for.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))

        from registry_site.wsgi import application

        call_command("migrate", verbosity=0, interactive=False)
        ensure_administrator()
        self._try_bucket()
        keeper = WorkerKeeper()
        if settings.REGISTRY_TASKS == "worker":
            keeper.start()
        url = f"http://127.0.0.1:{options['port']}"
        self.stdout.write(f"The registry is at {url} (staff site: {url}/admin/). Ctrl-C stops it.")
        try:
            waitress.serve(
                application,
                host="127.0.0.1",
                port=options["port"],
                threads=options["threads"],
                connection_limit=CONNECTIONS_MAX,
                channel_timeout=IDLE_TIMEOUT_S,
                max_request_body_size=UPLOAD_MAX_BYTES,
                asyncore_use_poll=True,
                expose_tracebacks=False,
                ident=None,
                _quiet=True,
            )
        finally:
            keeper.stop()

    def _try_bucket(self) -> None:
        """Say what the bucket lacks; one that only does not answer is a component that is lost.

        Raises:
            CommandError: nothing could be written into it.
        """
        try:
            found = prove_bucket()
        except StorageUnavailable as error:
            self.stderr.write(f"The bucket was not tried. {error.message}")
            return
        for each in found:
            self.stderr.write(str(each))
        if refusal := abilities_with(found).refusal:
            raise CommandError(StorageUnsuitable(refusal).message)


class WorkerKeeper:
    """Runs a worker process, and another one when it dies."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._stop = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start the worker and watch it."""
        self._thread.start()

    def stop(self) -> None:
        """Ask the worker to finish what it does, and wait for it."""
        self._stop.set()
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def _keep(self) -> None:
        """Start a worker whenever there is none."""
        command = [sys.executable, "-W", "ignore", sys.argv[0], "run_worker"]
        command += ["--parent", str(os.getpid())]
        while not self._stop.is_set():
            self._process = subprocess.Popen(command)  # noqa: S603  (our own words only)
            code = self._process.wait()
            if not self._stop.wait(RESTART_PAUSE_S):
                logger.warning("worker.restarted", extra={"exit_code": code})
