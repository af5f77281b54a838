"""What scans found, as the Hub's clients read it.

Source: huggingface_hub, `hf_api.py`: BlobSecurityInfo (`securityFileStatus`), `securityRepoStatus`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from artifacts.enums import ScanVerdict
from artifacts.models import Revision
from artifacts.selectors.hub.trees import Entry, Leaf
from artifacts.selectors.trust.scans import ShownFinding, find_file_verdicts, get_scans

# The Hub's levels.
_SAFE = "safe"
_LEVELS = {
    ScanVerdict.CLEAN: _SAFE,
    ScanVerdict.ALLOWED: _SAFE,
    ScanVerdict.UNREADABLE: "caution",
    ScanVerdict.SUSPICIOUS: "suspicious",
    ScanVerdict.DANGEROUS: "unsafe",
}
_SAFETY = {
    ScanVerdict.ALLOWED: "innocuous",
    ScanVerdict.SUSPICIOUS: "suspicious",
    ScanVerdict.DANGEROUS: "dangerous",
}


def describe_file_security(revision: Revision, entries: Iterable[Entry]) -> dict[str, Any]:
    """Return path -> security of the files among some entries; those not scanned say so."""
    leaves = [each for each in entries if isinstance(each, Leaf)]
    kept = [(each.path, each.blob) for each in leaves if each.blob is not None]
    found = find_file_verdicts(revision.artifact_id, kept)
    return {each.path: _describe(found.get(each.path)) for each in leaves}


def describe_repository_security(revision: Revision) -> dict[str, Any]:
    """Return what was found in a revision as a whole."""
    scans = get_scans(revision)
    return {
        "scansDone": scans.verdict is not None,
        "filesWithIssues": [
            {"path": each.path, "level": _LEVELS[each.verdict]}
            for each in scans.files
            if _LEVELS[each.verdict] != _SAFE
        ],
    }


def _describe(found: tuple[ScanVerdict, Sequence[ShownFinding]] | None) -> dict[str, Any]:
    """Return the security of one file; no scanner here looks for viruses."""
    level = "unscanned" if found is None else _LEVELS[found[0]]
    imports = [
        {
            "module": each.name.rpartition(".")[0],
            "name": each.name.rpartition(".")[2],
            "safety": _SAFETY[each.verdict],
        }
        for each in (found[1] if found else ())
        if each.name and each.verdict in _SAFETY
    ]
    return {
        "status": level,
        "avScan": None,
        "pickleImportScan": {"status": level, "pickleImports": imports},
    }
