"""Asks every route, by every method, as every caller."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

from artifacts.api.methods import list_methods
from artifacts.models import IdSequence
from artifacts.routes import ROUTES, api, hub
from tests.clients import PASSWORD
from tests.contract.matrix.world import Caller, World

_ASKED = count(1)
# The key of no row: keys of rows that are there depend on which tests ran before.
_NO_ROW = "999999999"
_SIGN_IN_PAGES = ("/sign-in", "/admin/login/")
DOORS = ("api", "pages", "hub", "staff")
# What is sent where an empty object would be refused before anything else shows. Words in angle
# brackets are as in paths.
BODIES: dict[str, Any] = {
    "POST artifacts": [{"name": "*"}],
    "POST artifact-by-regex": {"regex": "robot"},
    "POST users": {"name": "nina", "password": PASSWORD},
    "PUT user-permissions": {"permissions": ["search"]},
    "PUT user-password": {"old_password": PASSWORD, "new_password": f"{PASSWORD}-new"},
    "POST user-tokens": {"name": "nightly"},
    "POST package-confusion-audit": [{"name": "registry.una/robot"}],
    "PUT artifact-decision": {"decision": "quarantined", "reason": "Seen."},
    # Whose artifact it is shows before that this is no URL.
    "PUT artifact": {
        "metadata": {"name": "<name>", "id": "<artifact_id>", "type": "model"}, "data": {"url": "x"}
    },
    "PUT artifact-monitor": {"program": "process.exit(0)"},
    "POST uploads": {"filename": "a.zip", "size_bytes": 5, "sha256": "ab" * 32},
    "PUT authenticate": {
        "user": {"name": "una", "is_admin": False}, "secret": {"password": PASSWORD}
    },
    "POST hub-repos-create": {"name": "new"},
    "DELETE hub-repos-delete": {"name": "robot", "organization": "registry.una"},
    "POST hub-validate-yaml": {"content": "", "repoType": "model"},
}  # fmt: skip
# Where a path's parameter means something else than in most.
NAMES = {
    "user": {"name": "una"}, "user-tokens": {"name": "una"}, "user-token": {"name": "una"},
    "user-permissions": {"name": "una"}, "user-password": {"name": "una"},
}  # fmt: skip


class Question(NamedTuple):
    """A row of the matrix.

    Attributes:
        route: the route's name; a path's pattern on the staff site, where not all have names.
    """

    door: str
    method: str
    route: str
    path: str


def list_questions(world: World, door: str) -> list[Question]:
    """Return every route and method of a door."""
    found = [*_list_of_table(world), *_list_of_staff(world)]
    return [each for each in found if each.door == door]


def _list_of_table(world: World) -> Iterator[Question]:
    """Yield those in the table of routes."""
    for route in ROUTES:
        door = "hub" if route in hub.ROUTES else "api" if route in api.ROUTES else "pages"
        if route.view == hub.PAGE:
            door = "pages"
        link = world.links.get(route.name)
        path = urlsplit(link).path if link else _fill(f"/{route.path}", _names(world, route.name))
        for method in route.methods:
            yield Question(door, method, route.name, path)


def _names(world: World, route: str) -> dict[str, str]:
    """Return what stands in a route's path."""
    names = world.names | NAMES.get(route, {"token": "none"})
    if "tree" in route and route.startswith("hub-") and "page" not in route:
        names |= {"rest": "main"}
    return names


def _list_of_staff(world: World) -> Iterator[Question]:
    """Yield those of the staff site, whose paths Django makes."""
    (site,) = [
        each
        for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and each.namespace == "admin"
    ]
    names = world.names | {
        "object_id": _NO_ROW, "content_type_id": "1", "app_label": "artifacts",
        "url": "no/such/page",
    }  # fmt: skip
    for pattern in _walk(site, "admin/"):
        of_artifact = {"object_id": names["artifact_id"]} if "/artifact/" in pattern else {}
        path = _fill(f"/{pattern}", names | of_artifact)
        for method in list_methods(get_resolver().resolve(path)):
            yield Question("staff", method, pattern, path)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    """Yield the pattern of each path below a resolver."""
    for each in resolver.url_patterns:
        text = str(each.pattern)
        if isinstance(each.pattern, RegexPattern):
            text = re.sub(r"\^?\(\?P<(\w+)>[^)]*\)(/?)\$", r"<\1>\2", text)
        if isinstance(each, URLResolver):
            yield from _walk(each, prefix + text)
        else:
            yield prefix + text


def _fill(pattern: str, names: dict[str, str]) -> str:
    """Return a path of a pattern."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: names[found[1]], pattern)


def ask(world: World, question: Question, caller: Caller) -> str:
    """Return the status of the answer, or `in` for a redirect to a page that asks to sign in.

    Whatever the request changed in the database is undone.
    """
    client = Client(raise_request_exception=False)
    headers = {}
    if question.door in ("pages", "staff"):
        headers["Accept"] = "text/html"
        client.cookies["sessionid"] = caller.session
    if question.door != "staff" and caller.token:
        is_hub = question.door == "hub"
        headers["Authorization" if is_hub else "X-Authorization"] = f"Bearer {caller.token}"
    kind = "application/json"
    body = BODIES.get(f"{question.method} {question.route}", {})
    data = _fill(json.dumps(body), world.names).encode()
    if question.door in ("pages", "staff"):
        data, kind = b"", "application/x-www-form-urlencoded"
    with transaction.atomic():
        # The bucket remembers numbers of artifacts that are undone.
        IdSequence.objects.update(last_number=1_000 * next(_ASKED))
        answer = client.generic(question.method, question.path, data, kind, headers=headers)
        if answer.streaming:
            b"".join(answer)
        transaction.set_rollback(True)
    place = answer.get("Location", "")
    # Signing out leads there as well, but not back.
    is_led = place.startswith(_SIGN_IN_PAGES) and "next=" in place
    return "in" if is_led else str(answer.status_code)
