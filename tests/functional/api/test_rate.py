"""`GET /artifact/model/{id}/rate`: every status of its description."""

import re

import pytest

from artifacts.models import AuditEntry
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.reading import Reading, ReadState
from artifacts.services.trust import rating as ratings
from tests.clients import ApiClient, message_of, user_with
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import LATER, make_dataset, make_evidence, rich_evidence
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


def path(artifact, query: str = "") -> str:
    return f"/artifact/model/{artifact.id}/rate{query}"


def test_rate_when_rated_then_200_with_numbers_under_the_registered_name(api):
    artifact = make_artifact("my own name")
    make_rating(artifact, rich_evidence())
    answers = [api.get(path(artifact)) for _ in range(2)]
    body = answers[0].json()
    assert answers[0].status_code == 200
    assert answers[1].json() == body
    assert (body["name"], body["category"]) == ("my own name", "text-generation")
    assert "evidence" not in body
    assert all(f"{metric.name}_latency" in body for metric in METRICS)
    assert body["code_quality_latency"] >= 0.5


def test_rate_when_evidence_is_asked_for_then_reasons_facts_and_gate(api):
    artifact = make_artifact()
    make_rating(artifact)
    body = api.get(path(artifact, "?evidence=true")).json()
    assert body["gate"]["verdict"] == "failed"
    assert body["gate"]["reasons"]
    assert re.fullmatch(r"fails \d+ of \d+ known, \d+ unknown", body["gate"]["summary"])
    assert body["gate"]["thresholds"] == {metric.name: 0.5 for metric in METRICS}
    assert set(body["evidence"]) == {metric.name for metric in METRICS}
    assert body["evidence"]["license"]["score"] is None
    assert body["evidence"]["license"]["reason"]


def test_rate_when_incomplete_then_500_and_with_evidence_what_is_known(api):
    artifact = make_artifact()
    make_rating(artifact, make_evidence(code=LATER))
    answer = api.get(path(artifact))
    assert answer.status_code == 500
    assert "GitHub sleeps" in message_of(answer)
    assert answer.json()["error"]["code"] == "rating_incomplete"
    body = api.get(path(artifact, "?evidence=true")).json()
    assert body["is_incomplete"] is True
    assert body["evidence"]["bus_factor"]["try_later"] is True


@pytest.mark.parametrize("is_completed", [True, False], ids=["completed", "nobody works"])
def test_rate_when_provisional_then_200_after_a_short_wait(
    api, monkeypatch, set_limits, is_completed
):
    artifact = make_artifact()
    unasked = make_dataset("acme/later", reading=Reading(ReadState.NOT_ASKED))
    make_rating(artifact, make_evidence(datasets=(unasked, make_dataset(license="mit"))))
    waited: list[float] = []

    def sleep(seconds: float) -> None:
        waited.append(seconds)
        if is_completed:
            make_rating(artifact, make_evidence(datasets=(make_dataset(license="mit"),) * 2))

    monkeypatch.setattr("time.sleep", sleep)
    set_limits(RATING_WAIT_S=0.05)
    answer = api.get(path(artifact, "?evidence=true"))
    assert answer.status_code == 200
    assert waited
    assert answer.json()["is_incomplete"] is not is_completed
    assert answer.json()["dataset_quality"] == 0.15
    assert api.get(path(artifact)).status_code == 200


@pytest.mark.parametrize("path", ["/artifact/model/a!b/rate", "/artifact/model/{}/rate?evidence=1"])
def test_rate_when_malformed_then_400(api, path):
    assert api.get(path.format(make_artifact().id)).status_code == 400


def test_rate_when_there_is_no_token_then_403(anonymous):
    assert anonymous.get(path(make_artifact())).status_code == 403


def test_rate_when_unknown_or_another_type_or_unrated_then_404(api):
    dataset = make_artifact(kind="dataset")
    for artifact_id in ("invalidId", "model-9-9", dataset.id, make_artifact(number=2).id):
        assert api.get(f"/artifact/model/{artifact_id}/rate").status_code == 404


def test_rate_when_refreshed_then_by_those_who_may_upload_only(api, monkeypatch):
    artifact = make_artifact()
    asked = []

    def refresh(*, artifact_id, user):
        asked.append((artifact_id, user.username))
        make_rating(artifact, rich_evidence())

    monkeypatch.setattr(ratings, "refresh_rating", refresh)
    answer = ApiClient(user_with("search")).get(path(artifact, "?refresh=true"))
    assert (answer.status_code, asked) == (403, [])
    assert "upload" in message_of(answer)
    answer = api.get(path(artifact, "?refresh=true"))
    assert answer.status_code == 200
    assert asked == [(artifact.id, "ursula")]


def test_rate_when_read_then_nothing_is_written_in_the_trail(api):
    artifact = make_artifact()
    make_rating(artifact)
    before = AuditEntry.objects.count()
    api.get(path(artifact))
    assert AuditEntry.objects.count() == before
