"""How often readers make the registry ask, and what happens if two want the same."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.enums import ArtifactType
from artifacts.exceptions import SourceAbsent, TooManyPulls
from artifacts.limits import PULL_KEPT_S, PULL_LEASE_S
from artifacts.models import Artifact, HubPull
from artifacts.services.hub import pulling
from artifacts.services.hub.pulling import forget_old_pulls, pull
from tests.clients import ApiClient, user_with
from tests.functional.hub.pulling.reader import ID, INFO, Reader

pytestmark = pytest.mark.django_db


def test_reader_when_many_ids_were_asked_for_then_429_and_what_is_registered_is_read(
    reader, source, set_limits
):
    set_limits(PULLS_OF_A_USER_MAX=2)
    assert reader.get(INFO).status_code == 200
    source.error = SourceAbsent("There is none.")
    assert reader.get("/api/models/acme/none").status_code == 404
    answer = reader.get("/api/models/acme/other")
    assert (answer.status_code, answer["Retry-After"]) == (429, str(PULL_KEPT_S))
    assert source.asked == 2
    assert reader.get(INFO).status_code == 200
    # What is known of an id is told, and others have their own count.
    assert reader.get("/api/models/acme/none").status_code == 404
    other = Reader(user_with("search", "download", "upload"))
    assert other.get("/api/models/acme/other").status_code == 404


def in_progress(seconds: float) -> None:
    """Another process began to ask so long ago."""
    begun_at = timezone.now() - timedelta(seconds=seconds)
    HubPull.objects.create(
        key=f"model:{ID}", holder=uuid.uuid4(), user_name="ursula", begun_at=begun_at
    )


def test_read_when_another_process_asks_then_waits_and_does_not_ask(reader, source):
    in_progress(1)
    answer = reader.get(INFO)
    assert (answer.status_code, source.asked) == (503, 0)


def test_claim_when_two_take_it_at_the_same_moment_then_one_has_it(uploader):
    """Both have just seen that nobody asks."""
    claims = [pulling._claim(f"model:{ID}", uuid.uuid4(), uploader) for _ in range(2)]
    assert claims == [True, False]


def test_claim_when_the_reader_has_claimed_as_many_meanwhile_then_none(uploader, set_limits):
    set_limits(PULLS_OF_A_USER_MAX=1)
    assert pulling._claim(f"model:{ID}", uuid.uuid4(), uploader)
    with pytest.raises(TooManyPulls):
        pulling._claim("model:acme/other", uuid.uuid4(), uploader)
    assert HubPull.objects.count() == 1


def test_read_when_that_process_has_crashed_then_asks(reader, source):
    in_progress(PULL_LEASE_S + 1)
    assert reader.get(INFO).status_code == 200
    assert source.asked == 1


def test_pulls_when_old_then_forgotten_and_not_before(db):
    in_progress(PULL_KEPT_S)
    assert forget_old_pulls() == 0
    HubPull.objects.update(begun_at=timezone.now() - timedelta(seconds=PULL_KEPT_S + 61))
    assert forget_old_pulls() == 1


@pytest.mark.django_db(transaction=True)
def test_readers_when_two_ask_at_once_then_one_registration_and_both_have_it(
    uploader, source, set_limits
):
    set_limits(PULL_WAIT_S=20)
    readers = [Reader(uploader), Reader(user_with("search", "download", "upload"))]
    asked, barrier = threading.Event(), threading.Barrier(2)
    real = source.fetch_snapshot
    found = []

    def slowly(reference, inquiry):
        # Goes on once the other one has looked and waits.
        asked.wait(0.5)
        return real(reference, inquiry)

    source.fetch_snapshot = slowly

    def read(reader: Reader) -> None:
        try:
            barrier.wait()
            found.append(reader.get(INFO).status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=read, args=[reader]) for reader in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [200, 200]
    assert source.asked == 1
    assert Artifact.objects.count() == 1


def test_api_when_it_is_asked_then_registers_nothing(uploader, source):
    assert ApiClient(uploader).get("/artifact/byName/robot").status_code == 404
    assert source.asked == 0


def test_pull_when_registered_meanwhile_then_nothing_is_asked(uploader, source, reader):
    reader.get(INFO)
    HubPull.objects.all().delete()
    pull(artifact_type=ArtifactType.MODEL, repo_id=ID, user=uploader)
    assert source.asked == 1
