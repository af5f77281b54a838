"""Downloads that look made."""

from datetime import UTC, datetime, timedelta

import pytest

from artifacts.rules.confusion.inflation import HourlyDownloads, find_inflation

DAY = datetime(2026, 3, 2, tzinfo=UTC)


def hours(user_name: str, *counts: tuple[int, int]) -> list[HourlyDownloads]:
    return [HourlyDownloads(user_name, DAY + timedelta(hours=at), times) for at, times in counts]


def test_inflation_when_one_user_has_most_then_it_is_said():
    found = find_inflation(hours("mallory", (1, 40), (2, 40)) + hours("sam", (30, 10)))
    assert found == ("80 of 90 downloads are of one user, mallory.",)


def test_inflation_when_most_came_within_an_hour_then_it_is_said():
    many = [each for at in range(60) for each in hours(f"user-{at}", (9, 1))]
    assert find_inflation(many) == ("60 of 60 downloads fell into one hour, 2026-03-02 09 UTC.",)


def test_inflation_when_somebody_never_sleeps_then_it_is_said():
    busy = hours("bot", *((at, 2) for at in range(22)))
    others = [each for at in range(40) for each in hours(f"user-{at}", (at, 1))]
    assert find_inflation(busy + others) == (
        "bot fetched it in 22 hours of 2026-03-02, as only programs do.",
    )


@pytest.mark.parametrize(
    "downloads",
    [
        [],
        hours("sam", (1, 49)),
        [each for at in range(60) for each in hours(f"user-{at % 7}", (at, 1))],
    ],
    ids=["none", "few", "spread"],
)
def test_inflation_when_nothing_is_odd_then_nothing_is_said(downloads):
    assert find_inflation(downloads) == ()
