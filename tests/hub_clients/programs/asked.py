"""What each program of a client's environment shares: its checks, the facts, and how it tells.

That environment's Python runs it and has nothing of the registry's: standard library only.
"""

import hashlib
import json
import os
import shutil
import sys
import time
import traceback
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# What the program is told: the artifacts, with their digests, and the tokens.
FACTS: dict[str, Any] = json.loads(Path(os.environ["HUB_CLIENTS_FACTS"]).read_text())

_checks: list[tuple[str, Callable[[], object]]] = []


class Skipped(Exception):
    """A check cannot be made here; the text says why."""


def check(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Have a function run as a check of this name, in the order of the file."""

    def keep(made: Callable[[], object]) -> Callable[[], object]:
        _checks.append((name, made))
        return made

    return keep


def equal(found: object, wanted: object) -> None:
    """Fail unless both are the same."""
    if found != wanted:
        raise AssertionError(f"{found!r}, not {wanted!r}")


def sha256(path: str | os.PathLike[str]) -> str:
    """Return the digest of a file."""
    digest = hashlib.sha256()
    with Path(path).open("rb") as file:
        while chunk := file.read(1_048_576):
            digest.update(chunk)
    return digest.hexdigest()


def files_below(folder: str | os.PathLike[str]) -> dict[str, str]:
    """Return the digests of a folder's files, by path, without what the client keeps for itself."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not name.startswith(".cache"):
            found[name] = sha256(path)
    return found


def error_of(call: Callable[..., object], *arguments: Any, **named: Any) -> BaseException:
    """Return what a call raises."""
    try:
        said = call(*arguments, **named)
    except Exception as error:  # noqa: BLE001  (which one it is, the check says)
        return error
    raise AssertionError(f"nothing was raised, but {said!r} returned")


def kind_of(call: Callable[..., object], *arguments: Any, **named: Any) -> str:
    """Return the name of what a call raises."""
    return type(error_of(call, *arguments, **named)).__name__


@contextmanager
def empty_cache() -> Iterator[None]:
    """Forget whatever was fetched before."""
    home = Path(os.environ["HF_HOME"])
    shutil.rmtree(home / "hub", ignore_errors=True)
    yield


def withdraw(artifact: dict[str, Any]) -> None:
    """Delete an artifact, as an administrator does."""
    headers = {"X-Authorization": FACTS["tokens"]["admin"]}
    request = urllib.request.Request(artifact["url"], method="DELETE", headers=headers)
    urllib.request.urlopen(request).close()


def run() -> None:
    """Make all checks; a line of JSON tells each outcome."""
    for name, made in _checks:
        started = time.monotonic()
        outcome, note = "passed", ""
        try:
            made()
        except Skipped as reason:
            outcome, note = "skipped", str(reason)
        except Exception as error:  # noqa: BLE001  (a check that breaks off has failed)
            last = traceback.extract_tb(error.__traceback__)[-1]
            outcome = "failed"
            note = f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno})"
        told = {
            "check": name,
            "outcome": outcome,
            "note": note,
            "seconds": time.monotonic() - started,
        }
        sys.stdout.write(f"CHECK {json.dumps(told)}\n")
        sys.stdout.flush()
