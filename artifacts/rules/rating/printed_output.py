"""What a card's code printed: lines of output, of sessions, and of comments in programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.measures import BENCHMARK, MEASURE, find_scores
from artifacts.rules.readme import CodeBlock

# Code whose lines are no output: only its comments and what stands behind prompts may be.
_PROGRAMS = frozenset((
    "python", "py", "python3", "pycon", "ipython", "jupyter", "bash", "sh", "shell", "zsh", "js",
    "javascript", "typescript", "ts", "java", "c", "cpp", "c++", "rust", "go", "swift", "kotlin",
    "r", "julia", "dockerfile", "html", "css", "sql", "jinja",
))  # fmt: skip
_PROGRAM_SIGNS = Pattern(r"(?m)^\s*(?:>>> )?(?:import \w|from [\w.]+ import |def \w|pip install )")
_OUTPUT = Pattern(r"(?m)^\s*(?:>>>|=>|->|#|//)[>\s]*([^\n]*)$|\s#\s*([^\n]*)$")
_PROMPT = ">>>"
# How estimators of scikit-learn are asked for their accuracy or R2.
_SCORED = Pattern(r"score(?:\()", before="A-Za-z0-9_")
_BLANKS = Pattern(r"[ \t]{2,}|\t")
_RULE = Pattern(r"[-=+|:_\s]+")
# Tables name their measures in the head, or in each row.
_ROWS_LOOKED_AT = 3
# Enough of a line for a quote and for any table that people print.
LINE_MAX_CHARS = 2_000


def list_output(block: CodeBlock) -> Iterator[tuple[str, str]]:
    """Yield the lines that a program printed, or that stand in a program's comments.

    Each as it is judged, and as it stands there.
    """
    text = block.text
    if text.lstrip().startswith(_PROMPT):
        lines: Iterable[tuple[str, str]] = _session_output(text.splitlines())
    elif block.language in _PROGRAMS or (not block.language and _PROGRAM_SIGNS.search(text)):
        lines = _commented_output(text)
    else:
        lines = ((line, line) for line in text.splitlines())
    return ((judged[:LINE_MAX_CHARS], shown[:LINE_MAX_CHARS]) for judged, shown in lines)


def _session_output(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield what a session of Python printed; a bare number with the measure that was asked for."""
    asked = ""
    for line in map(str.strip, lines):
        if line.startswith((_PROMPT, "...")):
            asked = line
        else:
            yield _name_measure(line, asked), line


def _commented_output(text: str) -> Iterator[tuple[str, str]]:
    """Yield a program's comments; a bare number with the measure of the code before it."""
    begins_at = 0
    for found in _OUTPUT.finditer(text):
        asked = text[begins_at : found.start()].strip().rpartition("\n")[2]
        begins_at = found.end()
        yield _name_measure((found[1] or found[2]).strip(), asked), found[0].strip()


def _name_measure(line: str, asked: str) -> str:
    """Return a line, a bare number with the measure that code asked for: `model.score(x, y)`."""
    if not line.replace(".", "", 1).isdecimal():
        return line
    measure = MEASURE.search(asked.replace("_", " ")) or _SCORED.search(asked)
    return f"eval {measure[0].rstrip('(')}: {line}" if measure else line


def list_tables(lines: Iterable[str], rest: list[str]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield groups of lines that are tables, with their cells; other lines go to `rest`."""
    rows: list[tuple[str, ...]] = []
    kept: list[str] = []
    for line in [*lines, "", ""]:
        if line.strip() and _RULE.fullmatch(line):
            continue
        cells = _divide(line)
        if len(cells) > 1:
            rows.append(cells)
            kept.append(line)
            continue
        # Reports of scikit-learn have empty lines below the head and above the averages.
        if not line.strip() and rows and (not kept or kept[-1]):
            kept.append("")
            continue
        yield from _completed(rows, kept, rest)
        rows, kept = [], []
        if line.strip():
            rest.append(line)


def _divide(line: str) -> tuple[str, ...]:
    """Return the cells of a line: between bars, or with at least two blanks between them."""
    shown = line.strip()
    if "|" in shown:
        return tuple(each.strip() for each in shown.strip("|").split("|"))
    return tuple(filter(None, _BLANKS.split(shown)))


def _completed(
    rows: list[tuple[str, ...]], kept: list[str], rest: list[str]
) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Yield lines as a table if the first has no number and some name a measure."""
    head = " ".join(rows[0]) if rows else ""
    words = " ".join(cell for row in rows[:_ROWS_LOOKED_AT] for cell in row)
    names_measure = MEASURE.search(words) or BENCHMARK.search(words)
    if len(rows) > 1 and not find_scores(head) and names_measure:
        # The head of a report has no word above the labels, and its last rows begin further right.
        width = max(map(len, rows))
        yield tuple(
            (row[0], *([""] * (width - len(row))), *row[1:])
            if number
            else (*([""] * (width - len(row))), *row)
            for number, row in enumerate(rows)
        )
    else:
        rest += [line for line in kept if line]
