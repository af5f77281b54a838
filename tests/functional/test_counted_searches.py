"""Every door's searches count for what they are for; listings, later pages and strangers do not."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from artifacts.limits import SOUGHT_MAX
from artifacts.models import Artifact, ArtifactSearch, SearchDocument, User
from artifacts.rules.paging import make_offset
from artifacts.services.trust.searches import write_searches
from tests.clients import PASSWORD, ApiClient, HubClient
from tests.factories.look_alikes import KNOWN, make_named

pytestmark = pytest.mark.django_db
# What comes after it is everything, as on a first page.
FIRST = make_offset(0, "x")
AIMED: dict[str, tuple[str, str, Any]] = {
    "query": ("POST", "/artifacts", [{"name": "bert-base-uncased"}]),
    "query-among": ("POST", "/artifacts", [{"name": "bert-base-uncased"}, {"name": "*"}]),
    "name": ("GET", "/artifact/byName/bert-base-uncased", None),
    "expression": ("POST", "/artifact/byRegEx", {"regex": "bert.*uncased"}),
    "hub": ("hub", "/api/models?search=bert-base-uncased", None),
    "hub-id": ("hub", "/api/models?search=google-bert/bert-base", None),
    "page-words": ("page", "/catalogue?q=BERT+uncased", None),
    "page-url": ("page", f"/catalogue?q=https://huggingface.co/{KNOWN}", None),
    "page-id": ("page", "/catalogue?q={ID}", None),
    "page-expression": ("page", "/catalogue?expression=^bert", None),
}
WIDE = [
    pytest.param(("POST", "/artifacts", [{"name": "*"}]), id="list"),
    pytest.param(
        ("POST", f"/artifacts?offset={FIRST}", [{"name": "bert-base-uncased"}]), id="later-page"
    ),
    pytest.param(
        ("GET", f"/artifact/byName/bert-base-uncased?offset={FIRST}", None), id="later-names"
    ),
    pytest.param(("POST", "/artifact/byRegEx", {"regex": ".*"}), id="any-expression"),
    pytest.param(("POST", "/artifact/byRegEx", {"regex": "of a card"}), id="in-a-readme"),
    pytest.param(("page", "/catalogue?q=words+of+a+card", None), id="page-in-a-readme"),
    pytest.param(("hub", "/api/models", None), id="hub-list"),
    pytest.param(("hub", "/api/models?author=google-bert", None), id="hub-owner"),
    pytest.param(("page", "/catalogue", None), id="page"),
    pytest.param(("page", "/catalogue?type=model", None), id="page-facet"),
    pytest.param(("page", "/catalogue?expression=.*", None), id="page-any-expression"),
]


@pytest.fixture
def user(db) -> User:
    return User.objects.create_user("ursula", PASSWORD, can_search=True)


@pytest.fixture
def bert(db) -> Artifact:
    make_named("acme/robot", 2)
    artifact = make_named(KNOWN, 1)
    SearchDocument.objects.filter(artifact=artifact).update(readme="Words of a card.")
    return artifact


def ask(user: User, asked: tuple, artifact: Artifact):
    method, path, body = asked
    path = path.replace("{ID}", artifact.id)
    if method == "page":
        client = Client()
        client.force_login(user)
        return client.get(path)
    if method == "hub":
        return HubClient(user).get(path)
    return ApiClient(user).send(method, path, body)


@pytest.mark.parametrize("asked", AIMED.values(), ids=AIMED)
def test_search_when_it_is_for_an_artifact_then_that_counts(user, bert, asked):
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            assert ask(user, asked, bert).status_code == 200
        assert not [each for each in captured if "artifactsearch" in each["sql"]]
        assert not ArtifactSearch.objects.exists()
    write_searches()
    assert list(ArtifactSearch.objects.values_list("artifact_id", "user")) == [(bert.id, user.pk)]


@pytest.mark.parametrize("asked", WIDE)
def test_search_when_it_lists_what_is_there_then_nothing_counts(user, bert, asked):
    assert ask(user, asked, bert).status_code in (200, 404)
    write_searches()
    assert not ArtifactSearch.objects.exists()


def test_search_when_much_is_called_so_then_nothing_counts(user):
    made = [make_named(f"owner{at}/bert", at) for at in range(1, SOUGHT_MAX + 2)]
    for method, path, body in (AIMED[each] for each in ("name", "hub", "page-words")):
        wide = path.replace("-base-uncased", "").replace("BERT+uncased", "bert")
        assert ask(user, (method, wide, body), made[0]).status_code == 200
    write_searches()
    assert not ArtifactSearch.objects.exists()


def test_search_when_pages_are_public_then_strangers_count_for_nothing(bert, settings):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    assert Client().get("/catalogue?q=bert-base-uncased").status_code == 200
    write_searches()
    assert not ArtifactSearch.objects.exists()
