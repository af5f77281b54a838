import pytest

from artifacts.enums import Part
from artifacts.rules.parts import part_of


@pytest.mark.parametrize(
    ("part", "paths"),
    [
        ("weights", ["model.safetensors", "pytorch_model-00001-of-2.bin", "a/onnx/model.ONNX",
                     "ggml.gguf", "checkpoint.pt.gz"]),
        ("dataset", ["data/train-0.parquet", "train.csv", "images.tar", "a.jpg", "x.jsonl.gz"]),
        ("card", ["README.md", "docs/intro.rst", "LICENSE", "LICENSE.txt", "NOTICE", "paper.pdf",
                  "README"]),
        ("config", ["config.json", "tokenizer.model", "vocab.txt", ".gitattributes", "a/b.yaml"]),
        ("code", ["train.py", "requirements.txt", "Makefile", "src/main.rs", "a.ipynb"]),
    ],
)  # fmt: skip
def test_part_of_when_a_path_is_judged_then_by_its_name(part, paths):
    assert {path: part_of(path) for path in paths} == dict.fromkeys(paths, part)


def test_parts_when_given_then_words_of_the_registry():
    assert {part_of(path) for path in ("a.bin", "a.csv", "a.md", "a.json", "a.py")} == {
        each.value for each in Part
    } - {Part.FULL.value}
