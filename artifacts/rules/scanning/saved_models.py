"""Graphs of TensorFlow that read or write files wherever they run.

Source: TensorFlow, SECURITY.md ("models are programs"); NodeDef in `node_def.proto`; modelscan.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look
from artifacts.rules.scanning.searching import find_all

NAME = "TensorFlow graphs"

_OPERATIONS = ("WriteFile", "ReadFile", "PyFunc", "EagerPyFunc", "PyFuncStateless")
# NodeDef has its operation in field 2: tag, length, name.
_WANTED = {b"\x12" + bytes([len(each)]) + each.encode(): each for each in _OPERATIONS}


def fits(look: Look) -> bool:
    """Whether it is a graph."""
    return look.is_named(".pb")


def scan(look: Look) -> Iterator[ScanFinding]:
    """Look for operations that reach out of the graph."""
    for found in find_all(look.window, tuple(_WANTED)):
        operation = _WANTED[found]
        yield look.finding(
            NAME,
            ScanVerdict.SUSPICIOUS,
            f"Its graph has the operation {operation}, which reaches files or Python where the "
            "model runs.",
            f"tensorflow.{operation}",
        )
