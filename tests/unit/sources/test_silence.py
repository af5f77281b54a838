import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.limits import SOURCE_SILENCE_KEPT_S
from artifacts.models import Outage
from artifacts.sources import silence
from artifacts.sources.http import Client
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.parallel import at_once
from tests.fakes.loopback import Reply, json_reply
from tests.fakes.outages import MemoryOutages

BUSY = Reply(status=429, headers={"Retry-After": "900"})


def ask(server, inquiry: Inquiry | None = None) -> None:
    Client(server.url).get("/x", inquiry=inquiry or Inquiry(5))


def fail(server, **options) -> SourceUnavailable:
    with pytest.raises(SourceUnavailable) as caught:
        ask(server, **options)
    return caught.value


def known() -> MemoryOutages:
    """The outages of this test, as `conftest.py` lays them in."""
    assert isinstance(silence.outages, MemoryOutages)
    return silence.outages


def another_instance() -> None:
    """Know nothing but what is shared."""
    silence._known.clear()


def silenced(server) -> None:
    """Bring the source to where nobody asks it."""
    for _ in range(3):
        silence.note_failure(server.url, "silent", 10.0, Inquiry(5))


def let_it_be_due(server) -> None:
    row = known().rows[server.url]
    row.next_try_at = timezone.now() - timedelta(seconds=1)
    another_instance()


@pytest.fixture(autouse=True)
def places(server, settings):
    """Three sources at three places, none of which is the server's."""
    settings.HF_ENDPOINT = "https://hub.example"
    settings.GITHUB_API_URL = "https://github.example"
    settings.KAGGLE_URL = "https://kaggle.example"
    server.routes["/x"] = json_reply({})


def test_silent_sources_when_one_fails_then_every_instance_names_it_until_it_answers(
    server, settings
):
    settings.HF_ENDPOINT = server.url
    server.routes["/x"] = BUSY
    fail(server)
    another_instance()
    assert silence.silent_sources() == {"The Hub": None}
    server.routes["/x"] = json_reply({})
    ask(server)
    another_instance()
    assert silence.silent_sources() == {}


def test_silent_sources_when_it_was_long_ago_then_not_named(settings):
    long_ago = timezone.now() - timedelta(seconds=SOURCE_SILENCE_KEPT_S + 1)
    silence.outages.note(settings.HF_ENDPOINT, "silent", failed_at=long_ago)
    assert silence.silent_sources() == {}


def test_silent_sources_when_a_host_of_a_direct_link_fails_at_once_then_not_kept(server):
    server.routes["/x"] = BUSY
    fail(server)
    assert list(silence.outages.all()) == []


def test_failure_when_written_a_moment_ago_then_not_written_again(server, settings):
    settings.HF_ENDPOINT = server.url
    server.routes["/x"] = BUSY
    for _ in range(3):
        fail(server)
    assert known().asked.count("note") == 1
    assert list(known().rows) == [server.url]


def test_source_when_silent_for_three_then_the_next_is_told_at_once_and_by_any_instance(server):
    silenced(server)
    another_instance()
    error = fail(server)
    assert "asked again" in error.message
    assert 0 < error.retry_after_s <= 30
    assert server.asked == []


def test_source_when_one_work_was_held_several_times_then_it_counts_once(server):
    inquiry = Inquiry(5)
    for _ in range(5):
        silence.note_failure(server.url, "silent", 10.0, inquiry)
    assert known().rows[server.url].slow_failures == 1
    ask(server)


def test_source_when_works_get_answers_and_one_page_hangs_then_it_is_not_silent(server):
    """Whoever names three repositories with a slow page silences no source for all others."""
    for _ in range(4):
        inquiry = Inquiry(0.5)
        ask(server, inquiry)
        silence.note_failure(server.url, "a slow page", 10.0, inquiry)
    assert server.url not in known().rows
    ask(server)


def test_source_when_it_sends_elsewhere_and_nobody_is_there_then_it_is_not_silent(
    server, settings, set_limits, pauses
):
    settings.REGISTRY_PRIVATE_HOSTS = (server.host, "127.0.0.1:9")
    set_limits(SOURCE_SLOW_S=0.0)
    away = Reply(status=302, headers={"Location": "http://127.0.0.1:9/"})
    server.routes["/x"] = away
    for _ in range(4):
        with pytest.raises(SourceUnavailable):
            ask(server, Inquiry(1))
    server.routes["/x"] = json_reply({})
    another_instance()
    ask(server)


