"""Any two operations that write, side by side: each does its work whole, or says why not.

The standing suite runs each pair a few times; `make races ROUNDS=200` does on both databases.
"""

from __future__ import annotations

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations_with_replacement

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django_tasks.base import Task as Job

from artifacts.api.exception_handler import status_of
from artifacts.api.permissions import RULES
from artifacts.exceptions import RegistryError, SourceUnavailable
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.services import evidence, mirror, registration, replacement
from artifacts.tasks import jobs
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.races import world as worlds
from tests.races.invariants import broken
from tests.races.operations import LIKE_OTHERS, OPERATIONS, READING, Operation

# Without a number, one round of some of the pairs: those that end somebody or something, and a few.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "0"))
SEED = int(os.environ.get("RACE_SEED", "9"))
# Of the two, one begins up to so much later: as long as most of them take.
APART_MAX_S = 0.02
DONE = {200, 201, 202, 302}
REFUSED = {401, 403, 404, 409, 503}
PAIRS = list(combinations_with_replacement(OPERATIONS, 2))
SAMPLED = 60
ENDING = ("reset", "delete the user", "delete")
# Several tests, so that a failure says something before all pairs are through.
PARTS = 4


def chosen(part: int) -> list[tuple[int, tuple[Operation, Operation]]]:
    """The rounds of a part."""
    if ROUNDS:
        return [(number, pair) for number in range(ROUNDS) for pair in PAIRS[part::PARTS]]
    chance = random.Random(SEED)
    picked = chance.sample(PAIRS, SAMPLED)
    ending = [pair for pair in PAIRS if {each.name for each in pair} & set(ENDING)]
    picked += chance.sample(ending, SAMPLED)
    return [(0, pair) for pair in picked[part::PARTS]]


@pytest.fixture
def sources(monkeypatch, settings):
    settings.REGISTRY_TASKS = "worker"
    for module in (registration, replacement):
        monkeypatch.setattr(module, "find_source", worlds.find_source)
    monkeypatch.setattr(mirror, "get_source", worlds.get_source)
    monkeypatch.setattr("artifacts.services.downloads.DOWNLOAD_WAIT_S", 0.01)
    monkeypatch.setattr(evidence, "fetch_commits", lambda *_: CommitFacts({"ada": 5}))
    for name in ("fetch_code_facts", "fetch_dataset", "fetch_card"):
        monkeypatch.setattr(evidence, name, _silent)


@pytest.fixture
def quick_commits(transactional_db):
    """Have PostgreSQL wait for no disk while a world is built."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
    yield
    connection.close()


def _silent(*_given, **_named):
    raise SourceUnavailable("Nobody answers.")


def outcome(operation: Operation, world: worlds.World) -> str:
    """Do it; return what is wrong with the answer, "" for nothing."""
    try:
        answer = operation.act(world)
    except RegistryError as error:
        status, text = status_of(error), error.message
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the finding)
        return f"{operation.name}: {type(error).__name__}: {error}"
    else:
        if not isinstance(answer, HttpResponse):
            return ""
        status, text = answer.status_code, answer.content.decode(errors="replace")
    if status in DONE or (status in REFUSED and text):
        return ""
    return f"{operation.name}: {status}: {text[:300]}"


def race(pool: ThreadPoolExecutor, pair: tuple[Operation, Operation], number: int) -> list[str]:
    """One round of a pair; returns what went wrong."""
    chance = random.Random(f"{SEED}-{number}-{pair[0].name}-{pair[1].name}")
    world, barrier = worlds.build(number), threading.Barrier(2)
    late, apart_s = chance.randrange(2), chance.uniform(0, APART_MAX_S)

    def run(place: int) -> str:
        barrier.wait()
        if place == late:
            time.sleep(apart_s)
        return outcome(pair[place], world)

    found = [each for each in pool.map(run, range(2)) if each]
    worlds.run_tasks()
    names = f"{pair[0].name} | {pair[1].name} ({number})"
    return [f"{names}: {each}" for each in (*found, *broken())]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.usefixtures("sources", "quick_commits")
def test_pair_when_side_by_side_then_each_is_whole_or_refused(part):
    found: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        for number, pair in chosen(part):
            found += race(pool, pair, number)
        # Each of the two threads has a connection of its own.
        barrier = threading.Barrier(2)
        list(pool.map(lambda _: (barrier.wait(), connection.close()), range(2)))
    assert not found, "\n".join(found[:50])


def test_route_when_it_writes_then_it_races():
    routes = {f"{method} {name}" for name, rules in RULES.items() for method in rules}
    named = {each.covers for each in OPERATIONS}
    assert routes - named - READING == set()
    assert READING - routes == set()
    assert READING & named == set()


def test_action_of_the_staff_site_when_it_writes_then_it_races():
    actions = {
        f"staff {model._meta.model_name} {action if isinstance(action, str) else action.__name__}"
        for model, page in admin.site._registry.items()
        for action in page.actions or ()
    }
    named = {each.covers for each in OPERATIONS} | LIKE_OTHERS
    assert actions
    assert actions - named == set()


def test_job_when_it_is_there_then_a_round_may_run_it():
    """All of them are run by the one operation `tasks`; what schedules them is in the list."""
    known = {
        "ingest_artifact", "ingest_replacement", "mirror_revision", "rate_model",
        "demonstrate_model", "follow_parent", "resolve_parents", "build_bundle", "check_upload",
        "remove_objects", "remove_everything",
    }  # fmt: skip
    assert {name for name, each in vars(jobs).items() if isinstance(each, Job)} == known
