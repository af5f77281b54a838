"""Running the JavaScript program of a sensitive model, which decides about a download.

Two walls stand around it. The kernel's (namespaces, by `unshare` of util-linux): no network, no
other processes, no capabilities, and a file system that holds Node.js, the libraries of the system,
the program and the zip, all of it read-only. And Node.js' own permission model: the program reads
nothing but itself and the zip, writes nothing, starts no process, thread or native code. Where one
of them cannot be had, nothing is run. Where the operator allows hosts, a wire leads through both,
by which it has another process ask them (`courier.py`).
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from artifacts.limits import (
    MONITOR_CPU_S,
    MONITOR_HEAP_MB,
    MONITOR_MEMORY_BYTES,
    MONITOR_OPEN_FILES_MAX,
    MONITOR_PRINTED_MAX_BYTES,
    MONITOR_PROCESSES_MAX,
    MONITOR_TIMEOUT_S,
)
from artifacts.sandbox.courier import PATH, CourierFailed, start_courier
from artifacts.sandbox.function import FETCH
from artifacts.sandbox.watching import ProgramRun, watch

# Older ones have no permission model that is stable, and the requirement names this one (D4).
NODE_MIN_VERSION = 24
# Where a program finds its zip.
_ZIP = "/model.zip"
_VERSION_TIMEOUT_S = 10
_DIGITS_MAX = 4
# $1: folder, $2: Node.js, $3: program, $4: zip, $5: processes, $6: megabytes, $7: the program's
# `fetch`, or ""; the rest is for the program. With `fetch`, standard input is the wire, which
# becomes descriptor 3. The flags of a mount below a user's namespace may be added to, but none
# taken away.
_WRAPPER = r"""
set -eu
folder=$1 node=$2 program=$3 zip=$4 processes=$5 heap_mb=$6 fetch=$7; shift 7
if [ -n "$fetch" ]; then exec 3<&0 </dev/null; fi
attach() {
  flags=$(findmnt -n -o VFS-OPTIONS --target "$1")
  mount --bind "$1" "$2"
  mount -o "remount,bind,$flags,ro,nosuid,nodev" "$2"
}
attach_file() { : > "$2"; attach "$1" "$2"; }
mount -t tmpfs -o size=1m,mode=755,nosuid,nodev none "$folder"
cd "$folder"
mkdir bin home lib lib64 old proc usr usr/lib usr/lib64
mount -t proc -o ro,nosuid,nodev,noexec none proc
for each in lib lib64 usr/lib usr/lib64; do
  if [ -d "/$each" ]; then attach "/$each" "$each"; fi
done
attach_file "$(command -v setpriv)" bin/setpriv
attach_file "$(command -v prlimit)" bin/prlimit
attach_file "$node" bin/node
attach_file "$program" program.js
attach_file "$zip" model.zip
if [ -n "$fetch" ]; then attach_file "$fetch" fetch.cjs; fi
mount=$(command -v mount) umount=$(command -v umount)
pivot_root . old
cd /home
"/old$mount" -o remount,bind,ro,nosuid,nodev /
"/old$umount" -l /old
printf '\000started\000'
unset OLDPWD PWD
exec /bin/setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- \
  /bin/prlimit "--nproc=$processes" -- \
  /bin/node --permission --allow-fs-read=/program.js --allow-fs-read=/model.zip \
  ${fetch:+--allow-fs-read=/fetch.cjs --require=/fetch.cjs} --no-addons \
  "--max-old-space-size=$heap_mb" /program.js "$@"
