"""Which part of a bundle a file belongs to, judged by its path and size, and then by its bytes.

Source for weights: `weights.py`; for cards: the Hub's documentation of model and data-set
repositories; the rest is what such repositories hold in practice.
"""

from __future__ import annotations

from artifacts.enums import ArtifactType, Part
from artifacts.limits import UNKNOWN_CODE_MAX_BYTES
from artifacts.rules.weights import find_ending, is_helper, is_packed, is_weights

# Endings by part, in the order in which the parts are tried, after weights.
_ENDINGS = {
    Part.DATASET: frozenset((
        "parquet", "csv", "tsv", "jsonl", "ndjson", "arrow", "feather", "7z", "rar", "jpg", "jpeg",
        "png", "gif", "bmp", "tif", "tiff", "webp", "svg", "wav", "mp3", "flac", "ogg", "m4a",
        "mp4", "avi", "mov", "mkv", "webm", "npy", "mat", "tfrecord", "tfrecords", "lmdb", "db",
        "sqlite", "sqlite3", "idx", "rec", "xls", "xlsx", "nc", "las", "avro", "orc", "duckdb",
        "spacy", "faiss", "jp2", "heic", "avif", "opus", "ply", "obj", "glb", "pcd",
    )),
    Part.CONFIG: frozenset((
        "json", "yaml", "yml", "toml", "ini", "cfg", "conf", "jinja", "lock", "spm", "tiktoken",
        "bpe", "codes", "vocab", "prototxt", "pbtxt", "param", "gin", "metadata",
    )),
    Part.CARD: frozenset(("md", "mdx", "rst", "bib", "cff", "pdf")),
    # Listed so that `license_check.py` is code and not a card.
    Part.CODE: frozenset((
        "py", "pyi", "pyx", "ipynb", "js", "mjs", "ts", "tsx", "jsx", "html", "css", "sh", "bat",
        "ps1", "c", "h", "cc", "cpp", "hpp", "cu", "cuh", "java", "kt", "go", "rs", "rb", "r", "jl",
        "lua", "m", "mm", "swift", "cs", "sql", "proto", "cmake", "mk",
    )),
}  # fmt: skip
# Texts of any purpose, `requirements.txt` and `LICENSE.txt`: code unless their names say card.
_TEXT_ENDINGS = frozenset(("txt", "xml", "log", "in"))
# Files that describe a repository and its terms, whatever their ending.
_CARD_NAMES = (
    "readme", "license", "licence", "notice", "copying", "citation", "authors", "changelog",
)  # fmt: skip
_CONFIG_NAMES = frozenset((
    "vocab.txt", "merges.txt", ".gitattributes", ".gitignore", ".gitmodules", ".editorconfig",
    "bpe.codes", "added_tokens.txt", "checkpoint", "fingerprint.pb", "keras_metadata.pb",
))  # fmt: skip
# Tokenizers and what prepares inputs, by the beginnings of their names, where the ending is also
# one of weights: `tokenizer.model`, `spiece.model`, `tokenizer.bin`, `vocab.pkl`.
_CONFIG_STARTS = (
    "tokenizer", "spiece", "sentencepiece", "spm", "sp.model", "vocab", "feature_extractor",
    "preprocessor", "label_encoder",
)  # fmt: skip
_CONFIG_ENDINGS = frozenset(("model", "bin", "pkl", "pickle", "joblib", "npz"))
# Endings of weights that are as usual for data. In a data set they are data.
_ENDINGS_OF_BOTH = frozenset((
    "bin", "h5", "hdf5", "npz", "zarr", "pkl", "pickle", "pck", "dill", "joblib", "jbl", "msgpack",
    "pt", "vec", "params", "plan", "task", "lite", "ms",
))  # fmt: skip
# How the content of formats begins, where the beginning tells: (offset, bytes) -> part. A file of a
# known ending is what its ending says, since most formats here have several readings.
_MAGIC = (
    (0, b"GGUF", Part.WEIGHTS),
    (0, b"lmgg", Part.WEIGHTS),
    (0, b"fmgg", Part.WEIGHTS),
    (0, b"tjgg", Part.WEIGHTS),
    (0, b"algg", Part.WEIGHTS),
    (4, b"TFL3", Part.WEIGHTS),
    (4, b"ET12", Part.WEIGHTS),
    (0, b"\x89HDF\r\n\x1a\n", Part.WEIGHTS),
    (0, b"ftrt", Part.WEIGHTS),
    (0, b"RKNN", Part.WEIGHTS),
    # pickle, protocols 2 to 5, as torch.save wrote it before it wrote zips.
    (0, b"\x80\x02", Part.WEIGHTS),
    (0, b"\x80\x03", Part.WEIGHTS),
    (0, b"\x80\x04\x95", Part.WEIGHTS),
    (0, b"\x80\x05\x95", Part.WEIGHTS),
    # safetensors: the length of the header, which ends in zeros, and the header.
    (4, b"\x00\x00\x00\x00{", Part.WEIGHTS),
    (0, b"PAR1", Part.DATASET),
    (0, b"ARROW1", Part.DATASET),
    (0, b"SQLite format 3\x00", Part.DATASET),
    (0, b"\x93NUMPY", Part.DATASET),
    (0, b"\x89PNG", Part.DATASET),
    (0, b"\xff\xd8\xff", Part.DATASET),
    (0, b"RIFF", Part.DATASET),
    (0, b"fLaC", Part.DATASET),
    (0, b"OggS", Part.DATASET),
)
# `torch.save` writes a zip whose members all lie in a folder, with `data.pkl` first.
_ZIP, _TORCH_MEMBER = b"PK\x03\x04", b"/data.pkl"


