import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from artifacts.api.views.base import JSONOnly, absolute, checked_id, checked_type
from artifacts.exceptions import InvalidRequest

REQUEST = RequestFactory().get("/x", headers={"host": "localhost:8000"})


@pytest.mark.parametrize("given", ["1", "model-1-1760000000000001", "invalidId", "-"])
def test_id_when_well_formed_then_taken(given):
    assert checked_id(given) == given


@pytest.mark.parametrize("given", ["", "a_b", "a!", "ü", "a\n", "a b", "a\x00", "\u0661"])
def test_id_when_malformed_then_refused(given):
    with pytest.raises(InvalidRequest, match="letters, digits and hyphens"):
        checked_id(given)


@pytest.mark.parametrize("given", ["", "Model", "package", "model "])
def test_type_when_there_is_none_such_then_refused(given):
    with pytest.raises(InvalidRequest, match="model, dataset, code"):
        checked_type(given)


@pytest.mark.parametrize(
    ("base", "url", "expected"),
    [
        ("", "/x/y", "http://localhost:8000/x/y"),
        ("https://registry.example", "/x/y", "https://registry.example/x/y"),
        ("https://registry.example", "https://bucket.example/k?s=1", "https://bucket.example/k?s=1"),
    ],
    ids=["from the request", "configured", "whole already"],
)  # fmt: skip
def test_absolute_when_asked_then_a_whole_address(settings, base, url, expected):
    settings.REGISTRY_BASE_URL = base
    assert absolute(REQUEST, url) == expected


def test_negotiation_when_the_client_wants_something_else_then_json_all_the_same():
    class Renderer:
        media_type = "application/json"

    chosen = JSONOnly().select_renderer(Request(REQUEST), [Renderer])
    assert chosen == (Renderer, "application/json")
