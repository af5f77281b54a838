import contextlib
import threading
import time
from collections import Counter
from functools import partial

import pytest
from django.conf import settings as configured
from django.contrib.auth import hashers
from django.utils.module_loading import import_string

from artifacts import password_slots
from artifacts.exceptions import PasswordsBusy
from artifacts.limits import (
    PASSWORD_SLOTS,
    PASSWORD_SLOTS_FOR_STRANGERS,
    PASSWORD_WAITING_MAX,
)
from artifacts.password_slots import Asker, slot
from registry_site.password_hashers import BoundedArgon2PasswordHasher
from registry_site.settings import base
from tests.processes import eventually


class Crowd:
    """Threads that all take a slot, and keep it until they are let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.outcomes: list[str] = []
        self.inside: Counter[Asker] = Counter()
        self.threads: list[threading.Thread] = []

    def send(self, asker: Asker, number: int) -> None:
        for _ in range(number):
            thread = threading.Thread(target=self.work, args=(asker,))
            thread.start()
            self.threads.append(thread)

    def work(self, asker: Asker) -> None:
        try:
            with slot(asker):
                self.inside[asker] += 1
                assert self.go.wait(20)
                self.outcomes.append("done")
        except PasswordsBusy as error:
            self.outcomes.append("busy" if error.retry_after_s > 0 else "busy for ever")

    def end(self) -> None:
        self.go.set()
        for thread in self.threads:
            thread.join(20)


@pytest.fixture
def crowd():
    made = Crowd()
    yield made
    made.end()


def test_slots_when_strangers_storm_then_few_run_some_wait_and_the_rest_is_refused_at_once(crowd):
    crowd.send(Asker.STRANGER, 60)
    room = PASSWORD_SLOTS_FOR_STRANGERS + PASSWORD_WAITING_MAX
    assert eventually(lambda: crowd.outcomes.count("busy") == 60 - room)
    assert crowd.inside == {Asker.STRANGER: PASSWORD_SLOTS_FOR_STRANGERS}
    crowd.end()
    assert crowd.outcomes.count("done") == room


def test_slots_when_strangers_storm_then_one_is_left_for_who_is_known(crowd):
    crowd.send(Asker.STRANGER, 60)
    assert eventually(lambda: crowd.inside[Asker.STRANGER] == PASSWORD_SLOTS_FOR_STRANGERS)
    crowd.send(Asker.KNOWN, 1)
    assert eventually(lambda: crowd.inside[Asker.KNOWN] == 1)
    assert crowd.inside.total() == PASSWORD_SLOTS


def test_slots_when_who_waits_waits_too_long_then_refused(crowd, monkeypatch):
    monkeypatch.setitem(password_slots._PATIENCE_S, Asker.KNOWN, 0.01)
    crowd.send(Asker.KNOWN, PASSWORD_SLOTS)
    assert eventually(lambda: crowd.inside[Asker.KNOWN] == PASSWORD_SLOTS)
    with pytest.raises(PasswordsBusy), slot(Asker.KNOWN):
        pytest.fail("there was no slot")


def test_slots_when_several_wait_then_first_come_first_served(crowd):
    # Known ones hold all slots but one, so that those who wait are served one by one.
    crowd.send(Asker.KNOWN, PASSWORD_SLOTS - 1)
    assert eventually(lambda: crowd.inside[Asker.KNOWN] == PASSWORD_SLOTS - 1)
    first = Crowd()
    first.send(Asker.STRANGER, 1)
    assert eventually(lambda: first.inside[Asker.STRANGER] == 1)
    served: list[int] = []

    def wait(number: int) -> None:
        with slot(Asker.STRANGER) as has_waited:
            served.append(number if has_waited else -1)

    queue = password_slots._waiting[Asker.STRANGER]
    threads = [threading.Thread(target=wait, args=(number,)) for number in range(8)]
    for number, thread in enumerate(threads):
        thread.start()
        assert eventually(partial(has_length, queue, number + 1))
    first.end()
    for thread in threads:
        thread.join()
    assert served == list(range(8))
    assert not queue


def test_slots_when_what_was_done_within_fails_then_free_again():
    for _ in range(PASSWORD_SLOTS + 1):
        with pytest.raises(ValueError, match="in the middle"), slot(Asker.KNOWN):
            raise ValueError("in the middle")
    with slot(Asker.STRANGER) as has_waited, slot(Asker.STRANGER), slot(Asker.KNOWN):
        assert has_waited is False


def has_length(queue, wanted: int) -> bool:
    return len(queue) == wanted


# ------------------------------------------------------------------ the hasher


def test_hashers_when_listed_then_each_takes_a_slot():
    names = base.PASSWORD_HASHERS
    assert names
    assert all(issubclass(import_string(name), BoundedArgon2PasswordHasher) for name in names)


@pytest.mark.parametrize(
    "door",
    [
        lambda encoded: hashers.make_password("a-long-password-1"),
        lambda encoded: hashers.check_password("a-long-password-1", encoded),
        lambda encoded: hashers.check_password("another", "!unusable"),
    ],
    ids=["make", "check", "check-unusable"],
)
def test_hasher_when_django_itself_hashes_then_never_more_at_once_than_slots(
    settings, monkeypatch, door
):
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    now, most = Counter[str](), []

    def slowly(*_args: object) -> str:
        now["hashes"] += 1
        most.append(now["hashes"])
        time.sleep(0.02)
        now["hashes"] -= 1
        return "argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"

    monkeypatch.setattr(hashers.Argon2PasswordHasher, "encode", slowly)
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "verify", slowly)
    monkeypatch.setattr(hashers.Argon2PasswordHasher, "must_update", lambda *_: False)
    encoded = "argon2$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"

    def knock() -> None:
        with contextlib.suppress(PasswordsBusy):
            door(encoded)

    threads = [threading.Thread(target=knock) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(most) >= PASSWORD_SLOTS
    assert max(most) <= PASSWORD_SLOTS


def test_hash_when_made_by_djangos_own_hasher_then_still_fits(settings):
    hasher = hashers.Argon2PasswordHasher()
    hasher.memory_cost, hasher.time_cost = 8 * hasher.parallelism, 1
    encoded = hasher.encode("a-long-password-1", "saltsaltsalt")
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    assert hashers.check_password("a-long-password-1", encoded)
    assert not hashers.check_password("a-long-password-2", encoded)
    assert configured.PASSWORD_HASHERS == base.PASSWORD_HASHERS
