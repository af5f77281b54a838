"""How the bytes of a file are read, as far as its name decides it.

Bytes are scanned once for each kind, whatever path they have: scanners see the kind and no more of
a name.
"""

from __future__ import annotations

from typing import Final

from artifacts.rules.scanning import chat_templates, custom_code

# Names that scanners know as a whole.
_NAMES: Final = frozenset(
    (*chat_templates.NAMES, *custom_code.NAMES, "model.json", "architecture.json")
)
_ENDING_MAX_CHARS = 16
_OTHER = "other"


def find_kind(path: str) -> str:
    """Return how a file is read: its whole name for a few, else its ending, "" for none."""
    name = path.rpartition("/")[2].lower()
    if name in _NAMES:
        return name
    if ".so." in name:
        return "so"
    _, dot, ending = name.rpartition(".")
    if not dot:
        return ""
    return ending if len(ending) <= _ENDING_MAX_CHARS and ending.isascii() else _OTHER


def name_kind(kind: str) -> str:
    """Return a name by which a file of this kind is scanned."""
    return kind if kind in _NAMES else f"file.{kind}" if kind else "file"
