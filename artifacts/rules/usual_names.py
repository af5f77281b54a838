"""Under which names repositories keep their card, configuration and license, in any case.

Source: the Hub's documentation ("Model Cards", "Licenses"); transformers, PEFT and diffusers
(configurations); GitHub's licensee (names of license files); the REUSE specification 3.3
(`LICENSES/`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

# In the order in which they are preferred: only Markdown has front matter.
_READMES = ("readme.md", "readme.markdown", "readme.mdx", "readme", "readme.rst", "readme.txt")
_CONFIGS = ("config.json", "adapter_config.json", "model_index.json")
# Words of license files; one of them stands in the name, alone or beside other words.
_LICENSE_WORDS = frozenset((
    "license", "licence", "licenses", "licences", "copying", "copying3", "unlicense", "unlicence",
    "copyright", "eula", "terms", "agreement", "lizenz", "licencia", "licenza", "licen\xe7a",
    "\u8bb8\u53ef\u8bc1", "\u8bb8\u53ef\u534f\u8bae", "\u30e9\u30a4\u30bb\u30f3\u30b9",
))  # fmt: skip
_LICENSE_FOLDERS = frozenset(("license", "licence", "licenses", "licences"))
# Folders that may hold the terms of everything where the root holds none.
_OTHER_FOLDERS = frozenset((
    ".github", "docs", "doc", "legal", "model", "models", "weights", "checkpoint", "checkpoints",
))  # fmt: skip
# Endings of texts; "" for none. Others are names, as in `LICENSE.MIT`, or no license at all.
_TEXTS = frozenset(("", ".md", ".markdown", ".mdx", ".txt", ".text", ".rst", ".adoc", ".asc"))
# Licenses that people keep in forms that are not read.
_PAGES = frozenset((".pdf", ".html", ".htm", ".doc", ".docx", ".odt", ".rtf"))
# Endings after "LICENSE" that are the file's format, not the license's name.
_NO_NAMES = frozenset((
    ".py", ".js", ".ts", ".sh", ".c", ".h", ".go", ".rs", ".java", ".json", ".yml", ".yaml",
    ".toml", ".xml", ".csv", ".png", ".jpg", ".jpeg", ".svg", ".gif", ".zip", ".gz", ".bin", ".pt",
    ".onnx", ".safetensors", ".key", ".tmpl", ".template", ".header", ".spdx", ".lic", ".cfg",
    ".ini", ".ipynb", ".css", ".parquet", ".pkl", ".bak",
))  # fmt: skip
# What else a "license" is: no terms of use.
_OTHER_MEANINGS = frozenset((
    "plate", "plates", "key", "keys", "check", "checker", "header", "headers", "template",
    "templates", "server", "detection", "detector", "ocr", "recognition", "third", "party",
    "3rdparty", "third-party", "dependencies", "deps", "fonts", "font", "contributor",
    "contributors", "contribution", "cla", "service", "privacy", "search", "glossary",
))  # fmt: skip
_OF_MODELS = frozenset(("model", "models", "weights", "weight", "checkpoint", "checkpoints"))
# How many folders around the card are looked into: each takes a walk over all paths.
_WRAPPERS_MAX = 4
_SEPARATORS = str.maketrans(dict.fromkeys("-_. ()[]~", " "))


def find_readme(paths: Collection[str], folder: str = "") -> str:
    """Return the path of the card of a folder, or else of the repository; "" for none."""
    found = _first(paths, _READMES, folder)
    return found or (_first(paths, _READMES, "") if folder else "")


def find_only_folder(paths: Collection[str]) -> str:
    """Return the folder that was packed, where files were laid beside it; "" for the root.

    That is the only folder of the root or, if there is no README in it, its only folder.
    """
    folder, inside = "", list(paths)
    for _ in range(_WRAPPERS_MAX):
        if _first(inside, _READMES, ""):
            break
        tops = {path.partition("/")[0] for path in inside if "/" in path and path[0] != "."}
        if len(tops) != 1:
            return ""
        top = f"{tops.pop()}/"
        folder += top
        inside = [path.removeprefix(top) for path in inside if path.startswith(top)]
    return folder.removesuffix("/") if _first(inside, _READMES, "") else ""


def find_other_readme(paths: Collection[str]) -> str:
    """Return the path of the README that lies in the fewest folders, "" for none at all."""
    found = (path for path in paths if path.lower().rpartition("/")[2] in _READMES)
    return min(found, key=lambda path: (path.count("/"), path), default="")


def find_config(paths: Collection[str], folder: str = "") -> str:
    """Return the path of a model's configuration in a folder, "" for none."""
    return _first(paths, _CONFIGS, folder)


def find_license_files(paths: Iterable[str]) -> list[str]:
    """Return the paths of license files, the decisive one first.

    Terms of the model come before others, a plain name before one with further words, and the root
    before `LICENSES/` and other folders.
    """
    ranked = [(rank, path) for path in paths if (rank := _license_rank(path)) is not None]
    return [path for _, path in sorted(ranked)]


def is_of_model(path: str) -> bool:
    """Whether a license file says by its name that it is about the model, as `LICENSE-MODEL`."""
    return not _OF_MODELS.isdisjoint(_words(PurePosixPath(path).name.lower()))


def is_text(path: str) -> bool:
    """Whether a license file can be read as text."""
    return PurePosixPath(path.lower()).suffix not in _PAGES


def _first(paths: Collection[str], names: Iterable[str], folder: str) -> str:
    """Return the path of the first of some names in a folder; the usual case takes precedence."""
    prefix = f"{folder}/" if folder else ""
    there: dict[str, list[str]] = {}
    for path in paths:
        if path.startswith(prefix) and "/" not in path[len(prefix) :]:
            there.setdefault(path[len(prefix) :].lower(), []).append(path)
    for name in names:
        if name in there:
            return min(there[name], key=lambda path: (_is_unusual(path, name), path))
    return ""


def _is_unusual(path: str, name: str) -> bool:
    """Whether a file has another case than `README.md` or `config.json` have."""
    stem, dot, ending = name.partition(".")
    usual = f"{stem.upper()}{dot}{ending}" if stem == "readme" else name
    return not path.endswith(usual)


def _license_rank(path: str) -> tuple[int, int] | None:
    """Return how decisive a license file is, lowest first; None for other files."""
    folder, _, name = path.lower().rpartition("/")
    suffix = PurePosixPath(name).suffix
    if folder in _LICENSE_FOLDERS:
        return (3, len(name)) if suffix not in _NO_NAMES else None
    if folder and folder not in _OTHER_FOLDERS:
        return None
    words = _words(name)
    if suffix in _NO_NAMES or _LICENSE_WORDS.isdisjoint(words):
        return None
    if not _OTHER_MEANINGS.isdisjoint(words):
        return None
    stem = name.removesuffix(suffix) if suffix in _TEXTS | _PAGES else name
    if suffix not in _TEXTS | _PAGES and words[0] not in _LICENSE_WORDS:
        return None
    if folder:
        return (4, len(name))
    if is_of_model(path):
        return (0, len(name))
    return (1 if stem in _LICENSE_WORDS else 2, len(name))


def _words(name: str) -> list[str]:
    """Return the words of a file's name."""
    return name.translate(_SEPARATORS).split()
