"""Writes `artifacts/rules/confusion/confusables.txt` out of the table of Unicode's TS 39.

    python -m tests.write_confusables PATH/confusables.json

The table is the one that the package confusable-homoglyphs has on the package index: each character
with those that look like it. Only what looks like a letter or digit of ASCII is taken, since the
sources' own names hold no others, and nothing that Python's normal forms give by themselves.
"""

import json
import sys
import unicodedata
from pathlib import Path
from string import ascii_letters, digits

from artifacts.rules.confusion.skeletons import look_of_ascii

TARGET = Path(__file__).parents[1] / "artifacts/rules/confusion/confusables.txt"
HEAD = """\
# Characters that look like a letter or digit of ASCII: that one, then the others as code points.
# Selected from the confusables of Unicode Technical Standard 39 by tests/write_confusables.py.
# Copyright Unicode, Inc., under the Unicode License V3 (https://www.unicode.org/license.txt).
"""
# Marks of direction, with which the package wraps letters that are written from right to left.
_MARKS = str.maketrans("", "", "\u200e\u200f")


def choose(table: dict[str, list[dict[str, str]]]) -> dict[str, set[int]]:
    """Return the code points that look like each letter or digit, by how that looks itself."""
    found: dict[str, set[int]] = {}
    for letter in ascii_letters + digits:
        for like in table.get(letter, ()):
            text = like["c"].translate(_MARKS)
            is_normal = unicodedata.normalize("NFKD", text) == text
            if len(text) == 1 and is_normal and not text.isascii():
                found.setdefault(look_of_ascii(letter), set()).add(ord(text))
    return found


def main() -> None:
    """Write the file."""
    table = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    lines = [
        f"{letter} {' '.join(f'{each:x}' for each in sorted(points))}\n"
        for letter, points in sorted(choose(table).items())
    ]
    TARGET.write_text(HEAD + "".join(lines), encoding="ascii")


if __name__ == "__main__":
    main()
