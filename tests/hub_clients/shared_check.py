"""Runs the check of clients that lies beside the project, where it does, on a ground of ours."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from tests.hub_clients.driving import HERE, LIMIT_S, NODE_MODULES, python_of
from tests.hub_clients.tally import Failed, Skipped
from tests.performance.registry import ROOT

PROGRAM = ROOT.parent / "shared" / "tools" / "hub_clients_check.py"


def run(facts: Mapping[str, Any], environments: Iterable[str]) -> str:
    """Run it with the clients of these environments; return its last line.

    Raises:
        Skipped: it is not here.
        Failed: something of it failed.
    """
    if not PROGRAM.exists():
        raise Skipped("../shared/tools/hub_clients_check.py is not beside the project")
    command = [sys.executable, str(PROGRAM), "--endpoint", facts["endpoint"]]
    command += [
        "--token",
        facts["tokens"]["reader"],
        "--model",
        facts["model"]["id"],
    ]
    command += ["--dataset", facts["dataset"]["id"]]
    for python in map(python_of, environments):
        command += ["--python", str(python)] if python.exists() else []
    if NODE_MODULES.exists():
        command += ["--node", str(HERE)]
    if python_of("libraries").exists():
        command += ["--loads", facts["model"]["id"], "--loads-dataset", facts["dataset"]["id"]]
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=2 * LIMIT_S, check=False
        )
    lines = done.stdout.splitlines() or [done.stderr[-400:]]
    if done.returncode:
        told = [f"{line} {after.strip()}" for line, after in pairwise(lines)]
        failed = [line for line in told if line.startswith("FAIL")] or lines[-3:]
        raise Failed(f"{lines[-1]}\n        " + "\n        ".join(failed))
    return lines[-1]
