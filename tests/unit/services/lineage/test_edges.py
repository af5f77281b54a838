"""Edges: written, linked in any order, resolved, swept."""

import pytest

from artifacts.exceptions import SourceRefused
from artifacts.models import Artifact, LineageEdge, Task
from artifacts.services.lineage import edges
from artifacts.services.lineage.edges import (
    link_arrival,
    link_waiting_edges,
    resolve_parents,
    save_edges,
)
from artifacts.services.lineage.parent_links import (
    ParentLink,
    find_parent_links,
    read_parent_links,
    with_evidence,
)
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import listed, make_code, make_dataset, make_evidence
from tests.factories.ratings import make_edge
from tests.unit.services.conftest import make_reference, make_snapshot

pytestmark = pytest.mark.django_db


def link_to(artifact: Artifact | str, **changes) -> ParentLink:
    key = artifact if isinstance(artifact, str) else artifact.source_key
    values = {
        "parent_type": "model", "parent_key": key, "parent_name": "acme/mother",
        "parent_url": "", "relationship": "base_model", "origin": "model_card",
    }  # fmt: skip
    return ParentLink(**(values | changes))


def test_links_when_a_snapshot_names_parents_and_data_then_both():
    snapshot = make_snapshot(
        make_reference(),
        card={"base_model": "Acme/Mother", "datasets": ["acme/tea"]},
        facts={"tags": ["dataset:cups", 5, "base_model:finetune:Acme/Mother"]},
    )
    assert [(each.parent_key, each.relationship) for each in find_parent_links(snapshot)] == [
        ("huggingface_model:acme/mother", "finetune"),
        ("huggingface_dataset:acme/tea", "training_dataset"),
        ("huggingface_dataset:cups", "training_dataset"),
    ]


def test_links_when_a_sentence_names_a_data_set_then_it_is_no_parent():
    assert (
        find_parent_links(make_snapshot(make_reference(), readme="It was trained on COCO.")) == ()
    )


def test_edges_when_saved_then_linked_to_what_is_registered_and_read_back():
    mother, child = make_artifact("mother"), make_artifact("child", number=2)
    links = [link_to(mother, size_bytes=5), link_to("huggingface_model:acme/gone")]
    save_edges(artifact=child, parents=links)
    assert [edge.parent for edge in LineageEdge.objects.order_by("id")] == [mother, None]
    assert read_parent_links(child.id) == tuple(links)
    save_edges(artifact=child, parents=links[:1])
    assert LineageEdge.objects.count() == 1


def test_edges_when_the_parent_is_invisible_then_they_wait():
    mother = make_artifact("mother", visible=False)
    save_edges(artifact=make_artifact("child", number=2), parents=[link_to(mother)])
    assert LineageEdge.objects.get().parent is None


def test_arrival_when_others_wait_for_it_then_they_are_linked():
    child = make_artifact("child")
    make_edge(child, "acme/mother-2")
    make_edge(child, "acme/other")
    mother = make_artifact("mother", number=2)
    link_arrival(mother)
    assert list(LineageEdge.objects.values_list("parent", flat=True).order_by("id")) == [
        mother.id, None,
    ]  # fmt: skip


def test_sweep_when_two_arrived_at_once_then_it_links_what_both_missed():
    child, mother = make_artifact("child"), make_artifact("mother", number=2)
    make_edge(child, "acme/mother-2")
    make_edge(mother, "acme/mother-2")
    assert link_waiting_edges() == 1
    assert LineageEdge.objects.get(child=child).parent == mother
    assert LineageEdge.objects.get(child=mother).parent is None


