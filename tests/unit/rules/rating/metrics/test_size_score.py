"""Size: which files a deployment loads, and how they fit."""

import pytest

from artifacts.rules.rating.metrics.size_score import METRIC, best_fit, deployed_files, fit
from tests.factories.evidence import listed, make_evidence, make_model

MB = 1_000_000


def chosen(sizes: dict[str, int]) -> list[str]:
    return [file.path for file in deployed_files(listed(sizes))]


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param(
            {"model.safetensors": 440, "pytorch_model.bin": 441, "tf_model.h5": 530, "a/w.bin": 9},
            ["model.safetensors"], id="one format of several",
        ),
        pytest.param(
            {"model-00001-of-00002.safetensors": 5, "model-00002-of-00002.safetensors": 4},
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"], id="shards",
        ),
        pytest.param(
            {"tea-q4.gguf": 4, "tea-q8.gguf": 8}, ["tea-q4.gguf"], id="the smallest quantisation"
        ),
        pytest.param(
            {"model_index.json": 1, "unet/w.safetensors": 9, "unet/w.fp16.safetensors": 4,
             "vae/w.safetensors": 2},
            ["unet/w.fp16.safetensors", "vae/w.safetensors"], id="a pipeline needs each component",
        ),
        pytest.param(
            {"onnx/model.onnx": 9, "onnx/model_quantized.onnx": 3}, ["onnx/model_quantized.onnx"],
            id="weights in a folder",
        ),
        pytest.param(
            {"pytorch_model.bin": 9, "training_args.bin": 1, "optimizer.pt": 18},
            ["pytorch_model.bin"], id="what training left is no weight",
        ),
        pytest.param({"README.md": 9}, [], id="none"),
    ],
)  # fmt: skip
def test_deployed_files_when_listed_then_one_complete_set(sizes, expected):
    assert chosen(sizes) == expected


@pytest.mark.parametrize(
    ("size_mb", "least", "most"),
    [
        (1, (0.99, 0.99, 0.99, 0.99), (1, 1, 1, 1)),
        (300, (0.5, 0.6, 0.99, 0.99), (0.7, 0.8, 1, 1)),
        (4_000, (0, 0, 0.6, 0.99), (0.01, 0.01, 0.9, 1)),
        (150_000, (0, 0, 0, 0), (0.01, 0.01, 0.01, 0.05)),
    ],
    ids=["tiny", "small", "large", "huge"],
)
def test_size_score_when_weights_are_listed_then_each_device_within_its_band(size_mb, least, most):
    model = make_model(files=listed({"model.safetensors": size_mb * MB}))
    result = METRIC.judge(make_evidence(model))
    assert all(a <= b <= c for a, b, c in zip(least, result.parts.values(), most, strict=True))
    assert result.score == pytest.approx(sum(result.parts.values()) / 4, abs=1e-3)
    assert best_fit(result.parts) == max(result.parts.values())


def test_size_score_when_no_weights_are_listed_then_unknown():
    result = METRIC.judge(make_evidence(make_model(files=listed({"README.md": 5}))))
    assert result.score is None


def test_fit_when_there_is_nothing_to_load_then_it_fits():
    assert fit(0, MB) == 1.0
    assert fit(MB, MB) == 0.5
