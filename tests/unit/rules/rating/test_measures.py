"""Which numbers of a sentence are results."""

import pytest

from artifacts.rules.rating.measures import count_claims


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("It reaches a mAP=0.852, AP(IoU=0.1)=0.858 and AR(IoU=0.1)=1.0.", 3),
        ("AP @ IoU 0.50: 0.91, recall (threshold 0.3): 0.88.", 2),
        ("It reaches an accuracy of (0.91) in kitchens.", 1),
        ("A MOS of 4.21 \N{PLUS-MINUS SIGN} 0.09 and a recall of 88.1 +/- 2.3.", 2),
    ],
)
def test_claims_when_a_measure_has_its_threshold_in_brackets_then_that_is_no_result(
    sentence, count
):
    assert count_claims(sentence, is_evaluation=True) == count
