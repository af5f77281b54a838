"""What the page of an artifact shows above its tabs, on the first one, and while it waits."""

import pytest

from artifacts.enums import Part
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import File, Revision, Task
from artifacts.selectors.catalogue import cost
from artifacts.selectors.catalogue.named import list_models_called
from artifacts.selectors.catalogue.overview import find_artifact
from artifacts.selectors.catalogue.page import Weight, get_front, get_header, get_waiting
from artifacts.selectors.content import files
from artifacts.selectors.content.files import get_files, list_largest_files
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge, make_rating

pytestmark = pytest.mark.django_db


def sized(name: str, number: int, size_bytes: int | None):
    artifact = make_artifact(name, number=number)
    Revision.objects.filter(artifact=artifact).update(size_bytes=size_bytes)
    return find_artifact(artifact.id)


def test_header_when_the_source_has_answered_then_what_there_is(django_assert_num_queries):
    artifact = find_artifact(make_artifact().id)
    with django_assert_num_queries(1):
        header = get_header(artifact)
    assert (header.files, header.has_bundle) == (1, False)
    Revision.objects.update(content_state="stored")
    assert get_header(find_artifact(artifact.id)).has_bundle


def test_header_when_the_source_is_silent_then_nothing_but_its_name():
    header = get_header(find_artifact(make_artifact(visible=False).id))
    assert (header.facts.name, header.files, header.has_bundle) == ("robot", 0, False)


def test_artifact_when_its_evidence_is_not_wanted_then_not_read(django_assert_num_queries):
    artifact = make_artifact()
    make_rating(artifact)
    with django_assert_num_queries(1):
        found = find_artifact(artifact.id, with_evidence=False)
        rating = found.current_revision.current_rating
    assert "evidence" in rating.get_deferred_fields()
    with django_assert_num_queries(1):
        get_header(found)


@pytest.mark.parametrize("artifact_id", ["model-9-9", "", "a\0b", "ü"])
def test_artifact_when_there_is_none_then_not_found(artifact_id):
    with pytest.raises(ArtifactNotFound):
        find_artifact(artifact_id)


def test_front_when_it_rests_on_others_then_their_weight_too(django_assert_num_queries):
    top = sized("top", 1, 1_000_000)
    make_edge(top, sized("mother", 2, 2_000_000))
    make_edge(top, "acme/dark")
    with django_assert_num_queries(6):
        front = get_front(top)
    assert front.weight == Weight(3_000_000, others=2, unknown=1)
    assert [each.name for each in front.licenses.rows] == ["mother"]


def test_front_when_weights_are_unknown_or_too_many_then_said(monkeypatch):
    assert get_front(sized("dim", 1, None)).weight == Weight()
    top = sized("top", 2, 5)
    for number in range(3):
        make_edge(top, f"acme/{number}")
    monkeypatch.setattr(cost, "COST_DEPENDENCIES_MAX", 2)
    assert get_front(top).weight == Weight(is_too_much=True)


def test_waiting_when_its_task_failed_then_why(monkeypatch):
    artifact = make_artifact(visible=False)
    assert get_waiting(artifact).task_state == ""
    create_task("ingest_artifact", artifact_id=artifact.id, arguments={})
    assert get_waiting(artifact).due_at is not None
    Task.objects.update(state="failed", attempts=3, error="The Hub was silent.")
    found = get_waiting(artifact)
    assert (found.task_state, found.attempts, found.error, found.due_at) == (
        "failed", 3, "The Hub was silent.", None,
    )  # fmt: skip


def test_files_when_paged_then_each_once(monkeypatch):
    monkeypatch.setattr(files, "FILES_SHOWN_MAX", 2)
    revision = make_artifact().current_revision
    File.objects.bulk_create(
        File(revision=revision, path=f"{number}", part=Part.OTHER) for number in range(5)
    )
    seen, offset = [], None
    for _ in range(3):
        page = get_files("x", revision, offset)
        seen += [each.path for each in page.lines.rows]
        assert page.lines.count == 6
        offset = page.next_offset
    assert offset is None
    assert seen == ["0", "1", "2", "3", "4", "README.md"]


def test_largest_files_when_none_is_kept_then_none():
    assert list_largest_files(make_artifact().current_revision, "full") == ()


def test_models_when_called_by_id_or_name_then_those_that_everybody_sees():
    first, second = make_artifact(), make_artifact(number=2)
    make_artifact(number=3, visible=False)
    make_artifact(kind="code", number=4)
    assert [each.artifact_id for each in list_models_called("robot")] == [first.id, second.id]
    assert [each.artifact_id for each in list_models_called(second.id)] == [second.id]
    assert list_models_called("Robot") == list_models_called("a\0") == ()
