"""Listing and searching a large registry, as ratios within one run."""

import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from unittest.mock import patch

from artifacts.exceptions import NothingFound
from artifacts.models import Artifact, SearchDocument
from artifacts.models.walks import walk
from artifacts.rules.paging import make_offset
from artifacts.selectors.catalogue import search
from artifacts.selectors.catalogue.candidates import list_candidates
from artifacts.selectors.catalogue.listing import ArtifactQuery, list_artifacts
from artifacts.selectors.catalogue.search import find_by_expression

Figures = list[tuple[str, str]]
ROUNDS = 7
EVERYTHING = [ArtifactQuery("*")]


def seconds(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The median of several rounds."""
    taken = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)


def run(rows: int) -> Figures:
    return [*_pages(rows), *_expressions(rows)]


def _pages(rows: int) -> Figures:
    """The last page against the first, for each kind of listing."""
    last = Artifact.objects.order_by("-created_us", "-id")[150]
    offset = make_offset(last.created_us, last.id)
    figures = []
    for what, queries in (
        ("everything", EVERYTHING),
        ("one type", [ArtifactQuery("*", ("model",))]),
        ("two types", [ArtifactQuery("*", ("model", "code"))]),
    ):
        first_s = seconds(partial(list_artifacts, queries, None), 50)
        last_s = seconds(partial(list_artifacts, queries, offset), 50)
        figures.append((
            f"page at the end of {rows:,} against the first, {what} (goal: at most 1.5)",
            f"{last_s / first_s:.2f} times ({last_s * 1000:.2f} ms)",
        ))  # fmt: skip
    return figures


def _expressions(rows: int) -> Figures:
    """Literals in an expression: through the index, without it, and by a program for that."""
    words = SearchDocument.objects.all()[rows // 2].readme.split()
    one, two, three = (" ".join(words[at : at + 2]) for at in (100, 150, 200))
    figures, with_s = [], 0.0
    for what, expression in (
        ("one literal", f"{one}.*"),
        ("two literals", f"{one}.*{two}"),
        ("two alternatives", f"({one}|{two}).*"),
        ("three alternatives", f"({one}|{two}|{three}).*"),
    ):
        found_s, figure = _with_and_without(expression)
        with_s = with_s or found_s
        goal = "index against scan (goal: 20 times)"
        figures.append((f"expression with {what} over {rows:,} documents: {goal}", figure))
    return [*figures, _against_grep(f"{one}.*", with_s)]


def _with_and_without(expression: str) -> tuple[float, str]:
    """One expression through the index and by walking along all documents, in turns."""

    def find() -> list[Artifact]:
        try:
            return find_by_expression(expression).artifacts
        except NothingFound:
            return []

    found, with_s = len(find()), seconds(find)
    with patch.object(search, "list_candidates", lambda _required: list_candidates(None)):
        without_found, without_s = len(find()), seconds(find, 3)
    if not found or found != without_found:
        raise RuntimeError(f"{found} found with the index, {without_found} without")
    figure = f"{without_s / with_s:.0f} times ({with_s * 1000:.1f} ms against {without_s:.2f} s)"
    return with_s, figure


def _against_grep(expression: str, with_s: float) -> tuple[str, str]:
    """The same text in files, searched by ripgrep or, where that is absent, by grep."""
    program = shutil.which("rg") or shutil.which("grep")
    if program is None:
        return ("against ripgrep over the same text", "skipped: neither rg nor grep is here")
    name = Path(program).name
    options = ["-c", "-e"] if name == "rg" else ["-rcE", "-e"]
    with tempfile.TemporaryDirectory() as folder:
        for number, document in enumerate(walk(SearchDocument.objects.all())):
            with (Path(folder) / f"{number // 1_000}.txt").open("a", encoding="utf-8") as file:
                file.write(f"{document.name}\n{document.readme}\n")
        command = [program, *options, expression, folder]
        grep_s = seconds(lambda: subprocess.run(command, capture_output=True, check=True), 3)
    return (
        f"the same against {name} over the same text in files",
        f"{grep_s / with_s:.1f} times faster ({name}: {grep_s * 1000:.0f} ms)",
    )
