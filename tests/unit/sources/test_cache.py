"""Answers that are kept: fresh, confirmed, stale, and none of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import CACHE_BODY_MAX_BYTES, CACHE_FRESH_S, CACHE_KEPT_S, CACHE_STALE_S
from artifacts.models import CachedAnswer
from artifacts.sources.cache import Question, ask, ask_all, forget_old_answers
from artifacts.sources.http import Client
from tests.fakes.loopback import Reply, json_reply

pytestmark = pytest.mark.django_db
TEA = Question("/tea")


@pytest.fixture
def client(server) -> Client:
    server.routes["/tea"] = json_reply({"cups": 1}, headers={"ETag": '"v1"'})
    return Client(server.url, "secret")


def grow_old(seconds: float) -> None:
    CachedAnswer.objects.update(confirmed_at=timezone.now() - timedelta(seconds=seconds))


def test_ask_when_fresh_then_no_request(client, server, inquiry):
    answers = [ask(client, TEA, inquiry).json() for _ in range(3)]
    assert answers == [{"cups": 1}] * 3
    assert len(server.asked) == 1


def test_ask_when_older_then_confirmed_by_its_etag(client, server, inquiry):
    ask(client, TEA, inquiry)
    grow_old(CACHE_FRESH_S + 1)
    server.routes["/tea"] = Reply(status=304)
    assert ask(client, TEA, inquiry).json() == {"cups": 1}
    assert server.asked[1].headers["if-none-match"] == '"v1"'
    assert ask(client, TEA, inquiry).json() == {"cups": 1}
    assert len(server.asked) == 2


def test_ask_when_it_changed_then_the_new_one_is_kept(client, server, inquiry):
    ask(client, TEA, inquiry)
    grow_old(CACHE_FRESH_S + 1)
    server.routes["/tea"] = json_reply({"cups": 2})
    assert [ask(client, TEA, inquiry).json()["cups"] for _ in range(2)] == [2, 2]
    assert CachedAnswer.objects.get().etag == ""


@pytest.mark.parametrize(
    "body",
    [b"<!doctype html><p>It works!", b'{"cups": ', b"", b"1"],
    ids=["page", "cut", "empty", "word"],
)
def test_ask_when_the_answer_is_no_json_then_it_is_not_kept(client, server, inquiry, body):
    server.routes["/tea"] = Reply(body=body)
    ask(client, TEA, inquiry)
    server.routes["/tea"] = json_reply({"cups": 1})
    assert ask(client, TEA, inquiry).json() == {"cups": 1}


@pytest.mark.parametrize(
    "trouble",
    [Reply(status=503), Reply(status=403, headers={"x-ratelimit-remaining": "0"})],
    ids=["down", "limit spent"],
)
def test_ask_when_the_source_fails_then_todays_answer_or_the_error(
    client, server, inquiry, pauses, trouble
):
    ask(client, TEA, inquiry)
    server.routes["/tea"] = trouble
    grow_old(CACHE_FRESH_S + 1)
    assert ask(client, TEA, inquiry).json() == {"cups": 1}
    grow_old(CACHE_STALE_S + 1)
    with pytest.raises(SourceUnavailable):
        ask(client, TEA, inquiry)


def test_ask_when_refused_then_the_error_even_if_one_is_kept(client, server, inquiry):
    ask(client, TEA, inquiry)
    grow_old(CACHE_FRESH_S + 1)
    server.routes["/tea"] = Reply(status=404)
    with pytest.raises(SourceRefused):
        ask(client, TEA, inquiry)


@pytest.mark.parametrize(
    "reply",
    [Reply(b"x" * (CACHE_BODY_MAX_BYTES + 1)), Reply(b"{}", status=202)],
    ids=["large", "not yet"],
)
def test_ask_when_the_answer_is_unfit_then_it_is_not_kept(client, server, inquiry, reply):
    server.routes["/tea"] = reply
    ask(client, TEA, inquiry)
    assert not CachedAnswer.objects.exists()


def test_ask_when_the_token_or_the_question_differs_then_kept_apart(client, server, inquiry):
    ask(client, TEA, inquiry)
    ask(Client(server.url), TEA, inquiry)
    ask(client, Question("/tea", accept="text/plain"), inquiry)
    ask(client, Question("/tea", content=b"{}"), inquiry)
    assert CachedAnswer.objects.count() == 4
    assert [each.method for each in server.asked] == ["GET", "GET", "GET", "POST"]


def test_ask_all_when_one_fails_then_the_others_are_there(client, server, inquiry):
    found = ask_all(client, (TEA, Question("/gone"), TEA), inquiry)
    assert [type(each).__name__ for each in found] == ["Answer", "SourceRefused", "Answer"]


def test_ask_when_the_database_fails_then_without_a_cache(client, inquiry, monkeypatch, caplog):
    def fail(*_args, **_kwargs):
        raise DatabaseError("gone")

    monkeypatch.setattr(CachedAnswer.objects, "in_bulk", fail)
    monkeypatch.setattr(CachedAnswer.objects, "bulk_create", fail)
    assert ask(client, TEA, inquiry).json() == {"cups": 1}
    assert caplog.text.count("cache.failed") == 2


def test_forget_when_nobody_asked_for_a_week_then_gone(client, inquiry):
    ask(client, TEA, inquiry)
    assert forget_old_answers() == 0
    grow_old(CACHE_KEPT_S + 1)
    assert forget_old_answers() == 1


def test_post_when_redirected_then_refused(client, server, inquiry):
    server.routes["/tea"] = Reply(status=307, headers={"Location": f"{server.url}/other"})
    with pytest.raises(SourceRefused, match="redirects a question"):
        client.get("/tea", inquiry=inquiry, method="POST", content=b"{}")
