"""Layers of Keras that bring code of their own: Lambda layers, and classes of other modules.

Source: keras, `saving/serialization_lib.py` (safe_mode; `__lambda__`); CVE-2024-3660;
CVE-2025-1550.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import Unreadable
from artifacts.limits import SCAN_TEXT_MAX_BYTES, SCAN_VALUES_MAX
from artifacts.rules.documents import read_json
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.pickle_globals import judge_global
from artifacts.rules.scanning.searching import find_all

NAME = "Keras layers"

_D, _S = ScanVerdict.DANGEROUS, ScanVerdict.SUSPICIOUS
_HDF5 = b"\x89HDF\r\n\x1a\n"
# As the configuration of a model stands in a file of HDF5, in the spellings of Keras' releases.
_LAMBDAS = (b'"class_name": "Lambda"', b'"class_name":"Lambda"')
_MARSHALLED = (b'"__lambda__"', b'"function_type": "lambda"', b'"function_type":"lambda"')
_OWN = ("keras", "tensorflow", "tf_keras", "keras_hub", "keras_nlp", "keras_cv", "builtins")
_SAID_LAMBDA = (
    "It has a Lambda layer, which holds code of its own that runs with the model. Ask for a model "
    "without Lambda layers."
)


def fits(look: Look) -> bool:
    """Whether it is a file of HDF5, or the configuration of a model of Keras."""
    return look.start.startswith(_HDF5) or (
        look.is_named("config.json", "model.json", "architecture.json")
        and look.start[:1] in b"{ \n"
    )


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for code."""
    if look.start.startswith(_HDF5):
        found = find_all(look.window, (*_LAMBDAS, *_MARSHALLED))
        if found:
            yield look.finding(NAME, _D, _SAID_LAMBDA, "keras.layers.Lambda")
        return
    look.window.seek(0)
    raw = look.window.read(SCAN_TEXT_MAX_BYTES)
    if not any(each in raw for each in (b"class_name", b"__lambda__")):
        return
    try:
        data = read_json(raw, "The configuration", values_max=SCAN_VALUES_MAX)
    except Unreadable as error:
        yield look.finding(NAME, ScanVerdict.UNREADABLE, error.message)
        return
    seen: set[ScanFinding] = set()
    for finding in _walk(look, data):
        if finding not in seen:
            seen.add(finding)
            yield finding


def _walk(look: Look, data: Any) -> Iterator[ScanFinding]:
    """Yield what the objects of a configuration load; its depth is bounded."""
    if isinstance(data, list):
        for each in data:
            yield from _walk(look, each)
    if not isinstance(data, dict):
        return
    class_name, module = data.get("class_name"), data.get("module")
    if class_name in ("Lambda", "__lambda__"):
        yield look.finding(NAME, _D, _SAID_LAMBDA, "keras.layers.Lambda")
    elif isinstance(module, str) and isinstance(class_name, str) and module:
        yield from _judge(look, module, class_name, data.get("config"))
    for each in data.values():
        yield from _walk(look, each)


def _judge(look: Look, module: str, class_name: str, config: Any) -> Iterator[ScanFinding]:
    """Yield what is wrong with an object that is loaded by module and name."""
    name = config if class_name == "function" and isinstance(config, str) else class_name
    verdict = judge_global(module, name)
    whole = f"{module}.{name}"
    if verdict == _D:
        yield look.finding(NAME, _D, f"Its configuration reaches the system by {whole}.", whole)
    elif module.partition(".")[0] not in _OWN and verdict == _S:
        yield look.finding(
            NAME, _S, f"Its configuration loads {whole}, which is no part of Keras.", whole
        )
