import pytest
from django.core.exceptions import ImproperlyConfigured

from registry_site.settings.thresholds import read_thresholds

NAME = "REGISTRY_GATE_THRESHOLDS"


@pytest.fixture
def read(monkeypatch):
    def read(value: str) -> dict[str, float]:
        monkeypatch.setenv(NAME, value)
        return read_thresholds(NAME, ("license", "size_score", "bus_factor"))

    return read


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", {}),
        ("license=0.7", {"license": 0.7}),
        ("license=1, size_score=.25 bus_factor=0",
         {"license": 1.0, "size_score": 0.25, "bus_factor": 0.0}),
    ],
)  # fmt: skip
def test_thresholds_when_pairs_then_numbers_by_metric(read, value, expected):
    assert read(value) == expected


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("licence=0.7", "holds 'licence=0.7'; it must pair metrics with numbers: the nearest is "),
        ("License=0.7", "the nearest is license."),
        ("bus-factor=0.7", "the nearest is bus_factor."),
        ("zzz=0.7", "they are license, size_score, bus_factor."),
        ("license=7", "holds 'license=7'; it must give a number from 0 to 1, as in license=0.5."),
        ("license", "must give a number from 0 to 1, as in license=0.5."),
        ("license=0.1,license=1", "holds 'license=1'; it must give license one number only."),
    ],
)
def test_thresholds_when_wrong_then_one_sentence_says_what_is_right(read, value, reason):
    with pytest.raises(ImproperlyConfigured) as caught:
        read(value)
    told = str(caught.value)
    assert told.startswith(NAME)
    assert reason in told
    assert ". " not in told
