"""SQLite walks the catalogue's indexes in their order: it joins and sorts nothing.

It plans without knowing how many rows there are, so a few tell what it does with many.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

from artifacts.enums import TaskState
from artifacts.models import Revision, Task
from artifacts.selectors.catalogue import browsing
from artifacts.selectors.catalogue.browsing import Wish, browse
from artifacts.selectors.upkeep.front_page import get_needs
from artifacts.selectors.upkeep.queue import get_queue
from artifacts.work import leases
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="SQLite's plans"),
    pytest.mark.django_db,
]
CHOICES = {
    "type": "model", "gate": "passed", "license": "permissive", "score": "good", "size": "large",
    "task": "other", "content": "stored", "source": "huggingface_model", "by": "ursula",
}  # fmt: skip
# Of one choice in another order what fits is sorted; that is what a choice leaves, in short rows.
SORTED = "USE TEMP B-TREE FOR ORDER BY"


@contextmanager
def plans(table: str) -> Iterator[list[str]]:
    """Collect how statements that name a table are carried out."""
    found: list[str] = []

    def look(execute: Callable[..., object], sql: str, params: object, many: bool, context: dict):  # noqa: FBT001  (Django's)
        if f'FROM "{table}"' in sql and sql.startswith("SELECT"):
            told = connection.connection.execute(
                f"EXPLAIN QUERY PLAN {sql.replace('%s', '?')}", params or ()
            )
            found.append("\n".join(row[3] for row in told))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield found


@pytest.fixture
def shelf(monkeypatch) -> None:
    """More than is counted, so that the database walks."""
    monkeypatch.setattr(browsing, "CATALOGUE_COUNTED_MAX", 1)
    for number in range(1, 5):
        make_rating(make_artifact(number=number), gate="passed", net_score=0.7, category="other")
    Revision.objects.update(license="mit", size_bytes=5_000_000_000)


@pytest.mark.parametrize("choice", [None, *CHOICES])
def test_newest_when_narrowed_then_read_from_an_index_in_order(shelf, choice):
    with plans("artifacts_listing") as found:
        browse(Wish(chosen={choice: CHOICES[choice]} if choice else {}))
    assert found
    for plan in found:
        assert "USING COVERING INDEX listing_whole" in plan or "USING INDEX listing_" in plan
        assert SORTED not in plan
        assert plan.count("artifacts_listing") == 1


@pytest.mark.parametrize("order", ["score", "name", "smallest", "largest"])
def test_order_when_walked_then_its_index_is(shelf, order):
    with plans("artifacts_listing") as found:
        browse(Wish(order=order))
    assert len(found) == 2
    index = {"smallest": "size", "largest": "size"}.get(order, order)
    assert f"INDEX listing_{index}" in found[1]
    assert SORTED not in found[1]


@pytest.mark.parametrize(
    "ask", [leases.anything_due, get_queue, get_needs], ids=["worker", "queue", "front-page"]
)
def test_open_tasks_when_asked_for_then_their_index_is(ask):
    Task.objects.create(name="x", due_at="2026-01-01T00:00Z", state=TaskState.SUCCEEDED)
    with plans("artifacts_task") as found:
        ask()
    assert any("INDEX task_due" in plan for plan in found)
    assert not any(line in ("SCAN artifacts_task", "SCAN U0")
                   for plan in found for line in plan.splitlines())  # fmt: skip
