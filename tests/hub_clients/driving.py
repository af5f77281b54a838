"""Runs programs in the clients' environments, and takes over what they say of their checks."""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.hub_clients.tally import FAILED, SKIPPED, Tally
from tests.performance.registry import ROOT

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
NODE_MODULES = HERE / "node_modules"
LIMIT_S = 900
CHECK = "CHECK "


def python_of(name: str) -> Path:
    """Return the Python of a client's environment."""
    return ROOT / f".venv-hub-{name}" / "bin" / "python"


def environment(facts: Mapping[str, Any], home: Path, token: str | None = None) -> dict[str, str]:
    """Return what a client's process is given: this registry, a token, and a home of its own."""
    told = home / "facts.json"
    told.write_text(json.dumps(facts), encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "HF_HOME": str(home / "huggingface"),
        "HF_ENDPOINT": facts["endpoint"],
        "HF_TOKEN": token or facts["tokens"]["reader"],
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        # Releases from 1.0 on would send large files by Xet alone (docs/clients.md).
        "HF_HUB_DISABLE_XET": "1",
        "NO_COLOR": "1",
        "PYTHONWARNINGS": "ignore",
        "HUB_CLIENTS_FACTS": str(told),
        "HUB_CLIENTS_MODULES": str(NODE_MODULES),
    }


def drive(
    tally: Tally, name: str, facts: Mapping[str, Any], command: list[str], token: str | None = None
) -> None:
    """Run a program with these facts; each of its checks counts, and so does its breaking off."""
    with tempfile.TemporaryDirectory(prefix="hub-client-") as home:
        try:
            done = subprocess.run(
                command,
                env=environment(facts, Path(home), token),
                cwd=home,
                capture_output=True,
                text=True,
                timeout=LIMIT_S,
                check=False,
            )
        except subprocess.TimeoutExpired:
            tally.note(FAILED, name, f"did not end within {LIMIT_S} s")
            return
    told = [line for line in done.stdout.splitlines() if line.startswith(CHECK)]
    for line in told:
        tally.take(name, line.removeprefix(CHECK))
    if done.returncode or not told:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-6:]
        tally.note(FAILED, f"{name}: runs to its end", f"status {done.returncode}: {last}")


def drive_python(
    tally: Tally, where: str, program: str, facts: Mapping[str, Any], token: str | None = None
) -> None:
    """Run a program of Python in an environment, by default with the reader's token."""
    python = python_of(where)
    name = f"{program.removesuffix('.py')} in .venv-hub-{where}"
    if not python.exists():
        tally.note(SKIPPED, name, "its environment is not there: make hub-clients installs it")
        return
    drive(tally, name, facts, [str(python), "-W", "ignore", str(PROGRAMS / program)], token)


def make_parquet() -> bytes | None:
    """Return a file of columns, as pyarrow writes it; None where it is not installed."""
    python = python_of("libraries")
    if not python.exists():
        return None
    return subprocess.run(
        [python, PROGRAMS / "parquet.py"], capture_output=True, check=True, timeout=LIMIT_S
    ).stdout
