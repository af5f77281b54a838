"""Skips module-level imports of libraries that a cold start does not need.

Only for imports that have been looked at, and only around them: `tests/architecture` and the
rehearsal, which runs the whole package, tell when a new release of a library needs what it is
spared here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


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
