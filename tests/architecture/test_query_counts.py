"""How many statements each page of the staff site may cost, kept as a list.

A number that rises with the rows is a question asked once per row; one that rises by a column is a
join that is missing. Either way the list has to be changed here, on purpose.
"""

import hashlib
import uuid
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

import artifacts.admin  # noqa: F401  (registers the lists, which the site does when it is asked)
from artifacts.enums import AuditAction, DecisionState, Part, ScanVerdict, SourceKind
from artifacts.models import (
    AccessToken,
    ActivityBucket,
    AllowedGlobal,
    Artifact,
    Blob,
    CachedAnswer,
    Decision,
    File,
    HubPull,
    IdSequence,
    LfsObject,
    LookAlike,
    Revision,
    RevisionScan,
    SignInTally,
    Upload,
    User,
    VersionTag,
)
from artifacts.rules.confusion.mechanism import Mechanism
from artifacts.rules.digest import Sha256
from artifacts.services.access.audit import record_act
from artifacts.services.upkeep import activity
from artifacts.work.queue import create_task
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge, make_rating

pytestmark = pytest.mark.django_db
# Session, user, count, rows.
LISTS = {
    "AccessToken": 4, "ActivityBucket": 4, "AllowedGlobal": 4, "Artifact": 4, "AuditEntry": 4,
    "Blob": 4, "CachedAnswer": 4, "Decision": 4, "File": 4, "HubPull": 4, "IdSequence": 4,
    "LfsObject": 4, "LineageEdge": 4,
    "LookAlike": 4, "Rating": 4, "Revision": 4, "RevisionScan": 4, "SearchDocument": 4,
    "SignInTally": 4, "Task": 4, "Upload": 4,
    "User": 4, "VersionTag": 4,
}  # fmt: skip
# Session, user, artifact, the same with its revision and rating, history of ratings, parents,
# children, family (artifact, two levels), files by part, files, revisions, tasks, trail, card;
# decisions, and parents that were decided against.
ARTIFACT_PAGE = 18
# Each list of it that is longer than is shown is counted: ratings, parents, children, revisions,
# tasks, trail.
LISTS_COUNTED = 6
# Session, user, what fits, its libraries and owners; then the licenses, or the index and texts,
# with PostgreSQL's settings for that; or how the components are. A page may have 12.
PAGES = {
    "/catalogue": 5, "/catalogue?content=pending&sort=score": 5, "/catalogue?license=none": 6,
    "/catalogue?expression=%5Erobot": 8, "/health/dashboard": 11,
    "/health/dashboard?minutes=1440": 11, "/admin/": 10,
}  # fmt: skip
MODELS = {
    model.__name__: model for model in admin.site._registry if model._meta.app_label == "artifacts"
}
ROWS = 30


def make_rows(first: int, last: int) -> None:
    """Rows of every kind, numbered; each belongs to a user and an artifact of its own."""
    now = timezone.now()
    for number in range(first, last + 1):
        user = User.objects.create_user(f"user-{number}", "a-long-password-1")
        artifact = make_artifact(number=number)
        Artifact.objects.filter(pk=artifact.pk).update(uploader=user)
        create_task("mirror_revision", artifact_id=artifact.id, arguments={})
        digest = hashlib.sha256(str(number).encode()).hexdigest()
        AccessToken.objects.create(
            digest=digest, user=user, calls_left=1, expires_at=now + timedelta(hours=1)
        )
        SignInTally.objects.create(name=user.username, address="192.0.2.1", forgiven_us=number)
        Blob.objects.create(sha256=Sha256(digest), size_bytes=number)
        File.objects.update(blob=digest)
        Upload.objects.create(user=user, filename="a.zip", size_bytes=1, sha256=digest)
        LfsObject.objects.create(user=user, sha256=Sha256(digest), size_bytes=1)
        HubPull.objects.create(
            key=f"model:acme/{number}", holder=uuid.uuid4(), user_name=user.username, begun_at=now
        )
        VersionTag.objects.create(
            revision=artifact.current_revision, tag=f"v{number}", version_key=number
        )
        ActivityBucket.objects.create(minute=now, route=f"GET /{number}", status=200)
        Decision.objects.create(
            revision=artifact.current_revision,
            state=DecisionState.APPROVED,
            reason="Fine.",
            decided_at=now,
        )
        make_rating(artifact)
        RevisionScan.objects.create(
            revision=artifact.current_revision,
            rules_version=1,
            verdict=ScanVerdict.CLEAN,
            scanned_at=now,
        )
        AllowedGlobal.objects.create(
            name="acme.Model", artifact=artifact, reason="Ours.", created_at=now, created_by="ada"
        )
        make_edge(artifact, "acme/mother")
        LookAlike.objects.create(
            suspect=artifact, other=Artifact.objects.order_by("pk").first(), detail="",
            mechanism=Mechanism.TYPO, score=0.5, found_at=now,
        )  # fmt: skip
        CachedAnswer.objects.create(key=digest, url="/", body=b"", confirmed_at=now)
    IdSequence.objects.get_or_create(artifact_type="model")


@pytest.fixture
def staff(administrator, monkeypatch) -> Client:
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    client = Client()
    client.force_login(administrator)
    # Django asks for each content type once in a process, whichever test comes first.
    ContentType.objects.get_for_models(*MODELS.values(), LogEntry)
    return client


