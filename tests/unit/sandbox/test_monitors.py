"""The kernel's wall around a model's program, looked at by a shell in place of Node.js."""

import os
from pathlib import Path

import pytest

from artifacts.sandbox import monitors
from artifacts.sandbox.monitors import MonitorTask, run_monitor
from tests.unit.sandbox.test_programs import needs_walls

pytestmark = pytest.mark.slow
_NODE = "/bin/node --permission"


@needs_walls
def test_wall_when_a_shell_looks_then_the_settings_of_the_kernel_cannot_be_opened_for_writing(
    monkeypatch, tmp_path
):
    before, found, _ = monitors._WRAPPER.partition(_NODE)
    assert found
    monkeypatch.setattr(monitors, "_WRAPPER", f"{before} /bin/node /program.js\n")
    shell = str(Path("/bin/sh").resolve())
    # No more than opening: nothing is written even where the wall has a hole.
    task = MonitorTask("echo looks\n: >> /proc/sys/kernel/core_pattern\necho open", "", "", "")
    zip_path = tmp_path / "full.zip"
    zip_path.write_bytes(os.urandom(8))
    result = run_monitor(task, node=shell, zip_path=zip_path)
    assert result.output.startswith("looks"), result.output
    assert "Read-only" in result.output
    assert "open" not in result.output.splitlines()
