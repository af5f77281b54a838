"""What the Hub's clients write: repositories, large files, commits. `hub.py` has what they read.

Ids without an owner are not written to: the clients ask for the whole id first.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.limits import COMMIT_BODY_MAX_BYTES
from artifacts.routes.operations import LINK, OPEN, UPLOAD, Operation, Route

_VIEWS = "artifacts.hub.views"
_OWNED = f"{_VIEWS}.owned.OwnedViewSet"
_SENDING = f"{_VIEWS}.sending.SendingViewSet"
_COMMITS = f"{_VIEWS}.commits.CommitViewSet"
_LINKS = f"{_VIEWS}.sent"
# The two kinds of the protocol: as its API calls them, and what stands before the ids of files.
KINDS = {"models": "", "datasets": "datasets/"}
_ID = "<str:owner>/<str:name>"
# Of all that is answered to them, the clients that want Xet show this address.
NO_XET_PATH = "api/this-registry-takes-no-xet/set-HF_HUB_DISABLE_XET-to-1-and-upload-again"


def _list_kind(kind: str) -> Iterator[Route]:
    """Yield the routes that write a repository of a kind."""
    base, name = f"api/{kind}/{_ID}", f"hub-{kind}"
    yield Route(f"{base}/preupload/<path:revision>", f"{name}-preupload", _SENDING, {
        "POST": Operation("choose_modes", UPLOAD),
    })  # fmt: skip
    yield Route(f"{KINDS[kind]}{_ID}.git/info/lfs/objects/batch", f"{name}-lfs-batch", _SENDING, {
        "POST": Operation("announce", UPLOAD),
    })  # fmt: skip
    yield Route(f"{base}/commit/<path:revision>", f"{name}-commit", _COMMITS, {
        "POST": Operation("create", UPLOAD, body_max_bytes=COMMIT_BODY_MAX_BYTES),
    })  # fmt: skip
    # Not here; each refusal says what to do instead.
    for word in ("tag", "branch"):
        yield Route(f"{base}/{word}/<path:revision>", f"{name}-{word}", _OWNED, {
            "POST": Operation("refuse_name", UPLOAD),
            "DELETE": Operation("refuse_name", UPLOAD),
        })  # fmt: skip
    yield Route(f"{base}/xet-write-token/<path:revision>", f"{name}-xet-write-token", _OWNED, {
        "GET": Operation("lead_from_xet", OPEN),
    })  # fmt: skip


# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("api/repos/create", "hub-repos-create", _OWNED, {
        "POST": Operation("create", UPLOAD),
    }),
    Route("api/repos/delete", "hub-repos-delete", _OWNED, {
        "DELETE": Operation("destroy", UPLOAD),
    }),
    # Clients ask it before they have said whom they ask for.
    Route("api/validate-yaml", "hub-validate-yaml", _OWNED, {
        "POST": Operation("validate", OPEN, goes_on=True),
    }),
    *(route for kind in reversed(KINDS) for route in _list_kind(kind)),

    Route(NO_XET_PATH, "hub-no-xet", _OWNED, {
        "GET": Operation("refuse_xet", OPEN),
    }),

    # Addresses that an announced file's answer holds: functions.
    Route("api/lfs/complete/<str:token>", "hub-lfs-complete", f"{_LINKS}.complete", {
        "POST": Operation("", LINK),
    }),
    Route("api/lfs/verify/<str:token>", "hub-lfs-verify", f"{_LINKS}.verify", {
        "POST": Operation("", LINK),
    }),
)
# fmt: on
