"""The addresses that clients print lead people to the artifact's page."""

import pytest

from tests.clients import user_with
from tests.factories.repositories import make_repository

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("kind", "source", "path"),
    [
        ("model", "huggingface_model", "/acme/robot"),
        ("dataset", "huggingface_dataset", "/datasets/acme/robot"),
        ("model", "huggingface_model", "/ACME/robot/"),
        (
            "model",
            "huggingface_model",
            "/acme/robot/commit/74cb6f790dfc43c4aa93385d64535bb900000001",
        ),
        ("model", "huggingface_model", "/ACME/robot/blob/main/weights/a.bin"),
        ("dataset", "huggingface_dataset", "/datasets/acme/robot/tree/main"),
    ],
)
def test_address_when_somebody_may_see_the_catalogue_then_led_to_the_page(
    client, kind, source, path
):
    artifact = make_repository(kind=kind, source=source)
    client.force_login(user_with("search"))
    answer = client.get(path, headers=BROWSER)
    assert (answer.status_code, answer["Location"]) == (302, f"/a/{artifact.id}")


@pytest.mark.parametrize(
    "path", ["/acme/robot", "/acme/nope", "/datasets/acme/robot", "/acme/nope/tree/main"]
)
def test_address_when_a_stranger_opens_it_then_the_sign_in_whatever_is_there(client, path):
    make_repository()
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in?next=%2F")


@pytest.mark.parametrize(
    "path", ["/acme/robot", "/acme/nope", "/a..b/nope", "/no/such", "/a/b/blob/c"]
)
def test_address_when_a_program_opens_it_then_404_whatever_is_there(client, path):
    make_repository()
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


def test_address_when_it_can_be_no_id_then_404_for_people_too(client):
    assert client.get("/a..b/nope", headers=BROWSER).status_code == 404


def test_address_when_the_user_may_not_search_then_404_whatever_is_there(client):
    make_repository()
    client.force_login(user_with("upload"))
    answers = [client.get(path, headers=BROWSER).status_code for path in ("/acme/robot", "/a/b/")]
    assert answers == [404, 404]


def test_address_when_the_pages_are_public_then_led_there(client, settings):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    artifact = make_repository()
    assert client.get("/acme/robot")["Location"] == f"/a/{artifact.id}"
    assert client.get("/acme/nope").status_code == 404
