"""Kinds of cards that a blind judgement found read wrongly: other members of each."""

import pytest

from artifacts.rules.html import divide_at_headings
from artifacts.rules.rating.claims import find_claims
from artifacts.rules.rating.deployment import deployed_files
from artifacts.rules.rating.measures import count_claims
from artifacts.rules.rating.metrics.dataset_and_code_score import METRIC as DATA_AND_CODE
from artifacts.rules.rating.metrics.performance_claims import METRIC as CLAIMS
from artifacts.rules.rating.metrics.ramp_up_time import METRIC as RAMP_UP
from artifacts.rules.rating.metrics.ramp_up_time import own_words
from artifacts.rules.rating.metrics.reproducibility import METRIC as REPRODUCIBILITY
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.rating.papers import find_papers
from artifacts.rules.rating.papers_elsewhere import find_paper_elsewhere
from artifacts.rules.rating.safety import find_safety_facts
from artifacts.rules.rating.training_titles import count_data_words
from artifacts.rules.reading import Reading, ReadState
from artifacts.rules.readme import parse_readme
from artifacts.rules.weights import is_weights
from tests.factories.evidence import listed, make_dataset, make_evidence, make_model


@pytest.mark.parametrize(
    ("name", "label"),
    [("acme/cafe-reader", "Caf\u00e9 Reader"), ("acme/ubersetzer-big", "\u00dcbersetzer-big")],
)
def test_results_when_the_model_is_written_with_accents_then_its_own(name, label):
    card = f"| System | BLEU |\n|---|---|\n| NLLB-600M | 8.1 |\n| {label} | 19.7 |\n"
    found = find_claims(parse_readme(card), ModelNames(name))
    assert (found.in_tables, found.others) == (1, 1)


def test_headings_in_html_when_read_then_sections_of_their_own():
    card = (
        "<h1 align='center'><img src='logo.png'></h1>\n\n<h1>Kettle</h1>\n<p>It boils.</p>\n\n"
        "<h2>Training data</h2>\n<p>Steam of forty kitchens.</p>\n<h2>How to use</h2>\n\n"
        "```python\nimport kettle\n```\n"
    )
    readme = parse_readme(card)
    assert [each.path for each in readme.sections if each.title] == [
        ("Kettle",), ("Kettle", "Training data"), ("Kettle", "How to use"),
    ]  # fmt: skip
    assert [each.section for each in readme.code_blocks] == ["How to use"]
    result = RAMP_UP.judge(make_evidence(make_model(readme=card)))
    assert "use" in result.facts["topics"]


def test_html_when_a_heading_is_not_closed_then_no_heading():
    words = "A heading that goes on. " * 20
    assert list(divide_at_headings(f"<h2>{words}</h2>rest")) == [(0, "", f"<h2>{words}</h2>rest")]


@pytest.mark.parametrize(
    ("title", "is_use"),
    [
        ("Run", True), ("Run it", True), ("Load the model", True), ("Predict", True),
        ("Running with Docker", True), ("Deployment", True),
        ("Long-run behaviour", False), ("Predicted structures", False), ("Loads of fun", False),
    ],
)  # fmt: skip
def test_topics_when_a_title_tells_to_run_it_then_use(title, is_use):
    card = f"# Kettle\n\nBoils.\n\n## {title}\n\n```python\nimport kettle\n```\n"
    result = RAMP_UP.judge(make_evidence(make_model(readme=card)))
    assert ("use" in result.facts["topics"]) is is_use


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("ppo-LunarLander-v2.zip", True), ("dqn-SpaceInvadersNoFrameskip-v4.zip", True),
        ("sub/recurrent_ppo-Pendulum.zip", True), ("a2c_kitchen.zip", True),
        ("replays.zip", False), ("ppolicy.zip", False), ("ppo-LunarLander-v2.json", False),
    ],
)  # fmt: skip
def test_agents_when_packed_as_their_library_does_then_weights(path, expected):
    assert is_weights(path) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "It was trained for 1800 steps, at rank 16, on 46 scans of my own paintings.",
        "Fitted on 48,210 appointments of 2022 and 2023 at our three sites.",
    ],
)
def test_data_words_when_a_sentence_tells_how_many_then_counted(sentence):
    assert count_data_words(parse_readme(f"# Kettle\n\n{sentence}")) == len(sentence.split())


@pytest.mark.parametrize(
    "sentence",
    [
        "It was trained on 8 A100 GPUs for three days.",
        "Trained for 3 epochs with 500 warmup steps.",
        "It learned from 2 nodes of 4 GPUs.", "It was trained on two machines.",
    ],
)  # fmt: skip
def test_data_words_when_a_sentence_tells_of_machines_then_none(sentence):
    assert count_data_words(parse_readme(f"# Kettle\n\n{sentence}")) == 0


