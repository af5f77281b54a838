"""Operations that write, side by side: each does its work whole, or says why not.

Two at a time, and in crowds, where every operation meets many others in one round. The standing
suite runs a sample; `make races ROUNDS=20 MEETINGS=200` every pair so often, on both databases.
"""

from __future__ import annotations

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import combinations, combinations_with_replacement

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from artifacts.api.exception_handler import find_status
from artifacts.exceptions import RegistryError
from artifacts.work.jobs import Job
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.races import world as worlds
from tests.races.invariants import broken
from tests.races.operations import LIKE_OTHERS, OPERATIONS, READING, Operation
from tests.routes import HUB_RULES, RULES

# Without a number, one round of some of the pairs: those that end somebody or something, and a few.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "0"))
# How often each pair meets in crowds; without a number, a few crowds.
MEETINGS = int(os.environ.get("RACE_MEETINGS", "0"))
CROWD = 8
CROWDS_SAMPLED = 10
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


def crowds() -> Iterator[tuple[Operation, ...]]:
    """Crowds in which each pair of different operations meets MEETINGS times, in few rounds."""
    chance = random.Random(SEED)
    owed = Counter(dict.fromkeys(combinations(range(len(OPERATIONS)), 2), MEETINGS))
    for _ in range(CROWDS_SAMPLED if not MEETINGS else 0):
        yield tuple(chance.sample(OPERATIONS, CROWD))
    while owed:
        crowd = list(chance.choice(list(owed)))
        while len(crowd) < CROWD:
            others = [each for each in range(len(OPERATIONS)) if each not in crowd]
            chance.shuffle(others)
            crowd.append(
                max(others, key=lambda it: sum(owed[min(it, of), max(it, of)] > 0 for of in crowd))
            )
        owed -= Counter(combinations(sorted(crowd), 2))
        chance.shuffle(crowd)
        yield tuple(OPERATIONS[each] for each in crowd)


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
def quick_commits(transactional_db):
    """Have PostgreSQL wait for no disk while a world is built."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
    yield
    connection.close()


def outcome(operation: Operation, world: worlds.World) -> str:
    """Do it; return what is wrong with the answer, "" for nothing."""
    try:
        answer = operation.act(world)
    except RegistryError as error:
        status, text = find_status(error), error.message
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the finding)
        return f"{operation.name}: {type(error).__name__}: {error}"
    else:
        if not isinstance(answer, HttpResponse):
            return ""
        status, text = answer.status_code, answer.content.decode(errors="replace")
    if status in DONE or (status in REFUSED and text):
        return ""
    return f"{operation.name}: {status}: {text[:300]}"


def race(
    pool: ThreadPoolExecutor, before: worlds.Before, together: tuple[Operation, ...], number: int
) -> list[str]:
    """One round of operations that begin together; returns what went wrong."""
    names = " | ".join(each.name for each in together)
    chance = random.Random(f"{SEED}-{number}-{names}")
    world, barrier = before.restore(), threading.Barrier(len(together))
    late_s = [chance.uniform(0, APART_MAX_S) for _ in together]
    late_s[chance.randrange(len(together))] = 0.0

    def run(place: int) -> str:
        barrier.wait()
        time.sleep(late_s[place])
        return outcome(together[place], world)

    found = [each for each in pool.map(run, range(len(together))) if each]
    done_until = timezone.now()
    worlds.run_tasks()
    return [f"{names} ({number}): {each}" for each in (*found, *broken(done_until))]


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads with connections of their own, which are closed at the end."""
    with ThreadPoolExecutor(count) as pool:
        yield pool
        barrier = threading.Barrier(count)
        list(pool.map(lambda _: (barrier.wait(), connection.close()), range(count)))


@pytest.fixture
def before(sources, quick_commits, tmp_path):
    return worlds.Before.take(worlds.build(), tmp_path / "bucket-before")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("part", range(PARTS))
def test_pair_when_side_by_side_then_each_is_whole_or_refused(part, before):
    found: list[str] = []
    with threads(2) as pool:
        for number, pair in chosen(part):
            found += race(pool, before, pair, number)
    assert not found, "\n".join(found[:50])


@pytest.mark.django_db(transaction=True)
def test_crowd_when_side_by_side_then_each_is_whole_or_refused(before):
    found: list[str] = []
    with threads(CROWD) as pool:
        for number, crowd in enumerate(crowds()):
            found += race(pool, before, crowd, number)
    assert not found, "\n".join(found[:50])


def test_route_when_it_writes_then_it_races():
    routes = {f"{method} {name}" for name, rules in RULES.items() for method in rules}
    # Of the Hub's routes, those of models stand for all.
    routes |= {
        f"{method} {name}"
        for name, rules in HUB_RULES.items()
        for method in rules
        if "alias" not in name and "datasets" not in name
    }
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
        "rate_examined_model", "rate_copies",
        "demonstrate_model", "follow_parent", "resolve_parents", "build_bundle", "check_upload",
        "remove_objects", "remove_everything", "store_people", "rerate_models",
            "rate_chosen",
    }  # fmt: skip
    assert {job.value for job in Job} == known
