"""Errors: a page where a browser asks, JSON where a program does, on every path."""

from html import unescape

import pytest
from django.db import OperationalError
from django.test import Client

from artifacts.api.exception_handler import answer_error
from artifacts.exceptions import InternalError, RegistryError, StorageUnavailable
from artifacts.request_id import new_request_id
from registry_site.pages import show
from tests.clients import user_with
from tests.contract.test_error_table import CLASSES, sample
from tests.functional.web.structure import faults, skipped_levels

pytestmark = pytest.mark.django_db
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAMS = [None, "*/*", "application/json"]


def accepting(accept: str | None) -> dict[str, str]:
    return {} if accept is None else {"Accept": accept}


def ask(method: str, path: str, accept: str | None = None, **more):
    client = Client(raise_request_exception=False, enforce_csrf_checks=more.pop("csrf", False))
    return client.generic(method, path, headers=accepting(accept) | more)


def read_page(answer) -> str:
    shown = answer.content.decode()
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert int(answer["Content-Length"]) == len(answer.content)
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    assert answer["X-Request-Id"] in shown
    assert 'href="/"' in shown
    return shown


def crash(*_args, **_more):
    raise ValueError("a secret of the program")


def lose_database(*_args, **_more):
    raise OperationalError("connection to 10.0.0.7 refused")


REFUSALS = {
    "no path": ("GET", "/nothing/is/here", {}, 404),
    "a path of strangers": ("GET", "/<script>alert(1)</script>", {}, 404),
    "no token": ("GET", "/artifacts/model/model-1-1", {}, 403),
    "no method": ("GET", "/artifacts", {}, 405),
    "a method of nobody": ("BREW", "/tracks", {}, 405),
    "another host": ("GET", "/tracks", {"Host": "elsewhere.example"}, 400),
    "too long": ("PUT", "/authenticate", {"Content-Length": "99999999"}, 413),
    "malformed": ("PUT", "/authenticate", {}, 400),
    "a link that ended": ("GET", "/content/none", {}, 404),
}


@pytest.mark.parametrize("accept", PROGRAMS)
@pytest.mark.parametrize("case", REFUSALS)
def test_refusal_when_a_program_asks_then_json(case, accept):
    method, path, headers, status = REFUSALS[case]
    answer = ask(method, path, accept, **headers)
    assert (answer.status_code, set(answer.json()["error"])) == (
        status, {"code", "message", "request_id"},
    )  # fmt: skip
    assert "Accept" in answer["Vary"]


@pytest.mark.parametrize("case", REFUSALS)
def test_refusal_when_a_browser_asks_then_a_page_with_the_same_status_and_sentence(case):
    method, path, headers, status = REFUSALS[case]
    answer = ask(method, path, BROWSER, **headers)
    told = ask(method, path, **headers)
    shown = read_page(answer)
    assert answer.status_code == told.status_code == status
    assert "Accept" in answer["Vary"]
    assert answer.get("Allow") == told.get("Allow")
    assert told.json()["error"]["message"] in unescape(shown)
    assert "<script>alert" not in shown


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_error_when_shown_then_each_class_has_a_page(cls, rf):
    with new_request_id():
        answer = show(rf.get("/artifacts"), answer_error(sample(cls)))
    shown = answer.content.decode()
    assert answer["Content-Type"].startswith("text/html")
    assert "That did not work" not in shown, "no words for this status"
    assert faults(shown) == []


def test_page_when_something_was_sent_then_says_what_became_of_it(rf):
    def shown(method: str, error: RegistryError) -> str:
        request = rf.generic(method, "/artifact/model")
        return show(request, answer_error(error)).content.decode()

    assert "may be done or not" in shown("POST", InternalError("x"))
    assert "may be done or not" not in shown("GET", InternalError("x"))
    assert "Nothing was changed" in shown("POST", StorageUnavailable("x"))


