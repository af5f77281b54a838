"""Artifacts that nobody trained or gathered, for the Hub's clients to fetch: always the same."""

import hashlib
import io
import json
import struct
import zipfile
from dataclasses import dataclass, field

from tests.fakes.repositories import Files

WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "model", "is", "read", "by", "hello")
HIDDEN, INNER, POSITIONS = 16, 32, 24
# More files than a page of the tree may hold has them come by pages where pages are shortened.
MANY_FILES = 120
# Above what the registry of these tests keeps of one artifact.
TOO_LARGE_BYTES = 9_000_000
KEPT_MAX_BYTES = 8_000_000


@dataclass
class Repository:
    """One artifact, as its source has it.

    Attributes:
        id: under which the Hub's clients find it in the registry.
        url: by which it is registered.
        older: its files before its last change, where it changed.
    """

    id: str
    url: str
    files: Files
    older: Files = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]

    def facts(self) -> dict[str, object]:
        """Return what a client's program compares with."""
        return {
            "id": self.id,
            "name": self.name,
            "files": {path: hashlib.sha256(data).hexdigest() for path, data in self.files.items()},
            "sizes": {path: len(data) for path, data in self.files.items()},
        }


def commit_of(name: str, number: int) -> str:
    """Return a commit, one for each number of a repository."""
    return hashlib.sha1(f"{name} {number}".encode(), usedforsecurity=False).hexdigest()


def card(name: str, more: str = "") -> bytes:
    return f"---\nlicense: mit\n---\n# {name}\n\nMade for tests. {more}\n".encode()


def model(name: str) -> Repository:
    """Return a model that transformers really loads, which has changed once."""
    files = {
        "README.md": card(name, "It was changed once."),
        "config.json": as_json(_config()),
        "model.safetensors": weights(),
        "tokenizer.json": as_json(_tokenizer()),
        "tokenizer_config.json": as_json(
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "unk_token": "[UNK]",
                "pad_token": "[PAD]",
                "model_max_length": POSITIONS,
            }
        ),
        "notes/deep/why.txt": b"Folders within folders have to arrive as they are.\n",
        "notes with space & sign.txt": b"Paths are written in per cent and read again.\n",
    }
    return Repository(
        name, f"https://huggingface.co/{name}", files, files | {"README.md": card(name)}
    )


def small(name: str) -> Repository:
    """Return a model of two files, to be withdrawn."""
    files = {"README.md": card(name), "config.json": as_json(_config())}
    return Repository(name, f"https://huggingface.co/{name}", files)


def too_large(name: str) -> Repository:
    """Return a model of which the registry keeps nothing."""
    files = {"README.md": card(name), "model.safetensors": bytes(TOO_LARGE_BYTES)}
    return Repository(name, f"https://huggingface.co/{name}", files)


def many(name: str, number: int = MANY_FILES) -> Repository:
    """Return a model of many small files."""
    files = {f"part-{each:04d}.txt": f"{each}\n".encode() for each in range(number)}
    return Repository(name, f"https://huggingface.co/{name}", files | {"README.md": card(name)})


def dataset(name: str) -> Repository:
    """Return a data set of two splits, which the library really loads."""
    files = {
        "README.md": card(name),
        "data/train.jsonl": lines(40),
        "data/test.jsonl": lines(7),
    }
    return Repository(name, f"https://huggingface.co/datasets/{name}", files)


def columns(name: str, parquet: bytes) -> Repository:
    """Return a data set as the Hub has most of them: one file of columns, kept as a large one."""
    files = {"README.md": card(name), "data/train-00000-of-00001.parquet": parquet}
    return Repository(name, f"https://huggingface.co/datasets/{name}", files)


def from_github(name: str) -> Repository:
    """Return a model that its authors keep on GitHub."""
    files = {"README.md": card(name), "config.json": as_json(_config())}
    return Repository(f"github.{name}", f"https://github.com/{name}", files)


def from_upload(user: str, name: str) -> Repository:
    """Return a model that somebody sends in; its URL is known once it is sent."""
    files = {"README.md": card(name), "config.json": as_json(_config()), "sub/a.txt": b"a\n"}
    return Repository(f"registry.{user}/{name}", "", files)


def zipped(files: Files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return packed.getvalue()


def lines(number: int) -> bytes:
    rows = ({"id": each, "text": f"sentence {each}"} for each in range(number))
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def as_json(data: object) -> bytes:
    return json.dumps(data, indent=1).encode()


def _config() -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "vocab_size": len(WORDS),
        "max_position_embeddings": POSITIONS,
        "type_vocab_size": 2,
    }


def _tokenizer() -> dict[str, object]:
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {
            "type": "WordLevel",
            "vocab": {word: number for number, word in enumerate(WORDS)},
            "unk_token": "[UNK]",
        },
    }


def weights() -> bytes:
    """Return the weights of the model, in safetensors: small numbers, by their place."""
    shapes = _shapes()
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    start = 0
    for name, shape in shapes.items():
        end = start + 4 * _count(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
        start = end
    told = json.dumps(header).encode()
    told += b" " * (-len(told) % 8)
    numbers = [((7 * each) % 13 - 6) / 40 for each in range(start // 4)]
    return struct.pack("<Q", len(told)) + told + struct.pack(f"<{len(numbers)}f", *numbers)


def _shapes() -> dict[str, list[int]]:
    """Return the tensors of a BERT of one layer, by name."""
    layer = "encoder.layer.0"
    matrices = {
        "embeddings.word_embeddings": [len(WORDS), HIDDEN],
        "embeddings.position_embeddings": [POSITIONS, HIDDEN],
        "embeddings.token_type_embeddings": [2, HIDDEN],
    }
    dense = {
        f"{layer}.attention.self.query": [HIDDEN, HIDDEN],
        f"{layer}.attention.self.key": [HIDDEN, HIDDEN],
        f"{layer}.attention.self.value": [HIDDEN, HIDDEN],
        f"{layer}.attention.output.dense": [HIDDEN, HIDDEN],
        f"{layer}.intermediate.dense": [INNER, HIDDEN],
        f"{layer}.output.dense": [HIDDEN, INNER],
        "pooler.dense": [HIDDEN, HIDDEN],
    }
    norms = ("embeddings", f"{layer}.attention.output", f"{layer}.output")
    return (
        {f"{name}.weight": shape for name, shape in (matrices | dense).items()}
        | {f"{name}.bias": shape[:1] for name, shape in dense.items()}
        | {f"{name}.LayerNorm.{each}": [HIDDEN] for name in norms for each in ("weight", "bias")}
    )


def _count(shape: list[int]) -> int:
    found = 1
    for each in shape:
        found *= each
    return found
