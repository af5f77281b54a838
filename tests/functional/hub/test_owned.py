"""Repositories of one's own, by the Hub's protocol."""

import pytest
from django.urls import reverse

from artifacts.models import Artifact
from tests.clients import ApiClient, message_of, user_with
from tests.functional.hub.pushing import (
    CARD,
    Pusher,
    regular,
    said,
)

pytestmark = pytest.mark.django_db


def test_create_when_new_then_the_name_is_reserved_and_nobody_sees_it(pusher):
    answer = pusher.create()
    assert answer.status_code == 200
    assert answer.json()["url"] == f"http://testserver/{pusher.repo}"
    info = pusher.client.get(f"/api/models/{pusher.repo}", headers=pusher.headers)
    assert (info.status_code, info["X-Error-Code"]) == (404, "RepoNotFound")


def test_create_when_there_already_then_409_with_its_address(pusher):
    pusher.create()
    answer = pusher.create("ROBOT")
    assert answer.status_code == 409
    assert answer.json()["url"] == f"http://testserver/{pusher.owner}/ROBOT"
    assert "exists already" in said(answer)


def test_create_when_a_zip_has_the_name_then_409(pusher, uploader):
    pusher.create()
    pusher.commit(regular("README.md", CARD))
    Artifact.objects.update(source_key="upload:sha256/1")
    Artifact.objects.get().current_revision.__class__.objects.update(source_kind="upload")
    assert pusher.create().status_code == 409


def test_create_when_without_an_owner_then_below_the_callers(pusher):
    answer = pusher.send("POST", "/api/repos/create", {"name": "robot", "organization": None})
    assert answer.json()["name"] == pusher.repo


@pytest.mark.parametrize(
    ("more", "status"),
    [
        pytest.param({"organization": "registry.other"}, 403, id="of another user"),
        pytest.param({"organization": "openai"}, 403, id="of an organisation of the Hub"),
        pytest.param({"organization": "registry"}, 403, id="of the registry itself"),
        pytest.param({"name": "a--b"}, 400, id="a name that no client takes"),
        pytest.param({"name": "../a"}, 400, id="a path as a name"),
        pytest.param({"name": "a\x00"}, 400, id="a NUL"),
        pytest.param({"name": ""}, 400, id="no name"),
        pytest.param({"name": 7}, 400, id="a number as a name"),
        pytest.param({"type": "space"}, 400, id="a space"),
        pytest.param({"type": ["model"]}, 400, id="a list as a type"),
    ],
)
def test_create_when_it_cannot_be_then_refused_with_a_sentence(pusher, more, status):
    answer = pusher.create(**more)
    assert answer.status_code == status
    assert said(answer).endswith(".")
    assert not Artifact.objects.exists()


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"private": True}, id="private"),
        pytest.param({"private": False}, id="not private"),
        pytest.param({"visibility": "private"}, id="private in the words of 2.x"),
        pytest.param({"visibility": "protected"}, id="protected"),
        pytest.param({"visibility": "public"}, id="public"),
    ],
)
def test_create_when_it_says_who_may_see_it_then_made_like_any_other(pusher, more):
    assert pusher.create(**more).status_code == 200
    assert pusher.commit(regular("README.md", CARD)).status_code == 200
    info = pusher.client.get(f"/api/models/{pusher.repo}", headers=pusher.headers)
    assert info.json()["private"] is False


def test_create_when_too_many_have_no_commit_then_refused(pusher, set_limits):
    set_limits(EMPTY_REPOSITORIES_MAX=1)
    assert pusher.create("one").status_code == 200
    assert pusher.create("two").status_code == 400


@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_repositories_when_of_one_name_and_two_types_then_both_are(pusher, kind):
    assert pusher.create(type="model").status_code == 200
    answer = pusher.create(type="dataset")
    assert answer.json()["url"] == f"http://testserver/datasets/{pusher.repo}"
    prefix = "/api/datasets" if kind == "dataset" else "/api/models"
    answer = pusher.commit(regular("a.csv", b"a"), path=f"{prefix}/{pusher.repo}/commit/main")
    assert answer.status_code == 200
    assert Artifact.objects.visible().get().type == kind


@pytest.mark.parametrize("has_commit", [False, True])
def test_delete_when_mine_then_gone(pusher, has_commit):
    pusher.create()
    if has_commit:
        pusher.commit(regular("README.md", CARD))
    assert pusher.delete().status_code == 200
    assert not Artifact.objects.exists()
    assert pusher.delete().status_code == 404


def test_delete_when_of_another_then_refused(pushed):
    other = Pusher(user_with("upload", "search"))
    answer = other.delete(organization=pushed.owner)
    assert answer.status_code == 403
    assert other.owner in said(answer)
    assert Artifact.objects.exists()


def test_administrator_when_the_repository_is_anothers_then_refused(pushed, administrator):
    assert Pusher(administrator).commit(regular("a", b"a"), repo=pushed.repo).status_code == 403


@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize("word", ["tag", "branch"])
def test_names_when_made_or_removed_then_400_with_what_to_do(pushed, method, word):
    answer = pushed.send(method, f"/api/models/{pushed.repo}/{word}/v1.0")
    assert answer.status_code == 400
    assert "r1, r2" in said(answer)


def test_xet_when_asked_for_then_led_to_an_address_that_says_what_to_do(pushed):
    answer = pushed.client.get(f"/api/models/{pushed.repo}/xet-write-token/main")
    assert answer.status_code == 302
    answer = pushed.client.get(answer["Location"])
    assert answer.status_code == 404
    assert "HF_HUB_DISABLE_XET=1" in said(answer)


def test_validate_yaml_when_asked_without_a_token_then_nothing_is_wrong(client):
    answer = client.post("/api/validate-yaml", {"content": "---"}, "application/json")
    assert answer.json() == {"errors": [], "warnings": []}


def test_url_when_registered_by_the_api_then_refused(pushed, administrator):
    url = Artifact.objects.get().current_revision.url
    answer = ApiClient(administrator).post("/artifact/model", {"url": url})
    assert answer.status_code == 400
    assert "hf upload" in message_of(answer)


def test_pages_when_a_repository_has_a_commit_then_show_it_like_others(pushed, uploader, client):
    client.force_login(uploader)
    artifact = Artifact.objects.get()
    addresses = [reverse("artifact-page", args=[artifact.id]), reverse("catalogue")]
    pages = [client.get(each) for each in addresses]
    assert [page.status_code for page in pages] == [200, 200]
    assert all("robot" in page.content.decode() for page in pages)
