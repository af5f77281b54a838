"""What a route is: its path, its view, and each method's action and permission."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

from artifacts.limits import REQUEST_BODY_MAX_BYTES

Permission = Literal[
    "open", "link", "account", "search", "upload", "download", "decide", "administrator", "self",
    "own", "reset",
]  # fmt: skip
# Anybody, without a token.
OPEN: Final = "open"
# Anybody with the signed link, which the view itself verifies.
LINK: Final = "link"
# Everybody who is signed in: pages about one's own account.
SIGNED_IN: Final = "account"
# Users with this permission, and administrators.
SEARCH: Final = "search"
UPLOAD: Final = "upload"
DOWNLOAD: Final = "download"
DECIDE: Final = "decide"
# Administrators alone.
ADMINISTRATOR: Final = "administrator"
# Administrators, and users about themselves.
SELF: Final = "self"
# The user whom the path names; not even an administrator acts in another's name.
OWN: Final = "own"
# Administrators alone; anybody else gets the contract's own refusal.
RESET: Final = "reset"


class Operation(NamedTuple):
    """What one method of a route does.

    Attributes:
        action: the viewset's method that answers; "" if the view is a function.
        permission: who may call it.
        flags: query parameters that need one more permission if true.
        goes_on: whether a method that sounds like a change continues in read-only mode, because it
            changes nothing, or because reading needs it.
        body_max_bytes: how long a body it reads.
    """

    action: str
    permission: Permission
    flags: Mapping[str, Permission] = {}
    goes_on: bool = False
    body_max_bytes: int = REQUEST_BODY_MAX_BYTES


class Route(NamedTuple):
    """One path.

    Attributes:
        path: in the syntax of Django's `path`.
        name: the pattern's name.
        view: the dotted name of a viewset or a function, imported by the first request.
        methods: the operation of each method, in the order of `Allow`. GET implies HEAD, and any
            method implies OPTIONS.
    """

    path: str
    name: str
    view: str
    methods: Mapping[str, Operation]

    @property
    def actions(self) -> dict[str, str]:
        """Return the viewset's action by method, for `as_view`; {} for a function."""
        return {method.lower(): each.action for method, each in self.methods.items() if each.action}
