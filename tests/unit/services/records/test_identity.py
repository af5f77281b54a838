import re
import threading

import pytest
from django.db import connection

from artifacts.enums import ArtifactType
from artifacts.models import IdSequence
from artifacts.services.records.identity import next_id, raise_sequence

THREADS, EACH = 8, 25


def test_next_id_when_asked_then_has_the_documented_form(db):
    key, created_us = next_id(ArtifactType.CODE)
    assert re.fullmatch(r"code-1-\d{16}", key)
    assert key.endswith(str(created_us))


def test_next_id_when_types_differ_then_each_counts_for_itself(db):
    numbers = [
        next_id(ArtifactType(kind))[0].split("-")[1]
        for kind in ("model", "model", "dataset", "model")
    ]
    assert numbers == ["1", "2", "1", "3"]


@pytest.mark.django_db(transaction=True)
def test_next_id_when_asked_by_many_threads_then_no_number_twice():
    found: list[str] = []

    def ask() -> None:
        try:
            found.extend(next_id(ArtifactType.MODEL)[0] for _ in range(EACH))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    numbers = {int(key.split("-")[1]) for key in found}
    assert numbers == set(range(1, THREADS * EACH + 1))


@pytest.mark.parametrize(("last", "raised_to", "expected"), [(5, 9, 10), (9, 5, 10), (None, 3, 4)])
def test_raise_sequence_when_called_then_the_next_number_is_beyond_both(
    db, last, raised_to, expected
):
    if last is not None:
        IdSequence.objects.create(artifact_type=ArtifactType.MODEL, last_number=last)
    raise_sequence(ArtifactType.MODEL, raised_to)
    assert next_id(ArtifactType.MODEL)[0].split("-")[1] == str(expected)
