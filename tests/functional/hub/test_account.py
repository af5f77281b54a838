"""Whose token it is, what it may do, and that odd headers change nothing."""

import pytest

from tests.clients import HubClient, user_with
from tests.factories.repositories import make_repository

pytestmark = pytest.mark.django_db
INFO = "/api/models/acme/robot"


def test_whoami_when_asked_then_whose_token_it_is(hub):
    found = hub.get("/api/whoami-v2").json()
    assert (found["name"], found["type"], found["orgs"]) == ("ursula", "user", [])
    assert found["auth"]["accessToken"] == {"displayName": "registry", "role": "write"}
    reader = HubClient(user_with("search", "download")).get("/api/whoami-v2").json()
    assert reader["auth"]["accessToken"]["role"] == "read"


@pytest.mark.parametrize(
    ("permissions", "status"),
    [(("search", "download"), 200), (("search",), 403), (("download",), 403), ((), 403)],
)
def test_access_when_checked_then_both_permissions_are_needed(db, permissions, status):
    make_repository()
    answer = HubClient(user_with(*permissions)).get(f"{INFO}/auth-check")
    assert answer.status_code == status
    assert answer.json() == {} or status == 403


def test_token_when_used_here_then_counted_as_a_call(hub):
    make_repository()
    hub.get(INFO)
    assert hub.user.tokens.get().calls_left == 999


@pytest.mark.parametrize("accept", ["*/*", "application/vnd.xet-fileinfo+json, */*", "x/y", ""])
def test_answer_when_the_client_accepts_odd_types_then_the_same(hub, accept):
    make_repository()
    assert hub.get(INFO, Accept=accept).status_code == 200
    assert hub.head("/acme/robot/resolve/main/config.json", Accept=accept).status_code == 200
