import pytest

from artifacts.enums import ArtifactType, Part
from artifacts.rules.parts import classify_content, classify_part, settle_part


@pytest.mark.parametrize(
    ("part", "paths"),
    [
        ("weights", ["model.safetensors", "pytorch_model-00001-of-2.bin", "a/onnx/model.ONNX",
                     "ggml.gguf", "checkpoint.pt.gz"]),
        ("weights", ["a.ckpt.data-00000-of-00001", "bert.ckpt.index", "variables/variables.index",
                     "saved_model.pb", "a.hdf5", "tf/a.weights.h5", "a.nemo", "a.pte", "a.th",
                     "a.distcp", "a.params", "a.pth.tar", "a.mlmodel", "a.tflite", "a.onnx.data",
                     "a.onnx_data_2", "a.gguf.part2of3", "a.gguf-split-b", "a.t7", "a.ptl", "a.mar",
                     "a.sft", "a.weights", "a.pdiparams", "a.rkllm", "a.litertlm", "a.sbs",
                     "m.mlpackage/Data/com.apple.CoreML/weights/weight.bin", "p.zarr/0.0",
                     "model.tar.gz", "my-weights.npy", "ner/model", "xgb_model.json",
                     "tokenizer-checkpoint.safetensors", "mmproj-f16.gguf"]),
        ("other", ["optimizer.pt", "scheduler.pt", "training_args.bin", "rng_state_0.pth",
                   "events.out.tfevents.1", "zero_pp_rank_0_mp_rank_00_optim_states.pt",
                   "imatrix.dat", "last/optimizer.bin"]),
        ("config", ["tokenizer.bin", "spiece.model", "vocab.pkl", "a.tiktoken", "vocab.bpe",
                    "fingerprint.pb", "keras_metadata.pb", "a/checkpoint",
                    "a.safetensors.index.json", "scheduler_config.json"]),
        ("code", ["optimizer.py", "model.py", "tokenizer.py", "notes.txt", "Dockerfile"]),
        ("dataset", ["data/train-0.parquet", "train.csv", "images.tar", "a.jpg", "x.jsonl.gz"]),
        ("card", ["README.md", "docs/intro.rst", "LICENSE", "LICENSE.txt", "NOTICE", "paper.pdf",
                  "README"]),
        ("config", ["config.json", "tokenizer.model", "vocab.txt", ".gitattributes", "a/b.yaml"]),
        ("code", ["train.py", "requirements.txt", "Makefile", "src/main.rs", "a.ipynb"]),
    ],
)  # fmt: skip
def test_part_of_when_a_path_is_judged_then_by_its_name(part, paths):
    assert {path: classify_part(path) for path in paths} == dict.fromkeys(paths, part)


def test_parts_when_given_then_words_of_the_registry():
    paths = ("a.bin", "a.csv", "a.md", "a.json", "a.py", "optimizer.pt")
    assert {classify_part(path) for path in paths} == {each.value for each in Part} - {
        Part.FULL.value
    }


@pytest.mark.parametrize(
    ("path", "size_bytes", "part"),
    [
        pytest.param("a.xyz", 1_000_001, "other", id="large and unknown"),
        pytest.param("blob", 5_000_000, "other", id="large without an ending"),
        pytest.param("a.xyz", 1_000_000, "code", id="small and unknown"),
        pytest.param("a.xyz", None, "code", id="of unknown size"),
        pytest.param("all.py", 5_000_000, "code", id="a long program"),
        pytest.param("corpus.txt", 5_000_000, "code", id="a long text"),
    ],
)
def test_part_when_the_ending_is_unknown_then_the_size_tells(path, size_bytes, part):
    assert classify_part(path, size_bytes) == part


@pytest.mark.parametrize(
    ("path", "start", "part"),
    [
        pytest.param("a.xyz", b"GGUF\x03", "weights", id="GGUF"),
        pytest.param("blob", b"\x89HDF\r\n\x1a\n", "weights", id="HDF5"),
        pytest.param("blob", b"\x1c\0\0\0TFL3", "weights", id="LiteRT"),
        pytest.param("pytorch_model", b"\x80\x02\x8a\n", "weights", id="pickle"),
        pytest.param("a.v2", b"PK\x03\x04" + bytes(26) + b"a/data.pkl", "weights", id="torch.save"),
        pytest.param("a", b"\x40\0\0\0\0\0\0\0{", "weights", id="safetensors"),
        pytest.param("train", b"PAR1", "dataset", id="Parquet"),
        pytest.param("tool", b"\x7fELF\x02\x01\x01\0", "other", id="a program"),
        pytest.param("a.v2", b"PK\x03\x04" + bytes(40), "other", id="an archive"),
        pytest.param("run", b"#!/bin/sh\n", "code", id="a script"),
        pytest.param("notes", "für".encode()[:-2], "code", id="a text cut within a letter"),
        pytest.param("a.py", b"\x7fELF\0", "code", id="a known ending"),
    ],
)
def test_part_when_the_name_tells_nothing_then_the_bytes_do(path, start, part):
    assert classify_content(path, classify_part(path), start) == part


def test_part_when_in_a_data_set_then_containers_of_both_are_data():
    parts = {path: settle_part(path, classify_part(path), ArtifactType.DATASET)
             for path in ("a.hdf5", "a.pkl.gz", "a.safetensors", "a.md")}  # fmt: skip
    assert parts == {
        "a.hdf5": "dataset", "a.pkl.gz": "dataset", "a.safetensors": "weights", "a.md": "card",
    }  # fmt: skip
    assert settle_part("a.hdf5", Part.WEIGHTS, ArtifactType.MODEL) == Part.WEIGHTS
