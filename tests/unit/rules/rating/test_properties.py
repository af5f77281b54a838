"""What holds for every evidence: scores in range, order without meaning, more never worse."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from artifacts.rules.cards import parse_front_matter
from artifacts.rules.eval_results import StatedResult
from artifacts.rules.rating.catalogue import METRICS
from artifacts.rules.rating.data_documentation import Documentation
from artifacts.rules.rating.evidence import CommitFacts, Missing
from artifacts.rules.rating.judgement import judge
from artifacts.rules.rating.metrics import (
    bus_factor,
    code_quality,
    dataset_and_code_score,
    dataset_quality,
    performance_claims,
    ramp_up_time,
    reproducibility,
    reviewedness,
)
from artifacts.rules.reading import Reading, ReadState
from tests.factories.evidence import (
    CARD,
    EXAMPLE,
    listed,
    make_code,
    make_dataset,
    make_evidence,
    make_model,
    make_reviews,
    rich_evidence,
)

pytestmark = pytest.mark.slow

missing = st.builds(Missing, st.just("nothing is known."), st.booleans())
counts = st.lists(st.integers(1, 10_000), max_size=30).map(tuple)
paths = st.sampled_from(
    ["README.md", "a.py", "tests/test_a.py", "setup.py", "LICENSE", "tox.ini", "model.safetensors",
     "pytorch_model.bin", "config.json", "x/y.onnx", ".flake8", "data.csv", "model_index.json"]
)  # fmt: skip
trees = st.dictionaries(paths, st.integers(0, 10**12), max_size=13).map(listed)
codes = st.builds(
    make_code,
    found_by=st.sampled_from(["card", "readme", "base_model", "library"]),
    license=st.sampled_from(["", "MIT", "NOASSERTION"]),
    contributors=counts | missing,
    files=trees | missing,
    stars=st.none() | st.integers(0, 10**6),
    is_archived=st.booleans(),
    reviews=missing
    | st.builds(make_reviews, st.integers(10, 20), st.integers(0, 10), st.just(100), st.just(7)),
)
topics = st.sampled_from(["making", "structure", "cautions", "uses", "terms"])
documentations = st.builds(
    Documentation, st.integers(0, 500), st.dictionaries(topics, st.integers(0, 50)), st.just("Tea.")
)
readings = st.builds(Reading, st.sampled_from(list(ReadState)), st.just(""), st.just("Why not."))
datasets = st.builds(
    make_dataset,
    st.sampled_from(["acme/kitchens", "acme/cups", "tea"]),
    purpose=st.sampled_from(["training", "evaluation"]),
    reading=readings,
    text_reading=readings,
    croissant_reading=readings,
    documentation=documentations,
    license=st.sampled_from(["", "mit", "unknown"]),
    description=st.text(max_size=50),
    size_bytes=st.none() | st.integers(0, 10**12),
    examples=st.none() | st.integers(0, 10**9),
    splits=st.lists(st.sampled_from(["train", "test"]), max_size=2).map(tuple),
    downloads=st.none() | st.integers(0, 10**8),
)
FIELDS = [
    "license: mit",
    "base_model: [acme/kettle-7b, acme/cup]",
    "datasets:\n- acme/kitchens\n- acme/cafes",
    "tags: [tea, robot]",
    "pipeline_tag: text-generation",
    "library_name: transformers",
    "language: [en, de]",
    "base_model_relation: merge",
    "license_link: LICENSE",
    "model-index:\n- name: robot\n  results:\n  - metrics:\n    - {type: f1, value: 88.0}",
]
results = st.builds(
    StatedResult,
    st.sampled_from(["acme/cups", ""]),
    st.just("default"),
    st.sampled_from(["0.5", "88"]),
    st.just(".eval_results/a.yaml"),
    st.booleans(),
    st.sampled_from(["", "https://example.org"]),
)
words = st.sampled_from([CARD, EXAMPLE, "# Robot", "", "It reaches 91.2 F1.", "| a | b |", "```"])
readmes = st.lists(words | st.text(max_size=80), max_size=4).map("\n\n".join)
models = st.builds(
    make_model,
    readme=readmes,
    license=st.sampled_from(["", "mit", "gpl-3.0 OR mit", "other", "(((", "llama2"]) | st.text(),
    library=st.sampled_from(["", "transformers"]),
    task=st.sampled_from(["", "fill-mask"]),
    files=trees,
)
commits = missing | st.builds(
    CommitFacts, st.dictionaries(st.text(min_size=1, max_size=5), st.integers(1, 99), max_size=9)
)
evidences = st.builds(
    make_evidence,
    models,
    commits=commits,
    code=codes | missing,
    datasets=missing | st.lists(datasets, max_size=4).map(tuple),
)


@settings(max_examples=150)
@given(evidences)
def test_every_metric_when_judged_then_a_score_in_range_or_unknown_with_a_reason(evidence):
    judgement = judge(evidence, {})
    assert list(judgement.results) == [metric.name for metric in METRICS]
    for result in judgement.results.values():
        assert result.score is None or 0 <= result.score <= 1
        assert result.reason
        assert "failed on the model's evidence" not in result.reason
    assert 0 <= judgement.net_score <= 1
    assert 0 <= judgement.tree_score <= 1


@settings(max_examples=60)
@given(evidences, st.randoms())
def test_judgement_when_evidence_is_shuffled_then_the_same(evidence, random):
    def shuffled(values):
        listed_values = list(values)
        random.shuffle(listed_values)
        return tuple(listed_values)

    other = replace(evidence, model=replace(evidence.model, files=shuffled(evidence.model.files)))
    if not isinstance(evidence.datasets, Missing):
        other = replace(other, datasets=shuffled(evidence.datasets))
    if not isinstance(evidence.code, Missing):
        code = evidence.code
        if not isinstance(code.files, Missing):
            code = replace(code, files=shuffled(code.files))
        if not isinstance(code.contributors, Missing):
            code = replace(code, contributors=shuffled(code.contributors))
        other = replace(other, code=code)
    scores = [
        {name: result.score for name, result in judge(each, {}).results.items()}
        for each in (evidence, other)
    ]
    assert scores[0] == scores[1]


@given(counts.filter(bool), st.integers(1, 10_000))
def test_bus_factor_when_somebody_joins_who_is_not_the_busiest_then_not_worse(team, commits):
    joined = (*team, min(commits, max(team)))
    scores = [
        bus_factor.METRIC.judge(make_evidence(code=make_code(contributors=each))).score
        for each in (team, joined)
    ]
    assert scores[0] <= scores[1]


@given(readmes, words)
def test_card_metrics_when_a_section_is_added_then_not_worse(readme, more):
    section = f"\n\n## Evaluation and use\n\n{more}\n\n{CARD}"
    for metric in (ramp_up_time, performance_claims, reproducibility):
        scores = [
            metric.METRIC.judge(make_evidence(make_model(readme=each))).score
            for each in (readme, readme + "\n```\n```\n" + section)
        ]
        assert scores[0] <= scores[1] + 1e-9


@given(readmes, st.lists(results, max_size=3), results)
def test_performance_claims_when_a_result_is_stated_then_not_worse(readme, known, more):
    scores = [
        performance_claims.METRIC.judge(
            make_evidence(make_model(readme=readme, results=tuple(each)))
        ).score
        for each in (known, [*known, more])
    ]
    assert scores[0] <= scores[1]


@given(readmes, trees)
def test_reproducibility_when_plain_weights_are_added_then_not_worse(readme, files):
    plain = listed({"model.safetensors": 9})
    scores = [
        reproducibility.METRIC.judge(make_evidence(make_model(readme=readme, files=each))).score
        for each in (files, files + plain)
    ]
    assert scores[0] <= scores[1]


@settings(max_examples=60)
@given(st.permutations(FIELDS))
def test_judgement_when_the_front_matter_is_in_another_order_then_the_same(fields):
    def judged(lines):
        matter = "\n".join(lines)
        readme = f"---\n{matter}\n---\n{CARD}"
        card = parse_front_matter(readme)
        model = make_model(readme=readme, card=card, license=str(card["license"]))
        results = judge(make_evidence(model), {}).results
        return {name: (each.score, each.reason, each.citations) for name, each in results.items()}

    assert judged(fields) == judged(FIELDS)


@given(st.lists(datasets, max_size=3), datasets)
def test_data_metrics_when_a_data_set_is_added_then_not_worse(known, more):
    for metric in (dataset_quality, dataset_and_code_score):
        scores = [
            metric.METRIC.judge(make_evidence(code=make_code(), datasets=each)).score or 0.0
            for each in (tuple(known), (*known, more))
        ]
        assert scores[0] <= scores[1]


@given(datasets, documentations, st.sampled_from(["mit", "odbl"]), st.integers(1, 10**8))
def test_data_metrics_when_more_is_known_about_a_data_set_then_not_worse(
    known, documentation, license_id, downloads
):
    more = replace(
        known,
        documentation=known.documentation.joined(documentation),
        license=known.license if known.license == "mit" else license_id,
        downloads=(known.downloads or 0) + downloads,
        splits=known.splits or ("train",),
        examples=known.examples or 5,
        size_bytes=known.size_bytes or 5,
    )
    for metric in (dataset_quality, dataset_and_code_score):
        scores = [
            metric.METRIC.judge(make_evidence(code=make_code(), datasets=(each,))).score or 0.0
            for each in (known, more)
        ]
        assert scores[0] <= scores[1] + 1e-9


@given(st.sampled_from(["card", "readme", "base_model", "library"]), trees, trees, readmes, words)
def test_data_and_code_when_files_or_words_are_added_then_not_worse(by, few, more, readme, at):
    both = tuple({each.path: each for each in (*few, *more)}.values())
    section = f"{readme}\n```\n```\n\n## Training data\n\n{at}\n\n## Evaluation\n\n{CARD}"
    scores = [
        dataset_and_code_score.METRIC.judge(
            make_evidence(make_model(readme=text), code=make_code(found_by=by, files=files))
        ).score
        for text, files in ((readme, few), (section, both))
    ]
    assert scores[0] <= scores[1] + 1e-9


@given(trees.filter(bool), st.integers(0, 10**6), st.integers(0, 10**6))
def test_code_quality_when_stars_are_added_then_not_worse(files, stars, more):
    scores = [
        code_quality.METRIC.judge(make_evidence(code=make_code(files=files, stars=each))).score
        for each in (stars, stars + more)
    ]
    assert scores[0] <= scores[1]


@given(st.integers(1, 50), st.integers(0, 50), st.integers(0, 50))
def test_reviewedness_when_a_reviewed_commit_is_added_then_not_worse(lines, reviewed, more):
    reviewed = min(lines, reviewed)
    scores = [
        reviewedness.METRIC.judge(
            make_evidence(code=make_code(reviews=make_reviews(5, 5, lines + n, reviewed + n)))
        ).score
        for n in (0, more)
    ]
    assert scores[0] <= scores[1] + 1e-9


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_metric_when_the_evidence_is_rich_then_a_high_score(metric):
    result = metric.judge(rich_evidence())
    if metric.name == "tree_score":
        assert not result.is_applicable
    else:
        assert result.score > 0.8
