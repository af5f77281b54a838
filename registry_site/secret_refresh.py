"""Forgets secrets before a process is frozen, and reads them again after it is thawed.

A process that continues from a snapshot would have the secrets of the day of the snapshot, and the
snapshot would hold them as long as it exists. Code that freezes a process calls `forget_secrets`
before, and `refresh_secrets` before the first request after. If no secret is kept elsewhere
(`NAME_SECRET_ARN`), neither does anything: values in the environment stay.
"""

from __future__ import annotations

import sys
from importlib import reload
from secrets import token_urlsafe
from types import ModuleType

from django.conf import settings
from django.db import connections

from artifacts.rules.secrets import forget_spellings
from registry_site.settings import base, given
from registry_site.settings.variables import VARIABLES

_SECRETS = tuple(name for name, each in VARIABLES.items() if each.secret)
# The keys of a database's settings that hold a secret.
_LOGIN = ("USER", "PASSWORD")


def forget_secrets() -> None:
    """Forget the secrets that are kept elsewhere; what needs one fails until they are read again.

    Old values in memory are not overwritten, but nothing refers to them any more.
    """
    forgotten = given.forget_secrets()
    if not forgotten:
        return
    _forget_what_was_made_of_them()
    connections.close_all()
    module = sys.modules[settings.SETTINGS_MODULE]
    for holder in (base, module, settings):
        for name in forgotten:
            if hasattr(holder, name):
                setattr(holder, name, _stand_in(getattr(holder, name)))
    for database in (*module.DATABASES.values(), *connections.settings.values()):
        database.update(dict.fromkeys(_LOGIN, ""))


def _forget_what_was_made_of_them() -> None:
    """Empty the caches that hold a secret, or a value computed from one."""
    # Imported late: only a process that is frozen needs it, and its models must be loaded.
    from artifacts.services.access.passwords import forget_initial_password

    forget_initial_password()
    forget_spellings()


def _stand_in(value: object) -> object:
    """Return what replaces a secret: for a text, a random one that nobody knows.

    It is not empty, because Django raises when anything, even the log's filter, reads an empty key.
    """
    return token_urlsafe() if isinstance(value, str) else type(value)()


def refresh_secrets() -> None:
    """Read again the secrets that are kept elsewhere.

    If one has changed, database connections are closed; new ones use it.

    Raises:
        ImproperlyConfigured: one cannot be read, or has the wrong form.
    """
    if not given.fetch_secrets():
        return
    # The same code that read them at the start, so that each form is checked again.
    reload(base)
    module = reload(sys.modules[settings.SETTINGS_MODULE])
    _take(module)


def _take(module: ModuleType) -> None:
    """Copy the secrets of a settings module into the active settings."""
    for name in _SECRETS:
        if hasattr(module, name):
            setattr(settings, name, getattr(module, name))
    connections.close_all()
    for alias, database in module.DATABASES.items():
        # Connections share this dictionary.
        connections.settings[alias].update(database)
