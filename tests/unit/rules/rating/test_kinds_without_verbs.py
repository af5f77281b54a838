"""Kinds that a blind judgement found: lists without a verb, heads in rows, foreign measures."""

import pytest

from artifacts.enums import Part
from artifacts.rules.html import TableReader
from artifacts.rules.rating.claims import find_claims
from artifacts.rules.rating.data_entries import find_entries
from artifacts.rules.rating.dataset_citations import cite_mention
from artifacts.rules.rating.dataset_mentions import find_datasets
from artifacts.rules.rating.deployment import deployed_files
from artifacts.rules.rating.evidence import FileFacts
from artifacts.rules.rating.measure_words import say_measures
from artifacts.rules.rating.metrics.performance_claims import METRIC as CLAIMS
from artifacts.rules.rating.metrics.ramp_up_time import METRIC as RAMP_UP
from artifacts.rules.rating.metrics.reproducibility import METRIC as REPRODUCIBILITY
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import listed, make_dataset, make_evidence, make_model


def claims(card, name="acme/cup-reader", bases=(), paths=()):
    """What a card claims."""
    return find_claims(parse_readme(card), ModelNames(name, bases, paths))


def names(card):
    """The data of training that a card names."""
    return [each.repository for each in find_datasets({}, (), parse_readme(card), "acme/cup")]


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("## Training data\n\n- Murmel (9 hours)\n- Knister: 30 hours\n", ["Murmel", "Knister"]),
        ("## Data\n\nTraining: Murmel (90 h), private calls (3 h).\n", ["Murmel"]),
        ("## Данные\n\n- Murmel — 1240 часов\n", ["Murmel"]),
        ("## 数据\n\n训练集:KANNE-1(178小时)、TELLER-30\n", ["KANNE-1", "TELLER-30"]),
        ("## 학습 데이터\n\nKKS (12시간), Teller-Korean (51시간)\n", ["KKS", "Teller-Korean"]),
        ("## Corpus\n\nBZE (1,2 mil millones de palabras), EUR-Blatt.\n", ["BZE", "EUR-Blatt"]),
        ("## Dataset\n\nCupNet, SaucerBank\n", ["CupNet", "SaucerBank"]),
        ("## Training\n\n* Dataset - CupDoc\n* Epochs - 20\n", ["CupDoc"]),
        ("## Data\n\nCup Housing (Roe 2011), 1460 cups.\n", ["Cup Housing"]),
        ("**Dados de treino:** B2X-Cup01, CupCorpora e outros.\n", ["B2X-Cup01", "CupCorpora"]),
        ("Trained from scratch: CupRef50 (release 3), 41M sequences.\n", ["CupRef50"]),
        ("# CupNet trained on Steam2014_001\n\nFour classes of steam.\n", ["Steam2014_001"]),
        ("## Training\n\nSteam Cup Churn from Kaggle, 7043 rows.\n", ["Steam Cup Churn"]),
        ("A reader, trained on the KUPSA archive.\n", ["KUPSA"]),
        ("Trained on CupConverse dev and more.\n", ["CupConverse"]),
        ("### Данные для обучения\n\nдатасет Rude Cup Comments с Kaggle.\n", ["Rude Cup Comments"]),  # noqa: RUF001  (Russian)
        ("| | |\n|---|---|\n| Datensatz | CupGate-4k |\n| Epochen | 9 |\n", ["CupGate-4k"]),
    ],
)  # fmt: skip
def test_data_when_listed_without_a_verb_then_named(card, expected):
    assert names(card) == expected


@pytest.mark.parametrize(
    "card",
    [
        "## Training data\n\nPython, PyTorch and Lightning. See the code.\n",
        "## Training data\n\n- Adam (lr 1e-3)\n- Batch: 32\n- English: 300 hours\n",
        "## Data\n\nImages from Kaggle.\n",
        "## Data\n\n- Cat (400 images)\n- Dog (300 images)\n",
        "## Data\n\nSee [Roe 2020](https://arxiv.org/abs/2101.00001).\n",
        "| | |\n|---|---|\n| Datensatz | CupGate-4k |\n| Lizenz | frei |\n",
        "Trained: BERT-large, 3 epochs\n",
    ],
)
def test_data_when_classes_tools_or_settings_are_listed_then_none(card):
    assert names(card) == []


