"""Which numbers in a card are results of this model."""

import pytest

from artifacts.rules.rating.claims import find_claims
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.readme import parse_readme

NAMES = ModelNames("acme/kettle-bert-small", ["google/bert-tiny"])


def claims(readme: str, names: ModelNames = NAMES):
    return find_claims(parse_readme(readme), names)


def table(*rows: str) -> str:
    head, *rest = (f"| {row} |" for row in rows)
    return "\n".join([head, "|" + "---|" * rows[0].count("|") + "---|", *rest])


@pytest.mark.parametrize(
    "sentence",
    [
        "It reaches 87.1 F1 on the test set.",
        "# Kettles in pictures (99.2% ACCURACY)",
        "## Top-1 accuracy: 76.3",
        "Accuracy: 0.93",
        "F1-Score: 94,36 (CoNLL)",
        "Accuracy: 0,936",
        "Accuracy: 0.8985758626985576",
        "The word error rate (WER) is 7.5 %.",
        "pass@10 is 41.2 here.",
        "We measured a top-5 accuracy of 92%.",
        "MMLU (5-shot): 61.3",
        "Nash-Sutcliffe efficiency, 2022: 0.91 (day 1)",
        "Exact match on 1,204 words of bills that it was not trained with at all: 91.8% here.",
        "It has an AP of 0.781.",
        "Rank-1 accuracy: 93.2 %",
        "People preferred its pictures in 71 % of cases.",
        "It was preferred in 62.5% of comparisons.",
        "Exact match = 80.4, F1 = 88.0",
    ],
)
def test_sentence_when_a_number_stands_beside_a_measure_then_a_result(sentence):
    assert claims(sentence).in_text


@pytest.mark.parametrize(
    "sentence",
    [
        "For high precision use a threshold of 0.5.",
        "Recall drops below a cutoff of 0.3.",
        "We tuned accuracy with a learning rate of 0.1.",
        "F1 was the goal for 3 epochs.",
        "Accuracy was logged every 500 steps.",
        "The GLUE benchmark of 2019 has an accuracy.",
        "Accuracy needs version 4.2 of the library.",
        "Precision is bf16, batch size 32.",
        "Training loss: 0.21",
        "The map has 12 districts.",
        "Der Tee kostet 12 Euro em 20 cidades.",
        "Recall over 12 languages was looked at.",
        "F1 was measured on CoNLL-03.",
        "The preferred guidance scale is 7.5",
        "Trained on 8 A100 cards for some days, and then its accuracy was looked at.",
        "Use an IoU threshold of 0.45 and confidence 0.25.",
        "mAP is computed at IoU 0.5.",
        "The label whose score is above 0.5 is chosen.",
        "Accuracy on 87,599 of them was not looked at.",
        "It is 2.1 times faster, with the accuracy of before.",
    ],
)
def test_sentence_when_the_number_is_a_setting_or_an_amount_then_no_result(sentence):
    assert not claims(sentence).in_text


def test_loss_when_of_an_evaluation_then_a_result():
    assert claims("It achieves on the evaluation set:\n\n- Loss: 0.31").in_text
    assert claims("## Evaluation\n\n- Loss: 0.31").in_text == 1
    assert not claims("## Procedure\n\n- Loss: 0.31").in_text


def test_sentence_when_it_compares_other_models_then_no_result():
    assert not claims("For comparison, RoBERTa reaches 91.2 F1.").in_text
    assert claims("GPT-2 reaches 16.3 perplexity compared to 21.1 of KettleBERT-small.").in_text
    assert claims("For comparison, RoBERTa reaches 91.2 F1, while our model reaches 90.").in_text


