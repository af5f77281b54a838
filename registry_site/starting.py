"""How a process of the registry begins, and what it says when it cannot.

Settings of the wrong form are told in one line that names the variable: by a command on standard
error, by the WSGI application and so by Lambda as the error that stops them, whose text is that
line.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

_SETTINGS = "DJANGO_SETTINGS_MODULE"
# What no settings can do without; a part of some lacks it, and Django would complain of that alone.
_DEMANDED = ("INSTALLED_APPS", "SECRET_KEY")
# What holds a tail of details of the server, or of a query, in its further lines.
_REASON_MAX_CHARS = 300


def choose_settings(default: str) -> None:
    """See that the settings are named, and that they are there.

    Raises:
        ImproperlyConfigured: there is no such module, or it holds something else.
    """
    name = os.environ.setdefault(_SETTINGS, default)
    try:
        is_there = importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        is_there = False
    if not is_there or not all(hasattr(import_module(name), each) for each in _DEMANDED):
        raise ImproperlyConfigured(
            f"{_SETTINGS} is {name[:60]!a}; it must name a module of settings, such as {default}."
        )


@contextmanager
def explained() -> Iterator[None]:
    """End a command with a line instead of a traceback where its settings or database are at fault.

    Raises:
        SystemExit: they are; its status is 1.
    """
    try:
        yield
    except ImproperlyConfigured as error:
        reason = str(error)
    except Exception as error:
        # Django is imported by now, or it is something else.
        reason = _database_reason(error)
        if not reason:
            raise
    else:
        return
    sys.stderr.write(f"{reason}\n")
    raise SystemExit(1)


def refuse_wrong_combinations() -> None:
    """See what the registry's own checks say of settings that are right one by one.

    `manage.py` runs all checks before a command; whatever else serves runs ours, which take no
    time.

    Raises:
        ImproperlyConfigured: one of them finds an error; the text names its variables.
    """
    from django.core.checks.registry import registry

    for check in registry.registered_checks:
        if check.__module__.startswith("artifacts."):
            for message in check(app_configs=None, databases=None):
                if message.is_serious():
                    raise ImproperlyConfigured(f"{message.msg} {message.hint or ''}".strip())


def _database_reason(error: Exception) -> str:
    """Return a sentence for an error of a database that cannot be used; "" for any other error."""
    from django.db import InterfaceError, OperationalError

    if not isinstance(error, (OperationalError, InterfaceError)):
        return ""
    from django.conf import settings

    variable = "DATABASE_URL" if os.environ.get("DATABASE_URL", "").strip() else "REGISTRY_DATA_DIR"
    name = settings.DATABASES["default"]["NAME"]
    reason = " ".join(str(error).split())[:_REASON_MAX_CHARS]
    return f"The database {name!r}, which {variable} names, cannot be used: {reason}"
