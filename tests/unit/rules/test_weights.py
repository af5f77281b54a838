"""Names of weights, and which files make one set."""

import pytest

from artifacts.rules.weights import FORMATS, find_ending, find_set, is_weights


def test_formats_when_listed_then_no_ending_is_in_two():
    endings = [ending for each in FORMATS.values() for ending in each.split()]
    assert len(endings) == len(set(endings))


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("a.safetensors", "safetensors"),
        ("a.pth.tar", "pth"),
        ("a.gguf.part1of2", "gguf"),
        ("a.gguf-split-a", "gguf"),
        ("a.gguf.part-aa", "gguf"),
        ("a.q4_0.gguf.split-03", "gguf"),
        ("a.7z.001", "7z"),
        ("a.pkl.xz", "pkl"),
        ("a.bin.index.json", "json"),
        ("a.partner", "partner"),
        ("a.tar.gz", ""),
        ("makefile", ""),
    ],
)
def test_ending_when_pieces_and_compression_follow_then_they_are_passed_over(name, ending):
    assert find_ending(name) == ending


@pytest.mark.parametrize(
    "paths",
    [
        pytest.param(["a-00001-of-00002.safetensors", "a-00002-of-00002.safetensors"], id="shards"),
        pytest.param(["q/a-00001-of-00003.gguf", "q/a-00003-of-00003.gguf"], id="split GGUF"),
        pytest.param(["a.gguf.part1of2", "a.gguf.part2of2"], id="pieces of GGUF"),
        pytest.param(["consolidated.00.pth", "consolidated.01.pth"], id="ranks of Llama"),
        pytest.param(["params_shard_0.bin", "params_shard_11.bin"], id="shards of MLC"),
        pytest.param(["m.ckpt-9.index", "m.ckpt-9.meta", "m.ckpt-9.data-00000-of-00001"], id="TF"),
        pytest.param(
            ["1/saved_model.pb", "1/variables/variables.index",
             "1/variables/variables.data-00000-of-00001"], id="SavedModel",
        ),
        pytest.param(["a/model.onnx", "a/model.onnx_data", "a/model.onnx_data_1"], id="ONNX"),
        pytest.param(["__0_0.distcp", "__1_0.distcp"], id="distributed"),
        pytest.param(["inference.pdmodel", "inference.pdiparams"], id="Paddle"),
        pytest.param(
            ["M.mlpackage/Data/com.apple.CoreML/model.mlmodel",
             "M.mlpackage/Data/com.apple.CoreML/weights/weight.bin"], id="Core ML",
        ),
        pytest.param(["p/x.zarr/0.0", "p/x.zarr/0.1"], id="Zarr"),
        pytest.param(
            ["c/manifest.ocdbt", f"c/d/{'0a' * 16}", f"c/ocdbt.process_0/d/{'1b' * 16}",
             "c/ocdbt.process_0/manifest.ocdbt"], id="Orbax",
        ),
        pytest.param(
            ["a/wiki.model", "a/wiki.model.wv.vectors.npy", "a/wiki.model.syn1neg.npy"], id="gensim"
        ),
        pytest.param(["llm.mnn", "llm.mnn.weight"], id="MNN"),
        pytest.param(["ckpt-0/tensor00000_000", "ckpt-0/tensor00769_000"], id="numbered tensors"),
    ],
)  # fmt: skip
def test_set_when_files_are_loaded_together_then_they_are_one_set_of_weights(paths):
    assert [path for path in paths if not is_weights(path)] == []
    assert len({find_set(path) for path in paths}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a-q4.gguf", "a-q8.gguf"),
        ("a/model.onnx", "b/model.onnx"),
        ("model.safetensors", "model.bin"),
        ("checkpoint-1000.pt", "checkpoint-2000.pt"),
        ("v1.10.pt", "v1.11.pt"),
        ("1/saved_model.pb", "2/saved_model.pb"),
    ],
)
def test_set_when_files_stand_for_each_other_then_they_are_two_sets(one, other):
    assert find_set(one) != find_set(other)


@pytest.mark.parametrize(
    "path",
    ["tea.dduf", "tea.neuron", "am/final.mdl", "tea.tensors", "tea.jld2", "tea.rten", "tea.nnue",
     "3gram.arpa", "tea.bpk"],
)  # fmt: skip
def test_weights_when_few_libraries_know_the_format_then_weights_all_the_same(path):
    assert is_weights(path)
