"""Size: which files a deployment loads, and how they fit."""

from dataclasses import replace

import pytest

from artifacts.enums import Part
from artifacts.rules.rating.deployment import deployed_files
from artifacts.rules.rating.evidence import FileFacts
from artifacts.rules.rating.metrics.size_score import METRIC, best_fit, fit
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
        pytest.param(
            {"head.safetensors": 1, "pytorch_model.bin": 900, "tea.onnx": 880},
            ["pytorch_model.bin"], id="a helper in a more usual format",
        ),
        pytest.param(
            {"scaler.npz": 1, "m/saved_model.pb": 40, "m/variables/variables.index": 1},
            ["m/saved_model.pb", "m/variables/variables.index"], id="a helper at the root",
        ),
        pytest.param(
            {"adapter_model.safetensors": 1, "checkpoint-9/mp_rank_00_model_states.pt": 900},
            ["adapter_model.safetensors"], id="an adapter is small",
        ),
        pytest.param({"README.md": 9}, [], id="none"),
        pytest.param(
            {"saved_model.pb": 20, "fingerprint.pb": 1, "keras_metadata.pb": 2,
             "variables/variables.index": 3, "variables/variables.data-00000-of-00001": 60},
            ["variables/variables.data-00000-of-00001", "saved_model.pb",
             "variables/variables.index"], id="a SavedModel is its graph and its variables",
        ),
        pytest.param(
            {"a.ckpt.index": 1, "a.ckpt.meta": 2, "a.ckpt.data-00000-of-00001": 90},
            ["a.ckpt.data-00000-of-00001", "a.ckpt.meta", "a.ckpt.index"], id="a checkpoint",
        ),
        pytest.param(
            {"m.onnx": 1, "m.onnx_data": 80, "q.onnx": 30}, ["q.onnx"], id="data of ONNX counts"
        ),
        pytest.param(
            {"a.gguf.part1of2": 50, "a.gguf.part2of2": 40, "mmproj-a.gguf": 8},
            ["a.gguf.part1of2", "a.gguf.part2of2"], id="pieces, and what is loaded besides",
        ),
        pytest.param(
            {"A.mlpackage/Data/m.mlmodel": 1, "A.mlpackage/Data/w/weight.bin": 70, "t.json": 1},
            ["A.mlpackage/Data/w/weight.bin", "A.mlpackage/Data/m.mlmodel"], id="a package",
        ),
        pytest.param({"optimizer.pt": 18, "scheduler.pt": 1, "vocab.bin": 1}, [], id="helpers"),
        pytest.param(
            {"model.onnx": 1, "model.onnx_data": 900, "model.onnx.data": 5},
            ["model.onnx_data", "model.onnx.data", "model.onnx"], id="tensors beside a graph",
        ),
        pytest.param(
            {"model.pkl": 900, "label_encoder.pkl": 1, "columns.pkl": 1}, ["model.pkl"],
            id="helpers of a pickle",
        ),
        pytest.param(
            {"tea-00001-of-00003.gguf": 9, "tea-00003-of-00003.gguf": 9, "tea-q8.gguf": 20},
            ["tea-q8.gguf"], id="an incomplete set",
        ),
        pytest.param({"model-00001-of-00002.safetensors": 9}, [], id="only half a set"),
        pytest.param(
            {"tea-Q4_K_M.gguf": 40, "mmproj-tea-f16.gguf": 4, "imatrix.gguf": 3},
            ["tea-Q4_K_M.gguf"], id="what goes with a GGUF",
        ),
        pytest.param(
            {"Q4/tea-00001-of-00002.gguf": 4, "Q4/tea-00002-of-00002.gguf": 4, "Q8/tea.gguf": 16},
            ["Q4/tea-00001-of-00002.gguf", "Q4/tea-00002-of-00002.gguf"],
            id="a folder for each quantisation",
        ),
        pytest.param(
            {"consolidated.00.pth": 5, "consolidated.01.pth": 5},
            ["consolidated.00.pth", "consolidated.01.pth"], id="a file for each rank",
        ),
        pytest.param(
            {"model_index.json": 1, "v1-pruned.ckpt": 90, "unet/diffusion_model.safetensors": 9,
             "vae/diffusion_model.safetensors": 2, "onnx/model.onnx": 30},
            ["unet/diffusion_model.safetensors", "vae/diffusion_model.safetensors"],
            id="a pipeline beside a single file",
        ),
        pytest.param(
            {"model.safetensors": 9, "adapter_model.safetensors": 3, "lora.safetensors": 4},
            ["model.safetensors"], id="an adapter beside the model",
        ),
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


def test_size_score_when_weights_have_no_size_then_unknown_and_not_said_to_be_absent():
    files = (replace(listed({"model.onnx": 1})[0], size_bytes=None),)
    result = METRIC.judge(make_evidence(make_model(files=files)))
    assert result.score is None
    assert "such as model.onnx, is not known" in result.reason


BROKEN = "This is no valid safetensors file: it has 3 bytes. Export it again."


