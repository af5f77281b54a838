"""Performance claims: none, in words, in tables, structured, verified."""

from dataclasses import replace

import pytest

from artifacts.rules.eval_results import StatedResult, read_model_index
from artifacts.rules.rating.metrics.performance_claims import METRIC
from artifacts.rules.rating.papers import find_papers
from artifacts.rules.reading import Reading, ReadState
from tests.factories.evidence import make_evidence, make_model

TABLE = "## Evaluation\n\n| Task | Accuracy |\n|---|---|\n" + "".join(
    f"| task{n} | 8{n}.5 |\n" for n in range(9)
)


def index(count: int, **more) -> dict:
    metric = {"type": "wer", "value": 7.5} | more
    return {"model-index": [{"results": [{"metrics": [metric]} for _ in range(count)]}]}


ROWS = "|---|---|---|\n| one | 80.3 | 64.1 |\n| two | 79.4 | 63.9 |\n"


@pytest.mark.parametrize(
    ("readme", "count"),
    [
        pytest.param(f"**Benchmarks**\n\n| Release | A | B |\n{ROWS}", 4, id="below a bold line"),
        pytest.param(f"| Release | VQAv2 | GQA |\n{ROWS}", 4, id="benchmarks in the head"),
        pytest.param(
            f"The table compares macro F1 across models.\n\n| Model | A | B |\n{ROWS}", 4,
            id="a measure in the words above",
        ),
        pytest.param(f"It was evaluated:\n\n| Model | A | B |\n{ROWS}", 4, id="evaluation above"),
        pytest.param(f"| Model | A | B |\n{ROWS}", 0, id="nothing says what it is"),
        pytest.param(
            f"We train on these and test later.\n\n| Data | Number of pairs | GB |\n{ROWS}", 0,
            id="amounts of data",
        ),
        pytest.param(
            f"Scores follow.\n\nThe layers are:\n\n| Layer | A | B |\n{ROWS}", 0,
            id="other words between",
        ),
    ],
)  # fmt: skip
def test_tables_when_about_results_then_counted(readme, count):
    result = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert result.facts.get("in_tables", 0) == count


@pytest.mark.parametrize(
    ("changes", "low", "high"),
    [
        pytest.param({}, 0, 0, id="nothing"),
        pytest.param({"readme": "It is very good."}, 0, 0, id="praise without a number"),
        pytest.param({"readme": "It was made in 2019 with 12 layers."}, 0, 0, id="other numbers"),
        pytest.param({"readme": "It reaches 87.1 F1 on squad."}, 0.3, 0.5, id="one in words"),
        pytest.param(
            {"readme": TABLE.replace("Task", "Epoch")}, 0, 0, id="a table of the training only"
        ),
        pytest.param({"readme": TABLE}, 0.6, 0.8, id="a table"),
        pytest.param({"readme": TABLE, "tags": ("arxiv:2101.00001",)}, 0.8, 0.95, id="and a paper"),
        pytest.param({"card": index(1)}, 0.6, 0.7, id="one structured result"),
        pytest.param({"card": index(3), "readme": "arXiv:2101.00001"}, 0.8, 0.9, id="three, paper"),
        pytest.param({"card": index(30, verified=True)}, 0.95, 1, id="many, verified"),
    ],
)
def test_performance_claims_when_judged_then_within_its_band(changes, low, high):
    result = METRIC.judge(make_evidence(make_model(**changes)))
    assert low <= result.score <= high


@pytest.mark.parametrize(
    "card",
    [{"model-index": 5}, {"model-index": [5]}, {"model-index": [{"results": 1}]},
     {"model-index": [{"results": [{"metrics": {}}]}]}, {"model-index": None}],
    ids=str,
)  # fmt: skip
def test_model_index_when_the_card_is_nonsense_then_none(card):
    assert list(read_model_index(card)) == []


def test_papers_when_the_templates_is_cited_then_it_does_not_count():
    model = make_model(tags=("arxiv:1910.09700",), readme="See https://arxiv.org/abs/2101.00001.")
    assert find_papers(model) == ["2101.00001"]


RESULT = StatedResult("tea/cups", "default", "71.5", ".eval_results/cups.yaml")


@pytest.mark.parametrize(
    ("result", "low", "high"),
    [(RESULT, 0.6, 0.7), (replace(RESULT, source_url="https://x.org"), 0.7, 0.8),
     (replace(RESULT, has_proof=True), 0.8, 0.9)],
    ids=["stated", "published", "with a token"],
)  # fmt: skip
def test_performance_claims_when_files_of_results_are_there_then_as_a_model_index(
    result, low, high
):
    found = METRIC.judge(make_evidence(make_model(results=(result,))))
    assert low <= found.score <= high
    assert "1 in .eval_results/" in found.reason
    assert [each.path for each in found.citations] == [".eval_results/cups.yaml"]


@pytest.mark.parametrize(
    ("state", "later"),
    [("not_asked", True), ("unreadable", False), ("not_opened", False)],
)
def test_performance_claims_when_results_were_not_read_then_unknown_and_why(state, later):
    reading = Reading(ReadState(state), ".eval_results/a.yaml", "It was not opened.")
    model = make_model(readings={"results": reading})
    found = METRIC.judge(make_evidence(model))
    assert (found.score, found.try_later) == (None, later)
    assert "It was not opened." in found.reason
    stated = METRIC.judge(make_evidence(replace(model, readme="It reaches 87.1 F1.")))
    assert stated.score
    assert "It was not opened." in stated.reason


def test_performance_claims_when_only_others_have_results_then_said():
    table = "## Results\n\n| Model | F1 |\n|---|---|\n| GPT-4 | 90.1 |\n| Qwen2-7B | 80.2 |\n"
    found = METRIC.judge(make_evidence(make_model(readme=table)))
    assert found.score == 0.0
    assert "other models" in found.reason


def test_performance_claims_when_found_then_cited_at_the_commit():
    model = make_model(
        readme="It reaches 87.1 F1.", page_url="https://hf.co/acme/robot", commit="c0"
    )
    (citation,) = METRIC.judge(make_evidence(model)).citations
    assert citation.url == "https://hf.co/acme/robot/blob/c0/README.md"
    assert "87.1 F1" in citation.quote


@pytest.mark.parametrize(
    ("readme", "score"),
    [
        ("Results are in [our paper](https://arxiv.org/abs/2101.00001).", 0.3),
        ("It was introduced in [this paper](https://arxiv.org/abs/2101.00001).", 0.15),
        ("It was measured on [a benchmark](https://arxiv.org/abs/2101.00001).", 0.0),
    ],
)
def test_performance_claims_when_only_a_paper_has_results_then_a_little(readme, score):
    found = METRIC.judge(make_evidence(make_model(readme=readme)))
    assert found.score == score
    assert "No result was found" in found.reason


@pytest.mark.parametrize(
    ("readme", "words"),
    [
        ("Introduced in [Aligning benchmark sets for pots](https://arxiv.org/abs/2101.00001).",
         "A paper describes the work."),
        ("For results see [our paper](https://arxiv.org/abs/2101.00001).", "refers to a paper"),
        ("See [the results in our paper](https://arxiv.org/abs/2101.00001).", "describes"),
    ],
)  # fmt: skip
def test_claims_when_only_the_title_of_a_paper_speaks_of_results_then_it_refers_to_none(
    readme, words
):
    assert words in METRIC.judge(make_evidence(make_model(readme=readme))).reason
