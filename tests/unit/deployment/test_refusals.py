"""Answers that no waiting changes end the smoke test before its minute is over."""

import pytest

from deployment import limits, smoke
from deployment.client import Client
from deployment.release import Release
from deployment.steps import DeploymentFailed
from tests.unit.deployment.fake_registry import RECORD, Answer, answers, as_json, health, serve

OURS = {"X-Request-Id": "abc"}


class Clock:
    """Time that passes only where the test waits."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def monotonic(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds


@pytest.fixture
def registry():
    with serve() as server:
        yield server


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(smoke, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("status", "headers", "waited_s", "advice"),
    [
        (400, OURS, limits.REFUSED_S, "DJANGO_ALLOWED_HOSTS has 127.0.0.1"),
        (403, OURS, limits.REFUSED_S, "keeps strangers out"),
        (
            301,
            OURS | {"Location": "https://b.example/health"},
            limits.REFUSED_S,
            "https://b.example",
        ),
        (403, {}, limits.GATEWAY_REFUSED_S, "keeps strangers out"),
        (404, {}, limits.GATEWAY_REFUSED_S, "path included"),
    ],
)
def test_health_when_the_answer_is_final_then_it_is_not_waited_for_to_the_end(
    registry, clock, status, headers, waited_s, advice
):
    began_at = clock.now_s
    registry.answers["GET health"] = lambda *_: (status, b"no", headers)
    with pytest.raises(DeploymentFailed, match=f"has status {status}") as caught:
        smoke.check_health(Client(registry.url), None)
    assert advice in caught.value.advice
    assert clock.now_s - began_at == waited_s < limits.READY_TIMEOUT_S


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_health_when_the_answer_may_change_then_it_is_waited_for(registry, clock, status):
    began_at = clock.now_s
    registry.answers["GET health"] = lambda *_: (status, b"no", OURS)
    with pytest.raises(DeploymentFailed, match=f"has status {status}"):
        smoke.check_health(Client(registry.url), None)
    assert clock.now_s - began_at > limits.READY_TIMEOUT_S


def test_health_when_a_new_gateway_refuses_at_first_then_it_is_waited_for(registry, clock):
    refusals: list[Answer] = [(403, b"Missing Authentication Token", {})] * 10
    registry.answers["GET health"] = answers(*refusals, as_json(health()))
    assert smoke.check_health(Client(registry.url), None) == Release.of_record(RECORD)


def test_health_when_refusals_come_and_go_then_each_is_waited_for_anew(registry, clock):
    refused, lost = (400, b"no", OURS), as_json({}, 502)
    some = [*[refused] * 4, lost]
    registry.answers["GET health"] = answers(*some, *some, *some, as_json(health()))
    assert smoke.check_health(Client(registry.url), None) == Release.of_record(RECORD)
