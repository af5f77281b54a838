"""What makes a model unsafe to load, and what its reproducibility makes of that."""

import pytest

from artifacts.rules.rating.metrics import performance_claims, ramp_up_time, reproducibility
from artifacts.rules.rating.metrics.reproducibility import METRIC
from artifacts.rules.rating.safety import find_safety_facts, runs_own_code
from artifacts.rules.reading import Reading, ReadState
from artifacts.rules.readme import parse_readme
from tests.factories.evidence import EXAMPLE, listed, make_evidence, make_model

SAFE = {"model.safetensors": 9, "config.json": 1}
SCAN = {"scansDone": True, "filesWithIssues": [{"path": "a.pkl", "level": "unsafe"}, 5, {}]}
TRUSTING = EXAMPLE.replace('"acme/robot"', '"acme/robot", trust_remote_code=True')


def kinds(model) -> list[str]:
    return [each.kind for each in find_safety_facts(model, parse_readme(model.readme))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        pytest.param({"files": listed(SAFE)}, [], id="nothing"),
        pytest.param({"files": listed({"pytorch_model.bin": 9})}, ["pickle_only"], id="a pickle"),
        pytest.param({"files": listed({"x.pt": 9, "y.pkl": 1})}, ["pickle_only"], id="several"),
        pytest.param({"files": listed({"x.bin": 9} | SAFE)}, [], id="a pickle beside numbers"),
        pytest.param({"files": listed({"x.ckpt": 9, "x.onnx": 5})}, [], id="another plain format"),
        pytest.param(
            {"files": listed({"training_args.bin": 1} | SAFE)}, [], id="what training left"
        ),
        pytest.param({"files": listed({"optimizer.pt": 1})}, [], id="no weights at all"),
        pytest.param(
            {"config": {"auto_map": {"AutoModel": "robot.Robot"}}}, ["code_at_load"], id="auto_map"
        ),
        pytest.param(
            {"config": {"_class_name": ["brew", "Brewing"]}}, ["code_at_load"], id="a pipeline"
        ),
        pytest.param({"config": {"_class_name": "StableDiffusion"}}, [], id="a known pipeline"),
        pytest.param({"readme": TRUSTING}, ["trusts_code"], id="in the card's code"),
        pytest.param({"scan": SCAN}, ["scan_found"], id="the Hub's scan"),
        pytest.param(
            {"readings": {"config": Reading(ReadState.UNREADABLE, "config.json", "It is broken.")}},
            ["code_unknown"],
            id="a configuration that nobody could read",
        ),
        pytest.param(
            {"readings": {"config": Reading(ReadState.UNREADABLE, reason="It is too much.")}},
            ["code_unknown"],
            id="too much",
        ),
        pytest.param({"scan": {"scansDone": True, "filesWithIssues": []}}, [], id="a clean scan"),
    ],
)
def test_safety_when_looked_at_then_these_facts(changes, expected):
    assert kinds(make_model(**changes)) == expected


def test_safety_when_facts_are_found_then_with_words_and_place():
    model = make_model(
        readme=TRUSTING, config={"auto_map": {"AutoModel": "robot.Robot"}}, scan=SCAN,
        files=listed({"pytorch_model.bin": 9}), page_url="https://hf.co/acme/robot", commit="c0",
    )  # fmt: skip
    facts = find_safety_facts(model, parse_readme(model.readme))
    assert [each.kind for each in facts] == [
        "scan_found", "pickle_only", "code_at_load", "trusts_code",
    ]  # fmt: skip
    assert all(each.sentence.endswith(".") and each.citation.url for each in facts)
    assert "a.pkl (unsafe)" in facts[0].sentence
    assert facts[1].citation.url.endswith("/blob/c0/pytorch_model.bin")
    assert "trust_remote_code=True" in facts[3].citation.quote
    assert runs_own_code(model)


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        pytest.param({}, 1.0, id="safe"),
        pytest.param({"files": listed({"pytorch_model.bin": 9})}, 0.9, id="pickles"),
        pytest.param(
            {"files": listed({"x.bin": 9}), "config": {"auto_map": {"a": "b"}}, "readme": TRUSTING},
            0.8, id="pickles and code",
        ),
        pytest.param({"scan": SCAN}, 0.25, id="the scanners warn"),
        pytest.param({"readme": EXAMPLE.replace("brew =", "tea ="), "files": listed({"x.bin": 9})},
                     0.5, id="half stays half"),
        pytest.param({"readme": "# Robot", "scan": SCAN}, 0.0, id="nothing stays nothing"),
        pytest.param(
            {"files": listed(SAFE), "faults": {"model.safetensors": "It is a Git LFS pointer."}},
            0.0, id="broken weights",
        ),
        pytest.param(
            {"files": listed(SAFE), "faults": {"config.json": "It is empty."}}, 1.0,
            id="another file is broken",
        ),
    ],
)  # fmt: skip
def test_reproducibility_when_it_is_unsafe_then_lower_and_said(changes, score):
    model = make_model(**({"readme": EXAMPLE} | changes))
    result = METRIC.judge(make_evidence(model))
    assert result.score == score
    for fact in find_safety_facts(model, parse_readme(model.readme)):
        assert fact.sentence in result.reason
    if "broken" in str(changes):
        assert "Git LFS pointer" in result.reason


@pytest.mark.parametrize(
    ("readme", "words"),
    [
        ("# Robot", "No block of code that runs"),
        (EXAMPLE, "is complete and loads this model"),
        (EXAMPLE.replace("brew =", "tea ="), "would run after a repair"),
        (EXAMPLE.replace('"acme/robot"', "input()"), "cannot be told by reading it"),
        ("```python\nimport os\n```", "does not run the model"),
    ],
    ids=["none", "runs", "repair", "cannot tell", "wrong"],
)
def test_reproducibility_when_judged_then_the_outcomes_are_told_apart(readme, words):
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert words in result.reason


@pytest.mark.parametrize("metric", [reproducibility, ramp_up_time, performance_claims])
@pytest.mark.parametrize("state", ["not_asked", "not_opened", "unreadable"])
def test_card_when_nobody_saw_it_then_unknown_and_why(metric, state):
    reading = Reading(ReadState(state), "README.md", "The card could not be looked at.")
    result = metric.METRIC.judge(make_evidence(make_model(readings={"readme": reading})))
    assert (result.score, result.try_later) == (None, False)
    assert "could not be looked at" in result.reason


def test_card_when_only_its_front_matter_is_unreadable_then_its_code_is_judged():
    reading = Reading(ReadState.UNREADABLE, "README.md", "The front matter has tabs.")
    model = make_model(readme=EXAMPLE, readings={"card": reading})
    assert METRIC.judge(make_evidence(model)).score == 1.0
    claims = performance_claims.METRIC.judge(make_evidence(model))
    assert claims.score is None
    assert "has tabs" in claims.reason


@pytest.mark.parametrize(
    ("path", "library"),
    [
        ("model.bin", "ctranslate2"), ("lid.176.bin", ""), ("vectors.bin", "fasttext"),
        ("openvino_model.bin", ""), ("ggml-base.en.bin", ""), ("lemmatizer/lookups.bin", "spacy"),
    ],
)  # fmt: skip
def test_bin_when_no_pickle_by_its_program_then_nothing_is_said_of_pickles(path, library):
    assert kinds(make_model(files=listed({path: 9}), library=library)) == []