def test_page_when_an_artifact_of_the_api_is_opened_then_leads_to_its_page():
    shown = read_page(ask("GET", "/artifacts/model/model-1-1", BROWSER))
    assert 'href="/a/model-1-1"' in shown
    assert "This address is for programs" in shown


def test_page_when_a_permission_is_missing_then_names_administrators(administrator, client):
    client.force_login(user_with())
    answer = client.get("/a/model-1-1", headers={"Accept": BROWSER})
    assert administrator.username in read_page(answer)


@pytest.mark.parametrize("accept", [None, "*/*", BROWSER])
def test_error_of_a_page_when_asked_by_anybody_then_a_page(client, accept):
    client.force_login(user_with("search"))
    read_page(client.get("/a/model-1-1", headers=accepting(accept)))


def test_error_of_a_page_when_json_is_preferred_then_json(client):
    client.force_login(user_with("search"))
    answer = client.get("/a/model-1-1", headers={"Accept": "application/json"})
    assert answer.json()["error"]["code"] == "artifact_not_found"


@pytest.mark.parametrize("accept", [None, "application/json", BROWSER])
def test_error_of_the_staff_site_when_asked_by_anybody_then_a_page(administrator, client, accept):
    client.force_login(administrator)
    answer = client.get("/admin/artifacts/nothing/", headers=accepting(accept))
    assert answer.status_code == 404
    assert "There is nothing here" in read_page(answer)


@pytest.mark.parametrize(
    ("failure", "status", "told"),
    [(crash, 500, "made a mistake"), (lose_database, 503, "The database does not answer")],
    ids=["crash", "database"],
)
@pytest.mark.parametrize("is_signed_in", [False, True])
def test_page_when_the_registry_fails_then_needs_no_database(
    monkeypatch, django_assert_num_queries, client, failure, status, told, is_signed_in
):
    if is_signed_in:
        client.force_login(user_with("search"))
    client.raise_request_exception = False
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore._get_session_from_db", failure
    )
    with django_assert_num_queries(0):
        answer = client.get("/a/model-1-1", headers={"Accept": BROWSER})
    if not is_signed_in:
        assert answer.status_code == 302  # Without a session nothing is read.
        return
    shown = read_page(answer)
    assert answer.status_code == status
    assert told in shown
    assert "secret" not in shown
    assert "10.0.0.7" not in shown
    assert (answer.get("Retry-After") == "5") == (status == 503)


def test_page_when_it_cannot_be_drawn_then_json_and_a_traceback(monkeypatch, caplog):
    monkeypatch.setattr("artifacts.web.errors.render_to_string", crash)
    answer = ask("GET", "/nothing/is/here", BROWSER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert "request.crashed" in caplog.text


def test_page_when_the_path_is_wrong_then_without_queries(client, django_assert_num_queries):
    client.force_login(user_with("search"))
    with django_assert_num_queries(0):
        read_page(client.get("/nothing/is/here", headers={"Accept": BROWSER}))


@pytest.mark.parametrize("mode", ["read_only", "closed"])
def test_page_when_the_mode_refuses_then_says_so(settings, mode):
    settings.REGISTRY_MODE = mode
    answer = ask("DELETE", "/reset", BROWSER)
    assert answer.status_code == 503
    read_page(answer)


@pytest.mark.parametrize("path", ["/sign-in", "/admin/login/"])
def test_form_when_it_is_not_ours_then_a_page_says_how_to_go_on(path):
    answer = ask("POST", path, BROWSER, csrf=True)
    assert answer.status_code == 403
    assert "load its page anew" in read_page(answer)


def test_form_when_a_program_sends_it_as_json_then_json():
    answer = ask("POST", "/sign-in", "application/json", csrf=True)
    assert answer.json()["error"]["code"] == "form_refused"


def test_head_when_a_browser_asks_then_the_length_of_the_page():
    answer = ask("HEAD", "/nothing/is/here", BROWSER)
    assert answer.content == b""
    assert int(answer["Content-Length"]) > 500
