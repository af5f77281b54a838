"""`manage.py serve`, as it is behind a web server that leads a path to it and takes that path off.

    python -m tests.hub_clients.below_prefix serve --port 8000

Such a server tells the path as SCRIPT_NAME (PEP 3333). There is none here: what would come to it
comes to the registry's own, which takes the path off as it reads a request's first line.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

PREFIX = "/models/v2"
# No address of the registry: whoever forgets the prefix gets 404.
_ELSEWHERE = "/outside-of-the-prefix"
Application = Callable[..., Iterable[bytes]]


def below(application: Application) -> Application:
    """Return an application that knows below which path it answers."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        return application(environ | {"SCRIPT_NAME": PREFIX}, start)

    return answer


def taken_off(split: Callable[[bytes], tuple[Any, ...]]) -> Callable[[bytes], tuple[Any, ...]]:
    """Return a function that splits an address as this one does, without the prefix."""

    def split_below(uri: bytes) -> tuple[Any, ...]:
        scheme, place, path, *rest = split(uri)
        is_below = path.startswith(f"{PREFIX}/")
        return scheme, place, path.removeprefix(PREFIX) if is_below else _ELSEWHERE, *rest

    return split_below


def main() -> None:
    from django.core.management import execute_from_command_line

    # A worker is a process of `manage.py` as well, and knows no paths.
    if sys.argv[1] == "serve":
        import waitress.parser as reader

        import registry_site.wsgi as served

        served.application = below(served.application)
        reader.split_uri = taken_off(reader.split_uri)
    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings.development")
    main()
