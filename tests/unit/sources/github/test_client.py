import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.sources.base import SourceReference
from artifacts.sources.github import client
from artifacts.sources.github.refs import resolve
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.asking import COMMIT

BASE = "/repos/acme/code"


@pytest.mark.parametrize("answer", [[], {}, {"full_name": 7}, {"full_name": "a b"}], ids=str)
def test_get_repository_when_form_is_another_then_unavailable(server, inquiry, answer):
    server.routes[BASE] = json_reply(answer)
    with pytest.raises(SourceUnavailable, match="GitHub's answer"):
        client.get_repository("acme/code", inquiry)


def test_get_repository_when_renamed_then_followed_with_the_token(server, inquiry, settings):
    settings.GITHUB_TOKEN = "ghp_secret"
    server.routes["/repos/old/name"] = Reply(
        status=301, headers={"Location": f"{server.url}/repositories/7"}
    )
    server.routes["/repositories/7"] = json_reply({"full_name": "acme/code"})
    assert client.get_repository("old/name", inquiry)["full_name"] == "acme/code"
    sent = {asked.headers["authorization"] for asked in server.asked}
    assert sent == {"Bearer ghp_secret"}


def test_get_repository_when_token_is_bad_then_credentials_are_named(server, inquiry):
    server.routes[BASE] = Reply(status=401)
    with pytest.raises(SourceRefused, match="credentials"):
        client.get_repository("acme/code", inquiry)


@pytest.mark.parametrize("status", [404, 409, 422])
def test_find_commit_when_there_is_no_such_ref_then_none(server, inquiry, status):
    server.routes[f"{BASE}/commits/v9"] = Reply(status=status)
    assert client.find_commit("acme/code", "v9", inquiry) is None


def test_find_commit_when_answer_is_no_hash_then_unavailable(server, inquiry):
    server.routes[f"{BASE}/commits/v9"] = Reply(b"<html>")
    with pytest.raises(SourceUnavailable, match="which commit"):
        client.find_commit("acme/code", "v9", inquiry)


@pytest.mark.parametrize("answer", [[], {}, {"tree": None}], ids=str)
def test_get_tree_when_form_is_another_then_unavailable(server, inquiry, answer):
    server.routes[f"{BASE}/git/trees/{COMMIT}"] = json_reply(answer)
    with pytest.raises(SourceUnavailable, match="file list"):
        client.get_tree("acme/code", COMMIT, inquiry)


@pytest.mark.parametrize(
    "stated",
    ["a/b/c/d/e/f/g", "x" * 256, f"{'x' * 200}/{'y' * 200}"],
    ids=["many-parts", "long", "long-together"],
)
def test_resolve_when_no_ref_fits_then_refused_after_few_requests(server, inquiry, stated):
    reference = SourceReference(SourceKind.GITHUB, "acme/code", "code", "", stated)
    with pytest.raises(SourceRefused, match="no branch, tag or commit"):
        resolve("acme/code", reference, "main", inquiry)
    assert len(server.asked) <= 5
