"""What pip-audit found, judged: python tests/audit_verdict.py < REPORT.json

A library with a known flaw fails. Where no advisory service answers, nothing was audited, and that
is said: an empty report must not look like a clean one.
"""

import json
import sys
from typing import Any

NOT_ASKED = "no advisory service answers here: nothing was audited"


def judge(report: dict[str, Any]) -> tuple[list[str], str]:
    """Return a line for each flaw, and what was looked at in all."""
    libraries = report["dependencies"]
    audited = [each for each in libraries if "skip_reason" not in each]
    flaws = [
        f"{each['name']} {each['version']}: {flaw['id']}, "
        f"mended in {', '.join(flaw['fix_versions']) or 'no release yet'}"
        for each in audited
        for flaw in each["vulns"]
    ]
    if not audited:
        return flaws, NOT_ASKED
    left = len(libraries) - len(audited)
    return flaws, f"{len(audited)} libraries audited, {left} unknown to the service"


def main() -> int:
    flaws, said = judge(json.load(sys.stdin))
    for line in (*flaws, said):
        print(line)
    return 1 if flaws else 0


if __name__ == "__main__":
    sys.exit(main())
