import pytest

from artifacts.enums import ContentState, Part
from artifacts.limits import FILES_SHOWN_MAX
from artifacts.models import File
from artifacts.selectors.content.files import get_files
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision():
    return make_artifact(readme="# Robot").current_revision


def add(revision, **sizes_bytes) -> None:
    File.objects.bulk_create(
        File(revision=revision, path=path, part=Part.WEIGHTS, size_bytes=size_bytes)
        for path, size_bytes in sizes_bytes.items()
    )


def test_files_when_the_source_has_not_answered_then_none():
    found = get_files("model-1-1", None)
    assert (found.revision_id, found.content_state, found.lines.count) == (None, "", 0)


def test_files_when_shown_then_summed_by_part(revision):
    add(revision, a=5, b=7)
    found = get_files(revision.artifact_id, revision)
    assert [(each.part, each.files, each.size_bytes) for each in found.parts] == [
        ("weights", 2, 12), ("card", 1, 7),
    ]  # fmt: skip
    assert found.lines.count == 3


def test_part_when_the_size_of_one_file_is_unknown_then_so_is_that_of_the_part(revision):
    add(revision, a=5, b=None)
    assert get_files(revision.artifact_id, revision).parts[0].size_bytes is None


@pytest.mark.parametrize("state", ContentState)
def test_bundles_when_the_bytes_are_not_here_then_none(revision, state):
    add(revision, a=5)
    File.objects.create(revision=revision, path="config.json", part=Part.CONFIG, size_bytes=2)
    revision.content_state = state
    found = get_files(revision.artifact_id, revision)
    offered = [each.part for each in found.parts if each.has_bundle]
    is_stored = state == ContentState.STORED
    assert found.has_bundle == is_stored
    assert offered == (["weights", "card"] if is_stored else [])


def test_files_when_there_are_ten_thousand_then_the_first_are_shown_and_all_counted(
    revision, django_assert_num_queries
):
    add(revision, **{f"{number:05}.bin": 1 for number in range(10_000)})
    with django_assert_num_queries(2):
        found = get_files(revision.artifact_id, revision)
    assert len(found.lines.rows) == FILES_SHOWN_MAX
    assert (found.lines.count, found.lines.is_cut) == (10_001, True)
    assert found.lines.rows[0].path == "00000.bin"
