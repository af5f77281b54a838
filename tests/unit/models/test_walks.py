import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.models import Artifact
from artifacts.models.walks import walk
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("count", [0, 1, 4, 5])
def test_walk_when_rows_are_many_then_each_once_and_few_at_a_time(count):
    made = [make_artifact(f"robot-{n}", number=n).id for n in range(1, count + 1)]
    with CaptureQueriesContext(connection) as queries:
        assert [each.id for each in walk(Artifact.objects.all(), step_rows=2)] == sorted(made)
    assert len(queries) == count // 2 + 1
    assert all("LIMIT 2" in query["sql"] for query in queries)


def test_walk_when_rows_go_meanwhile_then_the_others_are_met():
    for number in range(1, 6):
        make_artifact(f"robot-{number}", number=number)
    met = []
    for artifact in walk(Artifact.objects.all(), step_rows=2):
        met.append(artifact.name)
        Artifact.objects.filter(name="robot-4").delete()
    assert met == ["robot-1", "robot-2", "robot-3", "robot-5"]
