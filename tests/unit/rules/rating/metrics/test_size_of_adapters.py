"""Size of what adapts another model: that of its base counts."""

import pytest

from artifacts.rules.rating.ancestry import BaseSize
from artifacts.rules.rating.evidence import Missing
from artifacts.rules.rating.metrics.size_score import METRIC
from tests.factories.evidence import listed, make_evidence, make_model

MB = 1_000_000


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("pytorch_lora_weights.safetensors", ()),
        ("pytorch_lora_weights.bin", ()),
        ("learned_embeds.bin", ()),
        ("tea-style.safetensors", ("base_model:adapter:acme/kettle-v1-5",)),
        ("adapter_model.safetensors", ()),
    ],
)
@pytest.mark.parametrize(
    ("base", "is_known"), [("acme/kettle-v1-5", False), ("acme/kettle-7b", True)]
)
def test_size_when_files_only_adapt_a_base_then_its_size_counts(path, tags, base, is_known):
    model = make_model(files=listed({path: 3_000_000}), tags=tags, card={"base_model": base})
    result = METRIC.judge(make_evidence(model))
    assert f"They adapt {base}" in result.reason
    assert (result.score is not None) is is_known


def test_size_when_the_adapted_model_is_there_itself_then_no_base_is_needed():
    tags = ("base_model:adapter:acme/kettle-7b",)
    model = make_model(files=listed({"model.safetensors": 90_000_000}), tags=tags)
    assert "adapt" not in METRIC.judge(make_evidence(model)).reason


@pytest.mark.parametrize(
    ("base", "score", "words"),
    [
        (BaseSize("acme/pot", 500 * MB, "https://hf.co/acme/pot"), 0.63, "acme/pot, which is"),
        (
            Missing("it was not asked for yet.", is_to_be_asked=True),
            None,
            "asked",
        ),
        (Missing("the Hub sleeps.", try_later=True), None, "The Hub sleeps."),
        (None, None, "is not known here"),
    ],
)
def test_size_when_the_name_of_the_base_tells_none_then_what_its_files_have(base, score, words):
    model = make_model(
        files=listed({"adapter_model.safetensors": 20 * MB}), card={"base_model": "acme/pot"}
    )
    result = METRIC.judge(make_evidence(model, base_size=base))
    assert (result.score and round(result.score, 2)) == score
    assert words in result.reason
    assert result.is_provisional == (isinstance(base, Missing) and base.is_to_be_asked)
    assert result.try_later == (isinstance(base, Missing) and base.try_later)
    if score is not None:
        assert "has 500 MB" in result.reason
        assert "https://hf.co/acme/pot" in [each.url for each in result.citations]
