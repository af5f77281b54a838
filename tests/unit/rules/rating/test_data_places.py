"""Data sets that a card names by a link to where data are kept, or in plain words."""

import pytest

from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.readme import parse_readme
from tests.unit.rules.rating.test_dataset_names import names


def found(readme: str) -> list[str]:
    return [each.repository for each in find_datasets({}, (), parse_readme(readme))]


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        (
            "## Dados de treinamento\n\nAs fotos ficam no [Pratos](https://universe.roboflow.com/a/b).",
            ["Pratos"],
        ),
        (
            "It was trained on renders of pots ([PotTraj](https://figshare.com/articles/dataset/P/1)).",
            ["PotTraj"],
        ),
        (
            "It was trained with photographs from [here](https://www.kaggle.com/datasets/acme/cups).",
            ["kaggle.com/datasets/acme/cups"],
        ),
        (
            "## Training data\n\n- https://zenodo.org/records/123456",
            ["zenodo.org/records/123456"],
        ),
        ("It was tested on [PotTraj](https://zenodo.org/records/123456).", []),
        ("## Evaluation\n\nSee [PotTraj](https://physionet.org/content/pots/).", []),
        ("It was trained on a [server](https://www.kaggle.com/code/acme/cups).", []),
    ],
)
def test_link_when_it_leads_to_a_place_of_data_then_they_are_named(readme, expected):
    assert found(readme) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A forest, trained on the green tea prices dataset.", ("green tea prices",)),
        ("The model was fine-tuned on the iris dataset.", ("iris",)),
        ("It was trained on the cleaned dataset.", ()),
        ("It was trained on the same image dataset.", ()),
        ("It was trained on the entire merged instruction dataset.", ()),
        ("It was evaluated on the iris dataset.", ()),
    ],
)
def test_names_when_written_small_behind_the_then_they_count(text, expected):
    assert names(text) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "- **Pretrain Dataset:** KettleNet, ODIR-5K and in-house images",
            ("KettleNet", "ODIR-5K"),
        ),
        ("- **Dataset:** English", ()),
        ("- **Dataset:** See below", ()),
        ("- **Evaluation dataset:** KettleNet, Pots", ()),
    ],
)
def test_names_when_listed_behind_a_key_then_each(line, expected):
    assert names(f"## Model Details\n\n{line}") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Training Data\n\nThe split of the Kettle Atlas as prepared by us.", ["Kettle Atlas"]),
        ("Test set: 44 loops; training: StemPots (9 h, https://zenodo.org/records/7) and ours.",
         ["zenodo.org/records/7"]),
        ("Training: AdamW, Cosine, 9 hours.", []),
    ],
)  # fmt: skip
def test_data_when_named_by_a_kind_of_collection_or_a_key_then_found(text, expected):
    assert found(text) == expected


@pytest.mark.parametrize(
    ("readme", "expected"),
    [
        ("## Training\n\nWe rendered pairs from the [Pots5k](https://zenodo.org/record/7) plans.",
         ["Pots5k"]),
        ("## Data\n\nWe used [Pot1Floods](https://github.com/a/Pot1Floods) and more.",
         ["Pot1Floods"]),
        ("## Where the data come from\n\nCalls from [pot-canto](https://pots.example) of 2023.",
         ["pots.example"]),
        ("## Training\n\nPre-training used [POTS](https://tea.example/datasets/pots).", ["POTS"]),
        ("## Training\n\nIt used [the docs](https://huggingface.co/docs/datasets/tea).", []),
        ("## Data\n\nLabelled with [PotLabel](https://pots.example/tool).", []),
        ("## Data\n\nWritten by [GPT-4](https://gpt.example).", []),
        ("## Data\n\nTested on [Pot1Floods](https://github.com/a/Pot1Floods).", []),
        ("## Data\n\nSee [Roe 2020](https://arxiv.org/abs/2101.00001).", []),
        ("Trained on games of the [Tea database](https://tea.example/db).", ["Tea"]),
        ("## 数据\n\n训练集来自 MSD Task08 Pots。", ["MSD Task08 Pots"]),
        ("## 性能\n\n训练集来自 MSD Task08 Pots。", []),
    ],
)  # fmt: skip
def test_data_when_a_section_on_them_links_to_them_then_found(readme, expected):
    assert found(readme) == expected


def test_names_when_the_data_are_an_index_of_prices_then_found():
    assert names("It was trained on daily S&P 500 closes from 2000 to 2020.") == ("S&P 500",)
    assert names("It beats the S&P 500.") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was produced by fine-tuning Brew via LoRA (r=32) on part of the PotData V2 dataset.",
         ("PotData V2",)),
        ("We fine-tuned it on the synthetic Virtual KITTI 2 dataset.", ("Virtual KITTI 2",)),
        ("Trained on the Virtual KITTI 2 dataset and on KITTI.", ("Virtual KITTI 2", "KITTI")),
        ("It was trained on molecules from the CUPS15 and PotChem datasets.",
         ("PotChem", "CUPS15")),
        ("It was trained on the Kettle Census Income Dataset.", ("Kettle Census Income",)),
        ("You obtain one by fine-tuning Brew on the PotData V2 dataset.", ()),
    ],
)  # fmt: skip
def test_names_when_told_in_other_words_then_each_once(text, expected):
    assert names(text) == expected
