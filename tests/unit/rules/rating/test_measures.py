"""Which numbers of a sentence are results."""

import pytest

from artifacts.rules.rating.claims import count_in_text
from artifacts.rules.rating.measures import count_claims
from artifacts.rules.rating.model_names import ModelNames


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


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Accuracy: 52.3 % on new positions (Maia 1900: 50.8 %).", 1),
        ("A MOS of 4.21 (recordings: 4.62).", 1),
        ("It has an accuracy of 91.2 (F1: 88.0).", 2),
    ],
)
def test_claims_when_brackets_have_the_number_of_another_then_not_counted(sentence, count):
    names = ModelNames("acme/tea")
    assert count_in_text(sentence, "Evaluation", names, []) == count


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Success over 50 trials: 76.0% (pots), 82.0% (cups) and 58.0% (jars)", 3),
        ("Success over 50 trials: 76.0% (pots) and 82.0% (cups), against 70.0% before", 2),
        ("It reaches 85.2 F1, compared to 83.1 of Kettle.", 1),
        ("F1 rose from 80.1 to 85.2.", 2),
        ("An accuracy of 82.0% (vs 64.0%), an F1 of 91.0% (vs 80.0%), a BLEU of 41.2 (vs 38).", 3),
        ("An accuracy of 82.0%, against 64.0% and 63.0%.", 1),
        ("An accuracy of 82.0%, against 64.0% and an F1 of 91.0%.", 2),
    ],
)
def test_claims_when_results_follow_in_one_breath_then_each_up_to_those_of_others(sentence, count):
    assert count_in_text(sentence, "Results", ModelNames("acme/robot"), []) == count
