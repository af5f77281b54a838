"""Which weights one deployment loads where several lie side by side."""

import pytest

from artifacts.rules.rating.deployment import deployed_files, is_adapter
from tests.factories.evidence import listed


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        pytest.param(
            {"hyperparams.yaml": 1, "embedding.ckpt": 80, "classifier.ckpt": 6},
            ["embedding.ckpt", "classifier.ckpt"], id="side by side",
        ),
        pytest.param(
            {"model_index.json": 1, "unet/model.safetensors": 9, "unet/model.onnx": 8,
             "vae/model.safetensors": 2, "vae_decoder/model.onnx": 2},
            ["unet/model.safetensors", "vae/model.safetensors"], id="exported components",
        ),
        pytest.param(
            {"model_index.json": 1, "unet/model.onnx": 9, "vae_decoder/model.onnx": 2},
            ["unet/model.onnx", "vae_decoder/model.onnx"], id="an exported pipeline",
        ),
        pytest.param(
            {"config.cfg": 1, "ner/model": 9, "tables/lookups.bin": 2},
            ["ner/model", "tables/lookups.bin"], id="components of several formats",
        ),
        pytest.param(
            {"policy.pth": 4, "policy.optimizer.pth": 8}, ["policy.pth"], id="a state of training"
        ),
    ],
)  # fmt: skip
def test_deployed_when_components_are_loaded_together_then_all_of_them(sizes, expected):
    assert [file.path for file in deployed_files(listed(sizes))] == expected


@pytest.mark.parametrize(
    ("name", "adapts"),
    [
        ("lora.safetensors", True), ("Tea_Cup-LoRA_v2.safetensors", True),
        ("pytorch_lora_weights.safetensors", True), ("flora.safetensors", False),
        ("explorations.safetensors", False), ("cup.safetensors", False),
        ("merged-lora-fp16.safetensors", False), ("tea_lora_fused.safetensors", False),
    ],
)  # fmt: skip
def test_adapter_when_its_file_is_called_low_rank_then_it_needs_its_base(name, adapts):
    assert is_adapter(listed({name: 9})) is adapts


@pytest.mark.parametrize(
    ("tags", "name", "adapts"),
    [
        (("lora", "diffusers"), "cup.safetensors", True),
        (("template:sd-lora",), "cup.safetensors", True),
        (("lora",), "cup.safetensors", False),
        (("lora", "diffusers"), "cup_merged.safetensors", False),
        (("lora", "diffusers"), "cup.gguf", False),
    ],
)
def test_adapter_when_its_tags_call_it_low_rank_then_it_needs_its_base(tags, name, adapts):
    assert is_adapter(listed({name: 9}), tags) is adapts


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ({"vae.ckpt": 4, "denoiser.ckpt": 16}, ["denoiser.ckpt", "vae.ckpt"]),
        ({"tea_encoder.pth": 4, "tea_decoder.pth": 9}, ["tea_decoder.pth", "tea_encoder.pth"]),
        ({"small.ckpt": 4, "large.ckpt": 16}, ["small.ckpt"]),
        ({"vae.ckpt": 4, "best.ckpt": 16}, ["vae.ckpt"]),
        ({"vae.ckpt": 4, "vae-v2.ckpt": 5}, ["vae.ckpt"]),
    ],
)
def test_deployed_when_each_file_is_named_after_a_part_then_all_of_them(sizes, expected):
    assert [file.path for file in deployed_files(listed(sizes))] == expected
