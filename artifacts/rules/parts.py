"""Which part of a bundle a file belongs to, judged by its path alone.

The words are those of `enums.Part`. Source for weights and cards: the Hub's documentation of model
and data-set repositories; the rest is what such repositories hold.
"""

from pathlib import PurePosixPath

_WEIGHTS = frozenset(
    [
        ".safetensors",
        ".bin",
        ".pt",
        ".pth",
        ".ckpt",
        ".h5",
        ".keras",
        ".onnx",
        ".onnx_data",
        ".msgpack",
        ".gguf",
        ".ggml",
        ".tflite",
        ".pb",
        ".pdparams",
        ".mlmodel",
        ".caffemodel",
        ".joblib",
        ".pkl",
        ".pickle",
        ".model",
        ".npz",
        ".ot",
        ".llamafile",
        ".engine",
    ]
)
_DATASET = frozenset(
    [
        ".parquet",
        ".csv",
        ".tsv",
        ".jsonl",
        ".ndjson",
        ".arrow",
        ".feather",
        ".zip",
        ".gz",
        ".bz2",
        ".xz",
        ".zst",
        ".tar",
        ".tgz",
        ".7z",
        ".rar",
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".bmp",
        ".tif",
        ".tiff",
        ".webp",
        ".svg",
        ".wav",
        ".mp3",
        ".flac",
        ".ogg",
        ".m4a",
        ".mp4",
        ".avi",
        ".mov",
        ".mkv",
        ".webm",
        ".npy",
        ".mat",
        ".hdf5",
        ".tfrecord",
        ".lmdb",
        ".db",
        ".sqlite",
        ".idx",
        ".rec",
        ".xls",
        ".xlsx",
        ".nc",
        ".las",
    ]
)
_CONFIG = frozenset(
    [".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".jinja", ".lock", ".spm"]
)
_CARD = frozenset([".md", ".mdx", ".rst", ".bib", ".cff", ".pdf"])
_CARD_STEMS = (
    "readme",
    "license",
    "licence",
    "notice",
    "copying",
    "citation",
    "authors",
    "changelog",
)
_CONFIG_NAMES = frozenset(
    [
        "vocab.txt",
        "merges.txt",
        ".gitattributes",
        ".gitignore",
        ".gitmodules",
        ".editorconfig",
        "spiece.model",
        "sentencepiece.bpe.model",
        "tokenizer.model",
        "bpe.codes",
        "added_tokens.txt",
    ]
)
# Extensions that stand for compressed data unless they wrap a name that says more.
_COMPRESSED = frozenset([".gz", ".bz2", ".xz", ".zst"])


def part_of(path: str) -> str:
    """Return `weights`, `dataset`, `code`, `card` or `config`."""
    name = PurePosixPath(path.lower())
    if name.name in _CONFIG_NAMES:
        return "config"
    if name.stem.startswith(_CARD_STEMS) and name.suffix in ("", ".txt", *_CARD):
        return "card"
    suffix = name.suffix
    if suffix in _COMPRESSED and PurePosixPath(name.stem).suffix in _WEIGHTS:
        suffix = PurePosixPath(name.stem).suffix
    for part, suffixes in (
        ("weights", _WEIGHTS),
        ("dataset", _DATASET),
        ("config", _CONFIG),
        ("card", _CARD),
    ):
        if suffix in suffixes:
            return part
    return "code"
