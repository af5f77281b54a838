"""The matrix as tables: one in a document, with what stays the same, and one with seconds."""

from collections.abc import Iterable, Mapping, Sequence

from tests.faults.operations import WELL
from tests.faults.scenarios import Scenario
from tests.faults.trial import Observed

AS_EVER = "as ever"
HEAD = """# What is answered while a component is lost

Written by `make faults`, which loses each component of a whole registry in each of these ways,
asks for everything, and gets it back. A cell is the status and the error's code, or "as ever" where
nothing differs from a registry that lacks nothing. The last lines of a table say what
`/health/components` complains of, and within how many seconds everything was answered.

Whatever was lost: no answer took longer, every error said what to do and every 503 when to ask
again. Once the component was back, everything answered as ever, at the first try and with no hand;
what had been registered was there and whole, and every task finished.

- **silent**: connections are taken, and nothing comes; those that there were stop where they are.
- **restarted**: the server ends every connection and takes new ones.
- **follow a link**: the bucket alone answers for a signed link that was given out before.
- **clock skewed**: the bucket refuses what the registry signs; their clocks differ by an hour.
- **credentials ended**: those that the registry signs with lived for a while only, and are over.
- **lies about conditions**: the bucket overwrites what was to be written once; the registry finds
  that out when it starts, and keeps the promise by rows of its own.
- **full**: the bucket gives what it has and takes nothing more.
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