def test_entries_when_outside_of_data_then_a_key_is_needed():
    assert find_entries("CupNet, SaucerBank", is_data=False) == []
    assert find_entries("Data: CupNet, SaucerBank", is_data=False) == ["CupNet", "SaucerBank"]
    assert find_entries("CupNet, our own, SaucerBank", is_data=True) == ["CupNet"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("L'exactitude passe de 61,2 % (modèle de base) à 93,4 %.", 1),
        ("Die Genauigkeit auf den Testdaten beträgt 94,1 %.", 1),
        ("模型的准确率达到92.3%,召回率为88.1%。", 2),
        ("Точность 0.91, с точностью до 0.1 мм.", 1),  # noqa: RUF001  (Russian)
        ("acurácia 88,4%, macro-F1 0,861", 2),
        ("Accuracy auf 5 000 Tassen: 0.962", 1),
        ("Mean Dice on the 98 validation cases: cup 0.957, pot 0.812.", 2),
        ("Run it in INT4 precision.", 0),
    ],
)
def test_sentence_when_measures_have_other_names_then_counted(sentence, expected):
    assert claims(sentence).in_text == expected


def test_measures_when_in_english_then_left_alone():
    assert say_measures("half precision, 3 cups") == "half precision, 3 cups"


def test_sentence_when_numbers_of_others_are_left_out_then_quoted_as_it_stands():
    found = claims("Accuracy rises from 61 % (base) to 93.4 %.")
    assert (found.in_text, found.quotes) == (1, ("Accuracy rises from 61 % (base) to 93.4 %",))


@pytest.mark.parametrize(
    ("card", "expected"),
    [
        ("## Evaluation\n\nHuman judges liked 91% of the poems and 10% were odd.", 2),
        ("## Evaluation\n\nSplit: 80% for cups, 20% for pots.", 0),
        ("## Results\n\nIt needs 40% less memory.", 0),
        ("## Usage\n\n91% of the poems are odd.", 0),
    ],
)
def test_shares_when_below_a_heading_on_results_then_results(card, expected):
    assert claims(card).in_text == expected


HEADS = (
    "<table><thead><tr><th rowspan=2>Quant</th><th colspan=2>KL</th><th rowspan=2>PPL</th></tr>"
    "<tr><th>mean</th><th>99.9 %</th></tr></thead>"
    "<tr><td>F16</td><td>0</td><td>0</td><td>6.71</td></tr>"
    "<tr><td>Q4_K_M</td><td>0.1</td><td>0.2</td><td>6.8</td></tr></table>"
)


def test_table_when_heads_stand_in_two_rows_then_one_head():
    (rows,) = TableReader().feed(HEADS)
    assert rows[0] == ("Quant", "KL / mean", "KL / 99.9 %", "PPL")
    assert len(rows) == 3


def test_table_when_all_cells_are_heads_then_only_the_first_row_is_one():
    (rows,) = TableReader().feed("<table><tr><th>a</th></tr><tr><th>b</th></tr></table>")
    assert rows == (("a",), ("b",))


def test_table_when_rows_are_called_as_files_are_quantised_then_full_precision_is_another():
    found = claims(HEADS, "acme/cup-GGUF", paths=["cup-Q4_K_M.gguf"])
    assert (found.in_tables, found.in_text, found.others) == (3, 0, 3)


# The name of the model, its bases, a table, and how many numbers are this model's and others'.
TABLES = [
    # The head names what was measured, and is no sentence with a result.
    ("cup-reader", (), "| Model | NDCG@10 (POT DL 19) |\n|---|---|\n| cup-reader | 73.9 |", (1, 0)),
    (
        "cup-reader",
        (),
        "| | Ours | Kettle-S | Pot |\n|-|-|-|-|\n| MASE | 0.79 | 0.8 | 1.0 |",
        (1, 2),
    ),
    ("cup", (), "| 方法 | 准确率 |\n|---|---|\n| CRNN | 91.2 |\n| 本文方法 | 95.9 |", (1, 1)),
    ("Cup-35M", (), "| | AUROC |\n|---|---|\n| Pot2-35M | .796 |\n| Cup-35M | .838 |", (1, 1)),
    ("cup", (), "See the original for results.\n\n| file | bits |\n|-|-|\n| a.gguf | 4 |", (0, 0)),
    (
        "Cup-3B-AWQ",
        ("acme/Cup-3B",),
        "| | Cup-3B (BF16) | Cup-3B-AWQ (ours) | Rest |\n|-|-|-|-|\n| MMLU | 64.1 | 63.4 | 9 % |",
        (1, 2),
    ),
]


