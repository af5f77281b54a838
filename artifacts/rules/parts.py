"""Which part of a bundle a file belongs to, judged by its path alone.

The words are those of `enums.Part`. Source for weights and cards: the Hub's documentation of model
and data-set repositories; the rest is what such repositories hold.
"""

from __future__ import annotations

from pathlib import PurePosixPath

# The table of extensions, in the order in which the parts are looked through.
_EXTENSIONS = {
    "weights": frozenset((
        ".safetensors", ".bin", ".pt", ".pth", ".ckpt", ".h5", ".keras", ".onnx", ".msgpack",
        ".gguf", ".ggml", ".tflite", ".pb", ".pdparams", ".mlmodel", ".caffemodel", ".joblib",
        ".pkl", ".pickle", ".model", ".npz", ".ot", ".llamafile", ".engine",
    )),
    "dataset": frozenset((
        ".parquet", ".csv", ".tsv", ".jsonl", ".ndjson", ".arrow", ".feather", ".zip", ".gz",
        ".bz2", ".xz", ".zst", ".tar", ".tgz", ".7z", ".rar", ".jpg", ".jpeg", ".png", ".gif",
        ".bmp", ".tif", ".tiff", ".webp", ".svg", ".wav", ".mp3", ".flac", ".ogg", ".m4a", ".mp4",
        ".avi", ".mov", ".mkv", ".webm", ".npy", ".mat", ".hdf5", ".tfrecord", ".lmdb", ".db",
        ".sqlite", ".idx", ".rec", ".xls", ".xlsx", ".nc", ".las",
    )),
    "config": frozenset((
        ".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".conf", ".jinja", ".lock", ".spm",
    )),
    "card": frozenset((".md", ".mdx", ".rst", ".bib", ".cff", ".pdf")),
    # What no other rule may claim, as in `license_check.py`; anything unknown is code as well.
    "code": frozenset((
        ".py", ".pyi", ".ipynb", ".js", ".mjs", ".ts", ".tsx", ".jsx", ".html", ".css", ".sh",
        ".bat", ".ps1", ".c", ".h", ".cc", ".cpp", ".hpp", ".cu", ".cuh", ".java", ".kt", ".go",
        ".rs", ".rb", ".r", ".jl", ".lua", ".m", ".mm", ".swift", ".cs", ".sql", ".proto",
        ".cmake", ".mk",
    )),
}  # fmt: skip
# Files that say what a repository is and on which terms, whatever their ending.
_CARD_NAMES = (
    "readme", "license", "licence", "notice", "copying", "citation", "authors", "changelog",
)  # fmt: skip
_CONFIG_NAMES = frozenset((
    "vocab.txt", "merges.txt", ".gitattributes", ".gitignore", ".gitmodules", ".editorconfig",
    "spiece.model", "sentencepiece.bpe.model", "sentencepiece.model", "tokenizer.model",
    "bpe.codes", "added_tokens.txt",
))  # fmt: skip
# Extensions that stand for compressed data unless they wrap a name that says more.
_COMPRESSED = frozenset((".gz", ".bz2", ".xz", ".zst"))
# Large ONNX models keep their tensors beside them: `.onnx_data`, `.onnx_data_1`, `.onnx.data`.
_ONNX_DATA = ("_data", ".data")


def part_of(path: str) -> str:
    """Return `weights`, `dataset`, `code`, `card` or `config`."""
    name = PurePosixPath(path.lower())
    if name.name in _CONFIG_NAMES:
        return "config"
    if _is_onnx_data(name.name):
        return "weights"
    suffix = name.suffix
    if suffix in _COMPRESSED and PurePosixPath(name.stem).suffix in _EXTENSIONS["weights"]:
        suffix = PurePosixPath(name.stem).suffix
    for part, extensions in _EXTENSIONS.items():
        if suffix in extensions:
            return part
    return "card" if _is_card(name.name) else "code"


def _is_onnx_data(name: str) -> bool:
    """Whether a file holds tensors of an ONNX model that is beside it."""
    _, dot, ending = name.rpartition(".onnx")
    if not dot or not ending.startswith(_ONNX_DATA):
        return False
    number = ending[len(_ONNX_DATA[0]) :]
    return not number or (number[0] == "_" and number[1:].isdecimal())


def _is_card(name: str) -> bool:
    """Whether a name is one of a card's files, in the plural or with more behind it."""
    for known in _CARD_NAMES:
        if name.startswith(known):
            return name.removeprefix(known).removeprefix("s")[:1] in ("", "-", "_", ".", " ")
    return False
