"""What the registry permits while its operator restores or moves it (REGISTRY_MODE).

One rule for every change: `transactions.writing` asks here, and so do the few changes made without
it. The door (`artifacts/api/modes.py`) refuses by route before any work is done. Counts of calls,
requests and failed sign-ins, sessions, and the state of silent sources are written in read-only
mode, too. A process keeps the setting it started with.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

from artifacts.enums import RegistryMode
from artifacts.exceptions import RegistryClosed, RegistryReadOnly
from artifacts.limits import MODE_RETRY_AFTER_S

SIGN_IN = "sign in"
AUDIT = "audit"
# What `writing` still writes while the registry is read-only, and why. A test compares this with
# the code: nothing else may name a reason.
GOES_ON = {
    SIGN_IN: "Who may read has to sign in for it.",
    AUDIT: "A trail that leaves out what was read and downloaded meanwhile would lie.",
}

_is_operators_work: ContextVar[bool] = ContextVar("operators_work", default=False)


def is_open() -> bool:
    """Whether the current work may change anything."""
    return settings.REGISTRY_MODE == RegistryMode.OPEN or _is_operators_work.get()


def require_open(*, going_on: str = "") -> None:
    """Check that changes are permitted now.

    Args:
        going_on: the exception in `GOES_ON` that this is; "" for none.

    Raises:
        RegistryReadOnly, RegistryClosed: they are not.
    """
    if is_open():
        return
    if settings.REGISTRY_MODE == RegistryMode.CLOSED:
        raise RegistryClosed(MODE_RETRY_AFTER_S)
    if going_on not in GOES_ON:
        raise RegistryReadOnly(MODE_RETRY_AFTER_S)


@contextmanager
def operators_work() -> Iterator[None]:
    """Permit changes in any mode: for the operator who restores or moves the registry."""
    token = _is_operators_work.set(True)
    try:
        yield
    finally:
        _is_operators_work.reset(token)
