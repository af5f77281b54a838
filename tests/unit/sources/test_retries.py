import time
from email.utils import formatdate

import pytest

from artifacts.limits import RETRY_AFTER_KEPT_MAX_S, RETRY_AFTER_MAX_S
from artifacts.sources.retries import pause_before, wait_asked_for

NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def _frozen_clock(monkeypatch):
    monkeypatch.setattr(time, "time", lambda: float(NOW))


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        pytest.param({}, None, id="nothing-asked"),
        pytest.param({"retry-after": "7"}, 7.0, id="seconds"),
        pytest.param({"retry-after": formatdate(NOW + 30, usegmt=True)}, 30.0, id="http-date"),
        pytest.param({"retry-after": formatdate(NOW - 30, usegmt=True)}, 0.0, id="past-date"),
        pytest.param({"retry-after": "soon"}, None, id="no-date"),
        pytest.param({"retry-after": "-5"}, None, id="negative"),
        pytest.param({"retry-after": "9" * 400}, RETRY_AFTER_KEPT_MAX_S, id="absurdly-long"),
        pytest.param(
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW + 60)}, 60.0, id="github"
        ),
        pytest.param(
            {"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(NOW - 9)}, 0.0, id="github-over"
        ),
        pytest.param({"x-ratelimit-remaining": "0"}, 0.0, id="github-no-reset"),
        pytest.param({"x-ratelimit-remaining": "12"}, None, id="github-with-calls-left"),
        pytest.param({"ratelimit": '"api";r=0;t=55'}, 55.0, id="hub"),
        pytest.param({"ratelimit": '"pages";r=3;t=9, "api"; r=0; t=55'}, 55.0, id="hub-second"),
        pytest.param({"ratelimit": '"api";r=10;t=55'}, None, id="hub-with-calls-left"),
        pytest.param({"retry-after": "3", "ratelimit": '"api";r=0;t=55'}, 3.0, id="retry-after"),
    ],
)
def test_wait_asked_for_when_stated_in_any_form_then_in_seconds(headers, wait_s):
    assert wait_asked_for(headers) == wait_s


@pytest.mark.parametrize(
    ("attempt", "least", "most"), [(2, 0.15, 0.45), (3, 0.3, 0.9)], ids=["second", "third"]
)
def test_pause_before_when_nothing_asked_then_grows_with_jitter(attempt, least, most):
    pauses = {pause_before(attempt, None) for _ in range(50)}
    assert least <= min(pauses) < max(pauses) <= most


def test_pause_before_when_asked_to_wait_then_not_shorter():
    assert pause_before(2, RETRY_AFTER_MAX_S) == RETRY_AFTER_MAX_S


def test_pause_before_when_asked_for_too_long_then_none():
    assert pause_before(2, RETRY_AFTER_MAX_S + 0.1) is None
