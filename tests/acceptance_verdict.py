"""Reads the acceptance suite's result: every check must hold, and ratings must be worked out.

`python3 tests/acceptance_verdict.py RESULT.json` exits 1 when a check failed. With `--reference`
it also wants the agreement with published ratings, and no sign of scores that are not computed.
"""

import json
import sys
from pathlib import Path

# Of 36 published values within 0.15.
REFERENCE_HITS_MIN = 30


def main(path: str, *options: str) -> int:
    """Print the verdict and return the exit status."""
    result = json.loads(Path(path).read_text(encoding="utf-8"))
    checks = [check for check in result["checks"] if check["ok"] is not None]
    faults = [
        f"[{check['group']}] {check['name']}: {check['got'][:200]}"
        for check in checks
        if not check["ok"]
    ]
    if "--reference" in options:
        faults += reference_faults(result)
    for fault in faults:
        print(f"FAILED {fault}")
    for group, tally in result["groups"].items():
        print(f"{group:<12} {tally['passed']:>4} passed, {tally['failed']:>3} failed")
    return int(bool(faults) or not checks)


def reference_faults(result: dict) -> list[str]:
    """What is wrong with the ratings, beyond their form."""
    reference = result["reference"]
    print(f"reference agreement: {reference['hits']} of {reference['of']}")
    for miss in reference["misses"]:
        print(f"  {miss['model']} {miss['attribute']}: {miss['published']} {miss['answered']}")
    faults = [line for line in result["advice"] if line.startswith("suspicious")]
    if reference["hits"] < REFERENCE_HITS_MIN:
        faults.append(f"only {reference['hits']} published values are agreed with")
    return faults


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
