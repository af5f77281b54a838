"""The record of people in the bucket: names, permissions and hashes of passwords, signed.

Each state is a new object, `registry/people/{microseconds}.json`. None is ever overwritten, so an
empty database cannot destroy what an earlier one wrote. A record holds every change that was
committed before the moment in its name. Write access to the bucket does not make anybody an
administrator: a record is refused unless this registry's SECRET_KEY signed it, for this key.
No password is in clear text, but whoever reads the bucket can try weak passwords on the hashes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import identify_hasher
from django.core.signing import BadSignature, Signer

from artifacts.database.transactions import writing
from artifacts.exceptions import InvalidName, ObjectMissing, RecordBroken, Unreadable, UserExists
from artifacts.limits import PEOPLE_RECORDS_KEPT_DAYS, PEOPLE_RECORDS_MAX
from artifacts.models import User
from artifacts.rules.identity import now_us
from artifacts.rules.people import check_person_name, name_key
from artifacts.rules.record_text import read_record, write_record
from artifacts.storage import content_types
from artifacts.storage.keys import PEOPLE_PREFIX, people_key
from artifacts.storage.store import get_store
from artifacts.work import queue
from artifacts.work.jobs import Job

logger = logging.getLogger(__name__)

_FORMAT = 1
_FLAGS = ("is_admin", "is_active", "can_upload", "can_search", "can_download", "can_decide")
_SIGNER = "artifacts.services.people_records"
# The last moment that Python's dates can express, 9999-12-31, in microseconds since 1970.
_LAST_US = 253_402_300_799_000_000


@dataclass
class RestoredPeople:
    """The outcome of restoring people.

    Attributes:
        record: the key of the record.
        restored: users that were created, or would be.
        present: users that existed and were left unchanged.
        refused: users that could not be created, each with the reason.
    """

    record: str
    restored: list[User] = field(default_factory=list)
    present: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def schedule_people_record() -> None:
    """Schedule a new record of people, written after the surrounding transaction commits."""
    if settings.REGISTRY_PEOPLE_RECORD == "on":
        queue.schedule(Job.STORE_PEOPLE)


def store_people() -> bool:
    """Write a record of all users unless the newest one is the same; return whether it was written.

    Raises:
        StorageUnavailable: the bucket does not answer.
    """
    if settings.REGISTRY_PEOPLE_RECORD != "on":
        return False
    # Taken before the rows are read, so that the record holds all changes up to this moment.
    written_us = now_us()
    people = [_entry(user) for user in User.objects.order_by("username")]
    keys = list_people_records()
    if keys and _is_about(keys[0], people):
        return False
    text = write_record({"format": _FORMAT, "written_us": written_us, "people": people})
    record = {"signed": text.decode(), "signature": _signer().signature(text.decode())}
    get_store().create(people_key(written_us), write_record(record), content_types.JSON)
    logger.info("people.stored", extra={"people": len(people)})
    return True


def list_people_records() -> list[str]:
    """Return the keys of the records, newest first.

    Ignores everything else under the prefix, such as the empty object that a console creates for a
    folder.
    """
    keys = (found.key for found in get_store().list(PEOPLE_PREFIX))
    return sorted((key for key in keys if _number_in(key) is not None), reverse=True)


def written_at(key: str) -> datetime:
    """Return when a record was written.

    Raises:
        RecordBroken: it is no record of people.
    """
    number = _number_in(key)
    if number is None:
        raise RecordBroken(f"{key!r} is no record of people.")
    return datetime.fromtimestamp(number / 1_000_000, UTC)


def _number_in(key: str) -> int | None:
    """Return the microseconds in a record's key; None for any other key."""
    number = key.removeprefix(PEOPLE_PREFIX).removesuffix(".json")
    if not (number.isascii() and number.isdecimal()) or int(number) > _LAST_US:
        return None
    return int(number) if people_key(int(number)) == key else None


def count_people(key: str) -> int | None:
    """Return how many people a record lists, whoever signed it; None when it cannot be read."""
    try:
        return len(_people_in(key, is_unsigned_taken=True))
    except (ObjectMissing, RecordBroken):
        return None


def forget_old_people_records() -> int:
    """Remove records that were superseded long ago, and return how many.

    This also forgets people who have been deleted. The newest record always stays.
    """
    before = datetime.now(UTC) - timedelta(days=PEOPLE_RECORDS_KEPT_DAYS)
    old = [
        key
        for number, key in enumerate(list_people_records())
        if number and (number >= PEOPLE_RECORDS_MAX or written_at(key) < before)
    ]
    return get_store().delete(old)


