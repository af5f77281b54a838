import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.sources import parallel
from artifacts.sources.parallel import at_once


def test_at_once_when_called_then_results_in_the_order_given():
    assert at_once(lambda: 1, lambda: 2, lambda: 3) == (1, 2, 3)


def test_at_once_when_calls_wait_for_each_other_then_they_really_run_at_once():
    meeting = threading.Barrier(3, timeout=10)
    assert len(at_once(meeting.wait, meeting.wait, meeting.wait)) == 3


@pytest.mark.parametrize("failing", [0, 2], ids=["own-thread", "other-thread"])
def test_at_once_when_one_fails_then_its_error_is_raised(failing):
    def fail():
        raise SourceUnavailable("busy")

    calls: list[Callable[[], object]] = [int, int, int]
    calls[failing] = fail
    with pytest.raises(SourceUnavailable, match="busy"):
        at_once(*calls)


def test_at_once_when_one_fails_then_the_others_have_ended():
    begun, ended = threading.Event(), threading.Event()

    def slow():
        begun.set()
        time.sleep(0.2)
        ended.set()

    def fail():
        begun.wait(10)
        raise SourceUnavailable("busy")

    with pytest.raises(SourceUnavailable):
        at_once(fail, slow)
    assert ended.is_set()


@pytest.fixture
def connections_of_threads(monkeypatch) -> list[str]:
    """What happens to the database connections of the pool's threads."""
    done: list[str] = []
    monkeypatch.setattr(parallel, "close_old_connections", lambda: done.append("looked at"))
    own = SimpleNamespace(close=lambda: done.append("closed"))
    monkeypatch.setattr(parallel, "connection", own)
    return done


@pytest.mark.parametrize(
    ("function", "expected"),
    [("", ["looked at"]), ("registry-dev", ["looked at", "closed"])],
    ids=["server", "lambda"],
)
def test_at_once_when_a_thread_is_used_then_its_connection_is_fit_for_it(
    connections_of_threads, settings, function, expected
):
    settings.AWS_LAMBDA_FUNCTION_NAME = function
    at_once(int, int)
    assert connections_of_threads == expected
