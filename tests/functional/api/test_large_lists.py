"""A hundred thousand rows of everything that is listed: no answer outgrows the door it goes by.

Lambda carries 6,291,556 bytes, with the body as a JSON string in them.
"""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, ParentOrigin, Relationship
from artifacts.limits import ANSWER_MAX_BYTES, LINEAGE_NODES_MAX
from artifacts.models import (
    ActivityBucket,
    Artifact,
    AuditEntry,
    LineageEdge,
    Revision,
    SearchDocument,
)
from tests.factories.artifacts import make_artifact

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROWS = 100_000
BATCH = 10_000
LAMBDA_MAX_BYTES = 6_291_556
# JSON writes this letter as two escapes of six characters.
WIDE = "\N{GRINNING FACE}"


def carried(answer) -> int:
    """What the function's answer would have, as Lambda's runtime puts it together."""
    return len(json.dumps({"statusCode": 200, "body": answer.content.decode()}).encode())


def pages_of(api, path: str):
    """Walk a list to its end, each page by the last one's offset."""
    offset, count = "", 0
    while True:
        answer = api.get(f"{path}?offset={offset}" if offset else path)
        assert answer.status_code == 200
        assert carried(answer) < LAMBDA_MAX_BYTES
        yield answer.json()
        count += 1
        if "offset" not in answer:
            return
        assert count < 500
        assert answer["Access-Control-Expose-Headers"] == "offset, X-Request-Id"
        offset = answer["offset"]


def multiply(row, count: int = ROWS, **columns: str) -> None:
    """Copy a row so many times within the database, with `n` from 1 on in some of its columns."""
    names = [
        field.column
        for field in type(row)._meta.local_fields
        if not (field.primary_key and field.get_internal_type() == "BigAutoField")
    ]
    table, key = type(row)._meta.db_table, type(row)._meta.pk.column
    chosen = ", ".join(columns.get(name, f't."{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted "  # noqa: S608  (our own)
            f"WHERE n < {count}) INSERT INTO {table} ({quoted}) SELECT {chosen} "
            f'FROM counted, {table} t WHERE t."{key}" = %s',
            [row.pk],
        )


def artifacts(count: int, name: str, documents: int = 0) -> list[str]:
    """So many models with a revision each, the first ones of the widest name, and their ids."""
    first = make_artifact(name, number=1)
    revision = first.current_revision
    # Copies of what waits for its source: the pointer follows.
    first.current_revision = None
    first.save()
    ident = "'model-' || n || '-2'"
    multiply(first, count, id=ident, source_key=ident, created_us="n")
    revision.url = f"https://example.com/{'x' * 1_900}"
    revision.save()
    multiply(revision, count, artifact_id=ident)
    table, other = Artifact._meta.db_table, Revision._meta.db_table
    # Some thousands at a time: a listing is written for each, and no statement may take so long.
    for begin in range(0, count, BATCH):
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET current_revision_id = r.id FROM {other} r "  # noqa: S608  (our own)
                f"WHERE r.artifact_id = {table}.id AND {table}.id <> %s "
                f"AND {table}.created_us > %s AND {table}.created_us <= %s",
                [first.id, begin, begin + BATCH],
            )
    if documents:
        multiply(SearchDocument.objects.get(), documents, artifact_id=ident)
    return [f"model-{number}-2" for number in range(1, count + 1)]


# The widest rows come first, so that a page of them alone is seen; a hundred thousand would only
# take longer.
WIDE_ROWS = 1_500


def test_audit_when_a_hundred_thousand_entries_then_pages_of_them_all(api):
    artifact = make_artifact()
    AuditEntry.objects.all().delete()
    entry = AuditEntry(
        artifact_id=artifact.id, artifact_type=ArtifactType.MODEL, artifact_name=WIDE * 255,
        user_name=WIDE * 150, user_is_admin=False, action=AuditAction.DOWNLOAD,
        created_at=timezone.now(),
    )  # fmt: skip
    entry.save()
    multiply(entry, WIDE_ROWS)
    multiply(entry, ROWS, artifact_name="'robot'", user_name="'ada'")
    pages = [len(page) for page in pages_of(api, f"/artifact/model/{artifact.id}/audit")]
    # Each page that is read is an entry, too.
    assert sum(pages) == 1 + WIDE_ROWS + ROWS + len(pages)


def test_users_when_a_hundred_thousand_then_pages_of_them_all(admin_api, uploader):
    multiply(uploader, WIDE_ROWS, username=f"'0' || n || '{WIDE * 140}'", name_key="NULL")
    multiply(uploader, ROWS, username="'9' || n", name_key="NULL")
    found = [user["name"] for page in pages_of(admin_api, "/users") for user in page]
    assert len(found) == len(set(found)) == ROWS + WIDE_ROWS + 2


