"""Honest files of every format, made here: what a scan must find nothing in."""

import array
import bz2
import collections
import datetime as dt
import decimal
import fractions
import gzip
import json
import lzma
import pickle
import struct
import uuid
import zlib
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from types import SimpleNamespace

from tests.unit.rules.scanning.pickling import (
    legacy_torch,
    short_2,
    state_dict,
    subclassed,
    torch_zip,
    zipped,
)

# In two pieces: a check for private keys reads this file, too.
KEY = "PRIVATE" + " KEY"
RECURSIVE: list[object] = [1]
RECURSIVE.append(RECURSIVE)
VALUES = {
    "containers": {"a": [1, 2.5, None, True], "b": {1, 2}, "c": (1, "x"), "d": b"bytes" * 10},
    "more": [frozenset("ab"), bytearray(b"xy"), complex(1, 2), range(5), slice(1, 2)],
    "collections": [
        collections.OrderedDict(a=1),
        collections.defaultdict(list, {1: [2]}),
        collections.deque([1]),
        collections.Counter("abc"),
    ],
    "numbers": [decimal.Decimal("1.5"), fractions.Fraction(1, 3), 10**40, -(10**40), 1e300],
    "dates": [
        dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        dt.timedelta(1),
        dt.date(2026, 1, 1),
    ],
    "others": [
        uuid.UUID(int=5),
        array.array("d", [1.0]),
        PurePosixPath("a/b"),
        SimpleNamespace(a=1),
    ],
    "vocabulary": {f"word{number}": number for number in range(3_000)},
    "words_that_name_globals": ["os", "system", "builtins", "exec", "os.system", "eval"],
    "recursive": RECURSIVE,
    "long_texts": ["x" * 70_000, "ü" * 500, "a\nb\\u0041'\""],
}
COMPRESSIONS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "z": zlib.compress,
}


def array_of_numpy(pickled: bytes, kind: str, shape: str = "(1,)") -> bytes:
    """Return an NPY file."""
    header = f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickled


