"""Says which share of the lines the unit tests run, and fails below a floor.

`python -m tests.unit_floor 90` after `pytest tests/unit --cov`. By lines, as requirement F6 counts
them; the floor of all tests in `pyproject.toml` counts branches as well.
"""

import io
import json
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path

import coverage


def covered_percent() -> float:
    """Return the share of lines that the data of the last run holds."""
    measured = coverage.Coverage()
    measured.load()
    with tempfile.TemporaryDirectory() as folder, redirect_stdout(io.StringIO()):
        report = Path(folder) / "report.json"
        measured.json_report(outfile=str(report))
        totals = json.loads(report.read_text(encoding="utf-8"))["totals"]
    return float(totals["percent_statements_covered"])


def main() -> int:
    floor = float(sys.argv[1])
    covered = covered_percent()
    print(f"The unit tests alone run {covered:.2f} % of the lines; the floor is {floor:.0f} %.")
    return int(covered < floor)


if __name__ == "__main__":
    sys.exit(main())
