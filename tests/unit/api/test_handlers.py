import json

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import DisallowedHost
from django.db import OperationalError
from django.test import RequestFactory

from artifacts.api import handlers

ASKED = RequestFactory().get("/anything")


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (lambda: handlers.bad_request(ASKED, Exception("a secret")), 400, "invalid_request"),
        (lambda: handlers.bad_request(ASKED, DisallowedHost("a secret")), 400, "invalid_request"),
        (lambda: handlers.bad_request(ASKED, SessionInterrupted()), 403, "session_ended"),
        (lambda: handlers.forbidden(ASKED, Exception("a secret")), 403, "permission_missing"),
        (lambda: handlers.form_refused(ASKED, "a secret"), 403, "form_refused"),
        (lambda: handlers.not_found(ASKED, Exception("a secret")), 404, "not_found"),
        (lambda: handlers.server_error(ASKED), 500, "internal_error"),
    ],
    ids=["400", "host", "session", "403", "form", "404", "500"],
)
def test_error_when_outside_any_view_then_in_the_one_form(answer, status, code):
    found = answer()
    error = json.loads(found.content)["error"]
    assert (found.status_code, error["code"]) == (status, code)
    assert set(error) == {"code", "message", "request_id"}
    assert "secret" not in error["message"]


def lose_database() -> None:
    raise OperationalError("connection refused by 10.0.0.7")


def test_error_when_the_database_is_lost_then_503():
    try:
        lose_database()
    except OperationalError:
        answer = handlers.server_error(ASKED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "10.0.0.7" not in answer.content.decode()
