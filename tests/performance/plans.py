"""How PostgreSQL carries out the statements of some code, and what is wrong with that."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection

EXPLAINED = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
# What one part of a plan may look at. A page of a listing has 101 rows, a step of a walk 1,000.
ROWS_MAX = 2_500
# What it may look at for nothing.
REMOVED_MAX = 1_000
_REMOVED = (
    "Rows Removed by Filter",
    "Rows Removed by Index Recheck",
    "Rows Removed by Join Filter",
)


@dataclass
class Watch:
    """The statements that were seen, and what is wrong with any of them."""

    statements: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@contextmanager
def watched() -> Iterator[Watch]:
    """Explain each statement just before it is carried out, on rows that are as they will be."""
    watch = Watch()

    def look(execute: Callable[..., object], sql: str, params: object, many: bool, context: dict):  # noqa: FBT001  (Django's)
        if not many and str(sql).lstrip(" (\n").startswith(EXPLAINED) and "set_config" not in sql:
            watch.statements.append(str(sql))
            plan = explain(sql, params)
            watch.faults += [f"{fault}\n    in {sql}" for fault in faults_of(plan)]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield watch


def explain(sql: str, params: object) -> dict:
    """Carry a statement out, take it back, and return its plan with the rows that it met.

    Without parallel workers: below a limit they read ahead as far as the machine lets them, so how
    many rows they met would be another number each time.
    """
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT explained")
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        (found,) = cursor.fetchone()
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def faults_of(plan: dict) -> Iterator[str]:
    """Yield what a plan does that would take as long as its tables have rows."""
    loops = plan.get("Actual Loops", 1)
    removed = sum(plan.get(each, 0) for each in _REMOVED) * loops
    rows = plan.get("Actual Rows", 0) * loops
    where = plan.get("Relation Name", plan.get("Index Name", ""))
    name = f"{plan['Node Type']} {where}"
    if removed > REMOVED_MAX:
        yield f"{name} throws {removed} rows away"
    elif "Scan" in name and rows > ROWS_MAX:
        yield f"{name} reads {rows} rows"
    for part in plan.get("Plans", ()):
        yield from faults_of(part)