def statements(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return [each["sql"] for each in captured]


def questions(client: Client, url: str) -> list[str]:
    """Without savepoints, which only a test's transaction needs, and settings of PostgreSQL."""
    return [
        each
        for each in statements(client, url)
        if "SAVEPOINT" not in each and "_setting(" not in each and "set_config(" not in each
    ]


def list_of(name: str) -> str:
    return reverse(f"admin:artifacts_{name.lower()}_changelist")


def test_kept_list_when_a_model_joins_the_staff_site_then_names_it():
    assert set(LISTS) == set(MODELS)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_list_when_opened_then_costs_what_is_kept_here(staff, name):
    make_rows(1, ROWS)
    asked = statements(staff, list_of(name))
    assert len(asked) == LISTS[name], "\n".join(asked)


@pytest.mark.parametrize("name", sorted(LISTS))
def test_list_when_counted_then_only_up_to_a_bound(staff, name):
    make_rows(1, 2)
    counts = [each for each in statements(staff, list_of(name)) if "COUNT(" in each]
    assert len(counts) == 1
    assert "LIMIT" in counts[0]


@pytest.mark.parametrize(
    "query",
    [
        "?type__exact=model",
        "?current_revision__current_rating__gate__exact=failed",
        "?current_revision__content_state__exact=pending",
        "?current_revision__source_kind__exact=huggingface_model",
    ],
)
def test_artifacts_when_searched_or_filtered_then_cost_no_more(staff, query):
    make_rows(1, ROWS)
    assert len(statements(staff, list_of("Artifact") + query)) == LISTS["Artifact"]


def test_artifacts_when_a_part_of_a_name_is_looked_up_then_costs_one_more(staff):
    make_rows(1, ROWS)
    assert len(statements(staff, list_of("Artifact") + "?q=robot")) == LISTS["Artifact"] + 1


@pytest.mark.parametrize("path", PAGES)
def test_page_when_there_is_more_of_everything_then_costs_what_is_kept_here(staff, path):
    make_rows(1, 2)
    questions(staff, path)  # Some is asked once in some minutes.
    first = questions(staff, path)
    make_rows(3, ROWS)
    asked = questions(staff, path)
    assert len(first) == len(asked)
    assert len(asked) <= PAGES[path]


def test_artifact_page_when_it_has_more_of_everything_then_costs_the_same(staff):
    make_rows(1, 1)
    artifact = Artifact.objects.get()
    url = reverse("admin:artifacts_artifact_change", args=[artifact.pk])
    first = statements(staff, url)
    assert len(first) == ARTIFACT_PAGE, "\n".join(first)
    File.objects.bulk_create(
        File(revision=artifact.current_revision, path=f"{number}.bin", part=Part.WEIGHTS)
        for number in range(300)
    )
    for _ in range(20):
        create_task("mirror_revision", artifact_id=artifact.id, arguments={})
    assert len(statements(staff, url)) == ARTIFACT_PAGE


def test_artifact_page_when_all_its_lists_are_cut_then_one_count_more_for_each(staff, set_limits):
    set_limits(
        RATINGS_SHOWN_MAX=1,
        RELATIVES_SHOWN_MAX=1,
        REVISIONS_SHOWN_MAX=1,
        TASKS_SHOWN_MAX=1,
        TRAIL_SHOWN_MAX=1,
    )
    artifact = make_artifact()
    for number in range(2, 6):
        make_rating(artifact)
        make_edge(artifact, f"acme/{number}", parent_type="dataset")
        make_edge(make_artifact(kind="code", number=number), artifact)
        create_task("mirror_revision", artifact_id=artifact.id, arguments={})
        record_act(artifact, "ada", is_admin=True, action=AuditAction.RATE)
        Revision.objects.create(
            artifact=artifact, number=number, url="/", source_kind=SourceKind.UPLOAD,
            repository="x",
            created_at=timezone.now(), created_by="ada",
        )  # fmt: skip
    asked = statements(staff, reverse("admin:artifacts_artifact_change", args=[artifact.pk]))
    counts = [each for each in asked if "COUNT(*)" in each]
    assert len(counts) == LISTS_COUNTED
    assert all("LIMIT" in each for each in counts)
    # The family is alone: models only are walked, and one level has nothing beyond it.
    assert len(asked) == ARTIFACT_PAGE - 1 + LISTS_COUNTED, "\n".join(asked)


def test_artifact_deletion_when_asked_about_then_lists_no_file(staff):
    make_rows(1, 1)
    artifact = Artifact.objects.get()
    url = reverse("admin:artifacts_artifact_delete", args=[artifact.pk])
    asked = statements(staff, url)
    assert not [each for each in asked if File._meta.db_table in each]


def test_index_when_staff_did_much_then_costs_the_same(staff, administrator):
    artifact = make_artifact()
    statements(staff, reverse("admin:index"))  # A process asks once for its content types.
    first = len(statements(staff, reverse("admin:index")))
    for _ in range(20):
        LogEntry.objects.log_actions(administrator.pk, [artifact], CHANGE, "Seen.")
    # The content types of what was done are asked for together with it.
    assert len(statements(staff, reverse("admin:index"))) == first
