import pytest

from artifacts.enums import ArtifactType, ParentOrigin, Relationship
from artifacts.limits import RELATIVES_SHOWN_MAX
from artifacts.models import LineageEdge
from artifacts.selectors.lineage.family import get_family
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def test_family_when_it_has_parents_and_children_then_both_are_listed():
    child, artifact, mother = (make_artifact(f"name-{n}", number=n) for n in (1, 2, 3))
    make_edge(artifact, mother)
    make_edge(artifact, "acme/away")
    make_edge(child, artifact, relationship="quantized")
    found = get_family(artifact)
    assert [(each.artifact_id, each.name) for each in found.parents.rows] == [
        (mother.id, "name-3"), ("", "acme/away"),
    ]  # fmt: skip
    assert [(each.artifact_id, each.name) for each in found.children.rows] == [(child.id, "name-1")]
    assert {(each.parent, each.child, each.relationship) for each in found.links.rows} == {
        ("name-3", "name-2", "base_model"),
        ("acme/away", "name-2", "base_model"),
        ("name-2", "name-1", "quantized"),
    }
    assert len(found.picture.boxes) == 4


def test_box_when_a_model_is_not_registered_then_it_has_no_id():
    artifact = make_artifact()
    make_edge(artifact, "acme/away")
    found = get_family(artifact)
    assert {(box.name, box.artifact_id) for box in found.picture.boxes} == {
        ("robot", artifact.id), ("acme/away", ""),
    }  # fmt: skip
    assert (found.links.rows[0].parent_id, found.links.rows[0].child_id) == ("", artifact.id)


def test_family_when_alone_then_no_picture():
    found = get_family(make_artifact())
    assert (found.picture, found.links.rows) == (None, ())


def test_child_when_its_source_has_not_answered_then_is_not_shown():
    artifact, child = make_artifact(number=1), make_artifact(number=2, visible=False)
    make_edge(child, artifact)
    assert get_family(artifact).children.rows == ()


def test_family_of_a_data_set_when_models_were_trained_on_it_then_they_are_its_children():
    squad, model = make_artifact("squad", "dataset", number=1), make_artifact("robot", number=2)
    make_edge(model, squad, relationship="training_dataset")
    found = get_family(squad)
    assert [each.name for each in found.children.rows] == ["robot"]
    assert found.picture is None


def test_family_when_it_has_many_relatives_then_cut_and_counted():
    artifact = make_artifact()
    LineageEdge.objects.bulk_create(
        LineageEdge(
            child=artifact, parent_type=ArtifactType.DATASET,
            parent_key=f"huggingface_dataset:a/{number}",
            parent_name=f"a/{number}", relationship=Relationship.TRAINING_DATASET,
            origin=ParentOrigin.TAGS,
        )
        for number in range(RELATIVES_SHOWN_MAX + 1)
    )  # fmt: skip
    parents = get_family(artifact).parents
    assert (len(parents.rows), parents.count) == (RELATIVES_SHOWN_MAX, RELATIVES_SHOWN_MAX + 1)
