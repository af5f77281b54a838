"""No route is without a rule about who may use it, and refusals say what is missing.

Who is refused and who is not, `test_matrix.py` asks.
"""

import typing
from typing import Any

import pytest
from django.http import Http404
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from artifacts.api.methods import list_methods
from artifacts.routes import ROUTES, find_operation, find_route, hub
from artifacts.routes.operations import (
    ADMINISTRATOR,
    CHANGE,
    LINK,
    OPEN,
    OWN,
    RESET,
    SEARCH,
    SELF,
    SIGNED_IN,
    Permission,
)
from registry_site.lazy_views import LazyView
from tests.clients import ApiClient, user_with
from tests.routes import PAGES, RULES, list_patterns, path_of

pytestmark = pytest.mark.django_db
PATTERNS: list[Any] = get_resolver().url_patterns
OPERATIONS = [(name, method) for name, methods in RULES.items() for method in methods]
GUARDED = [(name, method) for name, method in OPERATIONS if RULES[name][method] != OPEN]
GUARDED_PAGES = [
    (name, method)
    for name, methods in PAGES.items()
    for method, permission in methods.items()
    if permission not in (OPEN, LINK)
]
ACCOUNT_PAGES = [each for each in GUARDED_PAGES if PAGES[each[0]][each[1]] == SIGNED_IN]
ids = [f"{method} {name}" for name, method in GUARDED]


def test_pattern_when_it_is_not_the_staff_sites_then_it_stands_in_the_table():
    staff = [each for each in PATTERNS if getattr(each, "namespace", None) is not None]
    assert [(str(each.pattern), each.namespace) for each in staff] == [("admin/", "admin")]
    others: list[Any] = []
    named: list[Any] = []
    for path, each in list_patterns():
        (others if each.name is None else named).append((path, each.name))
    assert others == [("admin", None)]
    assert sorted(named) == sorted((route.path, route.name) for route in ROUTES)
    # Within a group the first pattern that fits is taken, as in the table.
    order = {route.name: number for number, route in enumerate(ROUTES)}
    for group in [each for each in PATTERNS if isinstance(each, URLResolver)][1:]:
        patterns = [each for each in group.url_patterns if isinstance(each, URLPattern)]
        numbers = [order[str(each.name)] for each in patterns]
        assert len(numbers) > 10
        assert numbers == sorted(numbers)
    assert len({route.name for route in ROUTES}) == len(named)
    assert len({route.path for route in ROUTES}) == len(named)


def test_rule_when_given_then_one_of_the_permissions_for_each_method():
    assert len(ROUTES) > 25
    for route in ROUTES:
        assert route.methods, route.name
        assert set(route.methods) <= {"GET", "POST", "PUT", "DELETE"}, route.name
        for operation in route.methods.values():
            needed = {operation.permission, *operation.flags.values()}
            assert needed <= set(typing.get_args(Permission)), route.name
            is_signed = route.name.endswith(("content", "-lfs-complete", "-lfs-verify"))
            assert (operation.permission == LINK) == is_signed, route.name
            # Only viewsets, the pages' middleware and the one page of the Hub's addresses ask who
            # calls: any other function would answer everybody.
            is_checked = route.actions or route.view.startswith(("artifacts.web.", hub.PAGE))
            assert is_checked or needed <= {OPEN, LINK}, route.name


def test_action_when_in_the_table_then_the_viewset_has_it_and_no_other():
    named: dict[type, set[str]] = {}
    for route in ROUTES:
        found = import_string(route.view)
        if route.actions:
            actions = set(route.actions.values())
            is_of_hub = route in hub.ROUTES  # Its actions answer for models and data sets alike.
            assert is_of_hub or not named.get(found, set()) & actions, route.name
            named.setdefault(found, set())
            named[found] |= set(route.actions.values())
    assert len(named) == 21
    for viewset, actions in named.items():
        assert {name for name in vars(viewset) if callable(vars(viewset)[name])} == actions


def test_view_when_its_route_is_made_then_that_of_the_table():
    views = {each.name: each.callback for _, each in list_patterns() if each.name}
    assert len(views) == len(ROUTES)
    for route in ROUTES:
        assert isinstance(views[route.name], LazyView)
        assert getattr(views[route.name], "actions", {}).items() >= route.actions.items()


@pytest.mark.parametrize(("name", "method"), GUARDED, ids=ids)
def test_route_when_the_user_lacks_the_permission_then_refused(name, method):
    rule = RULES[name][method]
    others = {"upload", "search", "download"} - {"upload" if rule == CHANGE else rule}
    answer = ApiClient(user_with(*sorted(others))).send(method, path_of(name), b"{not json")
    assert answer.status_code == (401 if rule == RESET else 403)
    said = {SELF: ADMINISTRATOR, RESET: ADMINISTRATOR, OWN: "Only the user", CHANGE: "'manage'"}
    needed = said.get(rule, rule)
    assert needed in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("name", "method"), [each for each in GUARDED_PAGES if each not in ACCOUNT_PAGES]
)
def test_page_when_the_user_lacks_the_permission_then_told_whom_to_ask(
    client, administrator, name, method
):
    rule = PAGES[name][method]
    client.force_login(user_with(*sorted({"upload", "search", "download"} - {rule})))
    answer = client.generic(method, path_of(name))
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert rule in shown
    assert administrator.username in shown


@pytest.mark.parametrize(("name", "method"), GUARDED_PAGES)
def test_page_when_pages_are_public_then_strangers_see_what_needs_search(
    client, settings, name, method
):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    is_led_away = client.generic(method, path_of(name)).status_code == 302
    assert is_led_away == (PAGES[name][method] != SEARCH)


@pytest.mark.parametrize("name", sorted(RULES))
def test_route_when_the_method_is_not_there_then_405_and_which_there_are(api, name):
    answer = api.send("PATCH", path_of(name))
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) - {"OPTIONS", "HEAD"} == set(RULES[name])


@pytest.mark.parametrize("name", sorted([*RULES, *PAGES]))
def test_route_when_asked_for_its_options_then_answers_without_token(anonymous, name):
    assert anonymous.send("OPTIONS", path_of(name)).status_code == 200


@pytest.mark.parametrize("name", sorted(RULES))
def test_answer_when_given_then_its_allow_is_that_of_the_table(api, name):
    method = next(iter(RULES[name]))
    asked = set(api.send(method, path_of(name), b"{not json")["Allow"].split(", "))
    assert asked == set(api.send("OPTIONS", path_of(name))["Allow"].split(", "))


def test_operation_when_a_view_stands_outside_of_the_routes_then_nothing_is_allowed(rf):
    request = rf.get("/")
    request.resolver_match = None
    with pytest.raises(LookupError):
        find_operation(request)


def test_route_when_named_but_not_in_the_table_then_it_has_no_methods():
    match = get_resolver().resolve("/tracks")
    match.url_name = "forgotten"
    for look in (find_route, list_methods):
        with pytest.raises(KeyError, match="forgotten"):
            look(match)
    with pytest.raises(Http404):
        get_resolver().resolve("/forgotten")
