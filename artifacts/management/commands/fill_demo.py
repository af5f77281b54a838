"""`manage.py fill_demo`: made-up artifacts, so that every page has something to show."""

from __future__ import annotations

import socket
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.test.utils import override_settings

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactExists
from artifacts.management.demo import life
from artifacts.management.demo.contents import HOME_GROWN, MADE, SECOND, Made
from artifacts.management.demo.source import DemoSource, serving
from artifacts.models import DEFAULT_ADMIN_USERNAME, User
from artifacts.services.access.users import ensure_administrator
from artifacts.services.catalogue.registration import register_artifact

_HOST = "127.0.0.1"
# With one, the registry asks GitHub's graph, which tells all in few requests.
_TOKEN = "of-the-demonstration"  # noqa: S105  (the source takes any)


class Command(BaseCommand):
    """Registers made-up artifacts from a source on loopback; needs no internet."""

    help = "Fill a registry for trying out with a dozen made-up artifacts."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Register what is not registered yet.

        Raises:
            CommandError: this registry is not for trying out, or runs already.
        """
        if not settings.IS_FOR_TRYING_OUT:
            raise CommandError("Only a registry for trying out is filled with made-up artifacts.")
        _require_no_worker()
        call_command("migrate", verbosity=0, interactive=False)
        ensure_administrator()
        user = User.objects.filter(is_admin=True, is_active=True).order_by("pk").first()
        if user is None:
            raise CommandError(f"There is no administrator, not even {DEFAULT_ADMIN_USERNAME}.")
        with serving() as source:
            _publish(source)
            # In this process alone, and at once: a worker would ask the real ones.
            with override_settings(
                HF_ENDPOINT=source.url,
                GITHUB_API_URL=source.url,
                GITHUB_WEB_URL=source.url,
                GITHUB_TOKEN=_TOKEN,
                REGISTRY_PRIVATE_HOSTS=(source.host,),
                REGISTRY_TASKS="immediate",
            ):
                for each in MADE:
                    self._register(each, user)
                self._go_on(source, user)
        life.count_a_day()
        self.stdout.write("Filled. Look around with: make run")

    def _go_on(self, source: DemoSource, user: User) -> None:
        """Do what people do once something is there, each thing once."""
        if life.upload_home_grown(user):
            self.stdout.write(f"{HOME_GROWN.name} is uploaded.")
        if life.publish_second(source, user):
            self.stdout.write(f"{SECOND.name} has a second revision.")
            life.download_some(user)

    def _register(self, made: Made, user: User) -> None:
        """Register one artifact, and say what became of it."""
        name = made.name
        try:
            found = register_artifact(artifact_type=made.type, url=made.url, name=None, user=user)
        except ArtifactExists:
            self.stdout.write(f"{name} is there already.")
            return
        said = "waits for its source" if found.is_deferred else "is registered"
        self.stdout.write(f"{name} {said}.")


def _require_no_worker() -> None:
    """Check that the registry does not run: its worker would ask the real sources.

    Raises:
        CommandError: something listens on its port.
    """
    with socket.socket() as listener:
        # Like the server's own, so that a port that was just left counts as free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((_HOST, settings.PORT))
        except OSError as error:
            raise CommandError(
                f"Something listens on port {settings.PORT}, perhaps this registry. Stop it, fill "
                "the registry, and start it again."
            ) from error


def _publish(source: DemoSource) -> None:
    """Let the source have everything."""
    for each in MADE:
        if each.type == ArtifactType.CODE:
            source.publish_on_github(each.repository, each.files)
        else:
            kind = "models" if each.type == ArtifactType.MODEL else "datasets"
            source.publish_on_hub(kind, each.repository, each.files, each.facts)
        if each.is_out_of_order:
            source.out_of_order.add(each.repository)
