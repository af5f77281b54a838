"""Data and code: both, one, none, silence."""

from typing import Any

import pytest

from artifacts.rules.rating.metrics.dataset_and_code_score import METRIC
from artifacts.rules.reading import Reading, ReadState
from tests.factories.evidence import (
    EXAMPLE,
    FULL_DOCUMENTATION,
    LATER,
    NOTHING,
    listed,
    make_code,
    make_dataset,
    make_evidence,
    make_model,
)

FOUND, NAMED = (make_dataset(),), (make_dataset(is_found=False),)
DOCUMENTED = (make_dataset(documentation=FULL_DOCUMENTATION),)
NOT_ASKED = Reading(ReadState.NOT_ASKED)


TRAINED = {"files": listed({"src/train.py": 5_000, "README.md": 10})}
RESULTS = "\n\n## Evaluation\n\n| Data | F1 |\n|---|---|\n| cups | 91 |\n"


@pytest.mark.parametrize(
    ("datasets", "code", "readme", "low", "high"),
    [
        pytest.param(NOTHING, NOTHING, "", 0, 0, id="neither"),
        pytest.param(FOUND, NOTHING, "", 0.3, 0.4, id="data only"),
        pytest.param(DOCUMENTED, NOTHING, "", 0.45, 0.55, id="data with their card"),
        pytest.param(NOTHING, make_code(**TRAINED), EXAMPLE, 0.35, 0.45, id="code only"),
        pytest.param(NOTHING, make_code(found_by="library"), "", 0.05, 0.1, id="a library only"),
        pytest.param(NAMED, make_code(found_by="library"), "", 0.25, 0.3, id="little of both"),
        pytest.param(NAMED, make_code(found_by="base_model"), EXAMPLE, 0.35, 0.45, id="a base"),
        pytest.param(FOUND, make_code(), "", 0.55, 0.65, id="code without training"),
        pytest.param(DOCUMENTED, make_code(**TRAINED), EXAMPLE + RESULTS, 0.9, 1, id="all"),
        pytest.param(
            (make_dataset(purpose="evaluation"),), NOTHING, "", 0.05, 0.05, id="evaluation data"
        ),
    ],
)
def test_dataset_and_code_when_judged_then_within_its_band(datasets, code, readme, low, high):
    evidence = make_evidence(make_model(readme=readme), datasets=datasets, code=code)
    assert low <= METRIC.judge(evidence).score <= high


def test_dataset_and_code_when_judged_then_each_component_says_how_far_it_is_there():
    evidence = make_evidence(
        make_model(page_url="https://huggingface.co/acme/robot", commit="c0ffee"),
        datasets=(make_dataset("acme/lost", is_found=False), *FOUND),
        code=make_code(**TRAINED),
    )
    result = METRIC.judge(evidence)
    states = {each["name"]: each["state"] for each in result.facts["components"]}
    assert states == {
        "training data": "found", "documentation of the data": "absent",
        "training code": "found", "inference code": "found", "evaluation": "absent",
    }  # fmt: skip
    assert "acme/kitchens; 1 more is named" in result.reason
    assert {each.url for each in result.citations} >= {
        "https://huggingface.co/datasets/acme/kitchens",
        "https://github.com/acme/tea/blob/HEAD/src/train.py",
        "https://huggingface.co/acme/robot/blob/c0ffee/README.md",
    }


@pytest.mark.parametrize("words", [0, 30, 60, 200])
def test_dataset_and_code_when_only_the_models_card_describes_the_data_then_half_at_most(words):
    readme = f"## Training data\n\n{'tea ' * words}"
    evidence = make_evidence(make_model(readme=readme))
    assert METRIC.judge(evidence).score == pytest.approx(0.15 * 0.5 * min(1, words / 60))


def test_dataset_and_code_when_a_data_set_was_not_asked_for_then_provisional_and_it_says_so():
    waiting = make_dataset("acme/later", reading=NOT_ASKED)
    result = METRIC.judge(make_evidence(datasets=(waiting,)))
    assert (result.score, result.is_provisional, result.try_later) == (0.175, True, False)
    assert "acme/later, not asked for yet" in result.reason


@pytest.mark.parametrize("path", ["tests/train.py", "test_training.py", "train/__init__.py"])
def test_dataset_and_code_when_only_tests_are_named_after_training_then_no_training_code(path):
    code = make_code(files=listed({path: 5, "a.py": 1}))
    found = METRIC.judge(make_evidence(code=code)).facts["components"]
    assert [each["share"] for each in found if each["name"] == "training code"] == [0.4]


@pytest.mark.parametrize(
    "path", ["train.py", "scripts/run_finetune.sh", "training/loop.py", "lib/train.mk"]
)
def test_dataset_and_code_when_a_training_script_is_in_the_repository_then_it_counts(path):
    with_script = make_evidence(
        make_model(files=listed({path: 100, "constraint.py": 1})), datasets=FOUND
    )
    without = make_evidence(make_model(files=listed({"constraint.py": 100})), datasets=FOUND)
    scores = [METRIC.judge(each).score for each in (without, with_script)]
    assert scores[1] - scores[0] >= 0.25


@pytest.mark.parametrize("silent", ["datasets", "code"])
def test_dataset_and_code_when_a_source_is_silent_then_try_later(silent):
    given: dict[str, Any] = {silent: LATER}
    result = METRIC.judge(make_evidence(**given))
    assert (result.score, result.try_later) == (None, True)


def find_component(name, model, **changes):
    result = METRIC.judge(make_evidence(model, **changes))
    return next(each for each in result.facts["components"] if each["name"] == name)


