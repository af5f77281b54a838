"""Which columns of a table of results are this model's."""

import pytest

from artifacts.rules.rating.claims import find_claims
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.readme import parse_readme
from tests.unit.rules.rating.test_claims import claims, table


def test_table_when_columns_are_of_one_family_then_only_this_models_counts():
    names = ModelNames("acme/kettle-bert-8b-chat")
    found = claims(
        "## Scores\n\n"
        + table(
            "Category | Benchmark | # Shots | Metric | Kettle-BERT 7B Chat | Kettle-BERT 8B Chat"
            " | Kettle-BERT 70B Chat",
            "General | Cups | 5 | macro_avg/acc | 68.5 | 69.4 | 83.6",
            "Code | Jars | 0 | pass@1 | 60.4 | 72.6 | 80.5",
        ),
        names,
    )
    assert (found.in_tables, found.others) == (2, 4)


@pytest.mark.parametrize("head", ["Other results", "Previous SOTA", "State of the art"])
def test_table_when_a_column_is_of_other_work_then_not_counted(head):
    found = claims(table(f"Task | Accuracy | {head}", "cups | 98.9 | 97.1", "jars | 88.4 | 87.3"))
    assert (found.in_tables, found.others) == (2, 2)


@pytest.mark.parametrize("head", ["BF16", "fp16 baseline", "Full precision", "Unquantized"])
def test_table_when_a_column_is_of_the_weights_before_quantising_then_not_counted(head):
    found = claims(table(f"Task | {head} | This model", "MMLU | 66.9 | 65.8", "cups | 76.2 | 74.0"))
    assert (found.in_tables, found.others) == (2, 2)


@pytest.mark.parametrize(
    ("rows", "own"),
    [
        (
            ("Suite | Kettle-RM-1.5B | Pot-gemma-2B", "Chat | 93.9 | 89.4", "Code | 84.0 | 84.5"),
            2,
        ),
        (("Suite | Pot-qwen-3B | Pot-gemma-2B", "Chat | 93.9 | 89.4", "Safety | 84.0 | 84.5"), 0),
        (("Layers | Kettle-RM-1.5B | Pot-gemma-2B", "Layers | 28 | 18", "Heads | 12 | 8"), 0),
    ],
    ids=["this one and another", "others only", "how they are built"],
)
def test_table_when_models_stand_side_by_side_then_about_results(rows, own):
    found = claims(table(*rows), ModelNames("acme/kettle-rm-1.5b"))
    assert found.in_tables == own


def test_table_when_full_precision_is_the_only_column_then_counted():
    found = claims(table("Task | FP16", "MMLU | 66.9", "GSM8K | 76.2"))
    assert (found.in_tables, found.others) == (2, 0)


def test_table_when_written_in_html_then_its_rows_are_no_sentences():
    cells = "<td>pass@1</td><td>60.4</td>"
    found = claims(
        f"<table>\n<tr><td>Metric</td><td>Score</td></tr>\n<tr>{cells}</tr>\n</table>\n\nF1: 0.93"
    )
    assert (found.in_tables, found.in_text) == (1, 1)


@pytest.mark.parametrize(("head", "own"), [("LFW", 2), ("LFS", 0)], ids=["known", "unknown"])
def test_table_when_its_only_column_is_a_benchmark_that_everybody_knows_then_results(head, own):
    readme = "## Model zoo\n\n" + table(f"Backbone | {head}", "cupnet r50 | 99.8", "cupnet | 98.9")
    assert claims(readme, ModelNames("acme/cupnet")).in_tables == own


def test_table_when_its_columns_are_benchmarks_that_everybody_knows_then_results():
    readme = "## Model zoo\n\n" + table(
        "Backbone | Train set | LFW | CFP-FP | IJB-C (1e-4)", "r50 | Cups360K | 99.8 | 98.9 | 96.6"
    )
    assert claims(readme, ModelNames("acme/cupnet")).in_tables == 3


def test_table_when_models_stand_in_the_second_column_then_their_rows_are_told_apart():
    rows = (
        "60 min | PotSteps | 0.21 | 0.19",
        "60 min | **Kettle-RM** | 0.29 | 0.15",
        "120 min | PotSteps | 0.09 | 0.26",
        "120 min | **Kettle-RM** | 0.16 | 0.21",
    )
    found = claims(table("Lead time | Model | CSI | CRPS", *rows), ModelNames("acme/kettle-rm"))
    assert (found.in_tables, found.others) == (4, 4)


def test_table_when_a_row_is_called_by_a_time_then_it_is_no_setting():
    found = claims(table("Lead time | CRPS", "60 min | 0.15", "2 h | 0.21"))
    assert found.in_tables == 2


@pytest.mark.parametrize(("name", "own"), [("acme/pots-v2", 2), ("acme/pots", 4)])
def test_table_when_columns_are_of_versions_then_only_this_one_counts(name, own):
    rows = table("stem | SDR (dB), v1 | SDR (dB), v2", "kick | 11.2 | 13.9", "hat | 4.1 | 6.0")
    assert claims(rows, ModelNames(name)).in_tables == own


def test_table_when_rows_are_files_then_they_are_this_models():
    rows = table("Model | Size (MB) | RMSE", "PotV2F16.mlpackage | 49 | 0.007",
                 "PotV2Int8.mlpackage | 25 | 0.009")  # fmt: skip
    assert claims(rows, ModelNames("acme/coreml-pot", ["acme/Pot-V2"])).in_tables == 2


@pytest.mark.parametrize("ours", ["este modelo", "\u672c\u6a21\u578b", "Dieses Modell"])
def test_table_when_this_model_is_named_in_another_language_then_the_base_is_not(ours):
    rows = table(f"Entidad | pot_multi-v2.1 | {ours}", "tea | F1 0.71 | F1 0.90")
    found = claims(rows, ModelNames("acme/pots-es", ["kettle/pot_multi-v2.1"]))
    assert (found.in_tables, found.others) == (1, 1)


def test_table_when_columns_are_of_amounts_or_of_the_original_then_not_counted():
    rows = table("set | n | F1 | F1 of the original", "tea | 60 | 94.6 | 52.7")
    found = claims(rows)
    assert (found.in_tables, found.others) == (1, 1)


def test_claims_when_a_row_is_called_like_a_file_of_weights_then_its_own():
    readme = table("Model | F1 | MAE", "**pot-cups-9** | 0.916 | 0.020", "eSEN-30M | 0.925 | 0.018")
    paths = ["checkpoints/pot-cups-9.pt", "model.safetensors"]
    ours = find_claims(parse_readme(readme), ModelNames("acme/kettle-alexandria", (), paths))
    assert (ours.in_tables, ours.others) == (2, 2)
    others = find_claims(parse_readme(readme), ModelNames("acme/kettle-alexandria"))
    assert (others.in_tables, others.others) == (0, 4)


def test_table_when_it_is_said_to_be_of_variants_then_only_the_likest_row_is_ours():
    rows = table(" | Pots | Jars", "10% A + 10% B | 91.5 | 81.3", "Kettle-XL | 93.7 | 82.2")
    lead = "## Evaluation\n\nThe performance of different Kettle variants, in accuracy:\n\n"
    names = ModelNames("acme/kettle-xl-both-5pct")
    assert claims(lead + rows, names).in_tables == 2
    assert claims("## Evaluation\n\nAccuracy by mixture:\n\n" + rows, names).in_tables == 4