def classify_part(path: str, size_bytes: int | None = None) -> Part:
    """Return the part of a file: any but `full`.

    Args:
        size_bytes: None for unknown. A large file of unknown ending is no code.
    """
    known = _find_known(path)
    if known is not None:
        return known
    is_large = size_bytes is not None and size_bytes > UNKNOWN_CODE_MAX_BYTES
    return Part.OTHER if is_large else Part.CODE


def classify_content(path: str, part: Part, start: bytes) -> Part:
    """Return the part of a file whose bytes are there: another one only if its name told nothing.

    Args:
        part: as its path and size told.
        start: its first bytes, at least 512 of them if it has so many.
    """
    if is_told_by_name(path):
        return part
    for offset, magic, told in _MAGIC:
        if start.startswith(magic, offset):
            return told
    if start.startswith(_ZIP):
        return Part.WEIGHTS if _TORCH_MEMBER in start[:512] else Part.OTHER
    return part if _is_text(start) else Part.OTHER


def is_told_by_name(path: str) -> bool:
    """Whether a file's name tells its part, so that nothing in its bytes changes that."""
    return _find_known(path) is not None


def settle_part(path: str, part: Part, artifact_type: ArtifactType) -> Part:
    """Return the part of a file in an artifact of this type."""
    is_data = artifact_type == ArtifactType.DATASET and part == Part.WEIGHTS
    name = path.lower().rpartition("/")[2]
    return Part.DATASET if is_data and find_ending(name) in _ENDINGS_OF_BOTH else part


def _find_known(path: str) -> Part | None:
    """Return the part that a path tells; None if it tells nothing."""
    name = path.lower().rpartition("/")[2]
    ending = find_ending(name)
    if name in _CONFIG_NAMES or (name.startswith(_CONFIG_STARTS) and ending in _CONFIG_ENDINGS):
        return Part.CONFIG
    if is_weights(path):
        return Part.WEIGHTS
    for part, endings in _ENDINGS.items():
        if ending in endings:
            return part
    if is_helper(path):
        return Part.OTHER
    if is_packed(name):
        return Part.DATASET
    if _is_card(name):
        return Part.CARD
    return Part.CODE if ending in _TEXT_ENDINGS else None


def _is_text(start: bytes) -> bool:
    """Whether the beginning of a file is text; a character may be cut at its end."""
    if b"\0" in start:
        return False
    try:
        start.decode()
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _is_card(name: str) -> bool:
    """Whether a name is that of a card file, perhaps in the plural or with a suffix."""
    for known in _CARD_NAMES:
        if name.startswith(known):
            return name.removeprefix(known).removeprefix("s")[:1] in ("", "-", "_", ".", " ")
    return False
