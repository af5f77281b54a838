import threading

import pytest

from artifacts.selectors.upkeep import probes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(probes, "_running", {})


def test_probe_when_it_answers_then_how_long_it_took():
    assert probes.answer_ms("x", lambda: None) >= 0


def test_probe_when_it_fails_then_its_error():
    def fail() -> None:
        raise OSError("connection refused")

    with pytest.raises(OSError, match="refused"):
        probes.answer_ms("x", fail)


def test_probe_when_it_hangs_then_given_up_and_not_started_again_until_it_ended(monkeypatch):
    release = threading.Event()
    started = []

    def hang() -> None:
        started.append(threading.current_thread())
        release.wait()

    with monkeypatch.context() as patch:
        patch.setattr(probes, "HEALTH_PROBE_TIMEOUT_S", 0.05)
        for words in ("does not answer within", "still does not answer"):
            with pytest.raises(TimeoutError, match=words):
                probes.answer_ms("x", hang)
    # Another component is not held up by it.
    assert probes.answer_ms("y", lambda: None) >= 0
    release.set()
    assert len(started) == 1
    started[0].join()
    assert probes.answer_ms("x", lambda: None) >= 0


def test_probe_when_another_asks_at_once_then_it_never_waits_for_what_has_not_begun(monkeypatch):
    # A thread that has not begun cannot be joined: that was a 500 of /health.
    seen = []

    class Thread(threading.Thread):
        def start(self):
            seen.append(probes._running.get("x"))
            super().start()

    monkeypatch.setattr(threading, "Thread", Thread)
    assert probes.answer_ms("x", lambda: None) >= 0
    assert seen == [None]
