"""How a process of the registry starts, and what it says when it cannot.

Wrong settings are reported in one line that names the variable: a command writes it to standard
error; in the WSGI application, and so on Lambda, it is the text of the error that stops the start.
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
# Every complete settings module has these. A partial module such as `given` may lack them, and
# Django's complaint would not name the cause.
_DEMANDED = ("INSTALLED_APPS", "SECRET_KEY")
# Longer reasons hold details of the server or of a query in their further lines.
_REASON_MAX_CHARS = 300


def choose_settings(default: str) -> None:
    """Choose the default settings unless some are named, and check that they exist.

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
    """End a command with one line instead of a traceback if its settings or database are at fault.

    Raises:
        SystemExit: they are at fault; the status is 1.
    """
    try:
        yield
    except ImproperlyConfigured as error:
        reason = str(error)
    except Exception as error:
        # An error of the database means that Django is imported already.
        reason = _database_reason(error)
        if not reason:
            raise
    else:
        return
    sys.stderr.write(f"{reason}\n")
    raise SystemExit(1)


def refuse_wrong_combinations() -> None:
    """Run the registry's own checks of settings that are valid one by one.

    `manage.py` runs all checks before a command; other servers run only ours, which take no time.

    Raises:
        ImproperlyConfigured: a check finds an error; the text names its variables.
    """
    from django.core.checks.registry import registry

    for check in registry.registered_checks:
        if check.__module__.startswith("artifacts."):
            for message in check(app_configs=None, databases=None):
                if message.is_serious():
                    raise ImproperlyConfigured(f"{message.msg} {message.hint or ''}".strip())


def _database_reason(error: Exception) -> str:
    """Return a sentence if an error means that the database cannot be used; "" otherwise."""
    from django.db import InterfaceError, OperationalError

    if not isinstance(error, (OperationalError, InterfaceError)):
        return ""
    from django.conf import settings

    from registry_site.settings.given import read_value

    variable = "DATABASE_URL" if read_value("DATABASE_URL") else "REGISTRY_DATA_DIR"
    name = settings.DATABASES["default"]["NAME"]
    reason = " ".join(str(error).split())[:_REASON_MAX_CHARS]
    return f"The database {name!r}, which {variable} names, cannot be used: {reason}"