def test_source_when_the_work_ran_out_of_time_then_nothing_is_known_of_it(server, settings):
    settings.HF_ENDPOINT = server.url
    silenced(server)
    another_instance()
    silence.note_failure(server.url, "too late", 0.1, Inquiry(0))
    assert known().rows[server.url].next_try_at is not None


def test_other_host_when_one_is_silent_then_asked_as_ever(server):
    silence.outages.note("https://slow.example", "silent", failed_at=timezone.now(), is_slow=True)
    for _ in range(3):
        silence.note_failure("https://slow.example", "silent", 10.0, Inquiry(5))
    ask(server)
    assert len(server.asked) == 1


def test_silent_source_when_a_try_is_due_then_one_work_asks_and_the_others_do_not(server):
    silenced(server)
    let_it_be_due(server)
    trying, release = threading.Event(), threading.Event()

    def slowly():
        trying.set()
        release.wait(5)
        yield b"{}"

    server.routes["/x"] = Reply(slowly())
    thread = threading.Thread(target=ask, args=(server,))
    thread.start()
    assert trying.wait(5)
    another_instance()
    fail(server)
    release.set()
    thread.join()
    assert len(server.asked) == 1
    assert list(silence.outages.all()) == []


def test_silent_source_when_another_takes_the_try_in_this_moment_then_not_asked(
    server, monkeypatch
):
    silenced(server)
    let_it_be_due(server)
    monkeypatch.setattr(silence.outages, "claim_try", lambda _key, _now: False)
    fail(server)
    assert server.asked == []


def test_silent_source_when_a_work_tries_it_then_with_all_of_its_questions(server):
    silenced(server)
    let_it_be_due(server)
    inquiry = Inquiry(5)
    at_once(*(lambda: ask(server, inquiry) for _ in range(4)))
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [401, 404, 410])
def test_silent_source_when_it_refuses_then_it_speaks(server, status):
    silenced(server)
    let_it_be_due(server)
    server.routes["/x"] = Reply(status=status)
    with pytest.raises(SourceRefused):
        ask(server)
    assert list(silence.outages.all()) == []


def test_silent_source_when_the_try_fails_then_it_rests_on(server, set_limits):
    silenced(server)
    let_it_be_due(server)
    set_limits(ATTEMPTS_MAX=1)
    server.routes["/x"] = Reply(status=503)
    set_limits(SOURCE_SLOW_S=0.0)
    fail(server)
    another_instance()
    fail(server)
    assert len(server.asked) == 1


# ------------------------------------------------------------------ with the database


class Lost:
    """A database that does not answer."""

    def _fail(self, *_given, **_named):
        raise OperationalError("gone")

    all = note = claim_try = forget = _fail


def test_source_when_the_database_is_lost_then_asked_and_told_of_by_this_process(
    server, settings, monkeypatch
):
    settings.HF_ENDPOINT = server.url
    monkeypatch.setattr(silence, "outages", Lost())
    ask(server)
    server.routes["/x"] = BUSY
    fail(server)
    assert silence.silent_sources() == {"The Hub": None}
    server.routes["/x"] = json_reply({})
    ask(server)
    assert silence.silent_sources() == {}


@pytest.mark.django_db(transaction=True)
def test_threads_of_the_pool_when_they_write_then_none_keeps_a_connection(
    server, settings, shared_outages
):
    settings.HF_ENDPOINT = server.url
    server.routes["/x"] = BUSY
    left = []

    def ask_there() -> None:
        fail(server)
        left.append(connection.connection)

    threads = [threading.Thread(target=ask_there) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert left == [None, None, None]
    assert Outage.objects.get().key == server.url


@pytest.mark.django_db
def test_source_when_it_answers_and_nothing_is_known_then_the_database_is_read_once(
    server, shared_outages, django_assert_num_queries
):
    with django_assert_num_queries(1):
        for _ in range(3):
            ask(server)


def test_look_when_read_a_moment_ago_then_not_read_again():
    silence.look()
    silence.look()
    assert known().asked == ["all"]
    silence._known.read_at = time.monotonic() - 3
    silence.look()
    assert known().asked == ["all", "all"]
