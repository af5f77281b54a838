"""Writers take turns, and a file that somebody else holds costs few of them much."""

import sqlite3
import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from artifacts.api.exception_handler import handle_exception
from artifacts.limits import SQLITE_PATIENT_WRITERS_MAX
from artifacts.models import IdSequence
from registry_site.sqlite.turns import Turns, busy, is_busy

needs_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="locks a file")


@pytest.fixture
def quick(set_limits):
    set_limits(SQLITE_HELD_AFTER_S=0.2, SQLITE_LOCK_MAX_S=1.0)


def in_threads(number: int, work) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(number)]
    for thread in threads:
        thread.start()
    return threads


def test_turns_when_each_writes_for_a_moment_then_all_get_theirs_one_by_one(quick):
    taken, writing, most = Turns(), [], []

    def write() -> None:
        for _ in range(5):
            taken.take(lambda: None)
            writing.append(1)
            most.append(len(writing))
            time.sleep(0.001)
            writing.pop()
            taken.give_back()

    for thread in in_threads(32, write):
        thread.join(60)
    assert (len(most), max(most)) == (32 * 5, 1)


def until(holds) -> None:
    while not holds():
        time.sleep(0.001)


def test_turns_when_several_wait_then_the_first_to_come_is_the_first_to_write():
    """Whoever has just written and asks again stands behind all of them."""
    turns, wrote = Turns(), []

    def write(number: int) -> None:
        turns.take(lambda: wrote.append(number))
        turns.give_back()

    turns.take(lambda: None)
    threads = []
    for number in range(8):
        threads += in_threads(1, lambda number=number: write(number))
        until(lambda number=number: len(turns._waiting) == number + 1)
    turns.give_back()
    write(8)
    for thread in threads:
        thread.join(60)
    assert wrote == [*range(9)]


def test_turns_when_one_gives_up_waiting_then_those_behind_it_still_get_theirs(set_limits):
    turns, wrote, gave_up = Turns(), [], []
    set_limits(SQLITE_HELD_AFTER_S=60.0, SQLITE_TURN_MAX_S=0.1)

    def give_up() -> None:
        with pytest.raises(OperationalError):
            turns.take(lambda: wrote.append("never"))
        gave_up.append(1)

    turns.take(lambda: None)
    (impatient,) = in_threads(1, give_up)
    until(lambda: len(turns._waiting) == 1)
    set_limits(SQLITE_TURN_MAX_S=60.0)
    (patient,) = in_threads(1, lambda: turns.take(lambda: wrote.append("later")))
    until(lambda: len(turns._waiting) == 2)
    impatient.join(60)
    assert (gave_up, wrote) == ([1], [])
    turns.give_back()
    patient.join(60)
    assert wrote == ["later"]


def test_turns_when_the_turn_comes_as_one_gives_up_then_handed_on():
    turns = Turns()
    turns.take(lambda: None)
    place = turns._line_up()
    turns.give_back()
    turns._leave(place)
    assert turns._line_up() is None


def test_turns_when_the_file_is_held_then_few_wait_and_newcomers_do_not(quick):
    taken, refused, over = Turns(), [], threading.Event()

    def ask_sqlite() -> None:
        over.wait(0.2)
        raise busy()

    def write() -> None:
        began = time.monotonic()
        with pytest.raises(OperationalError):
            taken.take(ask_sqlite)
        refused.append(time.monotonic() - began)

    first = in_threads(40, write)
    # One asks SQLite, eight wait for him; all others are free again while those still wait.
    while len(refused) < 40 - 1 - SQLITE_PATIENT_WRITERS_MAX:
        time.sleep(0.01)
    assert taken._patient == SQLITE_PATIENT_WRITERS_MAX
    asked = []
    with pytest.raises(OperationalError):
        taken.take(lambda: asked.append(1))
    assert asked == []
    for thread in first:
        thread.join(60)
    assert len(refused) == 40
    over.set()


def test_turns_when_the_file_is_free_again_then_everybody_writes_again(quick):
    taken, answers = Turns(), [busy(), None]

    def ask_sqlite() -> None:
        if error := answers.pop(0):
            raise error

    taken.take(ask_sqlite)
    taken.give_back()
    done = []
    taken.take(lambda: done.append(1))
    taken.give_back()
    assert done == [1]


def test_turns_when_writing_fails_otherwise_then_the_turn_is_over():
    taken, error = Turns(), sqlite3.OperationalError("no such table")

    def fail() -> None:
        raise error

    with pytest.raises(sqlite3.OperationalError):
        taken.take(fail)
    taken.take(lambda: None)
    taken.give_back()
    assert (is_busy(error), is_busy(busy())) == (False, True)


def test_busy_when_answered_then_503_and_not_the_words_for_a_lost_database():
    answer = handle_exception(busy(), {})
    assert (answer.status_code, "Retry-After" in answer) == (503, True)
    assert b"busy" in answer.content


@needs_sqlite
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_atomic", [True, False], ids=["transaction", "statement"])
def test_writer_when_another_program_holds_the_file_then_busy_and_then_not(quick, is_atomic):
    path = connection.settings_dict["NAME"]
    other = sqlite3.connect(path, isolation_level=None)
    connection.ensure_connection()
    connection.connection.execute("PRAGMA busy_timeout = 100")

    def write() -> None:
        if is_atomic:
            with transaction.atomic():
                IdSequence.objects.filter(artifact_type="x").delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute("DELETE FROM artifacts_idsequence WHERE 1 = 0")

    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as caught:
        write()
    assert is_busy(caught.value)
    # Who only reads does not notice.
    assert not IdSequence.objects.filter(artifact_type="x").exists()
    other.execute("ROLLBACK")
    other.close()
    write()
    connection.close()
    write()


def has_turn() -> bool:
    ours: Any = connection
    return bool(ours._has_turn)


@needs_sqlite
@pytest.mark.django_db(transaction=True)
def test_turn_when_its_connection_is_closed_in_the_middle_then_over():
    with transaction.atomic():
        connection.close()
        transaction.set_rollback(True)
    assert not has_turn()
    with transaction.atomic():
        IdSequence.objects.filter(artifact_type="x").delete()
        assert has_turn()
    assert not has_turn()
