"""Running a stranger's program without network or credentials, limiting time, memory and output.

Linux namespaces isolate it (`unshare`, util-linux): a network without devices, a process namespace
with its own `/proc` (so it cannot read the environment of the registry's process), and empty
folders in place of credentials and data. If the kernel refuses namespaces, nothing is run.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from artifacts.limits import (
    PROGRAM_CPU_S,
    PROGRAM_FILE_BYTES,
    PROGRAM_MEMORY_BYTES,
    PROGRAM_TIMEOUT_S,
)
from artifacts.sandbox.watching import ProgramRun, watch

_OPEN_FILES_MAX = 256
_PATH = "/usr/bin:/bin"
# $1: folders to hide, separated by newlines; the rest is the program.
_WRAPPER = r"""
covers=$1; shift
IFS='
'
for each in $covers; do mount -t tmpfs none "$each" || exit 125; done
unset IFS
printf '\000started\000'
exec "$@"
"""


def run_isolated(
    code: str,
    *,
    interpreter: str,
    folder: Path,
    hidden: Sequence[Path] = (),
    timeout_s: float = PROGRAM_TIMEOUT_S,
    memory_bytes: int = PROGRAM_MEMORY_BYTES,
) -> ProgramRun:
    """Run Python code in a folder and report how it ended.

    Args:
        interpreter: path of a Python with the libraries that the code may need.
        folder: its working directory, which it may write to.
        hidden: folders that look empty to it.

    Returns:
        A run whose exit status is None if it could not be isolated.
    """
    with tempfile.TemporaryDirectory(prefix="program-") as home:
        script = Path(home) / "program.py"
        script.write_text(code, encoding="utf-8", errors="replace")
        covers = "\n".join(str(each) for each in hidden if each.is_dir())
        command = [
            # The kernel kills it when the thread that waits for it has ended for any reason.
            "setpriv", "--pdeathsig", "KILL", "--",
            "prlimit", f"--as={memory_bytes}", f"--cpu={PROGRAM_CPU_S}",
            f"--fsize={PROGRAM_FILE_BYTES}", f"--nofile={_OPEN_FILES_MAX}", "--core=0",
            "unshare", "--user", "--map-root-user", "--net", "--mount", "--pid", "--fork",
            "--mount-proc", "--kill-child=KILL", "--",
            "sh", "-c", _WRAPPER, "program", covers, interpreter, "-B", str(script),
        ]  # fmt: skip
        # It inherits nothing from the registry's environment, which contains credentials.
        environment = {"PATH": _PATH, "HOME": home, "TMPDIR": home, "HF_HUB_OFFLINE": "1"}
        try:
            process = subprocess.Popen(  # noqa: S603  (that is what this module is for)
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        except OSError as error:
            return ProgramRun(None, f"The sandbox could not be started: {error}.")
        return watch(process, timeout_s=timeout_s)
