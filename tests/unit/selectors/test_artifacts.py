import pytest

from artifacts.enums import ArtifactType
from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact
from artifacts.selectors.artifacts import get_artifact
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


def test_get_when_there_then_in_one_query_with_its_revision(django_assert_num_queries):
    made = make_artifact("tea robot")
    with django_assert_num_queries(1):
        found = get_artifact(ArtifactType.MODEL, made.id)
        revision = found.current_revision
        shown = (found.id, found.type, found.name, found.created_us, revision.number, revision.url)
    assert shown == (made.id, "model", "tea robot", made.created_us, 1, made.current_revision.url)
    assert found == made
    assert revision == made.current_revision


def test_get_when_a_row_is_read_then_saving_it_updates_and_makes_no_second():
    made = make_artifact()
    get_artifact(ArtifactType.MODEL, made.id).save(update_fields=["name"])
    assert Artifact.objects.count() == 1


@pytest.mark.parametrize("key", ["none-1", "", "MODEL-1-1760000000000001", "model-1"])
def test_get_when_the_id_is_another_then_not_found_and_names_it(key):
    make_artifact()
    with pytest.raises(ArtifactNotFound) as caught:
        get_artifact(ArtifactType.MODEL, key)
    assert caught.value.artifact_id == key


def test_get_when_the_type_is_another_then_not_found():
    made = make_artifact()
    with pytest.raises(ArtifactNotFound):
        get_artifact(ArtifactType.DATASET, made.id)


def test_get_when_its_source_has_not_answered_then_not_found():
    made = make_artifact(visible=False)
    with pytest.raises(ArtifactNotFound):
        get_artifact(ArtifactType.MODEL, made.id)