@pytest.mark.parametrize(
    ("rows", "own", "others"),
    [
        pytest.param(
            ("Model | MMLU | F1", "GPT-4 | 86.4 | 90", "Llama-2-7b | 45 | 70",
             "kettle-bert-small | 30.1 | 60"), 2, 4, id="its name",
        ),
        pytest.param(
            ("Model | F1", "Mistral-7B | 70", "Ours | 71"), 1, 1, id="ours",
        ),
        pytest.param(("Model | F1", "GPT-4 | 86", "some/other-thing | 70"), 0, 2, id="only others"),
        pytest.param(
            ("Model | F1", "KettleBERT-small | 86", "KettleBERT-large | 90"), 1, 1,
            id="written together",
        ),
        pytest.param(("Method | F1", "bert-tiny | 50", "this model | 70"), 1, 1, id="its base"),
        pytest.param(("Benchmark | Qwen2-7B | Kettle-BERT | GPT-4", "MMLU | 70 | 30 | 86"), 1, 2,
                     id="models as columns"),
        pytest.param(("Set | base | fine-tuned", "WER | 20.1 | 10.3"), 1, 1, id="its baseline"),
        pytest.param(
            ("Metric | Value", "Avg. | 20.9", "IFEval (0-Shot) | 47.8", "Tea quiz (4-Shot) | 4.0"),
            3, 0, id="shots in brackets",
        ),
        pytest.param(("Model | F1", "v1 | 50", "v2 | 60"), 2, 0, id="its own versions"),
        pytest.param(
            ("Benchmark | Version | n-shot | Value | Stderr", "MMLU | 1 | 5 | 30.1 | 0.2"), 1, 0,
            id="what the columns count",
        ),
        pytest.param(
            ("Metric | Value", "Accuracy | 0.91", "Epochs | 3", "Learning rate | 0.01",
             "Year | 2019"), 1, 0, id="settings among results",
        ),
        pytest.param(
            ("Hyperparameter | Value", "learning_rate | 0.01", "epochs | 3", "weight decay | 0.1",
             "loss | 0.5"),
            0, 0, id="settings",
        ),
    ],
)  # fmt: skip
def test_table_when_read_then_only_results_of_this_model(rows, own, others):
    found = claims(table(*rows))
    assert (found.in_tables, found.others) == (own, others)


REPORT = """
              precision    recall  f1-score   support

        cold       0.91      0.88      0.89       120
         hot       0.90      0.93      0.91       140

    accuracy                           0.90       260
"""


@pytest.mark.parametrize(
    ("language", "text", "count"),
    [
        pytest.param("", "Accuracy: 0.93", 1, id="a line"),
        pytest.param(
            "json", '{"eval_accuracy": 0.93, "eval_loss": 0.21, "epoch": 3.0}', 2, id="JSON"
        ),
        pytest.param("text", REPORT, 7, id="a report of classes"),
        pytest.param("", "Model      MMLU   F1\nGPT-4      86.4  90\nours       30.1  61", 2,
                     id="columns"),
        pytest.param(
            "", "|Tasks|Version|n-shot|Metric|Value| |Stderr|\n|---|---|---|---|---|---|---|\n"
            "|tea|1|0|acc|0.41|+|0.01|", 1, id="empty cells",
        ),
        pytest.param("", "mAP@0.5:0.95: 48.2", 1, id="a range in a name"),
        pytest.param("", "| Task | acc |\n|---|---|\n| boolq | 0.71 |", 1, id="a table"),
        pytest.param("python", "import x\nx.evaluate()\n# accuracy: 0.93", 1, id="a comment"),
        pytest.param("python", "import x\nx.evaluate()\n>>> {'f1': 0.93}", 1, id="behind a prompt"),
        pytest.param(
            "python", ">>> import x\n>>> print(100 * wer(x))\n7.54", 1, id="a number in a session"
        ),
        pytest.param(
            "python", ">>> x.wer(100, 20)\n[{'score': 0.9}]", 0, id="a session's input"
        ),
        pytest.param("python", "import x\naccuracy = 0.93", 0, id="a program's own numbers"),
        pytest.param("", "Epoch 1/3 - loss: 0.52 - accuracy: 0.81", 0, id="a log of training"),
        pytest.param("", "{'train_loss': 0.3, 'train_accuracy': 0.9}", 0, id="of the training"),
        pytest.param("json", '[{"label": "hot", "score": 0.99}]', 0, id="a prediction"),
        pytest.param("yaml", "learning_rate: 0.1\nmax_f1: 3\nthreshold: 0.5", 0, id="settings"),
        pytest.param("bibtex", "@article{x, title={Accuracy of 0.93}}", 0, id="a citation"),
    ],
)  # fmt: skip
def test_code_block_when_it_has_results_then_counted(language, text, count):
    assert claims(f"```{language}\n{text}\n```").in_code == count


def test_table_when_its_head_is_shorter_then_the_rest_is_no_other_models():
    html = "<table><tr><th>F1</th></tr><tr><td>tea</td><td>91.2</td><td>80.1</td></tr></table>"
    assert (claims(html).in_tables, claims(html).others) == (2, 0)


def test_claims_when_found_then_with_the_words():
    found = claims("## Evaluation\n\n" + table("Set | F1", "tea | 91.2") + "\n\nIt has 80.1 WER.")
    assert "tea | 91.2" in found.quotes
    assert "It has 80.1 WER" in found.quotes[-1]


