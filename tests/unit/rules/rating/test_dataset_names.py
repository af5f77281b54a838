"""Names of data sets in sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.rating.dataset_names import names_in_prose
from artifacts.rules.readme import parse_readme


def names(text: str) -> tuple[str, ...]:
    return names_in_prose(parse_readme(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The model was trained on the Farfetch dataset.", ("Farfetch",)),
        (
            "It was fine-tuned on the Common Crawl News corpus.",
            ("Common Crawl News", "Common Crawl"),
        ),
        ("We pretrain on ImageNet-21k and COCO.", ("ImageNet-21k", "COCO")),
        ("## Training data\n\nThe data set (called WebText) has 40 GB.", ("WebText",)),
        ("## Training data\n\nPairs of COCO and of Visual Genome.", ("COCO", "Visual Genome")),
    ],
)
def test_names_when_a_sentence_speaks_of_training_then_what_it_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was trained on this dataset.",
        "The English dataset was used for training.",
        "We trained on a large, new dataset of products.",
        "It was trained on 680,000 hours of audio from the internet.",
        "It was evaluated on the SQuAD dataset, and tested on COCO.",
        "## Evaluation\n\nThe COCO data set.",
        "The SQuAD dataset is nice.",
        "Fine-tuned with https://example.com/coco and models/coco.",
        "",
    ],
)
def test_names_when_nothing_is_named_for_training_then_none(text):
    assert names(text) == ()


def test_names_when_a_card_names_hundreds_then_some():
    text = " ".join(f"Trained on the Set{n} dataset." for n in range(100))
    assert len(names(text)) == 20


@given(st.text(alphabet="aA dataset.\n-#COCOtrain1(", max_size=300))
def test_names_when_the_card_is_anything_then_it_never_raises(text):
    assert all(names(text))
