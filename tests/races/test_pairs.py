"""Operations that write, side by side: each does its work whole, or says why not.

Two at a time, and in crowds, where every operation meets many others in one round. The standing
suite runs a sample; `make races ROUNDS=2 MEETINGS=200` every pair so often, on both databases.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from artifacts.api.exception_handler import find_status
from artifacts.exceptions import RegistryError
from artifacts.work.jobs import Job
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.races import plan
from tests.races import world as worlds
from tests.races.invariants import broken
from tests.races.operation import DOORS, Operation
from tests.races.operations import LIKE_OTHERS, OPERATIONS, READING
from tests.races.tally import ACTED, BESIDE, BUSY, CRASHED, DONE, REFUSED, Act, Tally
from tests.routes import HUB_RULES, RULES

# Of two operations, one begins at once and the other up to so much later: as long as most take.
APART_MAX_S = 0.02
# How long one thread may keep the interpreter from the others: less than most operations take.
TURN_S = 0.0005


@pytest.fixture
def quick_commits(transactional_db):
    """Have PostgreSQL wait for no disk, over whichever connection: it may lose power here."""
    if connection.vendor != "postgresql":
        yield
        return
    of_database = f'ALTER DATABASE "{connection.settings_dict["NAME"]}"'
    with connection.cursor() as cursor:
        cursor.execute(f"{of_database} SET synchronous_commit = off")
    connection.close()
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"{of_database} RESET synchronous_commit")
    connection.close()


def act(operation: Operation, world: worlds.World) -> Act:
    """Do it, and see what it came to."""
    began = time.perf_counter()
    try:
        answer = operation.act(world)
    except RegistryError as error:
        status, text = find_status(error), error.message
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the finding)
        status, text = CRASHED, f"{type(error).__name__}: {error}"
    else:
        status, text = ACTED, ""
        if isinstance(answer, HttpResponse):
            status, text = answer.status_code, answer.content.decode(errors="replace")
    ended = time.perf_counter()
    # What the registry does by itself goes on beside whatever others do, or the database is busy.
    refused = REFUSED if operation.covers.split()[0] in DOORS else {BUSY}
    is_right = status in DONE or status == ACTED or (status in refused and text)
    wrong = "" if is_right else f"{operation.name}: {status}: {text[:300]}"
    return Act(operation.name, began, ended, status, wrong)


def race(
    pool: ThreadPoolExecutor, before: worlds.Before, together: tuple[Operation, ...], number: int
) -> tuple[list[Act], list[str]]:
    """One round of operations that begin together; returns what they did and what went wrong."""
    names = BESIDE.join(each.name for each in together)
    chance = random.Random(f"{plan.SEED}-{number}-{names}")
    world, barrier = before.restore(), threading.Barrier(len(together))
    # In a crowd all take longer; in every second one, who takes away what the others rest on may
    # come when they are in the middle.
    latest_s = APART_MAX_S * chance.choice((1, len(together) / 2))
    late_s = [
        chance.uniform(0, latest_s if each.name in plan.TAKING else APART_MAX_S)
        for each in together
    ]
    late_s[chance.randrange(len(together))] = 0.0

    def run(place: int) -> Act:
        barrier.wait()
        time.sleep(late_s[place])
        return act(together[place], world)

    acts = list(pool.map(run, range(len(together))))
    done_until = timezone.now()
    worlds.run_tasks()
    wrong = [*(each.wrong for each in acts if each.wrong), *broken(done_until)]
    return acts, [f"{names} ({number}): {each}" for each in wrong]


@contextmanager
def threads(count: int) -> Iterator[ThreadPoolExecutor]:
    """Threads with connections of their own, which are closed at the end."""
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    try:
        with ThreadPoolExecutor(count) as pool:
            yield pool
            barrier = threading.Barrier(count)
            list(pool.map(lambda _: (barrier.wait(), connection.close()), range(count)))
    finally:
        sys.setswitchinterval(usual_s)


@contextmanager
def counted(kind: str, chunk: int) -> Iterator[Tally]:
    """A tally, left in the journal at the end; a chunk that has left one is not run again."""
    tally, began = Tally(), time.perf_counter()
    name = f"{connection.vendor}-{kind}-{plan.SEED}-{chunk:04}.json"
    path = None if plan.JOURNAL is None else plan.JOURNAL / name
    if path is not None and path.exists():
        pytest.skip(f"{path} is there")
    yield tally
    tally.seconds = time.perf_counter() - began
    if path is not None:
        tally.write(path)
    assert not tally.findings, "\n".join(tally.findings[:50])


@pytest.fixture
def before(sources, quick_commits, tmp_path):
    return worlds.Before.take(worlds.build(), tmp_path / "bucket-before")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("chunk", plan.chunks_of_pairs())
def test_pair_when_side_by_side_then_each_is_whole_or_refused(chunk, before):
    with counted("pairs", chunk) as tally, threads(2) as pool:
        for number, pair in plan.pairs_in(chunk):
            tally.add_round(*race(pool, before, pair, number))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("chunk", plan.chunks_of_crowds())
def test_crowd_when_side_by_side_then_each_is_whole_or_refused(chunk, before):
    crowds = plan.Crowds(chunk)
    with counted("crowds", chunk) as tally, threads(plan.CROWD) as pool:
        for number, crowd in crowds:
            acts, wrong = race(pool, before, crowd, number)
            tally.add_round(acts, wrong)
            crowds.note(acts)


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
        "check_lfs_object",
        "remove_objects", "remove_everything", "store_people", "rerate_models", "rate_chosen",
        "store_decisions", "store_globals", "scan_revision", "scan_again", "judge_scans",
    }  # fmt: skip
    assert {job.value for job in Job} == known
