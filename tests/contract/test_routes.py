"""Every route has a rule about who may use it, and the rule is enforced."""

import pytest
from django.urls import get_resolver, reverse

from artifacts.api import permissions
from artifacts.api.permissions import ADMINISTRATOR, OPEN, RESET, RULES, SELF
from registry_site.urls import api as api_routes
from registry_site.urls import content, urlpatterns
from tests.clients import ApiClient, user_with

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ARGUMENTS = {
    "artifact_type": "model", "artifact_id": "none-1", "name": "nobody", "token": "none",
    "upload_id": "6f1c6f0e-0000-4000-8000-000000000000",
}  # fmt: skip
OPERATIONS = [(name, method) for name, methods in RULES.items() for method in methods]
GUARDED = [(name, method) for name, method in OPERATIONS if RULES[name][method] != OPEN]
ids = [f"{method} {name}" for name, method in GUARDED]


def path_of(name: str) -> str:
    route = next(route for route in api_routes if route.name == name)
    wanted = route.pattern.converters
    return reverse(name, kwargs={key: ARGUMENTS[key] for key in wanted})


def test_every_route_has_a_rule_for_each_of_its_methods():
    assert api_routes
    for route in api_routes:
        view = route.callback.cls
        offered = {method for method in METHODS if hasattr(view, method.lower())}
        assert set(RULES[route.name]) == offered, route.name


def test_no_rule_is_about_a_route_that_is_not_there():
    assert set(RULES) == {route.name for route in api_routes}


def test_no_route_stands_outside_of_the_table_but_the_pages_and_signed_links():
    others = [route for route in urlpatterns if route not in api_routes and route not in content]
    assert [str(route.pattern) for route in others] == ["", "docs", "admin", "admin/"]
    assert get_resolver().url_patterns == urlpatterns


@pytest.mark.parametrize(("name", "method"), GUARDED, ids=ids)
def test_route_when_without_token_then_403_before_anything_else(anonymous, name, method):
    assert anonymous.send(method, path_of(name), b"{not json").status_code == 403


@pytest.mark.parametrize(("name", "method"), GUARDED, ids=ids)
def test_route_when_the_user_lacks_the_permission_then_refused(name, method):
    rule = RULES[name][method]
    others = {"upload", "search", "download"} - {rule}
    answer = ApiClient(user_with(*sorted(others))).send(method, path_of(name), b"{not json")
    assert answer.status_code == (401 if rule == RESET else 403)
    needed = ADMINISTRATOR if rule in (SELF, RESET) else rule
    assert needed in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("name", "method"), [each for each in OPERATIONS if RULES[each[0]][each[1]] == OPEN]
)
def test_open_route_when_without_token_then_answered(anonymous, name, method):
    assert anonymous.send(method, path_of(name)).status_code in (200, 400)


@pytest.mark.parametrize("name", sorted(RULES))
def test_route_when_the_method_is_not_there_then_405_and_which_there_are(api, name):
    answer = api.send("PATCH", path_of(name))
    assert answer.status_code == 405
    assert set(answer["Allow"].split(", ")) - {"OPTIONS", "HEAD"} == set(RULES[name])


@pytest.mark.parametrize("name", sorted(RULES))
def test_route_when_asked_for_its_options_then_answers_without_token(anonymous, name):
    assert anonymous.send("OPTIONS", path_of(name)).status_code == 200


def test_requirement_when_a_view_stands_outside_of_the_routes_then_nothing_is_allowed(rf):
    request = rf.get("/")
    request.resolver_match = None
    with pytest.raises(permissions.MethodNotAllowed):
        permissions.requirement_of(request)
