"""What is asked of a registry of 20,000 artifacts is answered through indexes, on PostgreSQL.

Each thing that the registry does is done once on a full database. Every statement on the way is
looked at, so one that is new there is held to the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactExists, NothingFound, SourceUnavailable
from artifacts.models import Artifact, Blob, LineageEdge, Task, User
from artifacts.rules.paging import make_offset
from artifacts.selectors.access.audit import list_audit_entries
from artifacts.selectors.access.users import list_users
from artifacts.selectors.artifacts import get_artifact
from artifacts.selectors.catalogue.changes import get_changes
from artifacts.selectors.catalogue.cost import get_cost, get_costs
from artifacts.selectors.catalogue.listing import ArtifactQuery, find_by_name, list_artifacts
from artifacts.selectors.catalogue.named import list_models_called
from artifacts.selectors.catalogue.overview import find_artifact
from artifacts.selectors.catalogue.page import get_front
from artifacts.selectors.catalogue.search import find_by_expression
from artifacts.selectors.content.files import get_files
from artifacts.selectors.lineage.graph import get_lineage
from artifacts.services.access.users import delete_user
from artifacts.services.catalogue.deletion import delete_artifact
from artifacts.services.catalogue.registration import complete_registration, register_artifact
from artifacts.services.catalogue.replacement import replace_artifact
from artifacts.services.lineage import edges
from artifacts.services.records.artifact_records import store_record
from artifacts.services.upkeep.reset import reset_registry
from artifacts.work import queue
from artifacts.work.jobs import Job
from tests.clients import ApiClient
from tests.performance import hub, opening
from tests.performance.browsing import (
    BROWSED,
    BROWSED_WHOLE,
    HALF,
    MODEL,
    ROWS,
    count_less,
)
from tests.performance.daily import follow, look_at_health, tidy, work
from tests.performance.plans import Watch, explain, faults_of, watched
from tests.performance.rows import fill
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = [
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="PostgreSQL's plans"),
    pytest.mark.django_db,
]
CARD = {
    "base_model": ["bench/thing-11012", "bench/thing-5", "bert-base-uncased"],
    "datasets": ["bench/unknown-1", "squad"],
}


@pytest.fixture(scope="module")
def full(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Many rows, of this module's own."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            with connection.connection.silent_for(None):
                fill(ROWS)
            yield
            transaction.set_rollback(True)
        with connection.cursor() as cursor, connection.connection.silent_for(None):
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")
            cursor.execute("RESET statement_timeout")


@pytest.fixture
def user(full, db) -> User:
    return User.objects.get(username="bench-7")


@pytest.fixture(autouse=True)
def smaller_bounds(monkeypatch) -> None:
    count_less(monkeypatch)
    opening.count_less(monkeypatch)
    hub.count_less(monkeypatch)


@pytest.fixture(autouse=True)
def later(settings) -> None:
    """Tasks wait, and are done by those who ask for that."""
    settings.REGISTRY_TASKS = "worker"
    # More than run, so that they are counted and one more is leased.
    settings.REGISTRY_TASKS_MAX = 100_000


def listed(*queries: ArtifactQuery) -> Callable[[User], object]:
    return lambda _user: list_artifacts(list(queries), HALF)


def searched(expression: str, count: int) -> Callable[[User], object]:
    def search(_user: User) -> None:
        try:
            found = len(find_by_expression(expression).artifacts)
        except NothingFound:
            found = 0
        assert found == count

    return search


def reset(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_admin=True)
    reset_registry(user=user, token_digest=None)


def delete_another(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_admin=True)
    delete_user(name="bench-8", by=user)


def call(method: str, path: str, body: object = None) -> Callable[[User], object]:
    def send(user: User) -> None:
        user.is_admin = True
        user.save()
        assert ApiClient(user).send(method, path, body).status_code in (200, 201, 202, 302)

    return send


DONE: dict[str, Callable[[User], object]] = {
    "list everything": listed(ArtifactQuery("*")),
    "list a type": listed(ArtifactQuery("*", ("model",))),
    "list types": listed(ArtifactQuery("*", ("model", "code"))),
    "list a name": listed(ArtifactQuery("thing-7000")),
    "list a name and a type": listed(ArtifactQuery("thing-7000", ("model",))),
    "list several": listed(*(ArtifactQuery(f"thing-{n}", ("code",)) for n in range(6_000, 6_009))),
    "list a version": listed(ArtifactQuery("*", version="1.7.3")),
    "list a range of versions": listed(ArtifactQuery("*", version="1.7.0-1.12.0")),
    "list most versions": listed(ArtifactQuery("*", version="^1.0.0")),
    "list a version of a type": listed(ArtifactQuery("*", ("model",), "~1.7.0")),
    "list a version of a name": listed(ArtifactQuery("thing-7000", version="^1.0.0")),
    "list a version that is not there": listed(ArtifactQuery("*", version="7.0.0")),
    "by name": lambda _: find_by_name("thing-7000"),
    "by name, further on": lambda _: find_by_name("thing-7000", HALF),
    "users": lambda _: list_users(),
    "users, further on": lambda _: list_users(make_offset("bench-5")),
    "search for a name": searched("thing-70[0-9][0-9]$", 200),
    "search with one literal": searched("zebra77[^0-9]", 40),
    "search with two literals": searched("zebra77 giraffe[0-9]*77 ", 40),
    "search with two alternatives": searched("zebra77 |zebra88 ", 80),
    "search with three alternatives": searched("zebra77 |zebra88 |giraffe99 ", 109),
    "search with three literals": searched("(?s)Thing.*zebra0 .*giraffe.*elephant", 4),
    "search in both cases": searched("(?i)oKaPi e", 22),
    "search for nothing": searched("nothing like that", 0),
    "search for a literal that most have": searched("model or data set.*zebra7 ", 40),
    "search without a literal": searched("[o][k]", 0),
    **BROWSED,
    **opening.OPENED,
    **hub.LOOKED_FOR,
    "read": lambda _: get_artifact(ArtifactType.MODEL, MODEL),
    "read with a token": call("GET", f"/artifacts/model/{MODEL}"),
    "rate": call("GET", f"/artifact/model/{MODEL}/rate"),
    "audit trail": lambda _: list_audit_entries(MODEL),
    "audit trail, further on": lambda _: list_audit_entries(MODEL, make_offset(7)),
    "lineage": lambda _: get_lineage(MODEL),
    "cost": lambda _: get_cost(ArtifactType.MODEL, MODEL),
    "cost of a part": lambda _: get_cost(ArtifactType.MODEL, MODEL, part="code"),
    "cost with dependencies": lambda _: get_costs(ArtifactType.MODEL, MODEL),
    "front of a page": lambda _: get_front(find_artifact(MODEL)),
    "files of a page": lambda _: get_files(
        MODEL, find_artifact(MODEL).current_revision, make_offset(1)
    ),
    "what changed": lambda _: get_changes(MODEL, 1, 1),
    "models of a name": lambda _: list_models_called("thing-7"),
    "health": look_at_health,
    "a worker's round": work,
    "housekeeping": tidy,
    "follow a parent": follow,
    "link an arrival": lambda _: edges.link_waiting_edges(Artifact.objects.get(id=MODEL)),
    "delete": lambda user: delete_artifact(
        artifact_type=ArtifactType.MODEL, artifact_id=MODEL, user=user
    ),
    "delete a user": delete_another,
    "keep a record": lambda _: store_record(MODEL),
    "schedule": lambda _: queue.schedule(Job.MIRROR_REVISION, artifact_id=MODEL),
    "reset": reset,
}  # fmt: skip


# What takes every row by its nature, and the statement that does.
WHOLE = {
    # It says how much went and looks for the newest, and takes every row anyhow.
    "reset": ('SELECT COUNT(*) AS "__count"', 'SELECT MAX("artifacts_artifact"."created_us")'),
    # The record of people has all of them, and the audit compares the names of all artifacts.
    "housekeeping": ('FROM "artifacts_user" ORDER BY', 'AS "current_revision__facts__downloads"'),
    **BROWSED_WHOLE,
    **opening.OPENED_WHOLE,
}


def check(watch: Watch) -> None:
    assert watch.statements
    if watch.faults:
        pytest.fail("\n".join(watch.faults))


@pytest.mark.parametrize("name", DONE)
def test_plan_when_the_registry_is_full_then_no_table_is_read_for_a_few_rows(user, name):
    with watched() as watch:
        DONE[name](user)
    whole = WHOLE.get(name, ())
    watch.faults = [each for each in watch.faults if not any(part in each for part in whole)]
    check(watch)


def test_plan_when_a_model_with_parents_is_registered_then_no_table_is_read(user, source):
    source.snapshot = make_snapshot(make_reference(), card=CARD, tags={"v1.2.3": "c0ffee"})
    with watched() as watch:
        made = register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=user)
        with pytest.raises(ArtifactExists):
            register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=user)
        edges.link_waiting_edges(made.artifact)
    written = LineageEdge.objects.filter(child=made.artifact)
    assert written.count() == 5
    assert written.filter(parent_id=MODEL).exists()
    check(watch)


def test_plan_when_a_registration_is_deferred_then_no_table_is_read(user, source):
    source.error = SourceUnavailable("It sleeps.")
    with watched() as watch:
        made = register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=user)
        source.error = None
        complete_registration(artifact_id=made.artifact.id, url=URL)
    check(watch)


def test_plan_when_an_artifact_is_replaced_then_no_table_is_read(user, source):
    made = register_artifact(artifact_type=ArtifactType.MODEL, url=URL, name=None, user=user)
    source.snapshot = replace(make_snapshot(make_reference(), card=CARD), commit="another")
    with watched() as watch:
        replace_artifact(
            artifact_type=ArtifactType.MODEL,
            artifact_id=made.artifact.id,
            name="robot",
            url=URL,
            user=user,
        )
    check(watch)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM artifacts_artifact WHERE uploader_name = 'nobody'",
        "SELECT id FROM artifacts_searchdocument WHERE UPPER(readme) LIKE UPPER('%zebra77 %')",
        "UPDATE artifacts_task SET error = 'x' WHERE leased_by = 'nobody'",
        "SELECT count(*) FROM artifacts_auditentry",
        "SELECT r.id FROM artifacts_revision r JOIN artifacts_user u ON r.number + 8 = u.id",
    ],
    ids=["no-index", "another-index", "update", "count", "join"],
)
def test_faults_when_a_statement_reads_a_whole_table_then_it_is_told(full, sql):
    assert list(faults_of(explain(sql, None)))


def test_rows_when_filled_then_as_the_registry_would_have_them(full):
    assert Artifact.objects.visible().count() == Blob.objects.count() == ROWS
    assert Artifact.objects.get(id=MODEL).child_edges.count() == 9
    assert Task.objects.filter(finished_at__lt=timezone.now() - timedelta(days=1)).count() == 0
