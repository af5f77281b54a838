import math

import pytest

from artifacts.templatetags.measures import latency, measured, rate, share, span


@pytest.mark.parametrize(
    ("given", "words"),
    [(None, "-"), (0, "0 ms"), (12.4, "12 ms"), (1_400, "1.4 s"), (math.inf, "over 10 s")],
)
def test_latency_when_written_then_in_its_unit(given, words):
    assert latency(given) == words


@pytest.mark.parametrize(
    ("given", "words"), [(0, "0"), (0.25, "0.2"), (3, "3"), (9.96, "10"), (12_345.6, "12,346")]
)
def test_rate_when_written_then_with_places_that_tell_something(given, words):
    assert rate(given) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"),
    [(0, 0, "0 %"), (0, 5, "0 %"), (1, 200, "0.5 %"), (1, 3, "33 %"), (5, 5, "100 %")],
)
def test_share_when_written_then_in_percent(part, whole, words):
    assert share(part, whole) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7_200, "2 h"), (200_000, "2 days")],
)
def test_span_when_written_then_in_the_largest_unit_of_which_there_are_two(seconds, words):
    assert span(seconds) == words


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("answer_ms", 12.34, "12 ms"),
        ("answer_ms", 1_400.0, "1.4 s"),
        ("oldest_due_s", 7_200.0, "2 h"),
        ("oldest_due_s", 0.0, "0 s"),
        ("requests", 12_345, "12,345"),
        ("engine", "postgresql", "PostgreSQL"),
        ("last_lease_until", "2026-11-30T09:08:07.123456+00:00", "09:08:07 UTC"),
    ],
)
def test_measured_when_a_name_tells_its_unit_then_said_with_it(name, value, said):
    assert measured(value, name) == said
