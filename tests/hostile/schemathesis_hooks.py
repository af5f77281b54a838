"""What schemathesis is told about this registry: how to sign in, and what would saw off its branch.

Loaded by its command line (SCHEMATHESIS_HOOKS); `tests/hostile/schema_cases.py` starts it.
"""

import os
import random
import threading
from typing import Any

import requests
import schemathesis
from schemathesis.generation.meta import TestPhase

# A token is good for a thousand calls; refused ones count as well.
_CALLS_PER_TOKEN = 900
# How many things requests are about, and how many of them are: the others stay as they were made.
_THINGS = 20
_SHARE = 0.7
_BASE = os.environ["TESTED_REGISTRY_URL"]
_NAME, _PASSWORD = os.environ["TESTED_REGISTRY_USER"], os.environ["TESTED_REGISTRY_PASSWORD"]


@schemathesis.auth(refresh_interval=None)
class Token:
    """Signs in anew before a token is spent."""

    lock = threading.Lock()
    calls = 0
    token = ""

    def get(self, case: Any, context: Any) -> str:
        with Token.lock:
            Token.calls += 1
            if not Token.token or Token.calls % _CALLS_PER_TOKEN == 0:
                body = {
                    "user": {"name": _NAME, "is_admin": True},
                    "secret": {"password": _PASSWORD},
                }
                answer = requests.put(f"{_BASE}/authenticate", json=body, timeout=30)
                answer.raise_for_status()
                Token.token = answer.json()
            return Token.token

    def set(self, case: Any, data: str, context: Any) -> None:
        case.headers = {**(case.headers or {}), "X-Authorization": data}


@schemathesis.hook
def filter_path_parameters(context: Any, path_parameters: dict[str, Any] | None) -> bool:
    """Leave the account alone that all the others cases are sent in the name of."""
    return not path_parameters or path_parameters.get("name") != _NAME


@schemathesis.hook
def before_call(context: Any, case: Any, **kwargs: Any) -> None:
    """Let most requests that fit the schema name something that is there.

    Random ids and addresses fit as well, and end at "there is no such thing": only what is found
    is read, replaced, rated and deleted.
    """
    if case.meta is not None and case.meta.generation.mode.is_positive:
        path = case.path_parameters or {}
        if case.meta.phase.name != TestPhase.STATEFUL:
            # There the path names what the scenario has just made.
            _name_in_path(case, path)
        if isinstance(case.body, dict) and random.random() < _SHARE:
            _name_in_body(case, path)


def _name_in_path(case: Any, path: dict[str, Any]) -> None:
    if "artifact_id" in path and random.random() < _SHARE and (found := _existing()):
        kind, path["artifact_id"] = random.choice(found)
        if "artifact_type" in path:
            path["artifact_type"] = kind
    if "name" in path and "users" in case.path and random.random() < _SHARE:
        path["name"] = f"user-{random.randrange(_THINGS)}"


def _name_in_body(case: Any, path: dict[str, Any]) -> None:
    body, number = case.body, random.randrange(_THINGS)
    if "url" in body:
        body["url"] = f"https://huggingface.co/acme/thing-{number}"
    if "regex" in body:
        body["regex"] = random.choice(("thing", "th.ng-[0-9]+", "(?i)MODEL"))
    if case.operation.label == "POST /users":
        body |= {"name": f"user-{number}", "password": "a-long-password-of-somebody"}
    if "metadata" in body and "artifact_id" in path:
        body["metadata"] |= {"id": path["artifact_id"], "type": path["artifact_type"]}


def _existing() -> list[tuple[str, str]]:
    """The types and ids of what is registered at the moment."""
    token = {"X-Authorization": Token().get(None, None)}
    answer = requests.post(f"{_BASE}/artifacts", json=[{"name": "*"}], headers=token, timeout=30)
    return [(each["type"], each["id"]) for each in answer.json()]


@schemathesis.check
def no_mistake(context: Any, response: Any, case: Any) -> None:
    """No answer says that the registry made a mistake, whatever its status."""
    if response.status_code >= 500:
        code = response.json()["error"]["code"]
        assert code != "internal_error", f"{response.status_code} {code}"


@schemathesis.check
def nothing_kept(context: Any, response: Any, case: Any) -> None:
    """Each answer is its caller's own and has its request's id."""
    assert response.headers["cache-control"] == ["private, no-store"]
    assert response.headers["x-request-id"]
