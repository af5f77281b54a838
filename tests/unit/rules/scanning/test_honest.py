"""Honest files of every format give no finding, and the malicious ones all do: both are counted."""

import pickle

import pytest

from tests.unit.rules.scanning.honest_files import list_honest
from tests.unit.rules.scanning.pickling import calling, scan, verdict
from tests.unit.rules.scanning.test_malicious import GLOBALS, PACKED, SLEIGHTS, SUSPICIOUS

HONEST = dict(list_honest())


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_gives_no_finding(name):
    assert scan(name, HONEST[name]) == {}


def test_precision_and_recall_over_all_samples_are_whole(capsys):
    bad = [
        *(
            ("model.pkl", calling(module, name, protocol))
            for module, name in GLOBALS
            for protocol in range(6)
        ),
        *(("model.pkl", data) for data in SLEIGHTS.values()),
        *PACKED.values(),
        *SUSPICIOUS.values(),
    ]
    warned = [verdict(*each) in ("suspicious", "dangerous") for each in bad]
    alarms = [name for name, data in HONEST.items() if scan(name, data)]
    precision = sum(warned) / (sum(warned) + len(alarms))
    with capsys.disabled():
        print(  # noqa: T201  (the figures)
            f"\nscan: {sum(warned)} of {len(bad)} malicious found, {len(alarms)} of {len(HONEST)} "
            f"honest files warned of: precision {precision:.3f}"
        )
    assert len(HONEST) >= 200
    assert (all(warned), alarms) == (True, [])


def test_the_samples_that_are_honest_can_be_loaded():
    loaded = [pickle.loads(data) for name, data in HONEST.items() if name.endswith("_4.pkl")]  # noqa: S301  (our own)
    assert len(loaded) > 5
