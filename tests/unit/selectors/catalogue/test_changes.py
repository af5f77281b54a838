"""What changed between two revisions."""

import pytest
from django.utils import timezone

from artifacts.enums import Part, SourceKind
from artifacts.models import Blob, File, Revision
from artifacts.rules.digest import Sha256
from artifacts.selectors.catalogue import changes
from artifacts.selectors.catalogue.changes import get_changes
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db
ONE, TWO = Sha256("1" * 64), Sha256("2" * 64)


@pytest.fixture
def both():
    """An artifact with two revisions, whose only files are those that a test gives them."""
    artifact = make_artifact()
    File.objects.all().delete()
    Blob.objects.bulk_create(Blob(sha256=each, size_bytes=1) for each in (ONE, TWO))
    second = Revision.objects.create(
        artifact=artifact, number=2, url="/", source_kind=SourceKind.UPLOAD, repository="x",
        license="mit", created_at=timezone.now(), created_by="ada",
    )  # fmt: skip
    return artifact.current_revision, second


def add(revision: Revision, path: str, size_bytes: int | None = 1, **values) -> None:
    File.objects.create(
        revision=revision, path=path, part=Part.OTHER, size_bytes=size_bytes, **values
    )


def paths(found) -> list[str]:
    return [each.path for each in found.rows]


def test_changes_when_files_come_go_and_change_then_each_is_named_once(both):
    old, new = both
    add(old, "gone")
    add(old, "same", source_digest="sha256:1")
    add(new, "same", source_digest="sha256:1")
    add(old, "other", 1)
    add(new, "other", 2)
    add(new, "come", 5)
    found = get_changes(old.artifact_id, 1, 2)
    assert found is not None
    assert (paths(found.added), paths(found.removed)) == (["come"], ["gone"])
    assert paths(found.changed) == ["other"]
    assert (found.changed.rows[0].old_bytes, found.changed.rows[0].new_bytes) == (1, 2)
    assert (found.added.rows[0].old_bytes, found.added.rows[0].new_bytes) == (None, 5)
    assert (found.removed.rows[0].old_bytes, found.removed.rows[0].new_bytes) == (1, None)


@pytest.mark.parametrize(
    ("old_file", "new_file", "is_changed"),
    [
        ({"blob_id": ONE}, {"blob_id": TWO}, True),
        # The same bytes, which the source states in two ways.
        ({"blob_id": ONE, "source_digest": "git:1"}, {"blob_id": ONE, "source_digest": "sha256:1"},
         False),
        ({"blob_id": ONE}, {}, False),
        ({"source_digest": "git:1"}, {"source_digest": "git:2"}, True),
        ({"source_digest": "git:1"}, {"source_digest": "git:1"}, False),
        ({"source_digest": "git:1"}, {}, False),
        ({"size_bytes": None}, {"size_bytes": None}, False),
        ({"size_bytes": None}, {}, False),
        ({}, {}, False),
    ],
)  # fmt: skip
def test_changes_when_a_file_stays_then_changed_only_if_its_bytes_are(
    both, old_file, new_file, is_changed
):
    old, new = both
    add(old, "a", **old_file)
    add(new, "a", **new_file)
    found = get_changes(old.artifact_id, 1, 2)
    assert found is not None
    assert paths(found.changed) == (["a"] if is_changed else [])
    assert found.added.rows == found.removed.rows == ()


def test_changes_when_license_or_score_differ_then_both_are_told(both):
    old, _ = both
    rating = make_rating(old.artifact)
    found = get_changes(old.artifact_id, 1, 2)
    assert found is not None
    assert (found.old.license, found.new.license) == ("", "mit")
    assert (found.old.net_score, found.new.net_score) == (rating.net_score, None)


def test_changes_when_there_are_many_then_the_first_and_how_many(both, monkeypatch):
    monkeypatch.setattr(changes, "CHANGES_SHOWN_MAX", 2)
    old, new = both
    for number in range(5):
        add(new, f"{number}")
    found = get_changes(old.artifact_id, 1, 2)
    assert found is not None
    assert (paths(found.added), found.added.count) == (["0", "1"], 5)


def test_changes_when_costs_are_counted_then_four_queries(both, django_assert_num_queries):
    old, new = both
    for number in range(20):
        add(old, f"{number}")
        add(new, f"{number}", 2)
    with django_assert_num_queries(4):
        get_changes(old.artifact_id, 1, 2)


@pytest.mark.parametrize("numbers", [(1, 3), (0, 2)])
def test_changes_when_a_revision_is_not_there_then_none(both, numbers):
    assert get_changes(both[0].artifact_id, *numbers) is None
