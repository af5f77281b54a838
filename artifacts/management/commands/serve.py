"""`manage.py serve`: runs the whole registry on one machine, a web server and a worker."""

from __future__ import annotations

import gc
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from artifacts.exceptions import StorageUnavailable, StorageUnsuitable
from artifacts.limits import EXIT_MAX_S, STOP_MAX_S
from artifacts.management.keeper import WorkerKeeper
from artifacts.models import DEFAULT_ADMIN_USERNAME
from artifacts.services.access.users import ensure_administrator
from artifacts.services.upkeep.watching import watch_generation
from artifacts.storage.abilities import abilities_with
from artifacts.storage.proof import prove_bucket
from registry_site import stopping
from registry_site.settings.environment import PORT_MAX

# Requests mostly wait for sources and the database instead of computing.
WEB_THREADS = 32
_HOST = "127.0.0.1"


class Command(BaseCommand):
    """Migrates, ensures that there is an administrator, starts a worker, and serves."""

    help = "Serve the API, the pages and a background worker on 127.0.0.1."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument(
            "--threads", type=int, default=WEB_THREADS, help="requests at once (default: 32)"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Serve until told to stop.

        Raises:
            CommandError: the port cannot be used.
        """
        if not 0 <= options["port"] <= PORT_MAX:
            raise CommandError(f"--port is a number from 0 to {PORT_MAX}.")
        if options["threads"] < 1:
            raise CommandError("--threads is at least 1.")
        with stopping.listening():
            self._serve(options["port"], options["threads"])

    def _serve(self, port: int, threads: int) -> None:
        """Serve, and end everything again."""
        from artifacts.server.listener import PortTaken, Server
        from registry_site.wsgi import application

        keeper = WorkerKeeper()
        try:
            # First of all: this registry may have the port already, and a migration would break it.
            server = Server(_HOST, port)
            call_command("migrate", verbosity=0, interactive=False)
            ensure_administrator()
            self._try_bucket()
            watch_generation()
            server.open(application, threads)
        except PortTaken as error:
            raise CommandError(str(error)) from error
        url = f"http://{_HOST}:{server.effective_port}"
        self._say_what_comes_next(url)
        # Objects made at start-up stay; collecting garbage among them would delay every request.
        gc.freeze()
        has_worker = settings.REGISTRY_TASKS == "worker"
        try:
            server.serve(stopping.is_asked, keeper.look if has_worker else lambda: None)
        finally:
            stopping.end_within(STOP_MAX_S)
            keeper.ask_to_stop()
            server.stop()
            keeper.end()
            stopping.end_within(EXIT_MAX_S)

    def _say_what_comes_next(self, url: str) -> None:
        """Say where the registry is, who may sign in, and a line to paste."""
        self.stdout.write(f"The registry is at {url} (staff site: {url}/admin/). Ctrl-C stops it.")
        if not settings.IS_FOR_TRYING_OUT:
            return
        kept = "REGISTRY_ADMIN_PASSWORD" if settings.REGISTRY_ADMIN_PASSWORD else "in README.md"
        self.stdout.write(
            f"Sign in at {url}/sign-in as {DEFAULT_ADMIN_USERNAME}; the password is {kept}, unless "
            f"you changed it.\nTry it in another shell: curl -f {url}/tracks\nThen go on at "
            f"{url}/docs, or with README.md."
        )

    def _try_bucket(self) -> None:
        """Say what the bucket lacks; a bucket that does not answer counts as a lost component.

        Raises:
            CommandError: the registry could not write into the bucket.
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
