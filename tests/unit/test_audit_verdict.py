import json
import subprocess
import sys
from pathlib import Path

from tests.audit_verdict import NOT_ASKED, judge

SCRIPT = Path(__file__).resolve().parents[1] / "audit_verdict.py"
SOUND = {"name": "sound", "version": "1.0", "vulns": []}
FLAWED = {
    "name": "flawed",
    "version": "2.0",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["2.1"]}],
}
UNKNOWN = {"name": "unknown", "skip_reason": "not found"}


def test_audit_when_a_library_is_flawed_then_says_where_it_is_mended():
    flaws, _ = judge({"dependencies": [SOUND, FLAWED]})
    assert flaws == ["flawed 2.0: PYSEC-2026-1, mended in 2.1"]


def test_audit_when_nobody_answers_then_says_that_nothing_was_audited():
    assert judge({"dependencies": [UNKNOWN]}) == ([], NOT_ASKED)


def test_audit_when_some_are_unknown_then_counts_them():
    assert judge({"dependencies": [SOUND, UNKNOWN]})[1] == (
        "1 libraries audited, 1 unknown to the service"
    )


def test_audit_when_run_then_a_flaw_fails():
    for found, status in ((FLAWED, 1), (SOUND, 0)):
        report = json.dumps({"dependencies": [found]})
        ended = subprocess.run(
            [sys.executable, SCRIPT], input=report, text=True, capture_output=True, check=False
        )
        assert ended.returncode == status
