"""Configurations that have libraries run code of the repository, or of another one.

Source: transformers, "Custom models" (`auto_map`, `trust_remote_code`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.exceptions import TooMuchToRead, Unreadable
from artifacts.limits import SCAN_TEXT_MAX_BYTES, SCAN_VALUES_MAX
from artifacts.rules.documents import read_json
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look

NAME = "custom code"

NAMES = ("config.json", "tokenizer_config.json", "processor_config.json",
          "preprocessor_config.json", "model_index.json", "adapter_config.json",
          "modules.json")  # fmt: skip


def fits(look: Look) -> bool:
    """Whether libraries read it before they load the model."""
    return look.name in NAMES and not look.place


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for classes that are named with the file of their code."""
    look.window.seek(0)
    raw = look.window.read(SCAN_TEXT_MAX_BYTES + 1)
    if len(raw) > SCAN_TEXT_MAX_BYTES:
        raise TooMuchToRead("The configuration", f"it has over {SCAN_TEXT_MAX_BYTES:,} bytes")
    # An escape may hide the key.
    if not any(each in raw for each in (b"auto_map", b"\\u00")):
        return
    try:
        data = read_json(raw, look.path, values_max=SCAN_VALUES_MAX)
    except TooMuchToRead:
        raise
    except Unreadable as error:
        yield look.finding(NAME, ScanVerdict.UNREADABLE, error.message)
        return
    classes = sorted(_list_classes(data.get("auto_map") if isinstance(data, dict) else None))
    for each in classes:
        repository, _, name = each.rpartition("--")
        if repository:
            sentence = (
                f"Loading it with trust_remote_code runs {name} of another repository, "
                f"{repository}, which is not kept here and may change at any time."
            )
        else:
            sentence = (
                f"Loading it with trust_remote_code runs its own code, {name}. Read that code "
                "before you allow it."
            )
        yield look.finding(NAME, ScanVerdict.SUSPICIOUS, sentence, each)


def _list_classes(auto_map: Any) -> set[str]:
    """Return the classes in an `auto_map`, by module and name."""
    values = auto_map.values() if isinstance(auto_map, dict) else ()
    found: set[str] = set()
    for each in values:
        found |= {
            name for name in (each if isinstance(each, list) else [each]) if isinstance(name, str)
        }
    return found