"""


class NodeMissing(Exception):
    """There is no Node.js that could run a program; the text says what to do."""


@dataclass(frozen=True)
class MonitorTask:
    """A program and what it is told: all but the zip.

    Attributes:
        program: JavaScript, as CommonJS or as a module.
    """

    program: str
    model_name: str
    uploader_name: str
    downloader_name: str


def find_node(stated: str) -> str:
    """Return the path of Node.js.

    Args:
        stated: where the operator says that it is; "" to look along `PATH`.

    Raises:
        NodeMissing: there is none, or it is too old.
    """
    path = shutil.which(stated or "node")
    if path is None:
        raise NodeMissing(
            f"There is no Node.js here{f' at {stated}' if stated else ''}. An operator can install "
            f"Node.js {NODE_MIN_VERSION} and name it with REGISTRY_NODE."
        )
    real = Path(path).resolve()
    version = _read_version(real, real.stat().st_mtime_ns)
    major = version.removeprefix("v").partition(".")[0]
    is_node = version.startswith("v") and major.isdecimal() and len(major) <= _DIGITS_MAX
    if not is_node or int(major) < NODE_MIN_VERSION:
        raise NodeMissing(
            f"{path} is {version if is_node else 'no Node.js'}; programs of models need Node.js "
            f"{NODE_MIN_VERSION}. An operator can install it and name it with REGISTRY_NODE."
        )
    return str(real)


@cache
def _read_version(path: Path, changed_ns: int) -> str:  # noqa: ARG001  (another file, another answer)
    """Return what a Node.js says of its version; "" if it says nothing."""
    try:
        done = subprocess.run(  # noqa: S603  (the operator's own program)
            [str(path), "--version"],
            capture_output=True,
            check=False,
            env={"PATH": PATH},
            timeout=_VERSION_TIMEOUT_S,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("ascii", "replace").strip()[:50]


def run_monitor(
    task: MonitorTask, *, node: str, zip_path: Path, hosts: Sequence[str] = ()
) -> ProgramRun:
    """Run a program on a zip and report how it ended.

    Args:
        node: as `find_node` returned it.
        zip_path: it is shown to the program under another path, and cannot be changed by it.
        hosts: `host:port` of each that may be asked for it; without any, it has no wire.

    Returns:
        A run whose exit status is None if it could not be isolated; the output says why.
    """
    with tempfile.TemporaryDirectory(prefix="monitor-") as place:
        folder, program = Path(place) / "root", Path(place) / "program.js"
        folder.mkdir()
        program.write_text(task.program, encoding="utf-8", errors="replace")
        told = (task.model_name, task.uploader_name, task.downloader_name)
        command = [
            # The kernel kills it when the thread that waits for it has ended for any reason.
            "setpriv", "--pdeathsig", "KILL", "--",
            "prlimit", f"--as={MONITOR_MEMORY_BYTES}", f"--cpu={MONITOR_CPU_S}",
            "--fsize=0", f"--nofile={MONITOR_OPEN_FILES_MAX}", "--core=0", "--",
            "unshare", "--user", "--map-root-user", "--net", "--ipc", "--uts", "--mount", "--pid",
            "--fork", "--kill-child=KILL", "--",
            "sh", "-c", _WRAPPER, "monitor", str(folder), node, str(program), str(zip_path),
            str(MONITOR_PROCESSES_MAX), str(MONITOR_HEAP_MB), str(FETCH) if hosts else "",
            *map(_as_argument, told), _ZIP,
        ]  # fmt: skip
        if not hosts:
            return _run(command)
        try:
            with start_courier(node, hosts) as courier:
                run = _run(command, courier.wire)
                return replace(run, requests=courier.finish())
        except CourierFailed as error:
            return ProgramRun(None, str(error))


def _run(command: Sequence[str], wire: socket.socket | None = None) -> ProgramRun:
    """Start a program behind the walls and watch it; the wire is closed here once it has it."""
    try:
        process = subprocess.Popen(  # noqa: S603  (that is what this module is for)
            command,
            cwd="/",
            # It inherits nothing from the registry's environment, which contains credentials.
            env={"PATH": PATH, "HOME": "/home"},
            stdin=wire.fileno() if wire else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        return ProgramRun(None, f"The sandbox could not be started: {error}.")
    finally:
        if wire:
            wire.close()
    return watch(process, timeout_s=MONITOR_TIMEOUT_S, printed_max_bytes=MONITOR_PRINTED_MAX_BYTES)


def _as_argument(text: str) -> str:
    """Return a text as the kernel takes it in a list of arguments, which ends it at a NUL."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
