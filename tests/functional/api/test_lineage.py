"""`GET /artifact/model/{id}/lineage`: every status of its description."""

import json

import pytest

from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


def test_lineage_when_asked_then_200_with_nodes_and_edges_and_no_null(api):
    mother, child = make_artifact("mother"), make_artifact("child", number=2)
    make_edge(child, mother, relationship="finetune")
    make_edge(mother, "acme/gone")
    answer = api.get(f"/artifact/model/{child.id}/lineage")
    body = answer.json()
    assert answer.status_code == 200
    assert "null" not in json.dumps(body)
    nodes = {node["name"]: node for node in body["nodes"]}
    assert set(nodes) == {"mother", "child", "acme/gone"}
    assert nodes["acme/gone"]["artifact_id"].startswith("external-")
    assert nodes["mother"]["metadata"] == {"repository_url": "https://huggingface.co/acme/mother"}
    assert {
        "from_node_artifact_id": mother.id, "to_node_artifact_id": child.id,
        "relationship": "finetune",
    } in body["edges"]  # fmt: skip


def test_lineage_when_larger_than_an_answer_then_it_says_so(api, set_limits):
    mother, child = make_artifact("mother"), make_artifact("child", number=2)
    make_edge(child, mother)
    path = f"/artifact/model/{child.id}/lineage"
    assert "X-Lineage-Cut" not in api.get(path)
    set_limits(LINEAGE_NODES_MAX=1)
    answer = api.get(path)
    assert (answer["X-Lineage-Cut"], len(answer.json()["nodes"])) == ("true", 1)


def test_lineage_when_refused_then_400_403_404(api, anonymous):
    artifact = make_artifact()
    assert api.get("/artifact/model/a!b/lineage").status_code == 400
    assert anonymous.get(f"/artifact/model/{artifact.id}/lineage").status_code == 403
    assert api.get("/artifact/model/invalidId/lineage").status_code == 404