@pytest.mark.parametrize(
    ("label", "own"),
    [("acme/kettle-bert-small", True), ("Kettle BERT (small)", True), ("KettleBertSmall", True),
     ("Ours", True), ("fine-tuned model", True), ("bert-tiny", False), ("BERT", False),
     ("GPT-4", False), ("", False)],
)  # fmt: skip
def test_label_when_compared_then_known_as_this_model_or_not(label, own):
    assert bool(NAMES.likeness(label)) is own


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(("Model | Precision | Device | Time (ms)", "kettle | w8a16 | phone | 3.2"),
                     id="a format of numbers"),
        pytest.param(("Model | Recall type | Peak memory", "kettle | strict | 16.5"),
                     id="a measure in the name of a column of words"),
    ],
)  # fmt: skip
def test_table_when_no_number_stands_below_a_measure_then_no_result(rows):
    assert not claims(table(*rows)).in_tables


@pytest.mark.parametrize(
    ("head", "row", "count"),
    [
        ("model | top1 | img_size | gmacs", "kettle-bert-small | 81.2 | 288 | 4.1", 1),
        ("model | WER | frames/sec | speed", "kettle-bert-small | 7.5 | 812.5 | 9.5", 1),
        ("model | mAP<sup>val<br>50-95 | FLOPs<br>(B)", "kettle-bert-small | 39.5 | 6.5", 1),
        ("model | R<sup>2</sup> | seconds", "kettle-bert-small | 0.81 | 6.5", 1),
    ],
)  # fmt: skip
def test_table_when_columns_count_or_time_something_then_the_scores_alone(head, row, count):
    assert claims(table(head, row)).in_tables == count


@pytest.mark.parametrize("name", ["mAP 50-95", "Accuracy 20-30", "F1 10\u201390"])
def test_sentence_when_numbers_are_a_range_then_no_result(name):
    assert not claims(name).in_text


@pytest.mark.parametrize(
    ("code", "quote"),
    [
        ("clf.score(X, y)\n# 0.66", "# 0.66"),
        ("accuracy_score(y, model.predict(X))  # 0.93", "# 0.93"),
        ("print(mean_f1(y, z))\n# 0.71", "# 0.71"),
        ("predict_score_of(x)\n# 0.71", None),
        ("model.fit(X, y)\n# 0.71", None),
    ],
)
def test_code_when_a_number_follows_a_call_then_the_call_says_what_it_is(code, quote):
    found = claims(f"```python\nimport sklearn\n{code}\n```")
    assert found.quotes == ((quote,) if quote else ())


@pytest.mark.parametrize(
    "readme",
    [
        "## Performance\n\n```\nKitchenEval18 Coarse: 78.17\nKitchenEval18 Fine:   50.90\n```",
        "## Benchmarks\n\n```text\nTea (dev) = 61.3%\n```",
    ],
)
def test_code_when_labels_stand_below_a_heading_of_results_then_results(readme):
    assert claims(readme).in_code


@pytest.mark.parametrize(
    "readme",
    [
        "## Usage\n\n```\nKitchenEval18: 78.17\n```",
        "## Performance\n\n```\nlearning rate: 0.01\n```",
        "## Performance\n\n```\ntorch: 2.1\nLearning steps: 12\n```",
        "## Performance\n\n```python\nscale = 2.5\n```",
    ],
)
def test_code_when_labels_are_of_settings_or_elsewhere_then_none(readme):
    assert not claims(readme).in_code


@pytest.mark.parametrize(
    "sentence",
    [
        "Run Kettle 3.1 8B in INT4 precision.",
        "It was trained in mixed precision for 1.5 days.",
        "Half precision needs 14.2 GB, float16 precision 14.2.",
    ],
)
def test_sentence_when_precision_is_that_of_numbers_then_no_result(sentence):
    assert not claims(sentence).in_text


def test_results_when_they_stand_in_the_original_models_card_then_not_this_ones():
    card = (
        "# Robot - GGUF\n\nConverted.\n\n# Original model card: Acme's Robot\n\n"
        "## Results\n\nAccuracy: 0.93\n\n```\n|Task|Metric|Value|\n|cups|acc|0.56|\n```\n\n"
        + table("Task | F1", "cups | 88.1")
    )
    found = claims(card)
    assert (found.in_tables, found.in_text, found.in_code, found.others) == (0, 0, 0, 3)
    own = claims(card.replace("Original model card: Acme's Robot", "Model card"))
    assert min(own.in_tables, own.in_text, own.in_code) > 0