@pytest.mark.parametrize(
    ("sentence", "count"),
    [
        ("Execution accuracy on 500 held-out questions: 71.4 %", 1),
        ("Accuracy over 300 newly written sentences is 88.1 %", 1),
        ("Accuracy on pots 91 and on cups 88.2", 2),
    ],
)
def test_claims_when_a_number_tells_on_how_many_then_no_result(sentence, count):
    assert count_claims(sentence, is_evaluation=True) == count


GENERATED = (
    "# SetFit\n\n### Model Sources\n\n- **Repository:** [X on GitHub](https://github.com/{code})\n"
    "- **Paper:** [Few shots](https://arxiv.org/abs/2209.11055)\n\n## Citation\n\n### BibTeX\n\n"
    "```bibtex\n@article{{https://doi.org/10.48550/arxiv.2209.11055,\n  title = {{Few shots}}\n}}\n"
    "```\n"
)


@pytest.mark.parametrize(
    ("code", "tags", "expected"),
    [
        ("huggingface/setfit", ("generated_from_setfit_trainer",), []),
        ("tomaarsen/SpanMarkerNER", ("generated_from_span_marker_trainer",), []),
        # People list the library's repository beside their own paper.
        ("huggingface/transformers", (), ["2209.11055"]),
        ("acme/kettle", ("generated_from_trainer",), ["2209.11055"]),
    ],
)
def test_papers_when_a_trainer_lists_those_of_its_library_then_not_the_models(code, tags, expected):
    card = GENERATED.format(code=code)
    model = make_model(readme=card, tags=(*tags, "arxiv:2209.11055"))
    assert find_papers(model) == expected
    assert find_paper_elsewhere(parse_readme(card)) == ""


def test_reasons_when_results_are_in_pictures_then_they_say_what_was_not_read():
    result = CLAIMS.judge(make_evidence(make_model(readme="# Kettle\n\n![Results](results.png)")))
    assert "What pictures show is not read" in result.reason
    result = CLAIMS.judge(make_evidence(make_model(readme="# Kettle")))
    assert "ictures" not in result.reason


def test_reasons_when_there_is_no_card_then_they_claim_nothing_about_it():
    evidence = make_evidence(make_model(readme="", tags=(), card={}))
    for metric in (CLAIMS, REPRODUCIBILITY):
        assert metric.judge(evidence).reason.startswith("There is no card")


def test_documentation_when_the_datas_card_is_closed_then_words_of_the_model_take_nothing_away():
    reading = Reading(ReadState.NOT_OPENED, reason="It is closed to us.")
    data = make_dataset(text_reading=reading)
    scores = [
        DATA_AND_CODE.judge(make_evidence(make_model(readme=card), datasets=(data,))).score
        for card in ("# Kettle", "# Kettle\n\n## Data\n\nKitchens 1k")
    ]
    assert scores[0] is not None
    assert scores[1] == scores[0]


@pytest.mark.parametrize(
    ("sentence", "is_evaluation", "count"),
    [
        ("Cohen's kappa was 0.71", False, 0),
        ("The annotators agreed with a kappa of 0,87", False, 0),
        ("On the test set the kappa is 0.71", True, 1),
    ],
)
def test_claims_when_people_agree_on_labels_then_no_result(sentence, is_evaluation, count):
    assert count_claims(sentence, is_evaluation=is_evaluation) == count


@pytest.mark.parametrize(
    ("sentence", "bases", "expected"),
    [
        ("The original reaches a WER of 18.2 %", (), 0),
        ("The unquantized model has a WER of 18.2 %", (), 0),
        ("Base model scores a WER of 18.2 %", ("acme/cup",), 0),
        # "Base" may be a size of this very model.
        ("The base model scores a WER of 18.2 %", (), 1),
        ("Its original voice data give a WER of 18.2 %", (), 1),
    ],
)
def test_claims_when_the_original_is_the_subject_then_its_own(sentence, bases, expected):
    names = ModelNames("acme/kettle-int8", bases)
    found = find_claims(parse_readme(f"# Kettle\n\n{sentence}."), names)
    assert found.in_text == expected


