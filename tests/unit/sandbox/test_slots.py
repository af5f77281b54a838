import threading

import pytest

from artifacts.exceptions import MonitorsBusy
from artifacts.limits import MONITOR_BUSY_RETRY_AFTER_S
from artifacts.sandbox import slots


@pytest.fixture
def two_slots(monkeypatch, set_limits):
    """One slot, and one place to wait, for a moment only."""
    monkeypatch.setattr(slots, "_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(slots, "_places", threading.BoundedSemaphore(2))
    set_limits(MONITOR_WAIT_MAX_S=0.05)


def test_slot_when_taken_then_the_next_waits_in_vain_and_gets_it_later(two_slots):
    with slots.monitor_slot(), pytest.raises(MonitorsBusy) as raised, slots.monitor_slot():
        pass
    assert raised.value.retry_after_s == MONITOR_BUSY_RETRY_AFTER_S
    with slots.monitor_slot():
        pass


def test_slot_when_too_many_wait_then_refused_at_once(two_slots, set_limits):
    set_limits(MONITOR_WAIT_MAX_S=60)
    slots._places.acquire()
    with slots.monitor_slot(), pytest.raises(MonitorsBusy), slots.monitor_slot():
        pass


def test_trial_when_another_one_runs_then_refused_and_downloads_go_on(set_limits):
    set_limits(MONITOR_WAIT_MAX_S=0.05)
    with slots.trial_slot():
        with pytest.raises(MonitorsBusy) as raised, slots.trial_slot():
            pass
        assert raised.value.retry_after_s == MONITOR_BUSY_RETRY_AFTER_S
        with slots.monitor_slot(), slots.monitor_slot():
            pass
    with slots.trial_slot():
        pass


def test_trial_when_no_slot_is_free_then_the_next_one_may_try_again(two_slots):
    with slots.monitor_slot(), pytest.raises(MonitorsBusy), slots.trial_slot():
        pass
    with slots.trial_slot():
        pass
