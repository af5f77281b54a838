"""Every route and method of every door, asked by everybody: one table, `matrix/table.txt`.

Who gets what stands there for people to read and judge. A route that is new, gone or answers
somebody differently fails here; the message has the row as it is. Judge it before you paste it.
"""

from __future__ import annotations

import typing
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from artifacts.routes import BY_NAME, hub
from artifacts.routes.operations import SEARCH, Permission
from artifacts.services.content import monitors
from tests.contract.matrix.asking import DOORS, Question, ask, list_questions
from tests.contract.matrix.world import CALLERS, NOBODIES, PROGRAMS, make_world

TABLE = Path(__file__).parent / "matrix" / "table.txt"
Row = tuple[str, ...]
PEOPLE = frozenset(CALLERS) - set(NOBODIES)
WRITERS = frozenset({"uploader", "admin", "write", "admin-write"})
READERS = WRITERS | {"read", "admin-read"}
# Who is let in by each permission, whatever the answer is then; nobody else is.
LET_IN: dict[str, frozenset[str]] = {
    "open": frozenset(CALLERS),
    "link": frozenset(CALLERS),
    "account": PEOPLE,
    "search": READERS | {"search"},
    "download": READERS | {"download"},
    "upload": WRITERS | {"upload"},
    "change": WRITERS | {"upload", "manage"},
    # People decide, no programs.
    "decide": frozenset({"decide", "admin"}),
    "administrator": frozenset({"admin"}),
    "reset": frozenset({"admin"}),
    # The paths name the uploader.
    "self": frozenset({"admin", "uploader"}),
    "own": frozenset({"uploader"}),
}
STATUSES = {"in", "200", "201", "302", "307", "400", "401", "403", "404", "409"}
REFUSED = {"in", "401", "403"}
# Open to whoever sends no token; with one they tell more, so that it counts.
WIDER_BY_TOKEN = frozenset({"hub-models-tags-by-type", "hub-datasets-tags-by-type"})


@pytest.fixture(autouse=True)
def _node() -> Iterator[None]:
    """Let programs be set whether or not this machine could run them."""
    with mock.patch.object(monitors, "require_runnable"):
        yield


def read_table() -> dict[tuple[str, str, str], Row]:
    """Return the statuses by door, method and route."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            door, method, route, *statuses = line.split()
            assert (door, method, route) not in rows, line
            rows[door, method, route] = tuple(statuses)
    return rows


def line_of(question: Question, statuses: Row) -> str:
    """Return a row as it stands in the table."""
    start = f"{question.door:6}{question.method:7}{question.route:58} "
    return start + " ".join(f"{each:3}" for each in statuses).rstrip()


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS)
def test_door_when_everybody_asks_for_everything_then_answered_as_in_the_table(settings, door):
    settings.REGISTRY_OWNERSHIP = "uploader"
    table = read_table()
    world = make_world()
    asked, wrong = set(), []
    for question in list_questions(world, door):
        found = tuple(ask(world, question, world.callers[each]) for each in CALLERS)
        asked.add((door, question.method, question.route))
        if table.get((door, question.method, question.route)) != found:
            wrong.append(line_of(question, found))
    assert len(asked) > 30
    assert wrong == [], "These rows are missing or different:\n" + "\n".join(wrong)
    assert asked == {each for each in table if each[0] == door}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_artifact_when_anybody_may_change_it_then_one_more_than_in_the_table(method):
    world = make_world()
    (question,) = [
        each
        for each in list_questions(world, "api")
        if (each.method, each.route) == (method, "artifact")
    ]
    found = [ask(world, question, world.callers[each]) for each in CALLERS]
    told = dict(zip(CALLERS, read_table()["api", method, "artifact"], strict=True))
    assert told["upload"] == "403"
    assert found == list((told | {"upload": told["uploader"]}).values())


def test_table_when_read_then_a_status_for_each_caller():
    table = read_table()
    assert len(table) > 300
    head = next(line for line in TABLE.read_text().splitlines() if line.startswith("# door"))
    assert head.split()[4:] == list(CALLERS)
    for key, statuses in table.items():
        assert len(statuses) == len(CALLERS), key
        assert set(statuses) <= STATUSES, key


def test_table_when_a_token_or_session_is_no_longer_good_then_the_same_as_nobody():
    for key, statuses in read_table().items():
        nobody, *no_longer = statuses[: len(NOBODIES)]
        if key[2] in WIDER_BY_TOKEN:
            assert nobody == "200", key
            nobody = "401"
        assert set(no_longer) == {nobody}, key


def test_table_when_the_permission_is_missing_then_refused_and_nobody_else_is():
    """The judgement beside the table: who may enter follows from the permission alone."""
    assert set(LET_IN) == set(typing.get_args(Permission))
    judged = 0
    for (door, method, route), statuses in read_table().items():
        if door == "staff":
            continue
        permission = BY_NAME[route].methods[method].permission
        for caller, status in zip(CALLERS, statuses, strict=True):
            is_wider = route in WIDER_BY_TOKEN and caller != "nobody"
            let_in = LET_IN[SEARCH if is_wider else permission]
            if door == "pages" and permission != "open":
                let_in -= set(PROGRAMS)
            # Addresses of the Hub tell whoever may not look that nothing is there.
            refused = REFUSED | {"404"} if BY_NAME[route].view == hub.PAGE else REFUSED
            if caller not in let_in:
                assert status in refused, (method, route, caller)
            elif caller == "admin" and route not in OWN_ONLY:
                assert status not in REFUSED, (method, route, caller)
            judged += 1
    assert judged > 1_500


# Below their own name alone all write by the Hub's protocol, administrators, too.
OWN_ONLY = {
    "hub-repos-delete",
    *(
        f"hub-{kind}-{word}"
        for kind in ("models", "datasets")
        for word in ("preupload", "lfs-batch", "commit")
    ),
}


OPEN_TO_ALL = ("admin/login/", "admin/logout/")


def test_table_when_it_is_about_the_staff_site_then_administrators_alone_by_their_session():
    rows = {key: each for key, each in read_table().items() if key[0] == "staff"}
    assert len(rows) > 150
    for key, statuses in rows.items():
        for caller, status in zip(CALLERS, statuses, strict=True):
            if key[2] not in OPEN_TO_ALL and caller != "admin":
                assert status == "in", (key, caller)
