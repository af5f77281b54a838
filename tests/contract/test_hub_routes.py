"""Every route of the Hub's protocol asks who calls, and says every refusal in the Hub's words."""

import pytest
from django.db import OperationalError

from artifacts.api.exception_handler import STATUSES
from artifacts.hub.errors import WORDS
from artifacts.hub.views.base import HubViewSet
from artifacts.routes.hub import ROUTES
from artifacts.routes.hub_writes import KINDS
from artifacts.routes.operations import OPEN, SIGNED_IN, UPLOAD
from tests.clients import HubClient, refusal, user_with
from tests.routes import HUB_RULES, path_of

pytestmark = pytest.mark.django_db
OPERATIONS = [(name, method) for name, methods in HUB_RULES.items() for method in methods]
GUARDED = [each for each in OPERATIONS if HUB_RULES[each[0]][each[1]] != OPEN]
READING = [each for each in GUARDED if HUB_RULES[each[0]][each[1]] != UPLOAD]
# Open routes that answer something else than 404: a front matter is in order, and a client that
# insists on Xet is led to an address that says what to do.
OPEN_STATUSES = {
    "hub-validate-yaml": 200,
    "hub-models-xet-write-token": 302,
    "hub-datasets-xet-write-token": 302,
    "hub-models-tags-by-type": 200,
    "hub-datasets-tags-by-type": 200,
}
BAD_TOKEN = "Invalid credentials in Authorization header"
BEARER = "Bearer a-token-that-nobody-was-ever-given"


