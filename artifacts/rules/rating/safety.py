"""What makes a model unsafe to load, as far as files, configuration and the Hub's scans show it.

Source: Python documentation, pickle ("only unpickle data you trust"); safetensors; transformers,
`auto_map` and `trust_remote_code`; diffusers, custom pipelines; Hugging Face Hub documentation,
"Pickle Scanning", "Malware Scanning" (`securityRepoStatus`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.deployment import deployed_files, list_weights
from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.readme import Readme
from artifacts.rules.values import read_list, read_text

SafetyKind = Literal["pickle_only", "code_at_load", "code_unknown", "trusts_code", "scan_found"]

# Formats that Python unpickles, which may run anything...
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".dill", ".pth.tar")
# ... and those that hold numbers only. A model that has both can be loaded from the latter.
_PLAIN = (
    ".safetensors", ".gguf", ".ggml", ".onnx", ".tflite", ".h5", ".keras", ".msgpack", ".mlmodel",
    ".ot", ".npz", ".pb",
)  # fmt: skip
# Programs whose `.bin` files hold plain numbers, by the library or by how the files' names begin:
# tables of spaCy, vectors of fastText, weights of CTranslate2, OpenVINO and GGML.
_PLAIN_BIN_LIBRARIES = frozenset((
    "spacy", "fasttext", "floret", "ctranslate2", "openvino", "ggml", "whisper.cpp", "llama.cpp",
    "nexa", "ncnn", "mlc-llm",
))  # fmt: skip
_PLAIN_BIN_NAMES = ("ggml", "openvino_", "params_shard_", "lid.", "cc.")
# Levels of the Hub's scanners that warn.
_WARNINGS = frozenset(("unsafe", "suspicious", "caution", "infected", "error"))
_NAMED_MAX = 3


@dataclass(frozen=True)
class SafetyFact:
    """One thing to know before the model is loaded.

    Attributes:
        sentence: what it is, for people.
        citation: where it stands.
    """

    kind: SafetyKind
    sentence: str
    citation: Citation


def find_safety_facts(model: ModelFacts, readme: Readme) -> tuple[SafetyFact, ...]:
    """Return what is known, the gravest first."""
    return (
        *_scanned_here(model),
        *_scanned(model),
        *_pickled(model),
        *_with_own_code(model),
        *_trusting(model, readme),
    )


def runs_own_code(model: ModelFacts) -> bool:
    """Whether libraries run code of the repository when they load the model."""
    return bool(model.config.get("auto_map")) or bool(_custom_pipeline(model))


def _scanned_here(model: ModelFacts) -> Iterator[SafetyFact]:
    """Yield what the registry's own scan found."""
    if model.scanned:
        yield SafetyFact("scan_found", model.scanned[0], cite(model, "", model.scanned[0]))


def _scanned(model: ModelFacts) -> Iterator[SafetyFact]:
    """Yield what the Hub's scanners found."""
    found = [
        f"{path} ({level})"
        for each in read_list(model.scan.get("filesWithIssues"))
        if isinstance(each, dict)
        and (path := read_text(each.get("path")))
        and (level := read_text(each.get("level"))) in _WARNINGS
    ]
    if found:
        more = f" and {len(found) - _NAMED_MAX} more" if len(found) > _NAMED_MAX else ""
        files = ", ".join(found[:_NAMED_MAX]) + more
        sentence = f"The Hub's scanners warn of {files}."
        yield SafetyFact("scan_found", sentence, cite(model, "", sentence))


def _pickled(model: ModelFacts) -> Iterator[SafetyFact]:
    """Yield that all weights are pickles; what lies beside them in other formats may be none."""
    weights = [file.path for file in list_weights(model.files)]
    loaded = [file.path for file in deployed_files(model.files)] or weights
    pickles = sorted(path for path in weights if _is_pickle(path.lower(), model))
    is_plain = any(path.lower().endswith(_PLAIN) for path in weights)
    if pickles and not is_plain and not set(loaded).isdisjoint(pickles):
        sentence = (
            f"The weights are only there as pickles ({pickles[0]}), which can run code when they "
            "are loaded."
        )
        yield SafetyFact("pickle_only", sentence, cite(model, pickles[0]))


def _is_pickle(path: str, model: ModelFacts) -> bool:
    """Whether Python unpickles a file of weights, whose path is in lower case."""
    if not path.endswith(".bin"):
        return path.endswith(_PICKLES)
    name = path.rpartition("/")[2]
    libraries = {model.library.lower(), *(tag.lower() for tag in model.tags)}
    return not name.startswith(_PLAIN_BIN_NAMES) and not libraries & _PLAIN_BIN_LIBRARIES


def _with_own_code(model: ModelFacts) -> Iterator[SafetyFact]:
    """Yield that loading the model runs code of its repository."""
    classes = model.config.get("auto_map")
    unread = _why_unread(model)
    if unread:
        sentence = f"Whether code of its own runs at loading is not known. {unread}"
        yield SafetyFact("code_unknown", sentence, cite(model, ""))
    elif classes:
        quote = f"auto_map: {_first_text(classes)}"
        sentence = "Its configuration names code of its own (auto_map), which runs at loading."
        yield SafetyFact("code_at_load", sentence, cite(model, "config.json", quote))
    elif custom := _custom_pipeline(model):
        sentence = "It has a pipeline of its own, whose code runs at loading."
        yield SafetyFact("code_at_load", sentence, cite(model, "model_index.json", custom))


def _why_unread(model: ModelFacts) -> str:
    """Return why the configuration was not read, "" if it was or if there is none."""
    reading = model.readings.get("config")
    return "" if reading is None or reading.is_known else reading.reason


def _custom_pipeline(model: ModelFacts) -> str:
    """Return the file of a pipeline of one's own, "" for none.

    Source: diffusers, "Load community pipelines": `_class_name` is a pair of module and class.
    """
    stated = read_list(model.config.get("_class_name"))
    return read_text(stated[0]) if stated else ""


def _trusting(model: ModelFacts, readme: Readme) -> Iterator[SafetyFact]:
    """Yield that the card's code has others' code run."""
    for block in readme.code_blocks:
        for line in block.text.splitlines():
            if "trust_remote_code" in line and "True" in line:
                sentence = "The card's code runs code of a repository (trust_remote_code=True)."
                yield SafetyFact("trusts_code", sentence, cite(model, quote=line))
                return


def _first_text(value: Any) -> str:
    """Return the first text in a mapping of classes."""
    values = list(value.values()) if isinstance(value, dict) else [value]
    found = (each for each in values if isinstance(each, str))
    return next(found, "")
