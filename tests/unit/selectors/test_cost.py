"""Costs: alone, by part, with all that it rests on."""

import pytest

from artifacts.exceptions import ArtifactNotFound, PartNotFound, SizeUnknown
from artifacts.models import File, Revision
from artifacts.selectors.cost import get_cost, get_costs
from artifacts.selectors.lineage import external_id
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def sized(name: str, kind: str, number: int, size_bytes: int | None):
    artifact = make_artifact(name, kind, number=number)
    Revision.objects.filter(artifact=artifact).update(size_bytes=size_bytes)
    return artifact


def test_cost_when_alone_then_megabytes_of_a_million_bytes():
    assert get_cost("model", sized("m", "model", 1, 412_500_000).id) == 412.5
    assert get_cost("model", sized("n", "model", 2, 0).id) == 0


def test_cost_when_the_source_states_none_then_what_is_kept_or_an_error():
    artifact = sized("m", "model", 1, None)
    with pytest.raises(SizeUnknown, match="states no sizes"):
        get_cost("model", artifact.id)
    Revision.objects.update(stored_bytes=3_000_000)
    assert get_cost("model", artifact.id) == 3


def test_cost_when_of_a_part_then_that_alone():
    artifact = make_artifact()
    revision = artifact.current_revision
    File.objects.create(revision=revision, path="a.bin", part="weights", size_bytes=2_000_000)
    File.objects.create(revision=revision, path="b.bin", part="weights", size_bytes=500_000)
    assert get_cost("model", artifact.id, part="weights") == 2.5
    with pytest.raises(PartNotFound, match="dataset"):
        get_cost("model", artifact.id, part="dataset")


def test_costs_when_things_are_shared_then_each_counts_once():
    top = sized("top", "model", 1, 1_000_000)
    left, right = sized("left", "model", 2, 2_000_000), sized("right", "model", 3, 3_000_000)
    tea = sized("tea", "dataset", 4, 10_000_000)
    for child, parent in ((top, left), (top, right), (left, tea), (right, tea), (tea, top)):
        make_edge(child, parent)
    make_edge(top, "acme/gone", parent_size_bytes=7_000_000)
    make_edge(top, "acme/unknown")
    outside = external_id("acme/gone", "huggingface_model:acme/gone")
    costs = {key: (each.standalone_mb, each.total_mb) for key, each in
             get_costs("model", top.id).items()}  # fmt: skip
    assert costs[top.id] == (1.0, 23.0)
    assert costs[outside] == (7.0, 7.0)
    assert costs[left.id] == (2.0, 23.0)
    assert len(costs) == 5


def test_cost_when_there_is_no_such_artifact_then_not_found():
    with pytest.raises(ArtifactNotFound):
        get_costs("model", "model-9-9")
