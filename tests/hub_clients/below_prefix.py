"""`manage.py serve`, where a web server in front leads a path to the registry: as WSGI has it.

    python -m tests.hub_clients.below_prefix serve --port 8000

Paths without the prefix are not the registry's, and answer 404.
"""

import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

PREFIX = "/models/v2"


def below(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """Return an application that answers below the prefix (PEP 3333: SCRIPT_NAME, PATH_INFO)."""

    def answer(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if not path.startswith(f"{PREFIX}/"):
            start("404 Not Found", [("Content-Type", "text/plain")])
            return [b"nothing here"]
        environ |= {"SCRIPT_NAME": PREFIX, "PATH_INFO": path.removeprefix(PREFIX)}
        return application(environ, start)

    return answer


def main() -> None:
    from django.core.management import execute_from_command_line

    # A worker beside it is a process of `manage.py`, and knows no paths.
    if sys.argv[1] == "serve":
        import registry_site.wsgi as served

        served.application = below(served.application)
    execute_from_command_line(["manage.py", *sys.argv[1:]])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "registry_site.settings.development")
    main()
