"""Everything that writes, while the registry is not open: nothing changes but what is named."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Model
from django.http import HttpResponse

from artifacts.api.exception_handler import find_status
from artifacts.exceptions import RegistryError
from tests.races import world as worlds
from tests.races.operation import DOORS, Operation
from tests.races.operations import OPERATIONS

# What goes on in read-only mode, by operation: the table that it adds to.
GOING_ON = {
    "sign in": {"AccessToken", "SignInTally"},
    "download": {"AuditEntry"},
    "read the trail": {"AuditEntry"},
    "download a sensitive one": {"AuditEntry", "MonitorRun"},
    "download a sensitive file": {"AuditEntry", "DownloadTally"},
    "try the program": set(),
    "download by a client of the Hub": {"AuditEntry", "DownloadTally"},
    "make a token for programs": {"AccessToken"},
    "revoke a token": {"AccessToken"},
    "use a token for programs": set(),
    "staff: sign in": {"Session", "SignInTally"},
    "statistics": set(),
}
# What the registry does by itself: it waits, or finds nothing to do, and says nothing.
WAITING = {
    "tasks", "daily work", "start", "link", "store decisions", "store globals", "count searches",
}  # fmt: skip
# Counted whatever is asked for.
STATISTICS = {"ActivityBucket", "ActivityQuarter", "ClientMark", "FailedRequest"}
# Columns that a call changes by being made.
COUNTED = {"calls_left", "last_login", "used_at", "used_calls"}


@pytest.fixture
def world(sources, db, settings) -> worlds.World:
    found = worlds.build()
    settings.REGISTRY_MODE = "read_only"
    return found


def kept(bucket: Path) -> dict[str, object]:
    """What lasts: the rows of every table, and every object."""
    models: list[type[Model]] = [*apps.get_app_config("artifacts").get_models(), Session, LogEntry]
    rows = {
        model.__name__: sorted(
            repr(sorted((name, value) for name, value in row.items() if name not in COUNTED))
            for row in model._default_manager.values()
        )
        for model in models
    }
    objects = {
        str(path.relative_to(bucket)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in bucket.rglob("*")
        if path.is_file()
    }
    return rows | {"(bucket)": objects}


def answered(operation: Operation, world: worlds.World) -> tuple[int, str]:
    """Do it, and return status and text; (0, "") where the registry itself acts."""
    try:
        answer = operation.act(world)
    except RegistryError as error:
        return find_status(error), error.message
    if isinstance(answer, HttpResponse):
        return answer.status_code, answer.content.decode(errors="replace")
    return 0, ""


def tried(
    operations: Iterable[Operation], world: worlds.World, bucket: Path
) -> dict[str, tuple[int, str, set[str]]]:
    """Do one after the other: status and text of each answer, and what it changed."""
    found, before = {}, kept(bucket)
    for operation in operations:
        status, text = answered(operation, world)
        after = kept(bucket)
        changed = {name for name, rows in after.items() if rows != before[name]}
        found[operation.name] = status, text, changed - STATISTICS
        before = after
    return found


def test_operation_when_read_only_then_refused_unless_it_is_named(world, bucket):
    found = tried(OPERATIONS, world, bucket)
    assert found.keys() >= GOING_ON.keys() | WAITING
    changed = {name: tables for name, (*_, tables) in found.items() if tables}
    assert changed == {name: tables for name, tables in GOING_ON.items() if tables}
    assert {name for name in GOING_ON if found[name][0] >= 400} == set()
    assert {name for name in WAITING if found[name][0]} == set()
    refused = found.keys() - GOING_ON.keys() - WAITING
    answers = {name: found[name][:2] for name in refused}
    others = {
        name: each
        for name, each in answers.items()
        if each[0] != 503 or "The registry is read-only" not in each[1]
    }
    assert answers
    assert others == {}


def test_operation_when_closed_then_every_answer_says_so(world, bucket, settings):
    settings.REGISTRY_MODE = "closed"
    asked = [each for each in OPERATIONS if each.covers.split()[0] in DOORS]
    found = tried(asked, world, bucket)
    assert len(found) > 30
    assert {name: each for name, each in found.items() if each[0] != 503 or each[2]} == {}
    assert {
        name for name, each in found.items() if "The registry is closed" not in each[1]
    } == set()