def test_arrival_when_the_second_look_fails_then_the_registration_stands(
    monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fail(_artifact) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(edges, "link_waiting_edges", fail)
    with django_capture_on_commit_callbacks(execute=True):
        link_arrival(make_artifact("mother"))
    assert [type(each.exc_info[1]) for each in caplog.records] == [ZeroDivisionError]


def test_arrival_when_its_source_was_replaced_then_old_children_wait_again():
    mother, child = make_artifact("mother"), make_artifact("child", number=2)
    edge = make_edge(child, mother)
    other = make_edge(child, "acme/other")
    mother.source_key = "huggingface_model:acme/other"
    mother.save()
    link_arrival(mother)
    edge.refresh_from_db()
    other.refresh_from_db()
    assert (edge.parent, other.parent) == (None, mother)
    assert [task.arguments for task in Task.objects.filter(name="follow_parent")] == [
        {"parent_key": edge.parent_key}
    ]
    heir = make_artifact("heir", number=3)
    heir.source_key = edge.parent_key
    heir.save()
    link_arrival(heir)
    edge.refresh_from_db()
    assert edge.parent == heir


def test_arrival_when_the_transaction_is_over_then_both_ends_look_again(
    django_capture_on_commit_callbacks,
):
    child, mother = make_artifact("child"), make_artifact("mother", number=2)
    with django_capture_on_commit_callbacks(execute=True):
        link_arrival(child)
        # Written by a transaction that was open when this one looked.
        edge = make_edge(child, "acme/mother-2")
    edge.refresh_from_db()
    assert edge.parent == mother
    assert Task.objects.filter(name="follow_parent").exists()


def test_sweep_when_about_one_artifact_then_only_what_touches_it():
    child, mother = make_artifact("child"), make_artifact("mother", number=2)
    make_edge(child, "acme/mother-2")
    assert link_waiting_edges(make_artifact("stranger", number=3)) == 0
    assert link_waiting_edges(mother) == 1


def test_resolve_when_a_parent_has_an_old_name_then_the_hubs_own(monkeypatch):
    child = make_artifact("child")
    mother = make_artifact("mother", number=2)
    make_edge(child, "mother")
    make_edge(child, "gone")

    def get_info(_kind, repository, *_rest):
        if repository == "gone":
            raise SourceRefused("The Hub says no.")
        return {"id": "acme/Mother-2"}

    monkeypatch.setattr(edges, "get_info", get_info)
    resolve_parents(artifact_id=child.id)
    edge = LineageEdge.objects.get(parent__isnull=False)
    assert (edge.parent, edge.parent_name) == (mother, "acme/Mother-2")
    assert Task.objects.filter(name="follow_parent").exists()


@pytest.mark.parametrize("other", ["acme/child-1", "acme/mother-2"], ids=["itself", "known"])
def test_resolve_when_the_name_is_known_already_then_the_edge_goes(monkeypatch, other):
    child = make_artifact("child")
    make_artifact("mother", number=2)
    make_edge(child, "acme/mother-2")
    make_edge(child, "old")
    ids = {"old": other, "acme/mother-2": "acme/mother-2"}
    monkeypatch.setattr(edges, "get_info", lambda _kind, name, *_: {"id": ids[name]})
    resolve_parents(artifact_id=child.id)
    assert LineageEdge.objects.get().parent_name == "acme/mother-2"


@pytest.mark.parametrize("name", ["bert-base", "acme/called-so-before"])
def test_edges_when_a_parent_is_not_registered_then_its_name_is_to_be_resolved(name):
    link = link_to(f"huggingface_model:{name}", parent_name=name)
    save_edges(artifact=make_artifact(), parents=[link])
    assert Task.objects.get().name == "resolve_parents"


def test_edges_when_all_parents_are_registered_then_nobody_is_asked():
    mother = make_artifact("mother", number=2)
    save_edges(artifact=make_artifact(), parents=[link_to(mother.source_key)])
    assert not Task.objects.filter(name="resolve_parents").exists()


def test_resolve_when_a_parent_was_renamed_then_linked_under_the_new_name(monkeypatch):
    child, mother = make_artifact("child"), make_artifact("mother", number=2)
    make_edge(child, "acme/old-mother")
    make_edge(child, "acme/father")
    ids = {"acme/old-mother": "acme/mother-2", "acme/father": "acme/Father"}
    monkeypatch.setattr(edges, "get_info", lambda _kind, name, *_: {"id": ids[name]})
    resolve_parents(artifact_id=child.id)
    assert LineageEdge.objects.get(parent=mother).parent_name == "acme/mother-2"
    assert LineageEdge.objects.get(parent__isnull=True).parent_name == "acme/father"


def test_links_when_evidence_is_there_then_names_sizes_and_code():
    links = find_parent_links(make_snapshot(make_reference(), card={"datasets": ["tea"]}))
    dataset = make_dataset("acme/tea", size_bytes=7, url=links[0].parent_url)
    code = make_code(files=listed({"a.py": 3, "b.py": 4}))
    known = with_evidence(links, make_evidence(datasets=(dataset,), code=code))
    assert [(each.parent_key, each.size_bytes) for each in known] == [
        ("huggingface_dataset:acme/tea", 7), ("github:acme/tea", 7),
    ]  # fmt: skip


def test_links_when_only_a_library_is_known_then_it_is_no_parent():
    assert with_evidence((), make_evidence(code=make_code(found_by="library"))) == ()
