"""`.ci/run` with targets of the test's own: no failure gets lost."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

RUN = Path(__file__).parents[2] / ".ci" / "run"
NAMES = re.findall(r'^  "(\S+)[^"]*"$', RUN.read_text(), re.MULTILINE)
# The lane is the parent of the target's make.
END_THE_LANE = "kill -9 $$(ps -o ppid= -p $$PPID); sleep 1"


def run(folder: Path, **recipes: str) -> tuple[int, str]:
    """Return the status of a run, and what stands at its end."""
    (folder / ".ci").mkdir()
    shutil.copy(RUN, folder / ".ci")
    rules = [f"{each}:\n\t@{recipes.get(each, 'true')}\n" for each in NAMES]
    (folder / "Makefile").write_text("environments environment-3.13:\n" + "".join(rules))
    # Not what a run or a make around this test says.
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [folder / ".ci" / "run"], capture_output=True, text=True, timeout=60, check=False,
        env=environment,
    )  # fmt: skip
    return done.returncode, done.stdout.partition("==== All targets\n")[2] + done.stderr


def test_run_when_all_is_well_then_0(tmp_path):
    status, end = run(tmp_path)
    assert (status, end.count(" passed after ")) == (0, len(NAMES))


@pytest.mark.parametrize("name", [NAMES[0], NAMES[-1]])
def test_run_when_a_target_fails_then_its_last_words_are_at_the_end(tmp_path, name):
    status, end = run(tmp_path, **{name: "echo the last words; exit 3"})
    assert (status, end.count("FAILED after")) == (1, 1)
    assert "the last words" in end


def test_run_when_all_lanes_end_then_what_is_not_done_has_failed(tmp_path):
    first, second, *_ = NAMES
    recipes = {first: END_THE_LANE, second: f"echo the last words; {END_THE_LANE}"}
    status, end = run(tmp_path, **recipes)
    assert (status, end.count("FAILED: its lane ended")) == (1, len(NAMES))
    assert "the last words" in end
    assert "No such file" not in end
