"""What an artifact rests on, however deep."""

from itertools import pairwise

import pytest

from artifacts.models import Revision
from artifacts.selectors.lineage import foundation
from artifacts.selectors.lineage.foundation import (
    list_edges_below,
    list_ingredients,
    list_licenses,
)
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def chain(length: int):
    """Models of which each was made from the next."""
    models = [make_artifact(f"m{number}", number=number + 1) for number in range(length)]
    for child, parent in pairwise(models):
        make_edge(child, parent)
    return models


def test_edges_when_the_family_is_deep_then_all_of_them_in_two_queries(django_assert_num_queries):
    models = chain(12)
    make_edge(models[-1], "acme/last")
    make_edge(make_artifact("child", number=99), models[0])
    with django_assert_num_queries(2):
        edges = list_edges_below([models[0].id], 100)
    assert [each.child_id for each in edges] == [each.id for each in models]
    assert [each.parent_id for each in edges] == [*(each.id for each in models[1:]), None]
    assert edges[-1].parent_key == "huggingface_model:acme/last"


def test_edges_when_models_rest_on_each_other_then_the_walk_ends():
    first, second = chain(2)
    make_edge(second, first)
    assert len(list_edges_below([first.id], 100)) == 2


def test_edges_when_there_are_too_many_then_those_of_one_artifact_more():
    models = chain(8)
    assert len(list_edges_below([models[0].id], 3)) == 4


def test_edges_when_there_is_no_such_artifact_then_none():
    assert list_edges_below(["model-9-9"], 10) == []


def test_ingredients_when_listed_then_with_a_link_only_to_the_web():
    artifact, mother = make_artifact(), make_artifact("mother", number=2)
    make_edge(artifact, mother)
    make_edge(artifact, "acme/words", parent_type="dataset", parent_url="javascript:alert(1)")
    rows = list_ingredients(artifact.id).rows
    assert [(each.artifact_id, each.name, each.web_url) for each in rows] == [
        ("", "acme/words", ""),
        (mother.id, "mother", ""),
    ]


def test_ingredients_when_many_then_the_first_and_how_many(monkeypatch):
    monkeypatch.setattr(foundation, "FOUNDATION_SHOWN_MAX", 2)
    artifact = make_artifact()
    for number in range(4):
        make_edge(artifact, f"acme/{number}")
    found = list_ingredients(artifact.id)
    assert (len(found.rows), found.count) == (2, 4)


def test_licenses_when_listed_then_models_first_and_hidden_ones_left_out():
    words, mother = make_artifact("words", "dataset"), make_artifact("mother", number=2)
    hidden = make_artifact("hidden", number=3, visible=False)
    Revision.objects.filter(artifact=mother).update(license="mit")
    found = list_licenses({words.id, mother.id, hidden.id}).rows
    assert [(each.name, each.license) for each in found] == [("mother", "mit"), ("words", "")]
