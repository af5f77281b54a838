import json
import logging

import pytest

from artifacts.request_id import current_request_id, current_route, new_request_id
from tests.secret_watch import lines_of_this_test

pytestmark = pytest.mark.django_db


def test_request_when_answered_then_its_id_is_in_the_header_and_new_each_time(client):
    first, second = client.get("/tracks"), client.get("/tracks", headers={"X-Request-Id": "mine"})
    assert first["X-Request-Id"] != second["X-Request-Id"]
    assert second["X-Request-Id"] != "mine"


def test_request_when_answered_then_logged_by_its_route_without_secrets(client, caplog):
    with caplog.at_level(logging.INFO, logger="artifacts.middleware"):
        client.get("/content/a-secret-link")
    (record,) = [each for each in caplog.records if each.message == "request.answered"]
    assert (record.method, record.status) == ("GET", 404)
    assert "a-secret-link" not in json.dumps(vars(record), default=str)
    lines = [json.loads(line) for line in lines_of_this_test().splitlines()]
    told = [line for line in lines if line["message"] in ("request.answered", "request.refused")]
    assert {line["route"] for line in told} == {"/content/<str:token>"}
    assert len(told) == 2
    assert len({line["request_id"] for line in told}) == 1


def test_request_id_when_outside_of_a_request_then_a_dash():
    assert (current_request_id(), current_route()) == ("-", "-")


def test_request_id_when_inside_then_the_same_everywhere():
    with new_request_id() as request_id:
        assert current_request_id() == request_id
    assert current_request_id() == "-"


@pytest.mark.parametrize("path", ["/no/such/path", "/artifact", "/artifacts/", "/users/x/y"])
def test_path_when_it_is_not_there_then_json_says_so(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_path_when_it_is_below_the_staff_site_then_a_page_says_so(client, administrator):
    client.force_login(administrator)
    answer = client.get("/admin/no/such/page/")
    assert answer.status_code == 404
    assert "<h1>" in answer.content.decode()