def test_routes_when_listed_then_the_same_for_models_and_data_sets():
    models = {name.replace("-models", "") for name in HUB_RULES if "-models" in name}
    datasets = {name.replace("-datasets", "") for name in HUB_RULES if "-datasets" in name}
    assert models == datasets
    assert len(models) > 15
    assert list(KINDS) == ["models", "datasets"]
    assert len({route.path for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize(("name", "method"), GUARDED)
def test_route_when_without_token_then_401_and_where_to_put_one(name, method):
    answer = HubClient().send(method, path_of(name), b"{not json")
    assert refusal(answer) == (401, "token_missing")
    assert "HF_TOKEN" in answer["X-Error-Message"]


@pytest.mark.parametrize(("name", "method"), GUARDED)
def test_route_when_the_token_is_unknown_then_the_sentence_that_clients_know(name, method):
    answer = HubClient().send(method, path_of(name), b"{not json", Authorization=BEARER)
    assert refusal(answer) == (401, "authentication_failed")
    assert answer["X-Error-Message"] == BAD_TOKEN
    assert answer.json() == {"error": BAD_TOKEN}


def test_route_when_the_whole_answer_of_a_sign_in_is_the_token_then_taken(api):
    answer = HubClient().get("/api/whoami-v2", Authorization=f"Bearer bearer {api.token}")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "header",
    ["", "Basic dXNlcjpwYXNz", "token-without-scheme-of-forty-letters-", "Bearer ", "Bearer \x00"],
)
def test_route_when_the_header_is_no_bearer_token_then_401(header):
    answer = HubClient().get("/api/whoami-v2", Authorization=header)
    assert answer.status_code == 401


def test_route_when_the_token_comes_where_the_api_takes_it_then_none(api):
    answer = api.get("/api/whoami-v2")
    assert refusal(answer) == (401, "token_missing")


@pytest.mark.parametrize(("name", "method"), GUARDED)
def test_route_when_the_user_lacks_the_permission_then_403_that_clients_show(name, method):
    rule = HUB_RULES[name][method]
    if rule == SIGNED_IN:
        assert HubClient(user_with()).send(method, path_of(name)).status_code == 200
        return
    others = {"upload", "search", "download"} - {rule}
    answer = HubClient(user_with(*sorted(others))).send(method, path_of(name), b"{not json")
    assert refusal(answer) == (403, "GatedRepo")
    assert rule in answer["X-Error-Message"]


@pytest.mark.parametrize(("name", "method"), READING)
def test_route_when_nothing_is_there_then_404_that_clients_know(hub_with_all, name, method):
    if name == "hub-whoami" or name.endswith(("-search", "-tags-by-type")):  # Lists may be empty.
        return
    answer = hub_with_all.send(method, path_of(name), {"paths": ["a"]})
    assert refusal(answer) == (404, "RepoNotFound")


@pytest.mark.parametrize(("name", "method"), [each for each in OPERATIONS if each not in GUARDED])
def test_open_route_when_asked_by_anybody_then_it_answers_without_a_query(
    django_assert_num_queries, name, method
):
    # There, a token is looked at if one is sent: it may show more.
    given = {} if name.endswith("-tags-by-type") else {"Authorization": BEARER}
    with django_assert_num_queries(0):
        answer = HubClient().send(method, path_of(name), **given)
    assert answer.status_code == OPEN_STATUSES.get(name, 404)


@pytest.mark.parametrize("name", sorted(HUB_RULES))
def test_route_when_the_method_is_not_there_then_405_in_the_hubs_words(name):
    answer = HubClient().send("PATCH", path_of(name))
    assert refusal(answer) == (405, "method_not_allowed")
    assert answer["Allow"]


@pytest.mark.parametrize("name", sorted(HUB_RULES))
def test_route_when_closed_then_503_in_the_hubs_words(settings, name):
    settings.REGISTRY_MODE = "closed"
    answer = HubClient().send("GET", path_of(name))
    assert refusal(answer) == (503, "registry_closed")
    assert answer["Retry-After"] == "300"


@pytest.mark.parametrize(("name", "method"), OPERATIONS)
def test_route_when_read_only_then_reading_goes_on_and_writing_waits(
    settings, hub_with_all, name, method
):
    settings.REGISTRY_MODE = "read_only"
    answer = hub_with_all.send(method, path_of(name), {"paths": ["a"]})
    if HUB_RULES[name][method] == UPLOAD:
        assert refusal(answer) == (503, "registry_read_only")
        return
    assert answer.status_code in (200, OPEN_STATUSES.get(name, 404))


@pytest.mark.parametrize("name", sorted({name for name, method in GUARDED if method == "GET"}))
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_route_when_refused_then_head_says_the_same_in_headers(name, method):
    answer = HubClient().send(method, path_of(name), Authorization=BEARER)
    assert (answer.status_code, answer["X-Error-Message"]) == (401, BAD_TOKEN)
    assert (answer.content == b"") == (method == "HEAD")


@pytest.mark.parametrize("name", sorted({name for name, method in GUARDED if method == "GET"}))
def test_route_when_a_slash_ends_the_path_then_the_same_route(hub_with_all, name):
    plain, slashed = (hub_with_all.get(f"{path_of(name)}{end}") for end in ("", "/"))
    assert slashed.resolver_match.url_name == plain.resolver_match.url_name == name
    assert refusal(slashed) == refusal(plain)


@pytest.mark.parametrize("name", sorted(HUB_RULES))
def test_route_when_the_database_is_lost_then_503_in_the_hubs_words(monkeypatch, name):
    def lost(*_):
        raise OperationalError("gone")

    monkeypatch.setattr("artifacts.hub.authentication.count_call", lost)
    method = next(iter(HUB_RULES[name]))
    answer = HubClient().send(method, path_of(name), Authorization=BEARER)
    if HUB_RULES[name][method] == OPEN and not name.endswith("-tags-by-type"):
        assert answer.status_code == OPEN_STATUSES.get(name, 404)
        return
    assert refusal(answer) == (503, "database_unavailable")
    assert int(answer["Retry-After"]) > 0


@pytest.mark.parametrize("name", sorted({name for name, _ in GUARDED}))
def test_route_when_it_crashes_then_500_in_the_hubs_words(monkeypatch, hub_with_all, name):
    def crash(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(HubViewSet, "initial", crash)
    answer = hub_with_all.send(next(iter(HUB_RULES[name])), path_of(name))
    assert refusal(answer) == (500, "internal_error")
    assert "ZeroDivision" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nope", "/api/models/a/b/nope", "/api/x/y/z"]
)
def test_path_when_unknown_below_the_api_then_404_in_the_hubs_words(path):
    answer = HubClient().get(path)
    assert answer.status_code == 404
    is_of_hub = path.startswith("/api/")
    assert isinstance(answer.json()["error"], str) == is_of_hub
    assert ("X-Error-Message" in answer) == is_of_hub


def test_host_when_it_is_not_ours_then_400_in_the_hubs_words(client):
    answer = client.get("/api/whoami-v2", headers={"Host": "evil.example"})
    assert refusal(answer) == (400, "invalid_request")
    assert isinstance(answer.json()["error"], str)


def test_person_when_an_error_is_asked_for_as_a_page_then_still_the_hubs(client):
    answer = client.get("/api/whoami-v2", headers={"Accept": "text/html"})
    assert answer["Content-Type"] == "application/json"
    assert answer["X-Error-Code"] == "token_missing"


def test_words_when_listed_then_for_errors_that_the_registry_knows():
    assert len(WORDS) > 5
    for kind in WORDS:
        assert any(each in STATUSES for each in kind.__mro__), kind


@pytest.fixture
def hub_with_all(uploader):
    return HubClient(uploader)