@pytest.mark.parametrize(
    ("paths", "shown"),
    [
        (("train.py", "modeling_tea.py", "configuration_tea.py"), "modeling_tea.py"),
        (("configuration_tea.py", "tea.py"), "tea.py"),
        (("handler.py", "convert_weights.py"), "handler.py"),
        (("train_script.py",), ""),
        (("configuration_tea.py", "tests/test_tea.py"), ""),
    ],
)
def test_inference_code_when_files_are_beside_the_model_then_one_that_runs_it(paths, shown):
    model = make_model(files=listed(dict.fromkeys(paths, 900)))
    assert find_component("inference code", model)["what"] == shown


@pytest.mark.parametrize(
    ("readme", "is_example"),
    [
        (EXAMPLE, True),
        ("```bash\nollama run acme/robot\n```", True),
        ("```yaml\nbase_model: acme/cup\nlora_r: 8\n```", False),
        ("```\n<|user|>\n{prompt}\n```", False),
        ("```bash\npip install tea\nhuggingface-cli download acme/robot\n```", False),
        ("```python\nfrom tea import ...\n\n...\n```", False),
    ],
)
def test_inference_code_when_a_block_runs_nothing_then_it_is_no_example(readme, is_example):
    found = find_component("inference code", make_model(readme=readme))
    assert ("an example in the card" in found["what"]) is is_example


@pytest.mark.parametrize(
    ("readme", "card", "state", "words"),
    [
        ("On 600 held-out cups it has an accuracy of 84.3%.", {}, "named", "results in the card"),
        ("## CupBench\n\n| Model | Score |\n|---|---|\n| robot | 78.2 |", {}, "named", "results"),
        ("## Results\n\nFor full results on all of our cups see table 14 of the paper.", {},
         "named", "without results"),
        ("## Training metrics\n\n| Epoch | Loss |\n|---|---|\n| 1 | 0.2 |", {}, "absent", ""),
        ("", {"model-index": [{"name": "robot", "results": []}]}, "absent", ""),
    ],
)  # fmt: skip
def test_evaluation_when_told_then_only_what_the_card_holds(readme, card, state, words):
    found = find_component("evaluation", make_model(readme=readme, card=card))
    assert found["state"] == state
    assert words in found["what"]


@pytest.mark.parametrize(
    ("title", "state"), [("Need more performance?", "absent"), ("Performance", "named")]
)
def test_evaluation_when_a_title_asks_then_it_tells_of_none(title, state):
    readme = f"# Cups\n\n## {title}\n\nUse a larger cup, and wait for the tea to cool down a bit.\n"
    parts = METRIC.judge(make_evidence(make_model(readme=readme))).facts["components"]
    assert parts[-1]["state"] == state


@pytest.mark.parametrize(
    ("lead", "code", "is_found"),
    [
        ("This script was used to train this model:", "trainer.train('cups')", True),
        ("The model was trained with the following code:", "model.fit(cups)", True),
        ("This script was used to train this model:", "pip install tea", False),
        ("Tune it on cups of your own:", "trainer.train('cups')", False),
    ],
)
def test_training_code_when_the_card_shows_the_script_then_found(lead, code, is_found):
    readme = f"# Robot\n\n{lead}\n\n```python\n{code}\n```\n"
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert ("Found: training code (a script in the card)" in result.reason) is is_found


def test_documentation_when_a_section_on_training_tells_of_its_data_then_counted():
    readme = "## Training\n\nThe training set has 61 hours of kettles from 12 towns.\n\nTea!\n"
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert "documentation of the data (11 words in the model's card)" in result.reason


@pytest.mark.parametrize(
    ("readme", "words"),
    [
        ("## Training\n\n2,140 boards were scanned and labelled by three graders. Run it.", 9),
        ("# Robot\n\nData: it has 21 hours from 240 records of tea.", 10),
        ("# Robot\n\nIt was trained on 11 hours that a newsreader recorded for us.", 12),
        ("## \u5b66\u7fd2\u30c7\u30fc\u30bf\n\n" + "\u53f0\u672c" * 5, 6),
        ("### Training Dataset\n\n#### Unnamed Dataset\n\n* Size: 48,213 training samples", 5),
        ("# Robot\n\nThe label is recorded in the file.", 0),
    ],
)
def test_documentation_when_sentences_tell_how_the_data_were_made_then_counted(readme, words):
    reason = METRIC.judge(make_evidence(make_model(readme=readme))).reason
    assert (f"documentation of the data ({words} words in" in reason) is bool(words)


def test_evaluation_when_a_section_only_tells_how_to_do_it_then_absent():
    readme = "### Evaluate the policy\n\nRecord ten episodes with it and look at each of them here."
    assert (
        "evaluation (a section" not in METRIC.judge(make_evidence(make_model(readme=readme))).reason
    )
    told = readme.replace("Evaluate the policy", "Evaluation")
    assert "evaluation (a section" in METRIC.judge(make_evidence(make_model(readme=told))).reason


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("It contains the notebook for building a model of tea.", True),
        ("It was trained in a short notebook.", True),
        ("See the notebook on pots.", False),
    ],
)
def test_training_code_when_the_card_calls_a_notebook_so_then_found(words, is_found):
    model = make_model(readme=f"# Tea\n\n{words}", files=listed({"tea.ipynb": 9_000}))
    reason = METRIC.judge(make_evidence(model)).reason
    assert ("Found: training code (tea.ipynb beside the model)" in reason) is is_found
