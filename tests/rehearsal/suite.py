"""The acceptance suite, asked through one of the doors of a deployed registry."""

import json
import os
import subprocess
import sys
import urllib.parse
from pathlib import Path

from tests.rehearsal import checks
from tests.rehearsal.world import ROOT, SHARED_TOOLS, World


def acceptance(world: World, url: str, *options: str) -> str:
    """Run the acceptance suite where it is at hand; every check must hold."""
    if not world.has_sources:
        return "skipped: ../shared/tools is not here"
    result, report = world.folder / "acceptance.json", world.folder / "acceptance.txt"
    host = urllib.parse.urlsplit(url).netloc
    command: list[str | Path] = [sys.executable, SHARED_TOOLS / "acceptance.py", "--base-url", url]
    with report.open("wb") as output:
        suite = subprocess.run(
            [*command, "--json", result, *options],
            env=os.environ | {"REGISTRY_ADMIN_PASSWORD": world.password},
            stdout=output,
            stderr=output,
            check=False,
        )
    verdict = subprocess.run(
        [sys.executable, ROOT / "tests/acceptance_verdict.py", result],
        capture_output=True,
        text=True,
        check=False,
    )
    checks.require(
        suite.returncode == 0 and verdict.returncode == 0,
        f"through {host}:\n{verdict.stdout}{verdict.stderr}"
        f"{report.read_text(encoding='utf-8')[-2000:]}",
    )
    passed = sum(each["passed"] for each in json.loads(result.read_text())["groups"].values())
    settled = checks.settled(world)
    return f"{passed} checks hold; {settled}"
