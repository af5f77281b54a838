"""Generates `docs/security/permissions.md` from the table of routes."""

from __future__ import annotations

from artifacts.routes import ROUTES
from artifacts.routes.operations import Operation, Permission, Route

_WORDS: dict[Permission, str] = {
    "open": "nothing",
    "link": "the signed link itself",
    "account": "to be signed in",
    "search": "`search`",
    "upload": "`upload`",
    "download": "`download`",
    "change": "`upload` or `manage`",
    "decide": "`decide`",
    "administrator": "to be an administrator",
    "self": "to be an administrator, or the user that the path names",
    "own": "to be the user that the path names",
    "reset": "to be an administrator (401 for others), and `REGISTRY_RESET=on`",
}
_HEAD = """# Who may do what

Made out of the table in `artifacts/routes` by `make docs`; a test compares.

The token in `X-Authorization` says who calls. Administrators have every permission. By a token for
programs nobody administers, decides, touches users or makes tokens, and `upload` and `manage` need
its scope `write`. Where `REGISTRY_OWNERSHIP` is `uploader`, `upload` lets users replace and delete
only what they registered themselves, and `manage` everything. Paths with `/monitor`, and
`/downloads`, are for the model's uploader and administrators. The forms for a decision and for such
a program on an artifact's page need `search` as well. By the Hub's protocol all write below their
own name only; its lists of tags give the usual ones to whoever sends no token, and others need
`search`. A method that a path lacks is 405 before anybody looks who calls; HEAD needs what GET
needs, and OPTIONS needs nothing. The last column says what goes on while `REGISTRY_MODE` is
`read_only`: what a GET would write, the services refuse, except for the audit trail of what is read
and downloaded. While it is `closed`, only the two paths of `/health` and static files answer. On
pages for people it is the session that says who asks: strangers are led to the sign-in page, except
that `REGISTRY_PUBLIC_PAGES=on` lets them see the pages that need `search`. The staff site below
`/admin/` is for administrators.

| Method and path | Answered by | The caller needs | Read-only |
| --- | --- | --- | --- |
"""


def permissions_page() -> str:
    """Return the page."""
    rows = [
        _row(route, method, operation)
        for route in ROUTES
        for method, operation in route.methods.items()
    ]
    return _HEAD + "".join(f"{row}\n" for row in rows)


def _row(route: Route, method: str, operation: Operation) -> str:
    """Return the table row of one method."""
    needs = [_WORDS[operation.permission]]
    needs += [f"with `{flag}` {_WORDS[each]} too" for flag, each in operation.flags.items()]
    view = route.view.rpartition(".")[2]
    answered_by = f"{view}.{operation.action}" if operation.action else view
    goes_on = "goes on" if method == "GET" or operation.goes_on else "503"
    cells = (f"`{method} {_shown_path(route.path)}`", f"`{answered_by}`", ", ".join(needs), goes_on)
    return f"| {' | '.join(cells)} |"


def _shown_path(path: str) -> str:
    """Return a path with its parameters in braces, as the schema writes them.

    What stands beside a parameter in a segment stays, as in `<str:name>.git`.
    """
    shown, *parameters = path.split("<")
    for each in parameters:
        parameter, _, rest = each.partition(">")
        shown += f"{{{parameter.rpartition(':')[2]}}}{rest}"
    return f"/{shown}"
