"""The values given to a process: its environment, and the secrets whose places it names.

`environment.py` parses the values.
"""

import os

from django.core.exceptions import ImproperlyConfigured

from . import secret_store
from .variables import PREFIX, SECRET_ARNS, unknown_names

# The secrets that `fetch_secrets` read. They are not put into the environment, which every program
# that a process starts inherits.
_fetched: dict[str, str] = {}


def read_value(name: str) -> str:
    """Return a variable's value or the secret fetched for it; "" if there is neither."""
    return _own(name) or _fetched.get(name, "")


def describe_source(name: str) -> str:
    """Return words that say where a value was fetched; "" if it stands in the environment."""
    return f" (from {SECRET_ARNS[name]})" if name in _fetched else ""


def refuse_unknown_names() -> None:
    """Check that every variable meant for the registry is one that it reads.

    Raises:
        ImproperlyConfigured: some are not; names all of them, with the likely intended names.
    """
    wrong = unknown_names(name for name in os.environ if name.startswith(PREFIX))
    if wrong:
        raise ImproperlyConfigured(f"{' '.join(wrong)} docs/settings.md describes each.")


def fetch_secrets() -> bool:
    """Read the secrets that are kept elsewhere, for `read_value`.

    Returns:
        Whether one of them has changed.

    Raises:
        ImproperlyConfigured: one cannot be read, or is given twice. Its value is never shown.
    """
    arns = {name: arn for name, each in SECRET_ARNS.items() if (arn := _own(each))}
    twice = [f"{name} and {SECRET_ARNS[name]}" for name in arns if _own(name)]
    if twice:
        raise ImproperlyConfigured(f"Only one of both may be set: {', '.join(twice)}.")
    if not arns:
        return False
    try:
        found = secret_store.read({SECRET_ARNS[name]: arn for name, arn in arns.items()})
    except secret_store.SecretUnreadable as error:
        raise ImproperlyConfigured(str(error)) from error
    before = dict(_fetched)
    _fetched.update({name: found[SECRET_ARNS[name]].strip() for name in arns})
    return _fetched != before


def forget_secrets() -> tuple[str, ...]:
    """Forget the fetched secrets; return the names of their variables."""
    names = tuple(_fetched)
    _fetched.clear()
    return names


def _own(name: str) -> str:
    """Return a variable's value in the environment itself."""
    return os.environ.get(name, "").strip()
