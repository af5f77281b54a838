"""The family of a model: whole, bounded, whatever its shape."""

from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from artifacts.exceptions import ArtifactNotFound
from artifacts.models import Artifact, LineageEdge
from artifacts.selectors.lineage.graph import external_id, get_lineage
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def pairs(artifact: Artifact) -> set[tuple[str, str]]:
    return set(get_lineage(artifact.id).links)


@pytest.mark.parametrize("asked", [0, 1, 2])
def test_lineage_when_a_chain_then_whole_from_each_of_its_ends(asked):
    chain = [make_artifact(f"m{n}", number=n) for n in (1, 2, 3)]
    for parent, child in pairwise(chain):
        make_edge(child, parent)
    a, b, c = (each.id for each in chain)
    graph = get_lineage(chain[asked].id)
    assert set(graph.links) == {(a, b), (b, c)}
    assert {node.name for node in graph.nodes.values()} == {"m1", "m2", "m3"}
    assert all(node.repository_url for node in graph.nodes.values())


def test_lineage_when_a_parent_is_not_registered_then_it_is_external_and_shared():
    one, two = make_artifact("one", number=1), make_artifact("two", number=2)
    make_edge(one, "acme/Gone")
    make_edge(two, "ACME/gone")  # as it likes
    graph = get_lineage(one.id)
    outside = external_id("huggingface_model:acme/gone")
    assert set(graph.links) == {(outside, one.id), (outside, two.id)}
    node = graph.nodes[outside]
    assert (node.name, node.repository_url) == ("acme/Gone", "https://huggingface.co/acme/Gone")


def test_lineage_when_it_is_alone_then_itself():
    artifact = make_artifact()
    graph = get_lineage(artifact.id)
    assert (list(graph.nodes), graph.links) == ([artifact.id], {})


def test_lineage_when_data_sets_and_invisible_models_are_linked_then_left_out():
    artifact, hidden = make_artifact(), make_artifact("hidden", number=2, visible=False)
    make_edge(artifact, make_artifact("tea", "dataset", number=3))
    make_edge(hidden, artifact)
    assert list(get_lineage(artifact.id).nodes) == [artifact.id]


def test_lineage_when_there_is_no_such_model_then_not_found():
    dataset = make_artifact(kind="dataset")
    for artifact_id in ("model-9-9", dataset.id):
        with pytest.raises(ArtifactNotFound):
            get_lineage(artifact_id)


def test_lineage_when_wide_then_two_queries_a_level():
    root = make_artifact("root", number=1)
    for number in range(2, 60):
        make_edge(make_artifact(f"m{number}", number=number), root)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        graph = get_lineage(root.id)
    assert len(graph.nodes) == 59
    assert len(captured) <= 5


def test_lineage_when_huge_then_cut_at_the_limit(set_limits):
    set_limits(LINEAGE_NODES_MAX=20)
    root = make_artifact("root", number=1)
    for number in range(2, 40):
        make_edge(make_artifact(f"m{number}", number=number), root)
    graph = get_lineage(root.id)
    assert (len(graph.nodes), graph.is_cut) == (20, True)
    assert len(graph.links) == 19


def test_lineage_when_cut_then_links_among_the_shown_are_whole(set_limits):
    set_limits(LINEAGE_NODES_MAX=3)
    root, one, two, three = (make_artifact(f"m{n}", number=n) for n in (1, 2, 3, 4))
    for child, parent in ((one, root), (two, root), (three, root), (two, one)):
        make_edge(child, parent)
    graph = get_lineage(root.id)
    assert set(graph.links) == {(root.id, one.id), (root.id, two.id), (one.id, two.id)}
    assert graph.is_cut


def test_lineage_when_just_as_large_as_is_shown_then_not_cut(set_limits):
    set_limits(LINEAGE_NODES_MAX=2)
    root = make_artifact("root", number=1)
    make_edge(make_artifact("child", number=2), root)
    assert not get_lineage(root.id).is_cut


def test_lineage_when_there_are_too_many_edges_then_cut_and_it_says_so(set_limits):
    set_limits(LINEAGE_EDGES_READ_MAX=5)
    root = make_artifact("root", number=1)
    for number in range(2, 12):
        make_edge(make_artifact(f"m{number}", number=number), root)
    graph = get_lineage(root.id)
    assert (len(graph.links), graph.is_cut) == (5, True)


class AnyGraph(TestCase):
    """Whatever the edges are, cycles and loops among them."""

    @hypothesis_settings(max_examples=30, deadline=None)
    @given(st.sets(st.tuples(st.integers(1, 6), st.integers(1, 8)), max_size=20))
    def test_lineage_when_the_edges_are_anything_then_the_connected_part(self, edges):
        made = {n: make_artifact(f"m{n}", number=n) for n in range(1, 7)}
        for child, parent in edges:
            make_edge(made[child], made.get(parent) or f"acme/out{parent}")
        graph = get_lineage(made[1].id)
        family, grown = {1}, True
        while grown:
            near = {x for pair in edges if set(pair) & family for x in pair}
            grown = not near <= family
            family |= near
        assert len(graph.nodes) == len(family)
        assert len(graph.links) == sum(set(pair) <= family for pair in edges)
        LineageEdge.objects.all().delete()
        Artifact.objects.all().delete()


def test_external_id_when_names_are_alike_then_the_ids_are_not():
    ids = {external_id(f"k:{name}") for name in ("a/b", "a-b", "a_b", "\u00e4/\u00f6", "x" * 500)}
    assert len(ids) == 5
    assert all(each.replace("-", "").isalnum() and each.isascii() for each in ids)