def test_by_name_when_a_hundred_thousand_share_it_then_pages_of_them_all(api):
    ids = artifacts(ROWS, "robot")
    found = [each["id"] for page in pages_of(api, "/artifact/byName/robot") for each in page]
    assert found == ids
    answer = api.post("/artifacts", [{"name": "robot"}])
    assert (len(answer.json()), "offset" in answer) == (100, True)


def test_by_name_when_the_name_is_the_widest_then_a_page_fits(api):
    name = WIDE * 255
    ids = artifacts(WIDE_ROWS, name)
    found = [each["id"] for page in pages_of(api, f"/artifact/byName/{name}") for each in page]
    assert found == ids


def test_by_expression_when_a_hundred_thousand_fit_then_413_says_what_to_do(api):
    artifacts(ROWS, "robot", documents=ROWS)
    answer = api.post("/artifact/byRegEx", {"regex": "robot"})
    assert answer.status_code == 413
    assert "Narrow" in answer.json()["error"]["message"]


def test_by_expression_when_few_rows_are_too_many_bytes_then_413_all_the_same(api):
    name = WIDE * 255
    artifacts(3_000, name, documents=3_000)
    answer = api.post("/artifact/byRegEx", {"regex": WIDE})
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] in ("answer_too_large", "too_many_artifacts")


def test_lineage_when_a_hundred_thousand_are_related_then_cut_and_said(api):
    models = LINEAGE_NODES_MAX + 1_000
    artifacts(models, WIDE * 255)
    root = make_artifact(number=9)
    edge = LineageEdge.objects.create(
        child_id="model-1-2", parent_id=root.id, parent_type=ArtifactType.MODEL, parent_key="k0",
        parent_name="p", parent_url="https://example.com/p", relationship=Relationship.FINETUNE,
        origin=ParentOrigin.CONFIG_JSON,
    )  # fmt: skip
    multiply(
        edge, ROWS - 1, child_id=f"'model-' || (1 + n %% {models}) || '-2'", parent_key="'k' || n"
    )
    answer = api.get(f"/artifact/model/{root.id}/lineage")
    assert (answer.status_code, answer["X-Lineage-Cut"]) == (200, "true")
    assert carried(answer) < LAMBDA_MAX_BYTES
    graph = answer.json()
    known = {node["artifact_id"] for node in graph["nodes"]}
    assert root.id in known
    assert len(known) > 100
    ends = ("from_node_artifact_id", "to_node_artifact_id")
    assert {edge[end] for edge in graph["edges"] for end in ends} <= known


def test_cost_when_it_rests_on_a_hundred_thousand_then_413_says_what_to_do(api):
    root = make_artifact()
    Revision.objects.update(size_bytes=5)
    edge = LineageEdge.objects.create(
        child_id=root.id, parent_type=ArtifactType.DATASET, parent_key="k", parent_name="p",
        parent_url="https://example.com/p",
        relationship=Relationship.TRAINING_DATASET, origin=ParentOrigin.MODEL_CARD,
    )  # fmt: skip
    multiply(edge, parent_key="'k' || n")
    answer = api.get(f"/artifact/model/{root.id}/cost?dependency=true")
    assert answer.status_code == 413
    assert "Ask without" in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/health", "/health/components?includeTimeline=true&windowMinutes=1440"]
)
def test_health_when_a_hundred_thousand_counts_then_it_fits(anonymous, path):
    now = timezone.now().replace(second=0, microsecond=0)
    for minutes in range(50):
        bucket = ActivityBucket.objects.create(
            minute=now - timedelta(minutes=minutes), route="GET /", status=200, requests=1
        )
        # As many routes as there may be by far: they are patterns, not paths.
        multiply(bucket, ROWS // 50, route="'GET /artifacts/<str:' || n || '>'")
    answer = anonymous.get(path)
    assert answer.status_code == 200
    assert carried(answer) < LAMBDA_MAX_BYTES


def test_answer_when_a_list_forgets_its_limit_then_413_and_no_broken_function(api, monkeypatch):
    artifact = make_artifact()
    monkeypatch.setattr(
        "artifacts.api.views.catalogue.all_shown",
        lambda _form, _rows: [{"text": '"' * (ANSWER_MAX_BYTES // 3)}],
    )
    answer = api.get(f"/artifact/model/{artifact.id}/audit")
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "answer_too_large")
    assert carried(answer) < LAMBDA_MAX_BYTES


def test_page_when_too_large_then_a_page_says_so(client, administrator, set_limits):
    """No page is that large: each of its lists and texts is cut. Should one forget to be."""
    set_limits(ANSWER_MAX_BYTES=1_000)
    client.force_login(administrator)
    artifact = make_artifact()
    answer = client.get(f"/admin/artifacts/artifact/{artifact.id}/change/")
    assert answer.status_code == 413
    assert "<h1>" in answer.content.decode()