@pytest.mark.parametrize(("name", "bases", "card", "expected"), TABLES)
def test_table_when_others_stand_beside_this_model_then_told_apart(name, bases, card, expected):
    found = claims(f"{card}\n", f"acme/{name}", bases)
    assert (found.in_tables, found.others) == expected
    assert not found.in_text


def test_table_when_rows_are_called_like_folders_of_weights_then_own():
    card = "## Leaderboard\n\n| model | score_test |\n|---|---|\n| CatCup | 0.12 |\n"
    assert claims(card).others == 1
    found = claims(card, paths=["predictor/models/CatCup/model.pkl"])
    assert (found.in_tables, found.others) == (1, 0)


def test_mention_when_the_data_set_has_moved_then_the_card_is_quoted():
    card = "---\nlicense: mit\ndatasets:\n- steam-1k\n---\n# Cup\n"
    dataset = make_dataset("boilers/steam-1k")
    assert cite_mention(make_model(readme=card), dataset).quote == "steam-1k"


def test_paper_when_in_an_entry_then_its_title_is_quoted():
    card = (
        "# Cup\n\n## Citation\n\n```bibtex\n@article{roe2024,\n  title = {Cups of Steam},\n"
        "  author = {Roe, Ada},\n  eprint = {2409.01234}\n}\n```\n"
    )
    (place,) = CLAIMS.judge(make_evidence(make_model(readme=card))).citations
    assert place.quote.startswith("title = {Cups of Steam}")
    assert place.quote in card


def test_paper_when_the_card_is_its_official_code_then_own():
    words = (
        "of *Steam with Sparse Attention* (Cup 2025, [arXiv](https://arxiv.org/abs/2503.04567))."
    )
    for lead, score in (("Official code and weights", 0.15), ("Based on the official code", 0.0)):
        model = make_model(readme=f"# Cup\n\n{lead} {words}\n")
        assert CLAIMS.judge(make_evidence(model)).score == score


def test_topics_when_code_is_left_to_do_then_no_use():
    card = "# Cup\n\n## Usage\n\nTODO: add it\n\n```python\nfrom cups import ...\n\n...\n```\n"
    result = RAMP_UP.judge(make_evidence(make_model(readme=card)))
    assert result.facts["topics"] == []


def test_example_when_a_program_beside_is_started_then_code_to_start_from():
    card = "Cups.\n\n    ./cup-mtmd-cli -m cup.gguf -p Hello\n"
    assert RAMP_UP.judge(make_evidence(make_model(readme=card))).facts["example"] == 1.0


def test_weights_when_encoder_and_decoder_are_exported_then_both_are_loaded():
    sizes = {
        "onnx/encoder_model.onnx": 33, "onnx/decoder_model_merged.onnx": 119,
        "onnx/encoder_model_quantized.onnx": 10, "onnx/decoder_model_merged_quantized.onnx": 31,
    }  # fmt: skip
    files = [FileFacts(path, size * 1_000_000, Part.WEIGHTS) for path, size in sizes.items()]
    assert {each.path for each in deployed_files(files)} == {
        "onnx/encoder_model_quantized.onnx", "onnx/decoder_model_merged_quantized.onnx",
    }  # fmt: skip


@pytest.mark.parametrize(("folder", "expected"), [("cups", 1.0), ("pots", 0.5)])
def test_code_when_a_folder_of_the_weights_is_loaded_then_this_model(folder, expected):
    code = f'from cupgluon import CupPredictor\n\nreader = CupPredictor.load("{folder}")\n'
    card = f"# Cup\n\n```python\n{code}print(reader.predict([1]))\n```\n"
    model = make_model(readme=card, files=listed({"cups/model.safetensors": 9}))
    score = REPRODUCIBILITY.judge(make_evidence(model)).score
    assert (score == 1.0) is (expected == 1.0)
