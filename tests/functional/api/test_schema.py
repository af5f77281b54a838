"""The schema is the same for everybody, however often and with whatever it is asked for."""

import json

import pytest

from artifacts.api import openapi
from artifacts.api.views.upkeep import HealthViewSet

pytestmark = pytest.mark.django_db


def test_schema_when_asked_for_again_and_again_then_made_once(client, monkeypatch):
    first = client.get("/schema?format=json")
    monkeypatch.setattr(openapi, "SchemaGenerator", None)
    monkeypatch.setattr(openapi, "extend_schema", None)
    again = client.get("/schema?format=json")
    assert again.status_code == 200
    assert again.content == first.content
    assert "/tracks" in json.loads(first.content)["paths"]


def test_schema_when_made_again_and_again_then_no_description_is_put_around_another(client):
    client.get("/schema")
    described = vars(HealthViewSet.enumerate_tracks)["kwargs"]["schema"]
    openapi._made_schema.cache_clear()
    openapi.whole_schema()
    assert vars(HealthViewSet.enumerate_tracks)["kwargs"]["schema"] is described


@pytest.mark.parametrize(
    "query",
    ["lang=zz", "lang=%00", "lang=../../x", "version=%0d%0aX-A:%20b", "version=9", "format=json"],
)
def test_schema_when_a_query_asks_for_what_there_is_not_then_answered_as_ever(client, query):
    answer = client.get(f"/schema?{query}")
    assert answer.status_code == 200
    assert "X-A" not in answer


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/vnd.oai.openapi; charset=utf-8"),
        ("application/json", "application/json; charset=utf-8"),
    ],
)
def test_schema_when_the_client_prefers_a_form_then_sent_in_it(client, accept, kind):
    answer = client.get("/schema", headers={"Accept": accept})
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("inline; ")


def test_schema_when_the_client_takes_none_of_its_forms_then_400(client):
    assert client.get("/schema", headers={"Accept": "image/png"}).status_code == 400
