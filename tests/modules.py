"""The project's Python files, for tests of what stands in them.

Each is read once, and parsed only where its text has a word that the test is about: parsing costs
a hundred times what looking for a word does, and most files have none.
"""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("artifacts", "deployment", "registry_site")


@cache
def list_modules(*folders: str) -> tuple[Path, ...]:
    """Return the Python files of folders of the project."""
    return tuple(sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py")))


@cache
def read(path: Path) -> str:
    """Return the text of a file, which no test changes."""
    return path.read_text(encoding="utf-8")


def name_of(path: Path) -> str:
    """Return a file's path in the project."""
    return path.relative_to(ROOT).as_posix()


def may_use(text: str, words: Iterable[str]) -> bool:
    """Whether code may use one of some names.

    In ASCII a name is spelled as it is called; Python takes other letters for these, too.
    """
    return not text.isascii() or any(word in text for word in words)


def parse_where(words: Iterable[str], paths: Iterable[Path]) -> Iterator[tuple[Path, ast.Module]]:
    """Yield those of some files that may use one of the names, parsed."""
    names = tuple(words)
    for path in paths:
        if may_use(text := read(path), names):
            yield path, ast.parse(text)
