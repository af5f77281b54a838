from types import SimpleNamespace
from typing import Any

import pytest

from artifacts.api.authentication import TokenAuthentication
from artifacts.api.permissions import RoutePermission
from artifacts.exceptions import AuthenticationFailed, PermissionMissing, ResetForbidden
from artifacts.models import User
from artifacts.routes import find_operation
from artifacts.routes.operations import OPEN
from tests.routes import RULES

ROUTES = {
    "upload": ("uploads", "POST"),
    "search": ("artifacts", "POST"),
    "download": ("artifact-download", "GET"),
}


def asked(route: str, method: str, user: User | None = None, **headers: str) -> Any:
    """As much of a request as is looked at."""
    match = SimpleNamespace(url_name=route, namespaces=[])
    return SimpleNamespace(
        resolver_match=match, method=method, user=user, headers=headers, query_params={}
    )


def may(user: User, route: str, method: str, *, query: dict | None = None, **kwargs: str) -> bool:
    view: Any = SimpleNamespace(kwargs=kwargs)
    request = asked(route, method, user)
    request.query_params = query or {}
    return RoutePermission().has_permission(request, view)


@pytest.mark.parametrize(
    ("route", "method", "expected"),
    [
        ("artifact", "GET", "search"), ("artifact", "HEAD", "search"),
        ("artifact", "PUT", "change"),
        ("artifact-download", "GET", "download"), ("health", "HEAD", OPEN),
    ],
)  # fmt: skip
def test_permission_when_looked_up_then_that_of_the_table(route, method, expected):
    assert find_operation(asked(route, method)).permission == expected


@pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "HEAD"])
def test_permission_when_the_method_has_no_rule_then_there_is_no_operation(method):
    with pytest.raises(LookupError):
        find_operation(asked("reset", method))


@pytest.mark.parametrize("word", ROUTES)
def test_permission_when_granted_then_opens_its_route(word):
    assert may(User(username="sam", **{f"can_{word}": True}), *ROUTES[word])


@pytest.mark.parametrize("word", ROUTES)
def test_permission_when_missing_then_named_though_all_others_are_there(word):
    others = {f"can_{each}": True for each in ROUTES if each != word}
    with pytest.raises(PermissionMissing, match=word):
        may(User(username="sam", **others), *ROUTES[word])


@pytest.mark.parametrize("route", sorted(RULES))
def test_permission_when_an_administrator_asks_then_everything_is_open(route):
    ada = User(username="ada", is_admin=True)
    # What is somebody's own is that of an administrator only where the path names this one.
    assert all(may(ada, route, method, name="ada") for method in RULES[route])


def test_permission_when_about_oneself_then_open_and_others_not():
    sam = User(username="sam")
    assert may(sam, "user", "DELETE", name="sam")
    with pytest.raises(PermissionMissing, match="administrator"):
        may(sam, "user", "DELETE", name="tom")


@pytest.mark.parametrize("value", ["true", "TRUE"])
def test_flag_when_true_then_its_permission_is_needed_besides(value):
    route, query = ("artifact-rate", "GET"), {"refresh": value}
    with pytest.raises(PermissionMissing, match="upload"):
        may(User(username="sam", can_search=True), *route, query=query)
    with pytest.raises(PermissionMissing, match="search"):
        may(User(username="sam", can_upload=True), *route, query=query)
    assert may(User(username="sam", can_search=True, can_upload=True), *route, query=query)
    assert may(User(username="ada", is_admin=True), *route, query=query)


@pytest.mark.parametrize("query", [{}, {"refresh": "false"}, {"refresh": "x"}, {"other": "true"}])
def test_flag_when_not_true_then_nothing_more_is_needed(query):
    assert may(User(username="sam", can_search=True), "artifact-rate", "GET", query=query)


def test_permission_when_reset_is_asked_for_without_being_administrator_then_its_own_error():
    with pytest.raises(ResetForbidden):
        may(User(username="sam", can_upload=True), "reset", "DELETE")


def test_authentication_when_the_route_is_open_then_no_token_is_looked_at():
    request = asked("health", "GET", None, **{"X-Authorization": "garbage"})
    assert TokenAuthentication().authenticate(request) is None


def test_authentication_when_the_header_is_missing_then_refused_without_a_query():
    with pytest.raises(AuthenticationFailed):
        TokenAuthentication().authenticate(asked("artifact", "GET"))
