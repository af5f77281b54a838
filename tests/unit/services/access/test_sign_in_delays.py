import logging

import pytest
from django.db import DatabaseError, connection

from artifacts.exceptions import CredentialsRefused, SignInDelayed
from artifacts.limits import (
    ADDRESS_FAILURE_S,
    ADDRESS_FAILURES,
    KNOWN_ADDRESS_LIFETIME_S,
    KNOWN_FAILURES,
    KNOWN_FAILURES_MAX,
    PAIR_FAILURE_S,
    PAIR_FAILURES,
    USER_FAILURE_S,
    USER_FAILURES,
)
from artifacts.models import SignInTally
from artifacts.services.access import sign_in_delays
from artifacts.services.access.authentication import check_credentials

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "a-long-password-2", "wrong"
HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"


class Clock:
    def __init__(self) -> None:
        self.now_s = 1_800_000_000.0

    def now_us(self) -> int:
        return int(self.now_s * 1_000_000)


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(sign_in_delays, "now_us", made.now_us)
    return made


@pytest.fixture(autouse=True)
def hashed(monkeypatch) -> list[str]:
    """The passwords that were looked at, each of which costs a hash."""
    tried: list[str] = []

    def compare(user, password):
        tried.append(password)
        return user is not None and password == RIGHT

    monkeypatch.setattr("artifacts.services.access.authentication.accept_password", compare)
    return tried


def sign_in(password: str, name: str = "ursula", address: str = HOME) -> str:
    try:
        check_credentials(username=name, password=password, address=address)
    except CredentialsRefused:
        return "wrong"
    except SignInDelayed as error:
        return f"wait {error.retry_after_s}"
    return "in"


def storm(number: int, name: str = "ursula", address: str = HOME) -> list[str]:
    return [sign_in(WRONG, name, address) for _ in range(number)]


# ------------------------------------------------------------------ one user at one address


@pytest.mark.parametrize("name", ["ursula", "nobody"])
def test_failures_when_many_in_a_row_then_slowed_and_no_password_is_looked_at(
    uploader, hashed, name
):
    outcomes = storm(PAIR_FAILURES + 30, name)
    assert outcomes[:PAIR_FAILURES] == ["wrong"] * PAIR_FAILURES
    assert set(outcomes[PAIR_FAILURES:]) == {f"wait {PAIR_FAILURE_S}"}
    assert len(hashed) == PAIR_FAILURES


def test_failures_when_time_passes_then_forgiven_one_by_one(uploader, clock):
    storm(PAIR_FAILURES + 5)
    clock.now_s += PAIR_FAILURE_S
    assert storm(2) == ["wrong", f"wait {PAIR_FAILURE_S}"]
    clock.now_s += PAIR_FAILURE_S
    assert sign_in(RIGHT) == "in"
    clock.now_s += PAIR_FAILURES * PAIR_FAILURE_S
    assert storm(3) == ["wrong"] * 3


def test_failures_when_the_right_password_follows_then_forgotten(uploader):
    storm(PAIR_FAILURES - 1)
    assert sign_in(RIGHT) == "in"
    tally = SignInTally.objects.get(name="ursula", address=HOME)
    assert (tally.failures, tally.forgiven_us) == (0, 0)


def test_successes_when_many_then_never_slowed_and_written_once(uploader, hashed):
    assert {sign_in(RIGHT) for _ in range(300)} == {"in"}
    assert SignInTally.objects.count() == 1


@pytest.mark.parametrize("name", ["URSULA", "\uff35rsula", "urSULA"], ids=ascii)
def test_failures_when_the_name_is_spelt_otherwise_then_counted_together(uploader, name):
    storm(PAIR_FAILURES)
    assert sign_in(RIGHT, name) == f"wait {PAIR_FAILURE_S}"


# ------------------------------------------------------------------ nobody else is kept out


def test_owner_when_a_storm_comes_from_one_address_then_gets_in_from_another(uploader):
    storm(PAIR_FAILURES + 50, address=ELSEWHERE)
    assert sign_in(RIGHT) == "in"


