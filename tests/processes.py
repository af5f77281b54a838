"""What tests of threads and processes share: waiting for them, and what the system says of them."""

import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

# A program that starts as the function does; Zappa writes the settings into a package only.
LAMBDA_START = """
import sys
from types import ModuleType
sys.modules["zappa_settings"] = ModuleType("zappa_settings")
sys.modules["zappa_settings"].API_STAGE, sys.modules["zappa_settings"].BASE_PATH = "dev", None
import registry_site.lambda_handler
"""
# A busy machine takes its time; nobody waits for so long where all is well.
WAIT_S = 60.0
LOOK_S = 0.01


def eventually(condition: Callable[[], object]) -> bool:
    """Whether something becomes true, looked at as often as it takes."""
    ends_at = time.monotonic() + WAIT_S
    while not condition():
        if time.monotonic() > ends_at:
            return False
        time.sleep(LOOK_S)
    return True


def is_alive(pid: int) -> bool:
    """Whether a process is there, as a zombie too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def free_port() -> int:
    """A port of loopback that nobody has at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def peak_bytes(pid: int) -> int:
    """The most memory that a process has had (proc(5), VmHWM); 0 for one that has ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
    return int(peak) * 1024


def cpu_s(pid: int) -> float:
    """The CPU time that a process has used, its threads included (proc(5), utime and stime)."""
    # After the name, which may hold anything.
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
