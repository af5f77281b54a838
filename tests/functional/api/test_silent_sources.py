"""What a client meets while another instance has found a source silent."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.exceptions import SourceUnavailable
from artifacts.models import Outage, Task
from artifacts.sources import http
from artifacts.tasks.runner import run_one
from tests.factories.artifacts import make_artifact

URL = "https://huggingface.co/openai/whisper-tiny"


@pytest.fixture(autouse=True)
def asked(shared_outages, settings, monkeypatch, set_limits) -> list[str]:
    """What is asked for outside; nothing of it is answered."""
    settings.REGISTRY_TASKS = "worker"
    found: list[str] = []

    def send(_method, url, *_given):
        found.append(url)
        raise SourceUnavailable("Nobody answers.")

    monkeypatch.setattr(http, "_send", send)
    set_limits(ATTEMPTS_MAX=1)
    return found


def silence(base_url: str, *, for_s: float) -> None:
    """What another instance writes."""
    now = timezone.now()
    Outage.objects.create(
        key=base_url,
        began_at=now,
        failed_at=now,
        slow_failures=3,
        next_try_at=now + timedelta(seconds=for_s),
    )


def test_registration_when_the_hub_is_silent_then_202_without_asking_it(api, asked, settings):
    silence(settings.HF_ENDPOINT, for_s=20)
    answer = api.post("/artifact/model", {"url": URL})
    assert (answer.status_code, asked) == (202, [])
    assert run_one("test")
    task = Task.objects.get(name="ingest_artifact")
    assert asked == []
    # It comes back when the source may be asked again, not before.
    assert task.due_at > timezone.now() + timedelta(seconds=15)


def test_registration_when_a_try_is_due_then_the_first_asks_and_the_next_does_not(
    api, asked, settings
):
    silence(settings.HF_ENDPOINT, for_s=-1)
    assert api.post("/artifact/model", {"url": URL}).status_code == 202
    assert asked
    before = len(asked)
    Outage.objects.update(slow_failures=3, next_try_at=timezone.now() + timedelta(seconds=30))
    assert api.post("/artifact/model", {"url": f"{URL}.en"}).status_code == 202
    assert len(asked) == before


def test_registration_when_another_host_is_silent_then_asked_as_ever(api, asked):
    silence("https://files.example.com", for_s=20)
    api.post("/artifact/model", {"url": URL})
    assert asked


def test_license_check_when_github_is_silent_then_502_without_asking_it(api, asked, settings):
    artifact = make_artifact()
    silence(settings.GITHUB_API_URL, for_s=20)
    answer = api.post(
        f"/artifact/model/{artifact.id}/license-check",
        {"github_url": "https://github.com/google-research/bert"},
    )
    assert (answer.status_code, asked) == (502, [])


def test_health_when_another_instance_found_the_hub_silent_then_named(anonymous, settings):
    silence(settings.HF_ENDPOINT, for_s=20)
    answer = anonymous.get("/health/components").json()
    shown = next(each for each in answer["components"] if each["id"] == "sources")
    assert (shown["status"], shown["metrics"]) == ("degraded", {"resting": 1})
    assert shown["issues"][0]["summary"].startswith("The Hub ")
