"""How long everybody else waits, and how much memory it takes, while one request is hostile."""

import http.client
import multiprocessing
import multiprocessing.connection
import os
import time
from pathlib import Path

PAUSE_S = 0.01
ANSWER_WITHIN_S = 60
# Linux, Documentation/filesystems/proc: 5 sets the peak of resident memory back.
CLEAR_PEAK = "5"
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def _look(port: int, pipe: multiprocessing.connection.Connection) -> None:
    """Ask for /tracks without pause; tell the longest wait whenever somebody asks for it."""
    longest_s = 0.0
    while True:
        started = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_WITHIN_S)
        try:
            connection.request("GET", "/tracks")
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            pass  # a wait as any other: its length is what counts
        finally:
            connection.close()
        longest_s = max(longest_s, time.monotonic() - started)
        if pipe.poll(PAUSE_S):
            if pipe.recv() == "end":
                return
            pipe.send(longest_s)
            longest_s = 0.0


class Watch:
    """A process of its own, so that what the campaign computes does not look like a wait."""

    def __init__(self, port: int) -> None:
        self._pipe, theirs = multiprocessing.Pipe()
        context = multiprocessing.get_context("spawn")
        self._process = context.Process(target=_look, args=(port, theirs), daemon=True)
        self._process.start()

    def longest_s(self) -> float:
        """The longest wait since this was asked for the last time."""
        self._pipe.send("tell")
        return float(self._pipe.recv())

    def end(self) -> None:
        self._pipe.send("end")
        self._process.join(ANSWER_WITHIN_S)


def set_back(pids: list[int]) -> None:
    """Begin to measure peaks anew."""
    for pid in pids:
        try:
            Path(f"/proc/{pid}/clear_refs").write_text(CLEAR_PEAK)
        except OSError:
            continue  # it ended meanwhile, or the system does not let us: the peak stays a bound


def cpu_s(pids: list[int]) -> float:
    """CPU seconds that some processes have used so far."""
    return sum(_cpu_s(Path(f"/proc/{pid}/stat")) for pid in pids)


def _cpu_s(stat: Path) -> float:
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0  # it ended meanwhile
    return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S  # proc(5): utime and stime
