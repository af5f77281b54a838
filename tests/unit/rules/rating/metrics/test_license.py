"""The license: every kind, choices, conjunctions, none."""

import pytest

from artifacts.rules.rating.metrics.license import METRIC
from tests.factories.evidence import make_evidence, make_model


@pytest.mark.parametrize(
    ("stated", "score"),
    [
        ("apache-2.0", 1.0), ("MIT", 1.0), ("cc0-1.0", 1.0), ("cc-by-4.0", 1.0), ("mpl-2.0", 0.8),
        ("openrail", 0.7), ("gpl-3.0", 0.6), ("cc-by-sa-4.0", 0.6), ("llama3.1", 0.5),
        ("gemma", 0.5), ("agpl-3.0", 0.4), ("cc-by-nc-4.0", 0.2), ("cc-by-nc-nd-4.0", 0.1),
        ("other", 0.1), ("a license that nobody knows", 0.1), ("gpl-3.0 OR mit", 1.0),
        ("gpl-3.0 AND mit", 0.6),
    ],
)  # fmt: skip
def test_license_when_stated_then_its_kind_decides(stated, score):
    result = METRIC.judge(make_evidence(make_model(license=stated)))
    assert result.score == score
    assert result.reason


def test_license_when_none_is_stated_then_unknown():
    result = METRIC.judge(make_evidence())
    assert (result.score, result.try_later) == (None, False)
