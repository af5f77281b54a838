"""The routes of the Hugging Face Hub's protocol: `HF_ENDPOINT` leads here.

A repository is found by the literal segment after it (`resolve`, `tree`, `revision`, ...), so that
ids with and without an owner both work. What comes after a revision's name is one path, because a
name may have slashes: only the rows tell where it ends. Clients put slashes at the ends of some
addresses, which are accepted.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.routes import hub_writes
from artifacts.routes.hub_writes import KINDS
from artifacts.routes.operations import (
    DOWNLOAD,
    OPEN,
    SEARCH,
    SIGNED_IN,
    Operation,
    Permission,
    Route,
)

VIEWS = "artifacts.hub.views"
PAGE = "artifacts.hub.pages.lead_to_page"
_REPOSITORIES = f"{VIEWS}.repositories.RepositoryViewSet"
_TREES = f"{VIEWS}.trees.TreeViewSet"
_FILES = f"{VIEWS}.files.FileViewSet"
_ACCOUNT = f"{VIEWS}.account.AccountViewSet"
_SEARCH = f"{VIEWS}.search.SearchViewSet"

# Everything below it belongs to the protocol, unknown paths included.
API_PREFIX = "/api/"
# So does what has one of these after an id, whatever the id is.
WORDS_OF_FILES = ("/resolve/", "/raw/", ".git/info/lfs/")
# Ids with an owner before those without: the longer path is the more exact one.
_IDS = (("", "<str:owner>/<str:name>"), ("-alias", "<str:name>"))

_READ = {"GET": Operation("retrieve", SEARCH)}
_RESOLVE = {"GET": Operation("resolve", DOWNLOAD)}
# Path, name, action and permission of what is asked about all repositories of a kind.
_ABOUT_ALL: tuple[tuple[str, str, str, Permission], ...] = (
    ("", "search", "enumerate", SEARCH),
    # Clients send no token there. Who sends one needs `search` for more than the usual tags.
    ("-tags-by-type", "tags-by-type", "list_tags", OPEN),
)


# fmt: off
def _list_api(kind: str, suffix: str, repo_id: str) -> Iterator[Route]:
    """Yield the routes that tell of the repositories of a kind."""
    base, name = f"api/{kind}/{repo_id}", f"hub-{kind}{suffix}"
    yield Route(f"{base}/revision/<path:revision>", f"{name}-revision", _REPOSITORIES, _READ)
    yield Route(f"{base}/tree/<path:rest>", f"{name}-tree", _TREES, {
        "GET": Operation("enumerate", SEARCH),
    })
    yield Route(f"{base}/paths-info/<path:revision>", f"{name}-paths-info", _TREES, {
        "POST": Operation("find", SEARCH, goes_on=True),
    })
    yield Route(f"{base}/commits/<path:revision>", f"{name}-commits", _REPOSITORIES, {
        "GET": Operation("list_commits", SEARCH),
    })
    yield Route(f"{base}/refs", f"{name}-refs", _REPOSITORIES, {
        "GET": Operation("list_refs", SEARCH),
    })
    # The right to read what is there, which needs `search` as well: the view asks for that.
    yield Route(f"{base}/auth-check", f"{name}-auth-check", _REPOSITORIES, {
        "GET": Operation("check_access", DOWNLOAD),
    })
    # Large files come by plain HTTP here: there is no such token, whoever asks.
    yield Route(f"{base}/xet-read-token/<path:revision>", f"{name}-xet-read-token", _ACCOUNT, {
        "GET": Operation("refuse", OPEN),
    })


ROUTES: tuple[Route, ...] = (
    # What is asked most comes first.
    # Data sets first: their prefix would pass for the owner of a model.
    *(
        Route(f"{KINDS[kind]}{repo_id}/{word}/<path:rest>", f"hub-{kind}{suffix}-{word}", _FILES, _RESOLVE)
        for kind in reversed(KINDS)
        for word in ("resolve", "raw")
        for suffix, repo_id in _IDS
    ),
    *hub_writes.ROUTES,
    Route("api/agent-harnesses", "hub-agent-harnesses", _ACCOUNT, {
        "GET": Operation("refuse", OPEN),
    }),
    Route("api/whoami-v2", "hub-whoami", _ACCOUNT, {
        "GET": Operation("retrieve", SIGNED_IN),
    }),
    *(
        Route(f"api/{kind}{path}", f"hub-{kind}-{name}", _SEARCH, {
            "GET": Operation(action, permission),
        })
        for kind in KINDS
        for path, name, action, permission in _ABOUT_ALL
    ),
    *(
        route
        for kind in KINDS
        for suffix, repo_id in _IDS
        for route in _list_api(kind, suffix, repo_id)
    ),
    # After all routes with a literal segment: an id may end in one.
    *(
        Route(f"api/{kind}/{repo_id}", f"hub-{kind}{suffix}", _REPOSITORIES, _READ)
        for kind in KINDS
        for suffix, repo_id in _IDS
    ),
    *(
        Route(f"{KINDS[kind]}<str:owner>/<str:name>{path}", f"hub-{kind}-page{suffix}", PAGE, {
            "GET": Operation("", SEARCH),
        })
        for kind in reversed(KINDS)
        # What clients print after an upload, and what people have in their notes.
        for suffix, path in (
            ("", ""), *((f"-{word}", f"/{word}/<path:rest>") for word in ("commit", "tree", "blob"))
        )
    ),
)
# fmt: on
