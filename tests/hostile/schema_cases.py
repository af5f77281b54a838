"""Requests made from the registry's own schema, sent to a real one: `make schemathesis`.

Both those that fit the schema and those that do not: schemathesis looks for answers of 5xx,
statuses, types, headers and bodies that the schema does not describe, requests that fit and are
refused, requests that do not fit and are done, methods that are there and should not.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.fakes import hub_server
from tests.performance.registry import PASSWORD, ROOT, USER, Registry

HERE = Path(__file__).parent
# The phase of borders makes as many cases as the schema has borders, whatever is asked for.
PHASES = "examples,coverage,fuzzing,stateful"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=300, help="about so many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reruns", type=int, default=0, help="try again after a finding")
    parser.add_argument("rest", nargs="*", help="more options of schemathesis, after --")
    asked = parser.parse_args()
    for tries_left in reversed(range(asked.reruns + 1)):
        findings, crashes = _try_once(asked)
        print(f"crashes in the log: {len(crashes)}", *crashes[:5], sep="\n")
        # Said again at the end, each line marked: what was found by chance is found once.
        for line in findings:
            print(f"FOUND {line}")
        if crashes or not findings or not tries_left:
            return bool(crashes or findings)
        print(f"RERUN schemathesis: {' | '.join(findings)}", flush=True)
    raise AssertionError("The last try returns.")


def _try_once(asked: argparse.Namespace) -> tuple[list[str], list[str]]:
    """Return what schemathesis finds in a fresh registry, and the crashes in its log."""
    hub, hub_url = hub_server.start()
    with tempfile.TemporaryDirectory(prefix="schema-cases-") as scratch:
        given = {"DATABASE_URL": os.environ["DATABASE_URL"]} if "DATABASE_URL" in os.environ else {}
        registry = Registry(Path(scratch) / "data", hub_url, LOG_LEVEL="info", **given)
        registry.start()
        try:
            findings = _run(registry, asked, Path(scratch))
        finally:
            registry.stop()
            hub.shutdown()
            hub.server_close()
        log = registry.log.read_text().splitlines()
    return findings, [line for line in log if "crashed" in line]


def _run(registry: Registry, asked: argparse.Namespace, scratch: Path) -> list[str]:
    """Run schemathesis, show what it prints, and return what it wrote of its findings."""
    environment = os.environ | {
        "TESTED_REGISTRY_URL": registry.url,
        "TESTED_REGISTRY_USER": USER,
        "TESTED_REGISTRY_PASSWORD": PASSWORD,
        "SCHEMATHESIS_HOOKS": "tests.hostile.schemathesis_hooks",
        "PYTHONPATH": str(ROOT),
    }
    operations = len(registry.ask("GET", "/schema?format=json")[1]["paths"])
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file", str(HERE / "schemathesis.toml"),
        "run", f"{registry.url}/schema?format=json",
        # It would take away what the other cases are about, and each token.
        "--exclude-operation-id", "RegistryReset",
        "--phases", PHASES,
        "--max-examples", str(max(1, asked.cases // operations)),
        "--seed", str(asked.seed),
        *asked.rest,
    ]  # fmt: skip
    with subprocess.Popen(
        command, env=environment, cwd=scratch, stdout=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        findings = _show(running.stdout)
    if running.returncode and not findings:
        findings = [f"schemathesis ended with {running.returncode}"]
    return findings if running.returncode else []


def _show(lines: Iterable[str]) -> list[str]:
    """Print what schemathesis prints as it comes; return what it wrote of its findings."""
    findings, among_findings = [], False
    for line in lines:
        print(line, end="", flush=True)
        if title := re.match(r"=+ ([A-Z]+) =+$", line):
            among_findings = title[1] in ("FAILURES", "ERRORS")
        elif among_findings and line.strip():
            findings.append(line.rstrip())
    return findings


if __name__ == "__main__":
    sys.exit(main())
