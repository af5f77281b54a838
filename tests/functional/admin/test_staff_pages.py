"""Every page of the staff site, opened with rows that are as awkward as rows can be."""

import hashlib
import uuid
from datetime import timedelta
from html import escape

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, DecisionState, Part, ScanVerdict
from artifacts.models import (
    AccessToken,
    ActivityBucket,
    AllowedGlobal,
    Artifact,
    AuditEntry,
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
from artifacts.work.queue import create_task
from registry_site import admin_urls  # noqa: F401  (registers the pages)
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import make_evidence, make_model
from tests.factories.ratings import make_edge, make_rating
from tests.functional.web.structure import faults

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>'\"&{{ 7*7 }}"
MODELS = sorted(
    (model for model in admin.site._registry if model._meta.app_label == "artifacts"),
    key=lambda model: model.__name__,
)


@pytest.fixture
def staff(administrator) -> Client:
    client = Client()
    client.force_login(administrator)
    return client


@pytest.fixture
def rows(settings) -> dict[type, object]:
    """A row of every model; every text that strangers write is hostile."""
    settings.REGISTRY_TASKS = "worker"
    now, digest = timezone.now(), hashlib.sha256(b"").hexdigest()
    user = User.objects.create_user(HOSTILE, "a-long-password-1")
    # Before the others, which are looked at.
    other = make_artifact(HOSTILE, number=0)
    File.objects.all().delete()
    artifact = make_artifact(HOSTILE, readme=HOSTILE, user=HOSTILE)
    Revision.objects.update(
        url=f"https://huggingface.co/{HOSTILE}",
        repository=HOSTILE,
        license=HOSTILE,
        content_reason=HOSTILE,
        card={HOSTILE: [HOSTILE]},
        size_bytes=None,
    )
    blob = Blob.objects.create(sha256=Sha256(digest), size_bytes=2**62)
    File.objects.update(path=HOSTILE, blob=blob, source_digest=f"sha256:{digest}")
    AuditEntry.objects.create(
        artifact_id=artifact.id, artifact_type=ArtifactType.MODEL, artifact_name=HOSTILE,
        user_name=HOSTILE,
        user_is_admin=False, action=AuditAction.DOWNLOAD, created_at=now, note=HOSTILE,
    )  # fmt: skip
    task = create_task("mirror_revision", artifact_id=artifact.id, arguments={"a": HOSTILE})
    type(task).objects.update(error=HOSTILE, done_bytes=1)
    ActivityBucket.objects.create(minute=now, route=HOSTILE[:120], status=200)
    Upload.objects.create(user=user, filename=HOSTILE, size_bytes=1, sha256=digest)
    LfsObject.objects.create(user=user, sha256=Sha256(digest), size_bytes=2**62, reason=HOSTILE)
    HubPull.objects.create(
        key=f"model:{HOSTILE}",
        holder=uuid.uuid4(),
        user_name=HOSTILE,
        begun_at=now,
        refusal=HOSTILE,
    )
    VersionTag.objects.create(revision=artifact.current_revision, tag=HOSTILE, version_key=10**29)
    AccessToken.objects.create(
        digest=digest, user=user, calls_left=0, expires_at=now - timedelta(hours=1)
    )
    SignInTally.objects.create(name=HOSTILE, address="192.0.2.1", failures=3)
    IdSequence.objects.get_or_create(artifact_type="model")
    RevisionScan.objects.create(
        revision=artifact.current_revision, rules_version=1, verdict=ScanVerdict.SUSPICIOUS,
        sentences=[HOSTILE], scanned_at=now,
    )  # fmt: skip
    Decision.objects.create(
        revision=artifact.current_revision, state=DecisionState.REJECTED, reason=HOSTILE,
        decided_by=HOSTILE, found_by=HOSTILE[:50], decided_at=now,
    )  # fmt: skip
    AllowedGlobal.objects.create(
        name=HOSTILE[:200], artifact=artifact, reason=HOSTILE, created_at=now, created_by=HOSTILE
    )
    evidence = make_evidence(make_model(repository=HOSTILE, readme=HOSTILE, license=HOSTILE))
    make_rating(artifact, evidence, category=HOSTILE[:100], gate_reasons=[HOSTILE])
    make_edge(artifact, HOSTILE[:200], relationship=HOSTILE[:30], origin=HOSTILE[:20])
    LookAlike.objects.create(
        suspect=artifact,
        other=other,
        mechanism=Mechanism.TYPO,
        detail=HOSTILE,
        score=0.5,
        found_at=now,
    )
    CachedAnswer.objects.create(key=digest, url=HOSTILE, body=HOSTILE.encode(), confirmed_at=now)
    found: dict[type, object] = {
        model: model._default_manager.order_by("-pk").first() for model in MODELS
    }
    return found | {User: user}


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def address(model, kind: str, *keys) -> str:
    return reverse(f"admin:artifacts_{model._meta.model_name}_{kind}", args=keys)


# What staff may delete, each through a service.
NOT_FORBIDDEN = (Artifact, AccessToken, AllowedGlobal, SignInTally, User)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_rows_are_hostile_then_shows_them_harmlessly(staff, rows, model):
    shown = page(staff, address(model, "changelist"))
    assert escape(str(rows[model].pk)) in shown
    assert "<img src=x" not in shown
    assert faults(shown) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_page_of_a_row_when_hostile_then_shows_it_harmlessly(staff, rows, model):
    shown = page(staff, address(model, "change", rows[model].pk))
    assert "<img src=x" not in shown
    assert faults(shown) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_history_of_a_row_when_opened_then_answers(staff, rows, model):
    assert faults(page(staff, address(model, "history", rows[model].pk))) == []


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_list_when_filtered_by_each_choice_then_answers(staff, rows, model):
    shown = staff.get(address(model, "changelist"))
    choices = [
        choice["query_string"]
        for spec in shown.context["cl"].filter_specs
        for choice in spec.choices(shown.context["cl"])
    ]
    codes = {
        query: staff.get(address(model, "changelist") + query).status_code for query in choices
    }
    assert set(codes.values()) <= {200}


@pytest.mark.parametrize(
    "model",
    [each for each in MODELS if each not in (AllowedGlobal, Upload, User)],
    ids=lambda model: model.__name__,
)
def test_row_when_written_past_the_services_then_refused(staff, rows, model):
    assert staff.get(address(model, "add")).status_code == 403
    answer = staff.post(address(model, "change", rows[model].pk), {"_save": "Save"})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "model",
    [each for each in MODELS if each not in NOT_FORBIDDEN],
    ids=lambda model: model.__name__,
)
def test_row_when_deleted_past_the_services_then_refused(staff, rows, model):
    url = address(model, "delete", rows[model].pk)
    assert staff.post(url, {"post": "yes"}).status_code == 403
    assert model._default_manager.filter(pk=rows[model].pk).exists()


