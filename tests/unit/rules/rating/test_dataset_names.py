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
            ("Common Crawl News",),
        ),
        ("We pretrain on ImageNet-21k and COCO.", ("ImageNet-21k", "COCO")),
        ("## Training data\n\nThe data set (called WebText) has 40 GB.", ("WebText",)),
        (
            "The released weights were trained on DeepTea Cup Extraction.",
            ("DeepTea Cup Extraction",),
        ),
        ("It was trained on 4.9 million pairs of cups and words (TeaCaps-5M).", ("TeaCaps-5M",)),
        ("I trained it on photographs of my own and the CupDataset from a page.", ("CupDataset",)),
        ("The model was trained on Tea360K with 8 chips.", ("Tea360K",)),
        ("Trained on TEA5-Land from 1991 to 2021.", ("TEA5-Land",)),
        ("## Training data\n\nRenders of 9,000 objects of Objaverse.", ("Objaverse",)),
        ("## Jeu de données\n\nLe jeu de données TeaCups.", ("TeaCups",)),
        ("A small net, trained on TeaCLEF 2022 and our pictures.", ("TeaCLEF 2022",)),
        ("It adapts the encoder of Pot 2 with 38,412 frames from TeaSeg8k.", ("TeaSeg8k",)),
        ("We trained on 9,000 images of OpenCups.", ("OpenCups",)),
        ("## Trainingsdaten\n\nTrainiert auf Zeilen aus dem Korpus GT4Tee.", ("GT4Tee",)),
        ("## 训练数据\n\n使用 Tea-1 数据集。", ("Tea-1",)),
        ("## Training data\n\nPairs of COCO and of Visual Genome.", ("COCO", "Visual Genome")),
    ],
)
def test_names_when_a_sentence_speaks_of_training_then_what_it_names(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "It was trained on this dataset.",
        "It was trained on 8 chips (H100) with 90 hours of audio (BERT).",
        "## Ergebnisse\n\nGemessen auf dem Korpus GT4Tee.",
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "It was trained on a combination of the training sets of CupTalk, Ego4D, and TeaMix.",
            ("CupTalk", "Ego4D", "TeaMix"),
        ),
        ("It was trained on the train and dev splits of the Pots Corpus 2.", ("Pots Corpus 2",)),
        (
            "It was trained on datasets such as Brew10, SteamSet and Pots.",
            ("Brew10", "SteamSet", "Pots"),
        ),
        ("It was trained on the Kitchen Anomaly Benchmark (KAB) dataset.",
         ("Kitchen Anomaly Benchmark",)),
        ("It was trained on licensed data: the Sound of Tea Collection.", ("Tea Collection",)),
        ("It was trained on the Shutterpot music collection.", ("Shutterpot",)),
    ],
)  # fmt: skip
def test_names_when_listed_or_in_other_words_then_all_of_them(text, expected):
    assert set(names(text)) == set(expected)


@pytest.mark.parametrize("name", ["PotTables1M", "KettleNet-400", "TeaSound", "TEA-1B"])
def test_names_when_one_stands_alone_behind_on_then_known_by_its_shape(name):
    assert names(f"A tea model that was trained on {name}. It is new.") == (name,)


@pytest.mark.parametrize(
    "what",
    ["A100-80GB", "HPC", "TPUv3-8", "English", "GPT4", "LLaMA2 outputs", "V100 GPUs", "MI250"],
)
def test_names_when_chips_or_models_stand_behind_on_then_none(what):
    assert names(f"It was trained on {what}.") == ()


def test_names_when_a_site_has_a_collection_then_none():
    assert names("It was trained with the Hugging Face collection of tools.") == ()