def test_size_score_when_all_weights_are_broken_then_unknown_and_says_which():
    files = listed({"model.safetensors": 3, "vocab.txt": 1})
    result = METRIC.judge(make_evidence(make_model(files=files, faults={files[0].path: BROKEN})))
    assert result.score is None
    assert result.reason == f"The model's weights are broken. model.safetensors: {BROKEN}"


def test_size_score_when_one_shard_is_broken_then_the_sound_set_counts():
    files = listed({"m-1-of-2.safetensors": 3, "m-2-of-2.safetensors": 4, "m.bin": 9 * MB})
    model = make_model(files=files, faults={"m-1-of-2.safetensors": BROKEN, "data.safetensors": ""})
    reason = METRIC.judge(make_evidence(model)).reason
    assert "9 MB (m.bin)" in reason
    assert f"Broken weights are left out: m-1-of-2.safetensors: {BROKEN}" in reason


def test_size_score_when_only_pointers_are_here_then_by_what_they_stand_for():
    files = listed({"m.bin": 9_000 * MB})
    model = make_model(
        files=files, faults={"m.bin": "A Git LFS pointer."}, pointers=frozenset({"m.bin"})
    )
    result = METRIC.judge(make_evidence(model))
    assert "9,000 MB (m.bin)" in result.reason
    assert "Git LFS" in result.reason


def test_fit_when_there_is_nothing_to_load_then_it_fits():
    assert fit(0, MB) == 1.0
    assert fit(MB, MB) == 0.5


def size(files, **changes):
    return METRIC.judge(make_evidence(make_model(files=files, **changes)))


@pytest.mark.parametrize(
    ("base", "score"),
    [("acme/kettle-7b", True), ("acme/kettle-0.5B-base", True), ("acme/kettle_360M", True),
     ("acme/kettle", False), ("", False)],
)  # fmt: skip
def test_size_score_when_weights_are_an_adapter_then_its_base_counts(base, score):
    files = listed({"adapter_model.safetensors": 20 * MB, "adapter_config.json": 1})
    result = size(files, config={"base_model_name_or_path": base})
    assert (result.score is not None) is score
    assert (base or "a base model") in result.reason
    if base.endswith("7b"):
        assert result.parts["raspberry_pi"] < 0.01


def test_size_score_when_sizes_are_not_listed_then_said():
    weights = (FileFacts("model.safetensors", None, Part.WEIGHTS),)
    result = size(weights)
    assert result.score is None
    assert "the file list does not tell the size" in result.reason
    half = size(listed({"model-00001-of-00002.safetensors": 9}))
    assert "parts are missing" in half.reason


def test_size_score_when_weights_are_broken_then_unknown_or_those_that_are_not():
    files = listed({"model.safetensors": 134, "config.json": 9})
    faults = {"model.safetensors": "It is a Git LFS pointer whose content was not kept."}
    result = size(files, faults=faults)
    assert result.score is None
    assert "Git LFS pointer" in result.reason
    both = size(files + listed({"pytorch_model.bin": 90 * MB}), faults=faults)
    assert "pytorch_model.bin" in both.reason
    assert both.parts["raspberry_pi"] > 0.9


def test_size_score_when_judged_then_cites_the_files():
    model = make_model(files=listed({"model.safetensors": MB}), page_url="https://hf.co/a/b")
    result = METRIC.judge(make_evidence(model))
    assert [each.path for each in result.citations] == ["model.safetensors"]


def test_deployed_files_when_a_format_has_several_files_then_all_of_them():
    paths = ["tf/saved_model.pb", "tf/variables/variables.data-00000-of-00001"]
    files = [FileFacts(path, 90, Part.WEIGHTS) for path in paths]
    assert sorted(file.path for file in deployed_files(files)) == paths
    checkpoint = [FileFacts(f"x/__{n}_0.distcp", 5, Part.WEIGHTS) for n in range(3)]
    assert len(deployed_files(checkpoint)) == 3


def test_weights_when_the_size_of_one_set_is_unknown_then_it_is_no_helper():
    files = [
        replace(each, size_bytes=None) if each.path == "model.bin" else each
        for each in listed({"model.bin": 1, "onnx/model.onnx": 90})
    ]
    assert [file.path for file in deployed_files(files)] == ["model.bin"]


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(43_000, "less than 1 MB"), (1_600_000, "2 MB"), (0, "less than 1 MB")],
)
def test_size_when_weights_are_tiny_then_never_said_to_have_nothing(size_bytes, words):
    model = make_model(files=listed({"model.safetensors": size_bytes}))
    assert f"loads have {words} (" in METRIC.judge(make_evidence(model)).reason


def test_size_when_it_is_a_pipeline_of_spacy_then_all_components_are_loaded():
    paths = {
        "config.cfg": 900,
        "meta.json": 900,
        "ner/model": 6_000_000,
        "tok2vec/model": 5_000_000,
    }
    result = METRIC.judge(make_evidence(make_model(files=listed(paths))))
    assert result.facts["weights_mb"] == 11
