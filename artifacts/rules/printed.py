"""What a stranger's program printed, as it may be kept and shown."""

from __future__ import annotations

import unicodedata
from typing import Final

# Control characters, marks of writing direction and halves of characters: a terminal obeys some of
# them, and others show a reader something else than what is there.
_LEFT_OUT: Final = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_KEPT: Final = frozenset("\n\t")


def clean_printed(text: str, most_chars: int) -> str:
    """Return the end of a text, without characters that cannot be seen; lines and tabs stay."""
    kept = (
        each
        for each in text.replace("\r\n", "\n")
        if each in _KEPT or unicodedata.category(each) not in _LEFT_OUT
    )
    return "".join(kept).strip()[-most_chars:]


def as_one_line(text: str, most_chars: int) -> str:
    """Return the end of a text in one line, as messages and headers hold it."""
    return " ".join(text.split())[-most_chars:]
