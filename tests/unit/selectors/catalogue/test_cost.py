"""Costs: alone, by part, with all that it rests on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.enums import ArtifactType, Part
from artifacts.exceptions import (
    ArtifactNotFound,
    PartNotFound,
    SizeUnknown,
    TooManyDependencies,
)
from artifacts.models import File, Revision
from artifacts.selectors.catalogue.cost import get_cost, get_costs
from artifacts.selectors.lineage.graph import external_id
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def sized(name: str, kind: str, number: int, size_bytes: int | None):
    artifact = make_artifact(name, kind, number=number)
    Revision.objects.filter(artifact=artifact).update(size_bytes=size_bytes)
    return artifact


def test_cost_when_alone_then_megabytes_of_a_million_bytes():
    assert get_cost(ArtifactType.MODEL, sized("m", "model", 1, 412_500_000).id) == 412.5
    assert get_cost(ArtifactType.MODEL, sized("n", "model", 2, 0).id) == 0


def test_cost_when_the_source_states_none_then_what_is_kept_or_an_error():
    artifact = sized("m", "model", 1, None)
    with pytest.raises(SizeUnknown, match="states no sizes"):
        get_cost(ArtifactType.MODEL, artifact.id)
    Revision.objects.update(stored_bytes=3_000_000)
    with pytest.raises(SizeUnknown):
        get_cost(ArtifactType.MODEL, artifact.id)  # kept in part
    Revision.objects.update(content_state="stored")
    assert get_cost(ArtifactType.MODEL, artifact.id) == 3


def test_cost_when_of_a_part_then_that_alone():
    artifact = make_artifact()
    revision = artifact.current_revision
    File.objects.create(revision=revision, path="a.bin", part=Part.WEIGHTS, size_bytes=2_000_000)
    File.objects.create(revision=revision, path="b.bin", part=Part.WEIGHTS, size_bytes=500_000)
    assert get_cost(ArtifactType.MODEL, artifact.id, part="weights") == 2.5
    with pytest.raises(PartNotFound, match="dataset"):
        get_cost(ArtifactType.MODEL, artifact.id, part="dataset")
    File.objects.create(revision=revision, path="c.bin", part=Part.WEIGHTS, size_bytes=None)
    with pytest.raises(SizeUnknown, match="states no sizes"):
        get_cost(ArtifactType.MODEL, artifact.id, part="weights")


def entries(artifact):
    return {
        key: (each.standalone_mb, each.total_mb)
        for key, each in get_costs(ArtifactType.MODEL, artifact.id).entries.items()
    }


def test_costs_when_things_are_shared_then_each_counts_once():
    top = sized("top", "model", 1, 1_000_000)
    left, right = sized("left", "model", 2, 2_000_000), sized("right", "model", 3, 3_000_000)
    tea = sized("tea", "dataset", 4, 10_000_000)
    for child, parent in ((top, left), (top, right), (left, tea), (right, tea), (tea, top)):
        make_edge(child, parent)
    make_edge(top, "acme/gone", parent_size_bytes=7_000_000)
    assert entries(top) == {
        top.id: (1.0, 23.0),
        left.id: (2.0, 23.0),
        right.id: (3.0, 23.0),
        tea.id: (10.0, 23.0),
        external_id("huggingface_model:acme/gone"): (7.0, 7.0),
    }


def test_costs_when_models_rest_on_each_other_then_the_walk_ends(monkeypatch):
    first, second = sized("first", "model", 1, 1), sized("second", "model", 2, 2)
    make_edge(first, second)
    make_edge(second, first)
    make_edge(second, second)
    with CaptureQueriesContext(connection) as captured:
        assert entries(first) == {first.id: (1e-6, 3e-6), second.id: (2e-6, 3e-6)}
    assert len(captured) <= 8


def test_costs_when_sizes_are_unknown_then_no_entry_and_it_is_said():
    top, dim = sized("top", "model", 1, 1_000_000), sized("dim", "dataset", 2, None)
    make_edge(top, dim)
    make_edge(top, "acme/dark")
    make_edge(dim, sized("tea", "dataset", 3, 2_000_000))
    costs = get_costs(ArtifactType.MODEL, top.id)
    assert set(costs.unknown) == {dim.id, external_id("huggingface_model:acme/dark")}
    assert costs.entries[top.id].total_mb == 3.0
    assert len(costs.entries) == 2


def test_costs_when_two_spell_one_parent_differently_then_it_counts_once():
    top, other = sized("top", "model", 1, 1_000_000), sized("other", "model", 2, 1_000_000)
    make_edge(top, other)
    make_edge(top, "acme/Gone")
    make_edge(other, "ACME/gone", parent_size_bytes=5_000_000)
    assert entries(top) == {
        top.id: (1.0, 7.0), other.id: (1.0, 6.0),
        external_id("huggingface_model:acme/gone"): (5.0, 5.0),
    }  # fmt: skip


def test_costs_when_it_rests_on_too_much_then_it_says_so(set_limits):
    set_limits(COST_DEPENDENCIES_MAX=3)
    top = sized("top", "model", 1, 1)
    for number in range(2):
        make_edge(top, f"acme/m{number}")
    assert len(get_costs(ArtifactType.MODEL, top.id).unknown) == 2
    make_edge(top, "acme/m9")
    with pytest.raises(TooManyDependencies, match="more than 3 things"):
        get_costs(ArtifactType.MODEL, top.id)


def test_cost_when_there_is_no_such_artifact_then_not_found():
    with pytest.raises(ArtifactNotFound):
        get_costs(ArtifactType.MODEL, "model-9-9")