def joblib_array(kind: str, width: int, count: int) -> bytes:
    """Return a list with two arrays, as joblib writes it: their numbers stand between opcodes."""
    one = (
        b"cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
        + short_2("subclass") + b"cnumpy\nndarray\n"
        + short_2("shape") + b"K" + bytes([count]) + b"\x85" + short_2("order") + short_2("C")
        + short_2("dtype") + b"cnumpy\ndtype\n" + short_2(kind) + b"\x89\x88\x87R(K\x03"
        + short_2("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
        + short_2("allow_mmap") + b"\x88" + short_2("numpy_array_alignment_bytes") + b"K\x10ub"
    )  # fmt: skip
    # Numbers that would be opcodes: c, o, s, newline.
    numbers = b"\x02\0\0" + (b"cos\nsystem\n(tR." * width * count)[: width * count]
    return b"\x80\x03](" + (one + numbers) * 2 + b"e."


def gguf(template: str) -> bytes:
    """Return a header of GGUF with a vocabulary and a chat template."""

    def text(value: str) -> bytes:
        raw = value.encode()
        return struct.pack("<Q", len(raw)) + raw

    words = [f"word{number}" for number in range(200)]
    entries = [
        text("general.architecture") + struct.pack("<I", 8) + text("llama"),
        text("llama.block_count") + struct.pack("<II", 4, 32),
        text("tokenizer.ggml.tokens")
        + struct.pack("<IIQ", 9, 8, len(words))
        + b"".join(map(text, words)),
        text("tokenizer.ggml.scores") + struct.pack("<IIQ", 9, 6, 3) + bytes(12),
        text("tokenizer.chat_template") + struct.pack("<I", 8) + text(template),
    ]
    return b"GGUF" + struct.pack("<IQQ", 3, 0, len(entries)) + b"".join(entries) + bytes(64)


def safetensors(names: int) -> bytes:
    """Return safetensors; the length of the header may look like the start of a pickle."""
    header = json.dumps(
        {f"w{n}": {"dtype": "F32", "shape": [1], "data_offsets": [4 * n, 4 * n + 4]}
         for n in range(names)}
    ).encode()  # fmt: skip
    header += b" " * (-(len(header) - 0x80) % 256)
    return struct.pack("<Q", len(header)) + header + bytes(4 * names)


TEMPLATE = "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\\n' + m.content }}{% endfor %}"
CONFIGS = {
    "config.json": {"architectures": ["BertModel"], "hidden_size": 768, "model_type": "bert"},
    "tokenizer_config.json": {"chat_template": TEMPLATE, "tokenizer_class": "LlamaTokenizer"},
    "generation_config.json": {"eos_token_id": 2, "transformers_version": "4.50.0"},
    "model_index.json": {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet"]},
    "tokenizer.json": {"model": {"vocab": {"os": 1, "system": 2}, "merges": []}},
    "modules.json": [{"idx": 0, "type": "sentence_transformers.models.Transformer"}],
}
KERAS = {
    "module": "keras", "class_name": "Sequential", "registered_name": None,
    "config": {"layers": [
        {"module": "keras.layers", "class_name": "Dense", "config": {
            "activation": "relu", "kernel_initializer": {
                "module": "keras.initializers", "class_name": "GlorotUniform", "config": {}}}},
        {"module": "builtins", "class_name": "function", "config": "relu"},
    ]},
}  # fmt: skip
TEXTS = {
    "README.md": "# A model\n\n```python\nimport os\nos.system('ls')\nexec('1')\n```\n",
    "modeling.py": "import subprocess\n\ncos = 1\nsubprocess.run(['ls'])\n",
    "run.sh": "#!/bin/sh\npython train.py\n",
    "train.py": "#!/usr/bin/env python\nprint('hf_' + 'x' * 34)\n",
    "requirements.txt": "torch\ncos\nsystem\n(tR.\nnumpy\n",
    "vocab.txt": "[PAD]\nc\nos\nsystem\n(\ntR.",
    "merges.txt": "#version: 0.2\nc o\no s\n",
    "data.csv": "a,b\n1,2\n",
    "data.jsonl": '{"text": "c"}\n{"text": "os"}\n',
    "LICENSE": "MIT License\n\nCopyright (c) 2026\n",
    "example.env": "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nHF_TOKEN=hf_" + "x" * 34,
    "key.md": f"-----BEGIN {KEY}-----\nMIIEvQIBADANBgkqhkiG9w0...\n-----END {KEY}-----",
    "digests.txt": "ghp_" + "a" * 36 + "\nsha256:" + "ab" * 32 + "\n",
    "chat_template.jinja": TEMPLATE,
}
ONNX = b"\x08\x08\x12\x07pytorch\x3a\x30\x0a\x08location\x12\x0eweights.bin\0\0\0"
BINARIES = {
    "cat.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "cat.jpg": b"\xff\xd8\xff\xe0" + bytes(100),
    "sound.wav": b"RIFF\x24\0\0\0WAVE" + bytes(100),
    "table.parquet": b"PAR1" + bytes(100) + b"PAR1",
    "kernel.so": b"\x7fELF\x02\x01\x01" + bytes(100),
    "libx.so.1": b"\x7fELF\x02\x01\x01" + bytes(100),
    "tool.exe": b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0",
    "tool": b"\x7fELF\x02\x01\x01" + bytes(100),
    "model.tflite": b"\x1c\0\0\0TFL3" + bytes(100),
    "spiece.model": b"\x0a\x0e\x0a\x05<unk>\x15\0\0\0\0\x18\x02" * 20,
    "model.onnx": ONNX,
    "saved_model.pb": b"\x08\x01\x12\x20\x0a\x05\x12\x03Add" + bytes(100),
    "ggml.bin": b"lmgg" + bytes(100),
    "weights.bin": bytes(range(256)) * 4,
    "fasttext.bin": struct.pack("<ii", 793712314, 12) + bytes(200),
    "model.h5": b"\x89HDF\r\n\x1a\n" + bytes(3_000) + json.dumps(KERAS).encode() + bytes(3_000),
    "empty.bin": b"",
    "empty.txt": b"",
    "model.gguf": gguf(TEMPLATE),
    "pointer.bin": b"version https://git-lfs.github.com/spec/v1\noid sha256:"
    + b"a" * 64
    + b"\nsize 9\n",
}


def list_honest() -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each file."""
    yield from _pickles()
    yield from _checkpoints()
    yield from _arrays()
    yield "model.keras", zipped({"config.json": json.dumps(KERAS).encode(), "model.h5": bytes(9)})
    yield from ((f"model_{count}.safetensors", safetensors(count)) for count in (1, 2, 3, 5, 8, 13))
    yield from ((name, json.dumps(config).encode()) for name, config in CONFIGS.items())
    yield from ((name, text.encode()) for name, text in TEXTS.items())
    yield from BINARIES.items()


def _pickles() -> Iterator[tuple[str, bytes]]:
    """Yield values of the standard library in each protocol, some of them packed."""
    for name, value in VALUES.items():
        for protocol in range(6):
            pickled = pickle.dumps(value, protocol)
            yield f"{name}_{protocol}.pkl", pickled
            if protocol in (2, 4):
                for ending, compress in COMPRESSIONS.items():
                    yield f"{name}_{protocol}_{ending}.joblib", compress(pickled)


def _checkpoints() -> Iterator[tuple[str, bytes]]:
    """Yield what PyTorch writes and wrote."""
    for count in (1, 3, 40):
        pickled = state_dict(count)
        for ending in ("bin", "pt", "pth", "ckpt"):
            yield f"zip_{count}.{ending}", torch_zip(pickled)
            yield f"legacy_{count}.{ending}", legacy_torch(pickled)
        yield f"deflated_{count}.pt", torch_zip(pickled, 8)
    yield "subclassed.pt", torch_zip(subclassed())
    yield "subclassed.pkl", subclassed()


def _arrays() -> Iterator[tuple[str, bytes]]:
    """Yield arrays of numpy, and those that joblib writes between opcodes."""
    for kind, width in (("f8", 8), ("i4", 4), ("U10", 40), ("b1", 1), ("V12", 12), ("M8", 8)):
        for count in (1, 7):
            made = joblib_array(kind, width, count)
            yield f"array_{kind}_{count}.joblib", made
            yield f"array_{kind}_{count}_z.joblib", zlib.compress(made)
        plain = array_of_numpy(bytes(width), f"'<{kind}'")
        yield f"array_{kind}.npy", plain
        yield f"array_{kind}.npz", zipped({"a.npy": plain, "b.npy": plain}, 8)
    objects = array_of_numpy(pickle.dumps([1, "x", None]), "'|O'")
    yield "objects.npy", objects
    yield "objects.npz", zipped({"a.npy": objects})