def restore_people(
    *, record: str = "", is_dry_run: bool = False, is_unsigned_taken: bool = False
) -> RestoredPeople:
    """Create the users of a record that do not exist. Existing users stay unchanged.

    Passwords are restored; tokens are not in the record, so everybody has to sign in again.

    Args:
        record: the key of the record; "" for the newest.
        is_dry_run: write nothing.
        is_unsigned_taken: also accept a record that another SECRET_KEY signed.

    Raises:
        ObjectMissing: there is no such record, or none at all.
        RecordBroken: it cannot be read, or this registry did not sign it.
        StorageUnavailable: the bucket does not answer.
    """
    key = record or next(iter(list_people_records()), "")
    if not key:
        raise ObjectMissing(PEOPLE_PREFIX)
    result = RestoredPeople(key)
    for entry in _people_in(key, is_unsigned_taken=is_unsigned_taken):
        _restore(entry, result, is_dry_run=is_dry_run)
    if result.restored and not is_dry_run:
        schedule_people_record()
    return result


def _restore(entry: dict[str, Any], result: RestoredPeople, *, is_dry_run: bool) -> None:
    """Create one user, or note why that is impossible."""
    name = str(entry.get("name", ""))
    try:
        user = _user(entry, check_person_name(name))
        if User.objects.filter(username=user.username).exists():
            result.present.append(user.username)
            return
        _make(user, is_dry_run=is_dry_run)
    except (InvalidName, UserExists, RecordBroken) as error:
        result.refused[name] = error.message
    else:
        result.restored.append(user)


def _make(user: User, *, is_dry_run: bool) -> None:
    """Write a user's row.

    Raises:
        UserExists: the name resembles another user's, or was taken meanwhile.
    """

    def refuse() -> None:
        raise UserExists(user.username)

    if User.objects.filter(name_key=name_key(user.username)).exists():
        refuse()
    if not is_dry_run:
        with writing(explain=refuse):
            user.save(force_insert=True)
        logger.info("user.restored", extra={"user": user.username, "is_admin": user.is_admin})


def _user(entry: dict[str, Any], name: str) -> User:
    """Return a user from a record's entry.

    Raises:
        RecordBroken: the entry is not of the form that `_entry` writes.
    """
    password, flags = entry.get("password"), _flags_of(entry)
    try:
        identify_hasher(str(password))
    except ValueError as error:
        raise RecordBroken("Its password is no hash that this registry takes.") from error
    if not all(isinstance(each, bool) for each in flags.values()):
        raise RecordBroken("Its permissions are not as a record has them.")
    return User(username=name, password=str(password), **flags)


def _flags_of(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a record says that a user may; older ones know nothing of deciding."""
    return {each: entry.get(each, False if each == "can_decide" else None) for each in _FLAGS}


def _entry(user: User) -> dict[str, Any]:
    """Return a record's entry for a user."""
    return {
        "name": user.username,
        "password": user.password,
        **{flag: getattr(user, flag) for flag in _FLAGS},
    }


def _is_about(key: str, people: list[dict[str, Any]]) -> bool:
    """Whether a record lists exactly these people; one that cannot be read does not."""
    try:
        return _people_in(key) == people
    except (ObjectMissing, RecordBroken):
        return False


def _people_in(key: str, *, is_unsigned_taken: bool = False) -> list[dict[str, Any]]:
    """Return the entries of a record.

    Raises:
        ObjectMissing: there is none at this key.
        RecordBroken: see `restore_people`.
    """
    broken = f"{key!r} is no record of people that can be read."
    try:
        record = read_record(get_store().read(key))
        signed, signature = record["signed"], record["signature"]
        if not is_unsigned_taken:
            _signer().unsign(f"{signed}:{signature}")
        told = read_record(signed.encode())
        if people_key(told["written_us"]) != key:
            # A copied older record must not undo a demotion or a deletion.
            raise RecordBroken(f"{key!r} is a copy of what was written at another time.")
        people = told["people"]
        if not all(isinstance(each, dict) for each in people):
            raise RecordBroken(broken)
    except BadSignature as error:
        raise RecordBroken(
            f"{key!r} was not signed by this registry. If its SECRET_KEY was another one then, put "
            "that into SECRET_KEY_FALLBACKS."
        ) from error
    except (Unreadable, KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordBroken(broken) from error
    found: list[dict[str, Any]] = people
    return found


def _signer() -> Signer:
    """Return the signer of records; SECRET_KEY_FALLBACKS are accepted as everywhere."""
    return Signer(salt=_SIGNER)
