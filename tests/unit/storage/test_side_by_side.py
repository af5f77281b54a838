import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from artifacts.exceptions import StorageUnavailable
from artifacts.limits import BUCKET_REQUESTS_AT_ONCE
from artifacts.storage import side_by_side
from artifacts.storage.side_by_side import do_each


def test_do_each_when_many_then_some_at_once_and_answers_in_order():
    meeting = threading.Barrier(BUCKET_REQUESTS_AT_ONCE, timeout=10)

    def meet(number: int) -> int:
        meeting.wait()
        return 2 * number

    count = 2 * BUCKET_REQUESTS_AT_ONCE
    assert do_each(meet, range(count)) == [2 * number for number in range(count)]


def test_do_each_when_thousands_then_the_pool_is_given_no_more_than_its_threads(monkeypatch):
    given = []
    submit = ThreadPoolExecutor.submit
    monkeypatch.setattr(
        ThreadPoolExecutor, "submit", lambda *each: (given.append(1), submit(*each))[1]
    )
    assert do_each(str, range(5_000)) == [str(number) for number in range(5_000)]
    assert 0 < len(given) <= BUCKET_REQUESTS_AT_ONCE


@pytest.mark.parametrize("things", [[], [7]])
def test_do_each_when_few_then_in_the_callers_thread(things):
    assert do_each(lambda _: threading.get_ident(), things) == [threading.get_ident()] * len(things)


def test_do_each_when_one_fails_then_raised_once_no_other_goes_on():
    ended = []

    def do(number: int) -> None:
        if number == 0:
            raise StorageUnavailable("The bucket is away.")
        time.sleep(0.05)
        ended.append(number)

    with pytest.raises(StorageUnavailable):
        do_each(do, range(1_000))
    so_far = len(ended)
    assert so_far < 100
    time.sleep(0.2)
    assert len(ended) == so_far


def test_do_each_when_interrupted_then_nothing_goes_on(monkeypatch):
    done = []

    def do(number: int) -> None:
        time.sleep(0.01)
        done.append(number)

    def interrupt(futures):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(side_by_side, "wait", interrupt)
    with pytest.raises(KeyboardInterrupt):
        do_each(do, range(1_000))
    so_far = len(done)
    assert so_far < 100
    time.sleep(0.2)
    assert len(done) == so_far