@pytest.mark.parametrize(
    ("paths", "is_told"),
    [
        (("model.ubj", "scaler.pkl"), False),
        (("model.pkl", "scaler.pkl"), True),
        (("pytorch_model.bin", "openings.nnue"), True),
        (("model.nnue", "openings.pkl"), False),
    ],
)
def test_safety_when_pickles_lie_beside_the_weights_then_not_all_are_pickles(paths, is_told):
    sizes = {path: 9_000_000 // (1 + 900 * n) for n, path in enumerate(paths)}
    model = make_model(files=listed(sizes), readme="# Kettle")
    kinds = {each.kind for each in find_safety_facts(model, parse_readme(model.readme))}
    assert ("pickle_only" in kinds) is is_told


@pytest.mark.parametrize(
    ("title", "count"),
    [("Comparison", 2), ("Kettle versus others", 2), ("Sizes", 0)],
)
def test_tables_when_models_are_compared_then_their_columns_are_results(title, count):
    card = f"## {title}\n\n| Method | XQ | ZR | Params |\n|---|---|---|---|\n"
    card += "| Random forest | 78.4 | 61.0 | - |\n| Kettle | 86.3 | 75.8 | 2.4 M |\n"
    found = find_claims(parse_readme(card), ModelNames("acme/kettle"))
    assert found.in_tables == count


@pytest.mark.parametrize(
    ("title", "sentence", "is_told"),
    [
        ("Kettle", "I collected 12,400 comments on videos and labelled them.", True),
        ("Training", "First stage: 190 million weak pairs from Common Crawl and Reddit.", True),
        ("Training", "It ran for 40 hours on 8 chips of Google.", False),
        ("Kettle", "We labelled it a success.", False),
    ],
)
def test_data_words_when_an_amount_tells_whence_then_counted(title, sentence, is_told):
    card = f"# Robot\n\n## {title}\n\n{sentence}"
    assert bool(count_data_words(parse_readme(card))) is is_told


def test_words_when_a_trainer_describes_its_method_then_not_the_cards_own():
    told = "Action Chunking with Transformers (ACT) is an imitation-learning method that predicts."
    assert own_words(parse_readme(f"# Model card\n\n{told}\n")) == 0


@pytest.mark.parametrize(
    "sentence",
    [
        "La MAE est de 14,2 contre 19,8 et 16,5 pour les autres",
        "Der MAE liegt bei 14,2 gegen\u00fcber 19,8",
        "El MAE es 14,2 frente a 19,8",
        "The MAE is 14.2 on all (700 lines)",
        "MAE (700 \u0441\u0442\u0440\u043e\u043a): 14,2",
    ],
)
def test_claims_when_others_or_amounts_stand_beside_in_any_language_then_one(sentence):
    assert count_claims(sentence, is_evaluation=True) == 1


@pytest.mark.parametrize(
    ("rows", "own", "others"),
    [
        ("| Noisy | 1.97 |\n| RNNoise | 2.29 |\n| KettleNet | 2.84 |\n", 1, 2),
        # Rows of data, one of which is called like the model.
        ("| Pots | 1.97 |\n| Kettle net test set | 2.29 |\n", 2, 0),
    ],
)
def test_tables_when_rows_below_an_empty_head_are_models_then_only_its_own_counts(
    rows, own, others
):
    card = f"## Scores\n\n| | PESQ |\n|---|---|\n{rows}"
    found = find_claims(parse_readme(card), ModelNames("acme/kettle-net-16k"))
    assert (found.in_tables, found.others) == (own, others)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (("generator.h5", "discriminator.h5"), "generator.h5"),
        (("net_g.pth", "critic_1.pth"), "net_g.pth"),
        (("discriminator.pt",), "discriminator.pt"),
    ],
)
def test_deployment_when_a_critic_lies_beside_then_it_is_not_loaded(paths, expected):
    sizes = {path: 52_000_000 // (n + 1) for n, path in enumerate(paths)}
    assert [each.path for each in deployed_files(listed(sizes))] == [expected]


def test_data_words_when_the_title_says_how_it_was_trained_then_counted():
    card = "# Robot\n\n## How it was trained\n\nOn 60 hours of noise that we recorded in trams."
    assert count_data_words(parse_readme(card)) > 0


@pytest.mark.parametrize(
    ("head", "row", "count"),
    [
        ("| Class | F1 | Letters |", "| sad | 0.64 | 99 |", 2),
        ("| Station | RMSE | Visits |", "| Graz | 1.21 | 412 |", 2),
        # Whole numbers alone, or below the name of a measure, may be results.
        ("| Class | F1 | Accuracy |", "| sad | 0.64 | 99 |", 4),
        ("| Class | F1 | Letters |", "| sad | 64 | 99 |", 4),
    ],
)
def test_tables_when_a_column_counts_something_then_no_results(head, row, count):
    card = f"## Results\n\n{head}\n|---|---|---|\n{row}\n{row}\n"
    assert find_claims(parse_readme(card), ModelNames("acme/kettle")).in_tables == count
