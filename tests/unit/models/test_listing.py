"""The row that the catalogue reads says what artifact, revision and rating say."""

import importlib

import pytest
from django.apps import apps
from django.db import connection

from artifacts.enums import SourceKind
from artifacts.models import Artifact, Listing, Rating, Revision
from artifacts.selectors.trust.verdict import choose_badge
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db
rows = importlib.import_module("artifacts.migrations.0020_listing_rows")


def expected(artifact: Artifact) -> dict[str, object]:
    artifact = Artifact.objects.get(pk=artifact.pk)
    revision = artifact.current_revision
    rating = revision.current_rating
    return {
        "id": artifact.id,
        "type": artifact.type,
        "name": artifact.name,
        "created_us": artifact.created_us,
        "uploader_name": artifact.uploader_name,
        "license": revision.license,
        "size_bytes": revision.size_bytes,
        "content_state": revision.content_state,
        "source_kind": revision.source_kind,
        "net_score": rating and rating.net_score,
        "task": rating and rating.category,
        "badge": choose_badge(artifact),
        "revision_id": revision.id,
        "rating_id": rating and rating.id,
    }


def listed() -> list[dict[str, object]]:
    return [dict(row) for row in Listing.objects.values()]


def test_listing_when_an_artifact_waits_for_its_source_then_none():
    make_artifact(visible=False)
    assert listed() == []


@pytest.mark.parametrize("kind", ["model", "dataset", "code"])
def test_listing_when_an_artifact_appears_then_there(kind):
    artifact = make_artifact(kind=kind)
    assert listed() == [expected(artifact)]


@pytest.mark.parametrize("gate", ["passed", "failed", "undecided", "exempt"])
@pytest.mark.parametrize(("version", "is_incomplete"), [(2, True), (2, False), (3, True)])
def test_listing_when_a_model_is_rated_then_its_badge_is_the_one_of_all_pages(
    gate, version, is_incomplete
):
    artifact = make_artifact()
    make_rating(artifact, gate=gate, rules_version=version, is_incomplete=is_incomplete)
    assert listed() == [expected(artifact)]


@pytest.mark.parametrize(
    "change",
    [
        lambda: Revision.objects.update(license="mit", size_bytes=5, content_state="stored"),
        lambda: Revision.objects.update(source_kind="upload"),
        lambda: Revision.objects.update(current_rating=None),
        lambda: Rating.objects.update(net_score=0.25, category="other"),
        lambda: Rating.objects.update(gate="exempt"),
        lambda: Rating.objects.update(gate="failed", rules_version=1, is_incomplete=True),
        lambda: Rating.objects.all().delete(),
        lambda: Artifact.objects.update(name="another", uploader_name="nobody"),
    ],
    ids=["revision", "source", "no-rating", "score", "gate", "doubt", "rating-deleted", "artifact"],
)
def test_listing_when_a_row_changes_then_its_own_does_too(change):
    artifact, other = make_artifact(number=1), make_artifact(number=2, kind="code")
    make_rating(artifact)
    change()
    assert sorted(listed(), key=lambda row: str(row["id"])) == [expected(other), expected(artifact)]


def test_listing_when_a_revision_follows_then_of_that_one_alone():
    artifact = make_artifact()
    make_rating(artifact)
    old = artifact.current_revision
    artifact.current_revision = Revision.objects.create(
        artifact=artifact, number=2, url="https://x.example", source_kind=SourceKind.UPLOAD,
        created_at=old.created_at, created_by="ursula",
    )  # fmt: skip
    artifact.save(update_fields=["current_revision"])
    Revision.objects.filter(pk=old.pk).update(license="gone")
    assert listed() == [expected(artifact)]
    assert listed()[0]["badge"] == "waiting"


def test_listing_when_a_revision_is_written_after_its_artifact_then_there():
    artifact = make_artifact()
    revision = artifact.current_revision
    Listing.objects.all().delete()
    with connection.constraint_checks_disabled():
        Revision.objects.filter(pk=revision.pk)._raw_delete(using="default")
        revision.save(force_insert=True)
    assert listed() == [expected(artifact)]


def test_listing_when_an_artifact_has_no_revision_any_more_or_is_deleted_then_gone():
    first, second = make_artifact(number=1), make_artifact(number=2)
    Artifact.objects.filter(pk=first.pk).update(current_revision=None)
    assert [row["id"] for row in listed()] == [second.id]
    second.delete()
    assert listed() == []


def test_fill_when_artifacts_are_there_then_all_are_listed_and_what_is_newer_stays(monkeypatch):
    made = [make_artifact(number=number) for number in range(1, 6)]
    make_artifact(number=6, visible=False)
    make_rating(made[0])
    Listing.objects.exclude(pk=made[1].pk).delete()
    Listing.objects.update(license="newer")
    monkeypatch.setattr(rows, "_BATCH", 2)
    rows.fill(apps, connection.SchemaEditorClass(connection))
    found = {row["id"]: row for row in listed()}
    assert found.pop(made[1].id)["license"] == "newer"
    assert [found[each.id] for each in made if each is not made[1]] == [
        expected(each) for each in made if each is not made[1]
    ]


def test_triggers_when_added_again_or_removed_then_no_error():
    editor = connection.SchemaEditorClass(connection)
    rows.add_triggers(apps, editor)
    rows.remove_triggers(apps, editor)
    make_artifact()
    assert listed() == []
    rows.add_triggers(apps, editor)
    artifact = make_artifact(number=2)
    assert listed() == [expected(artifact)]
