import threading

import pytest

from artifacts.exceptions import SourceUnavailable
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

    calls = [int, int, int]
    calls[failing] = fail
    with pytest.raises(SourceUnavailable, match="busy"):
        at_once(*calls)
