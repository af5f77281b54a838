"""What each mode lets through, held against every route, method, command and `going_on`."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import URLPattern, reverse

from artifacts.api.modes import GOING_ON
from artifacts.database import modes
from artifacts.database.transactions import writing
from artifacts.exceptions import RegistryReadOnly
from artifacts.management.operators import OperatorCommand
from artifacts.models import User
from registry_site import admin_urls
from tests.factories.artifacts import make_artifact
from tests.routes import HUB_RULES, PAGES, RULES, path_of

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
WRITING = ("POST", "PUT", "PATCH", "DELETE")
OF_HUB = {(name, method) for name, methods in HUB_RULES.items() for method in methods}
ROUTES = {(name, method) for name, methods in (RULES | PAGES).items() for method in methods}
STAFF = {
    (f"admin:{pattern.name}", "POST")
    for pattern in admin_urls.urlpatterns
    if isinstance(pattern, URLPattern) and pattern.name
}
CHANGING = sorted(ROUTES - GOING_ON - {each for each in ROUTES if each[1] == "GET"})
# Commands that an operator runs while the registry is not open, and the others.
OPERATORS = {
    "ensure_administrator", "lift_sign_in_delays", "rebuild_index", "restore_people",
    "restore_versions",
}  # fmt: skip
OTHERS = {
    "fill_demo",
    "remove_orphans",
    "audit_names",
    "run_worker",
    "serve",
    "write_metric_pages",
    "write_permissions_page",
}


@pytest.fixture
def read_only(settings):
    settings.REGISTRY_MODE = "read_only"


@pytest.fixture
def closed(settings):
    settings.REGISTRY_MODE = "closed"


@pytest.mark.parametrize(("name", "method"), CHANGING)
def test_route_when_read_only_then_a_changing_method_is_refused_before_anything(
    anonymous, read_only, name, method
):
    answer = anonymous.send(method, path_of(name), b"{not json", Accept="application/json")
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "registry_read_only"
    assert answer["Retry-After"] == "300"


def test_routes_that_go_on_are_there_and_few():
    assert GOING_ON <= ROUTES | STAFF | OF_HUB
    assert {each for each in GOING_ON if each[1] == "GET"} == set()
    assert len(GOING_ON - OF_HUB) == 16


@pytest.mark.parametrize("method", WRITING)
def test_staff_page_when_read_only_then_forms_are_refused_as_a_page(
    client, administrator, read_only, method
):
    client.force_login(administrator)
    answer = client.generic(method, reverse("admin:artifacts_user_add"))
    expected = 503 if method == "POST" else 405
    assert answer.status_code == expected
    assert answer["Content-Type"].startswith("text/html")
    assert ("read-only" in answer.content.decode()) == (method == "POST")


@pytest.mark.parametrize("name", ["index", "artifacts_artifact_changelist", "artifacts_user_add"])
def test_staff_page_when_read_only_then_shown_under_a_banner(client, administrator, settings, name):
    client.force_login(administrator)
    said = []
    for mode in ("open", "read_only"):
        settings.REGISTRY_MODE = mode
        answer = client.get(reverse(f"admin:{name}"))
        said.append((answer.status_code, "The registry is read-only" in answer.content.decode()))
    assert said == [(200, False), (200, True)]


def test_staff_site_when_read_only_then_signing_in_and_out_go_on(client, settings, administrator):
    settings.REGISTRY_MODE = "read_only"
    given = {"username": "ada", "password": "a-long-password-1"}
    assert client.post(reverse("admin:login"), given).status_code == 302
    assert client.post(reverse("admin:logout")).status_code == 200


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/docs", "/admin/", "/artifacts", "/tracks", "/no/such"])
def test_anything_when_closed_then_503(anonymous, closed, method, path):
    answer = anonymous.send(method, path)
    assert (answer.status_code, answer["Retry-After"]) == (503, "300")
    if method == "GET":
        assert "The registry is closed" in answer.content.decode()


@pytest.mark.parametrize("path", ["/health", "/health/components"])
@pytest.mark.parametrize("mode", ["open", "read_only", "closed"])
def test_health_when_not_open_then_answers(anonymous, settings, mode, path):
    settings.REGISTRY_MODE = mode
    answer = anonymous.get(path)
    assert answer.status_code == 200
    assert answer.json().get("mode", mode) == mode


@pytest.mark.parametrize("mode", ["open", "read_only", "closed"])
def test_static_file_when_not_open_then_served(client, settings, mode):
    settings.REGISTRY_MODE = mode
    answer = client.get("/static/registry/site.css")
    assert answer.status_code == 200
    answer.close()


def test_writing_when_read_only_then_refused_but_for_what_is_named(read_only):
    with pytest.raises(RegistryReadOnly), writing():
        pass
    with pytest.raises(RegistryReadOnly), writing(going_on="anything"):
        pass
    for going_on in modes.GOES_ON:
        with writing(going_on=going_on):
            assert not modes.is_open()


def test_writing_when_it_goes_on_then_it_is_one_of_the_table():
    used = {
        word
        for path in (ROOT / "artifacts").rglob("*.py")
        for word in re.findall(r"going_on=([A-Z_]+)", path.read_text(encoding="utf-8"))
    }
    assert {getattr(modes, word) for word in used} == modes.GOES_ON.keys()


def test_command_when_it_is_there_then_it_is_known_whose_it_is():
    there = {path.stem for path in (ROOT / "artifacts/management/commands").glob("[a-z]*.py")}
    assert there == OPERATORS | OTHERS
    for name in there:
        command = import_module(f"artifacts.management.commands.{name}").Command
        assert issubclass(command, OperatorCommand) == (name in OPERATORS), name


@pytest.mark.parametrize("mode", ["read_only", "closed"])
def test_operators_command_when_not_open_then_it_changes_what_it_is_for(settings, mode, capsys):
    settings.REGISTRY_MODE = mode
    User.objects.all().delete()
    call_command("ensure_administrator")
    call_command("rebuild_index")
    assert User.objects.filter(is_admin=True).count() == 1
    assert not modes.is_open()


def test_rating_when_read_only_then_refused_before_a_source_is_asked(api, read_only, monkeypatch):
    def ask(*_given, **_named):
        raise AssertionError("a source is asked")

    monkeypatch.setattr("artifacts.services.trust.assessment.gather_evidence", ask)
    artifact = make_artifact()
    assert api.get(f"/artifact/model/{artifact.id}/rate?refresh=true").status_code == 503
