"""Libraries import others at their top that a start need not wait for: here they are spared it.

Only for imports that have been looked at, and only around them: `tests/architecture` and the
rehearsal, which runs the whole package, tell when a new release of a library needs what it is
spared here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType


@contextmanager
def standing_in(modules: Mapping[str, Mapping[str, object]]) -> Iterator[None]:
    """Let code be imported that imports these modules at its top but needs little of them.

    They are taken away again afterwards, so whoever imports one later gets the real one.

    Args:
        modules: what of each is there, by its name.
    """
    names = [name for name in modules if name not in sys.modules]
    for name in names:
        module = ModuleType(name)
        vars(module).update(modules[name])
        sys.modules[name] = module
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


@contextmanager
def seeming_absent(*names: str) -> Iterator[None]:
    """Let code be imported as it is where these modules, which it can do without, are missing."""
    hidden = [name for name in names if name not in sys.modules]
    # What Python takes for "there is no such module".
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def installed_version(name: str) -> str:
    """Return the version of a distribution that can be imported.

    As `importlib.metadata.version`, which imports more than it takes to look at the folders' names.

    Raises:
        KeyError: it is not there.
    """
    return _versions()[name.lower().replace("-", "_")]


@cache
def _versions() -> dict[str, str]:
    """Return the version of each distribution (PyPA, Recording installed projects)."""
    # Python takes the first that it finds.
    found = (record for folder in reversed(sys.path) for record in Path(folder).glob("*.dist-info"))
    pairs = (record.name.removesuffix(".dist-info").rpartition("-") for record in found)
    return {name.lower().replace("-", "_"): version for name, _, version in pairs}
