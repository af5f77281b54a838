"""The page of the API: for people, by errand, also without JavaScript."""

import json
import re
from html import unescape

import pytest

from tests.clients import user_with
from tests.functional.web.structure import faults, skipped_levels

pytestmark = pytest.mark.django_db
PAGE_MAX_BYTES = 150_000


def shown(client) -> str:
    answer = client.get("/docs")
    assert answer.status_code == 200
    return answer.content.decode()


def test_docs_when_read_then_nothing_is_wrong_with_the_page(client):
    page = shown(client)
    assert faults(page) == []
    assert skipped_levels(page) == []
    assert len(page.encode()) < PAGE_MAX_BYTES


def test_docs_when_read_then_in_the_order_in_which_one_learns(client):
    page = shown(client)
    places = [
        page.index(f'<h2 id="{each}"')
        for each in ("sign-in", "register", "find", "trust", "download", "administration", "errors")
    ]
    assert places == sorted(places)


def test_docs_when_read_without_scripts_then_the_form_is_hidden(client):
    assert re.search(r'<section [^>]*id="try-out" [^>]*hidden>', shown(client))


def test_docs_when_tried_out_then_the_script_knows_every_operation(client):
    page = shown(client)
    operations = json.loads(unescape(re.search(r'data-operations="([^"]*)"', page)[1]))
    assert {each["id"] for each in operations} >= {"CreateAuthToken", "ArtifactCreate"}
    told = {"id", "method", "path", "parameters", "example_body"}
    assert all(set(each) == told for each in operations)


def test_docs_when_signed_in_then_a_token_is_a_button_away(client):
    assert "try-make-token" not in shown(client)
    client.force_login(user_with("search"))
    assert 'id="try-make-token" data-url="/account/tokens"' in shown(client)


def test_docs_when_asked_by_another_name_then_examples_use_that(client, settings):
    settings.ALLOWED_HOSTS = ["registry.example"]
    page = client.get("/docs", headers={"Host": "registry.example"}).content.decode()
    assert "R=http://registry.example" in page
