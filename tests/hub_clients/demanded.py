"""Nothing of a repository is told without a token, and nobody takes a refusal for a fault."""

from collections.abc import Mapping
from typing import Any

from deployment.client import Answer, exchange
from tests.hub_clients.tally import Failed

# What a program sends before it knows whether it has a token: no permission, no body.
FREE = "/api/agent-harnesses"
# What the clients tell their users in so many words; another sentence hides the reason over TLS.
BAD_TOKEN = "Invalid credentials in Authorization header"


def refused_without(facts: Mapping[str, Any]) -> str:
    """See that each route that reads demands a token, and says which kind of refusal it is.

    Raises:
        Failed: one does not.
    """
    model, talk = facts["model"]["id"], facts["dataset"]["id"]
    paths = [
        "/api/whoami-v2",
        "/api/models",
        f"/api/models/{model}",
        f"/api/models/{model}/revision/main",
        f"/api/models/{model}/tree/main",
        f"/api/models/{model}/refs",
        f"/api/models/{model}/commits/main",
        f"/api/models/{model}/auth-check",
        f"/api/datasets/{talk}",
        f"/{model}/resolve/main/config.json",
        f"/{model}/raw/main/config.json",
        f"/datasets/{talk}/resolve/main/README.md",
        # What is not there is not told from what is.
        "/api/models/acme/nope",
        "/acme/nope/resolve/main/config.json",
    ]
    for path in paths:
        for method in ("GET", "HEAD"):
            place = f"{method} {path}"
            none = _asked(facts, method, path, "")
            _require(none, place, 401)
            wrong = _asked(facts, method, path, "hf_" + "x" * 43)
            _require(wrong, place, 401)
            if wrong.headers.get("x-error-message") != BAD_TOKEN:
                raise Failed(f"{place} with a wrong token says {wrong.headers}")
            if none.headers.get("x-error-message") == BAD_TOKEN:
                raise Failed(f"{place} without a token says that one is wrong")
    free = _asked(facts, "GET", FREE, "")
    if free.status != 404:
        raise Failed(f"{FREE} answers {free.status}")
    return f"{len(paths)} routes, by GET and HEAD"


def _asked(facts: Mapping[str, Any], method: str, path: str, token: str) -> Answer:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return exchange(method, facts["endpoint"] + path, headers=headers)


def _require(answer: Answer, place: str, status: int) -> None:
    said = answer.headers.get("x-error-message", "")
    if answer.status != status or not said or not said.isascii():
        raise Failed(f"{place} answers {answer.status} {dict(answer.headers)}")
    if answer.body and not isinstance(answer.json().get("error"), str):
        raise Failed(f"{place}: its error is no sentence: {answer.body[:200]!r}")
