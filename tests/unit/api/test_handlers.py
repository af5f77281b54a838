import json

import pytest
from django.db import OperationalError
from django.test import RequestFactory

from artifacts.api import handlers

PROGRAMS = ["/artifact/x", "/users/admin/x", "/docs/x", "/administrator"]
PEOPLE = ["/", "/docs", "/admin", "/admin/artifacts/"]
HANDLERS = [
    (lambda request: handlers.bad_request(request, Exception()), 400),
    (lambda request: handlers.forbidden(request, Exception()), 403),
    (lambda request: handlers.not_found(request, Exception()), 404),
    (handlers.server_error, 500),
]
by_status = pytest.mark.parametrize(
    ("handler", "status"), HANDLERS, ids=[str(status) for _, status in HANDLERS]
)


@by_status
@pytest.mark.parametrize("path", PROGRAMS)
def test_error_when_a_program_asks_then_json(handler, status, path):
    answer = handler(RequestFactory().get(path))
    assert answer.status_code == status
    assert set(json.loads(answer.content)["error"]) == {"code", "message", "request_id"}


@by_status
@pytest.mark.parametrize("path", PEOPLE)
def test_error_when_a_person_asks_then_a_page(handler, status, path):
    answer = handler(RequestFactory().get(path))
    assert answer.status_code == status
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("path", ["/", "/content/x"])
def test_error_when_the_database_is_lost_then_503(path):
    def fail():
        raise OperationalError("connection refused by 10.0.0.7")

    try:
        fail()
    except OperationalError:
        answer = handlers.server_error(RequestFactory().get(path))
    assert answer.status_code == 503
    assert "10.0.0.7" not in answer.content.decode()
