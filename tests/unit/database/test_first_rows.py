import pytest

from artifacts.database.first_rows import FirstRows, take_first_rows
from artifacts.enums import ArtifactType
from artifacts.models import IdSequence, Task
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db


def take(made: int, most: int) -> FirstRows[str]:
    for number in range(made):
        create_task("mirror_revision", artifact_id=f"model-{number}", arguments={})
    return take_first_rows(
        Task.objects.order_by("artifact_id"), most, lambda each: each.artifact_id
    )


@pytest.mark.parametrize(
    ("made", "most", "shown", "is_cut"),
    [(0, 2, 0, False), (1, 2, 1, False), (2, 2, 2, False), (3, 2, 2, True)],
)
def test_rows_when_there_are_more_than_are_shown_then_cut_and_counted(made, most, shown, is_cut):
    found = take(made, most)
    assert found.rows == tuple(f"model-{number}" for number in range(shown))
    assert (found.count, found.is_cut, found.is_count_cut) == (made, is_cut, False)


def test_rows_when_there_are_very_many_then_counting_ends(set_limits):
    set_limits(ROWS_COUNTED_MAX=4)
    found = take(6, 2)
    assert (found.count, found.is_count_cut) == (4, True)


@pytest.mark.parametrize(("made", "queries"), [(2, 1), (3, 2)])
def test_rows_when_they_are_not_cut_then_nothing_is_counted(
    made, queries, django_assert_num_queries
):
    IdSequence.objects.bulk_create(
        IdSequence(artifact_type=each) for each in [*ArtifactType][:made]
    )
    with django_assert_num_queries(queries):
        take_first_rows(IdSequence.objects.all(), 2, str)