@pytest.mark.parametrize("name", ["index", "reset", "app_list"])
def test_page_of_the_site_when_read_aloud_then_nothing_is_in_the_way(staff, rows, name):
    keys = ["artifacts"] if name == "app_list" else []
    assert faults(page(staff, reverse(f"admin:{name}", args=keys))) == []


def test_sign_in_page_when_read_aloud_then_nothing_is_in_the_way(db):
    assert faults(page(Client(), reverse("admin:login"))) == []


def test_artifact_when_its_source_is_no_web_address_then_is_no_link(staff, rows):
    Revision.objects.update(url="javascript:alert(1)")
    shown = page(staff, address(Artifact, "change", rows[Artifact].pk))
    assert 'href="javascript:' not in shown
    assert "javascript:alert(1)" in shown


def test_artifact_when_it_has_many_files_then_shows_the_first_and_links_to_all(staff, rows):
    revision = rows[Artifact].current_revision
    File.objects.bulk_create(
        File(revision=revision, path=f"weights/{number:04}.bin", part=Part.WEIGHTS)
        for number in range(250)
    )
    shown = page(staff, address(Artifact, "change", rows[Artifact].pk))
    assert shown.count(".bin</bdi>") < 250
    assert "see all 251 files" in shown
    assert f"?revision={revision.pk}" in shown


@pytest.mark.parametrize(
    ("model", "query"),
    [(Artifact, "<img"), (Artifact, "model-1-"), (File, "<img"), (User, "<img")],
    ids=["artifact-name", "artifact-id", "file", "user"],
)
def test_search_when_the_beginning_is_typed_then_finds_only_that(staff, rows, model, query):
    other = make_artifact("another", number=7)
    answer = staff.get(address(model, "changelist"), {"q": query})
    found = list(answer.context["cl"].result_list)
    assert rows[model] in found
    assert other not in found
