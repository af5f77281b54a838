"""Outages in the database, and the memory that stands in for them in tests: both alike."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from artifacts.limits import (
    OUTAGE_KEPT_S,
    SOURCE_REST_S,
    SOURCE_SILENT_AFTER,
    SOURCE_SILENT_WITHIN_S,
)
from artifacts.models import Outage
from tests.fakes.outages import MemoryOutages

HUB = "https://hub.example"
NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


@pytest.fixture(params=["database", "memory"])
def outages(request):
    if request.param == "memory":
        return MemoryOutages()
    request.getfixturevalue("db")
    return Outage.objects


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def fail(outages, *seconds: float, is_slow: bool = True) -> Outage:
    for each in seconds:
        outages.note(HUB, f"failed at {each}", failed_at=after(each), is_slow=is_slow)
    (row,) = outages.all()
    return row


def test_outage_when_it_fails_again_then_one_row_with_both_ends(outages):
    row = fail(outages, 0, 7, 20, is_slow=False)
    assert (row.key, row.began_at, row.failed_at) == (HUB, NOON, after(20))
    assert (row.reason, row.slow_failures, row.next_try_at) == ("failed at 20", 0, None)


def test_outage_when_it_fails_long_after_then_it_is_another_one(outages):
    row = fail(outages, 0, OUTAGE_KEPT_S + 1)
    assert (row.began_at, row.slow_failures) == (after(OUTAGE_KEPT_S + 1), 1)


def test_source_when_slow_again_and_again_then_it_rests(outages):
    before = fail(outages, *range(SOURCE_SILENT_AFTER - 1))
    assert (before.slow_failures, before.next_try_at) == (SOURCE_SILENT_AFTER - 1, None)
    row = fail(outages, SOURCE_SILENT_AFTER)
    assert row.next_try_at == after(SOURCE_SILENT_AFTER + SOURCE_REST_S)


def test_source_when_slow_now_and_then_only_then_it_does_not_rest(outages):
    apart_s = SOURCE_SILENT_WITHIN_S + 1
    row = fail(outages, *(number * apart_s for number in range(SOURCE_SILENT_AFTER + 2)))
    assert (row.slow_failures, row.next_try_at) == (1, None)


def test_source_when_it_fails_at_once_then_everybody_may_ask_again(outages):
    fail(outages, 0, 1, 2)
    row = fail(outages, 3, is_slow=False)
    assert (row.slow_failures, row.next_try_at) == (0, None)


def test_try_when_due_then_one_gets_it_and_it_comes_back(outages):
    fail(outages, 0, 1, 2)
    due = after(2 + SOURCE_REST_S)
    assert not outages.claim_try(HUB, due - timedelta(seconds=1))
    assert outages.claim_try(HUB, due)
    assert not outages.claim_try(HUB, due)
    assert outages.claim_try(HUB, due + timedelta(seconds=SOURCE_REST_S))
    assert not outages.claim_try("https://other.example", due)


def test_source_when_it_answers_then_forgotten(outages):
    fail(outages, 0, 1, 2)
    outages.forget(HUB)
    assert list(outages.all()) == []
    assert fail(outages, 3).slow_failures == 1


@pytest.mark.django_db(transaction=True)
def test_outages_when_many_write_at_once_then_each_counts_and_one_may_try():
    def write(number: int) -> bool:
        try:
            Outage.objects.note(HUB, "silent", failed_at=after(number / 10), is_slow=True)
            return True
        finally:
            connection.close()

    def claim(_number: int) -> bool:
        try:
            return Outage.objects.claim_try(HUB, after(3_600))
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(write, range(12)))
        assert Outage.objects.get().slow_failures == 12
        assert sum(pool.map(claim, range(12))) == 1
