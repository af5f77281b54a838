import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import OperationalError
from django.test import Client, RequestFactory
from django.views import defaults

from artifacts.api import handlers
from tests.functional.web.structure import faults

ASKED = RequestFactory().get("/admin/somewhere")


@pytest.mark.parametrize(
    ("answer", "status", "heading"),
    [
        (lambda: handlers.bad_request(ASKED, Exception()), 400, "malformed"),
        (lambda: handlers.bad_request(ASKED, SessionInterrupted()), 403, "may not"),
        (lambda: handlers.forbidden(ASKED, Exception()), 403, "may not"),
        (lambda: handlers.not_found(ASKED, Exception()), 404, "nothing here"),
        (lambda: handlers.server_error(ASKED), 500, "mistake"),
    ],
    ids=["400", "session", "403", "404", "500"],
)
def test_error_page_when_a_person_looks_then_says_what_to_do(answer, status, heading):
    # No database: the page of a failure must not need what may have failed.
    found = answer()
    shown = found.content.decode()
    assert (found.status_code, found["Content-Type"]) == (status, "text/html; charset=utf-8")
    assert heading in shown.partition("<h1>")[2].partition("</h1>")[0]
    assert 'href="/"' in shown
    assert faults(shown) == []


def lose_database() -> None:
    raise OperationalError("connection to 10.0.0.7 refused")


def test_error_page_when_a_component_is_lost_then_says_which_and_when_to_come_back():
    try:
        lose_database()
    except OperationalError:
        found = handlers.server_error(ASKED)
    shown = found.content.decode()
    assert (found.status_code, found["Retry-After"]) == (503, "5")
    assert "The database does not answer. Try again later." in shown
    assert "10.0.0.7" not in shown
    assert faults(shown) == []


def test_error_page_when_django_renders_it_without_a_request_then_it_works():
    assert faults(defaults.server_error(ASKED).content.decode()) == []


@pytest.mark.django_db
def test_error_page_when_a_staff_address_is_wrong_then_is_a_page(administrator):
    client = Client()
    client.force_login(administrator)
    answer = client.get("/admin/artifacts/nothing/")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


@pytest.mark.django_db
def test_error_when_a_program_asks_for_a_wrong_path_then_is_json():
    answer = Client().get("/nothing/here")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"
