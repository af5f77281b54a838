"""Typed readers of environment variables, which fail loudly.

Only the settings modules read the environment; everything else reads `django.conf.settings`.
"""

import os
from collections.abc import Collection

from django.core.exceptions import ImproperlyConfigured


def demand(names: Collection[str]) -> None:
    """See that variables are there.

    Raises:
        ImproperlyConfigured: some are not; all of them are named.
    """
    missing = [name for name in names if not os.environ.get(name, "").strip()]
    if missing:
        raise ImproperlyConfigured(
            f"Set the environment variables {', '.join(missing)}: production has no default for "
            "them. docs/settings.md describes each."
        )


def text(name: str, default: str | None = None) -> str:
    """Return a variable; without a default it is required.

    Raises:
        ImproperlyConfigured: the variable is missing or empty and there is no default.
    """
    value = os.environ.get(name, "").strip()
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: it has no default here.")
    return default


def choice(name: str, choices: Collection[str], default: str) -> str:
    """Return a variable that must be one of a few words.

    Raises:
        ImproperlyConfigured: it is another word.
    """
    value = text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(
            f"{name} is {value!r}; it must be one of: {', '.join(sorted(choices))}."
        )
    return value


def integer(name: str, default: int, *, minimum: int) -> int:
    """Return a whole number.

    Raises:
        ImproperlyConfigured: it is no whole number, or under the minimum.
    """
    value = text(name, str(default))
    try:
        number = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; it must be a whole number.") from error
    if number < minimum:
        raise ImproperlyConfigured(f"{name} is {number}; it must be at least {minimum}.")
    return number


def words(name: str, default: Collection[str] = ()) -> tuple[str, ...]:
    """Return a list of words that are separated by commas or white space."""
    return tuple(text(name, " ".join(default)).replace(",", " ").split())


def base_url(name: str, default: str) -> str:
    """Return an http(s) address without a slash at its end.

    Raises:
        ImproperlyConfigured: it does not start with http:// or https://.
    """
    value = text(name, default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        raise ImproperlyConfigured(f"{name} is {value!r}; it must start with http:// or https://.")
    return value
