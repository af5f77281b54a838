"""Finds, on the operator's machine, the version of Python that a stage runs on.

`python -m deployment.interpreter STAGE` prints its path, so that `make` builds and rehearses the
package with it; `python3.12` in place of a stage finds that version. It searches the path and
pyenv's versions. It needs nothing but Python.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deployment.contents import ROOT
from deployment.limits import INTERPRETER_TIMEOUT_S
from deployment.steps import DeploymentFailed, say

_PREFIX = "python"
# Without these two modules, Python cannot make environments (Debian packages them separately).
_PROBE = "import ensurepip, sys, venv; print('python%d.%d' % sys.version_info[:2])"


def find_runtime(stage: str, stages: dict[str, Any]) -> str:
    """Return the runtime of a stage of zappa_settings.json, as in `python3.13`.

    Raises:
        DeploymentFailed: there is no such stage, or neither it nor a stage it extends names one.
    """
    name = stage
    while name in stages:
        settings = stages[name]
        if "runtime" in settings:
            return str(settings["runtime"])
        name = settings.get("extends", "")
    raise DeploymentFailed(
        f"zappa_settings.json names no runtime of a stage {stage}.",
        f"Its stages are {', '.join(sorted(stages))}: make ... STAGE=one of them.",
    )


def find_interpreter(name: str) -> Path:
    """Return an interpreter that really has this version and can make environments.

    Args:
        name: as in `python3.13`.

    Raises:
        DeploymentFailed: there is none.
    """
    for candidate in _candidates(name):
        if _answers_as(name, candidate):
            return candidate
    raise DeploymentFailed(
        f"No {name} that can make virtual environments is on the path or in {_pyenv_versions()}.",
        f"Install it (`pyenv install {name.removeprefix(_PREFIX)}`, or your system's packages "
        f"{name} and {name}-venv), or put the folder that it is in on the path.",
    )


def _candidates(name: str) -> list[Path]:
    """Return where the interpreter may be, the best first."""
    on_path = [Path(folder, name) for folder in os.get_exec_path()]
    of_pyenv = _pyenv_versions().glob(f"{name.removeprefix(_PREFIX)}.*/bin/{name}")
    newest_first = sorted(of_pyenv, key=lambda path: _numbers(path.parts[-3]), reverse=True)
    return [path for path in (*on_path, *newest_first) if os.access(path, os.X_OK)]


def _pyenv_versions() -> Path:
    return Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"


def _numbers(version: str) -> list[int]:
    """Return a version's numbers for sorting: 3.13.10 comes after 3.13.9."""
    return [int(part) if part.isdecimal() else -1 for part in version.split(".")]


def _answers_as(name: str, candidate: Path) -> bool:
    """Ask a program for its version: pyenv's shims bear names of versions that they cannot run."""
    try:
        asked = subprocess.run(  # noqa: S603  (a Python, asked for its version)
            [candidate, "-I", "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=INTERPRETER_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0 and asked.stdout.strip() == name


def main(arguments: list[str] | None = None) -> int:
    """Print the path of the Python; a failure goes to the standard error."""
    parser = argparse.ArgumentParser(prog="deployment.interpreter", description=__doc__)
    parser.add_argument("what", help="a stage of zappa_settings.json, or a name as python3.12")
    asked = parser.parse_args(arguments)
    stages = json.loads((ROOT / "zappa_settings.json").read_text(encoding="utf-8"))
    is_name = asked.what.startswith(_PREFIX) and asked.what not in stages
    try:
        name = asked.what if is_name else find_runtime(asked.what, stages)
        say(str(find_interpreter(name)))
    except DeploymentFailed as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