def test_owner_when_a_storm_comes_from_many_addresses_then_gets_in_where_known_and_where_not(
    uploader,
):
    assert sign_in(RIGHT) == "in"
    for number in range(USER_FAILURES // PAIR_FAILURES + 5):
        storm(PAIR_FAILURES, address=f"203.0.113.{number}")
    assert sign_in(WRONG) == "wrong"
    assert sign_in(RIGHT) == "in"
    assert sign_in(RIGHT, address=ELSEWHERE) == "in"


def test_user_when_attacked_from_everywhere_then_a_new_address_has_one_try(uploader, clock):
    for number in range(USER_FAILURES // PAIR_FAILURES):
        storm(PAIR_FAILURES, address=f"203.0.113.{number}")
    assert storm(2, address=ELSEWHERE) == ["wrong", f"wait {PAIR_FAILURE_S}"]
    clock.now_s += USER_FAILURES * USER_FAILURE_S
    assert storm(2, address=ELSEWHERE) == ["wrong", "wrong"]


def test_owner_when_somebody_at_the_same_address_guesses_then_still_gets_in(uploader):
    assert sign_in(RIGHT) == "in"
    outcomes = storm(100)
    assert outcomes[:KNOWN_FAILURES] == ["wrong"] * KNOWN_FAILURES
    assert all(each.startswith("wait") for each in outcomes[KNOWN_FAILURES:])
    assert sign_in(RIGHT) == "in"


def test_known_address_when_guessed_from_without_end_then_slowed_at_last(uploader, hashed):
    assert sign_in(RIGHT) == "in"
    storm(KNOWN_FAILURES_MAX + 50)
    assert len(hashed) == 1 + KNOWN_FAILURES_MAX
    assert sign_in(RIGHT).startswith("wait")


def test_known_address_when_long_unused_then_like_any_other(uploader, clock):
    assert sign_in(RIGHT) == "in"
    clock.now_s += KNOWN_ADDRESS_LIFETIME_S
    assert storm(PAIR_FAILURES + 1)[-1] == f"wait {PAIR_FAILURE_S}"


# ------------------------------------------------------------------ many users from one address


def test_address_when_it_guesses_at_many_names_then_slowed_and_known_users_get_in(
    uploader, administrator, hashed
):
    assert sign_in(RIGHT) == "in"
    outcomes = [sign_in(WRONG, f"name-{number}") for number in range(ADDRESS_FAILURES + 20)]
    assert outcomes[:ADDRESS_FAILURES] == ["wrong"] * ADDRESS_FAILURES
    assert set(outcomes[ADDRESS_FAILURES:]) == {f"wait {ADDRESS_FAILURE_S}"}
    assert sign_in(RIGHT) == "in"
    assert sign_in(RIGHT, "ada", ELSEWHERE) == "in"


# ------------------------------------------------------------------ what is noted, and what is told


@pytest.mark.parametrize(
    "name", ["", "n\x00ul", "\ud800", "x" * 100_000, "\ufdfa" * 150, "' OR 1=1"], ids=range(6)
)
def test_failure_when_nobody_can_have_the_name_then_counted_all_the_same(name):
    assert storm(PAIR_FAILURES + 1, name)[-1] == f"wait {PAIR_FAILURE_S}"


def test_failure_when_logged_then_name_and_address_and_never_the_password(uploader, caplog):
    caplog.set_level(logging.WARNING)
    storm(PAIR_FAILURES + 1)
    first, last = caplog.records[0], caplog.records[-1]
    assert (first.msg, first.user, first.address) == ("login.failed", "ursula", HOME)
    assert (last.msg, last.user, last.address) == ("login.delayed", "ursula", HOME)
    assert not [each for each in caplog.records if WRONG in str(vars(each).values())]


def test_failure_when_it_cannot_be_noted_then_answered_as_ever(uploader, monkeypatch, caplog):
    def refuse(*_args):
        raise DatabaseError("cannot execute INSERT in a read-only transaction")

    monkeypatch.setattr(sign_in_delays, "_NOTE", "INSERT INTO nowhere VALUES (%s, %s, %s, %s, %s)")
    monkeypatch.setattr(sign_in_delays, "_KNOW", "INSERT INTO nowhere VALUES (%s, %s, %s)")
    monkeypatch.setattr(sign_in_delays, "prune_tallies", refuse)
    monkeypatch.setattr(sign_in_delays, "_pruned_at", -1e9)
    assert [sign_in(WRONG), sign_in(RIGHT)] == ["wrong", "in"]
    assert [each.msg for each in caplog.records].count("login.not_noted") == 3
    assert connection.in_atomic_block


def test_notes_when_they_say_nothing_any_more_then_removed_while_others_fail(
    uploader, clock, monkeypatch
):
    assert sign_in(RIGHT) == "in"
    for number in range(40):
        sign_in(WRONG, f"made-up-{number}")
    assert SignInTally.objects.count() == 1 + 40 + 40 + 1
    clock.now_s += 3_600
    monkeypatch.setattr(sign_in_delays, "_pruned_at", -1e9)
    sign_in(WRONG, "another")
    left = set(SignInTally.objects.values_list("name", "address"))
    assert left == {("ursula", HOME), ("another", HOME), ("another", ""), ("", HOME)}


def test_delays_when_lifted_then_nobody_waits_and_the_known_stay_known(uploader):
    storm(PAIR_FAILURES + 1)
    storm(PAIR_FAILURES + 1, address=ELSEWHERE)
    assert sign_in_delays.lift_delays(username="URSULA", address=HOME) == 1
    assert sign_in(RIGHT) == "in"
    assert sign_in(RIGHT, address=ELSEWHERE).startswith("wait")
    assert sign_in_delays.lift_delays() > 0
    assert sign_in(RIGHT, address=ELSEWHERE) == "in"
    assert sign_in_delays.look_up(username="ursula", address=HOME).is_known


def test_look_up_when_signing_in_then_one_statement(uploader, django_assert_num_queries):
    with django_assert_num_queries(1):
        sign_in_delays.look_up(username="ursula", address=HOME)
