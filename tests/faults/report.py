"""The matrix as tables: one in a document, with what stays the same, and one with seconds."""

from collections.abc import Iterable, Mapping, Sequence

from tests.faults.operations import WELL
from tests.faults.scenarios import Scenario
from tests.faults.trial import Observed

AS_EVER = "as ever"
HEAD = """# What is answered while a component is lost

`make faults` writes this document. It takes each component of a whole registry away in each of
these ways, sends every kind of request, and restores the component. A cell is the status and the
error's code, or "as ever" if the answer is the same as when nothing is lost. The last lines of a
table say what `/health/components` reports, and within how many seconds everything was answered.

Whatever was lost, no answer took longer, every error said what to do, and every 503 said when to
try again. Once the component was back, everything answered as ever at the first attempt and without
help; all registered content was there and intact, and every task finished. A source that had been
silent repeatedly was first tried by one request or task; until that was answered, half a minute
later at most, no other request waited for it.

- **silent**: connections are accepted, but no answer comes; existing connections stall.
- **restarted**: the server ends every connection and accepts new ones.
- **follow a link**: only the bucket answers, for a signed link that was issued before.
- **clock skewed**: the bucket refuses the registry's signatures; their clocks differ by an hour.
- **credentials ended**: the registry signs with temporary credentials that have expired.
- **lies about conditions**: the bucket overwrites objects that must be written only once; the
  registry notices that when it starts, and keeps the promise with its own rows.
- **full**: the bucket returns what it has and accepts nothing more.
"""


def document(columns: Iterable[tuple[Scenario, Mapping[str, str]]]) -> str:
    """Return the document, from scenarios and what they answered."""
    by_component: dict[str, list[tuple[Scenario, Mapping[str, str]]]] = {}
    for scenario, cells in columns:
        by_component.setdefault(scenario.component, []).append((scenario, cells))
    parts = [HEAD, _well()]
    for component, found in by_component.items():
        parts.append(f"## {component}\n\n{_table(found)}")
    return "\n".join(parts)


def expected() -> str:
    """Return the document that says what is expected."""
    from tests.faults.scenarios import ALL

    return document((each, each.answers) for each in ALL)


def _table(columns: Sequence[tuple[Scenario, Mapping[str, str]]]) -> str:
    """Return one component's table; operations that fare alike share a row."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for name, well in WELL.items():
        cells = (cells[name] for _, cells in columns)
        row = tuple(AS_EVER if cell == well else f"**{cell}**" for cell in cells)
        alike.setdefault(row, []).append(name)
    scenarios = [scenario for scenario, _ in columns]
    rows: list[Sequence[str]] = [
        ["", *(each.how for each in scenarios)],
        ["---"] * (len(scenarios) + 1),
        *([", ".join(names), *cells] for cells, names in alike.items()),
        ["health says", *(", ".join(each.says) or "all is well" for each in scenarios)],
        ["answered within", *(f"{each.within_s:g} s" for each in scenarios)],
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _well() -> str:
    """Return what everything answers while nothing is lost."""
    by_status: dict[str, list[str]] = {}
    for name, status in WELL.items():
        by_status.setdefault(status, []).append(name)
    lines = [f"| {', '.join(names)} | {status} |" for status, names in by_status.items()]
    return "\n".join(["## Nothing is lost\n", "|  |  |", "| --- | --- |", *lines]) + "\n"


def measured(seen: Iterable[Observed]) -> str:
    """Return what differs from run to run, for whoever runs it."""
    lines = [f"{'scenario':32} {'slowest':>8}  {'operation':16} {'tasks done':>10}  health said"]
    lines += [
        f"{each.scenario.name:32} {each.slowest[1]:6.2f} s  {each.slowest[0]:16} "
        f"{each.back_s:8.1f} s  {', '.join(each.said) or '-'}"
        for each in seen
    ]
    return "\n".join(lines)
