"""`GET /artifact/{type}/{id}/cost`: every status of its description."""

import pytest

from artifacts.models import Revision
from tests.clients import message_of
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair():
    mother, child = make_artifact("mother"), make_artifact("child", number=2)
    make_edge(child, mother)
    Revision.objects.update(size_bytes=1_500_000)
    return mother, child


def test_cost_when_alone_then_200_with_the_total(api, pair):
    child = pair[1]
    for query in ("", "?dependency=false", "?dependency=False"):
        answer = api.get(f"/artifact/model/{child.id}/cost{query}")
        assert (answer.status_code, answer.json()) == (200, {child.id: {"total_cost": 1.5}})


def test_cost_when_with_dependencies_then_200_with_both_fields_for_each(api, pair):
    mother, child = pair
    assert api.get(f"/artifact/model/{child.id}/cost?dependency=TRUE").json() == {
        child.id: {"standalone_cost": 1.5, "total_cost": 3.0},
        mother.id: {"standalone_cost": 1.5, "total_cost": 1.5},
    }


def test_cost_when_of_a_part_then_200(api, pair):
    child = pair[1]
    answer = api.get(f"/artifact/model/{child.id}/cost?part=card")
    assert answer.json() == {child.id: {"total_cost": 0.0}}
    assert api.get(f"/artifact/model/{child.id}/cost?part=weights").status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/artifact/paper/{}/cost", "/artifact/model/a!b/cost", "/artifact/model/{}/cost?dependency=1",
     "/artifact/model/{}/cost?part=soul", "/artifact/model/{}/cost?part=card&dependency=true"],
)  # fmt: skip
def test_cost_when_malformed_then_400(api, pair, path):
    assert api.get(path.format(pair[1].id)).status_code == 400


def test_cost_when_refused_then_403_404(api, anonymous, pair):
    child = pair[1]
    assert anonymous.get(f"/artifact/model/{child.id}/cost").status_code == 403
    assert api.get("/artifact/model/invalidId/cost").status_code == 404
    assert api.get(f"/artifact/dataset/{child.id}/cost").status_code == 404


def test_cost_when_a_dependency_has_no_known_size_then_the_answer_names_it(api, pair):
    mother, child = pair
    answer = api.get(f"/artifact/model/{child.id}/cost?dependency=true")
    assert "X-Size-Unknown" not in answer
    Revision.objects.filter(artifact=mother).update(size_bytes=None)
    answer = api.get(f"/artifact/model/{child.id}/cost?dependency=true")
    assert answer.json() == {child.id: {"standalone_cost": 1.5, "total_cost": 1.5}}
    assert answer["X-Size-Unknown"] == mother.id


def test_cost_when_it_rests_on_too_much_then_413(api, pair, set_limits):
    set_limits(COST_DEPENDENCIES_MAX=1)
    answer = api.get(f"/artifact/model/{pair[1].id}/cost?dependency=true")
    assert answer.status_code == 413
    assert "more than 1 things" in message_of(answer)


def test_cost_when_no_size_is_known_then_500_with_a_reason(api, pair):
    Revision.objects.update(size_bytes=None)
    answer = api.get(f"/artifact/model/{pair[1].id}/cost")
    assert answer.status_code == 500
    assert "states no sizes" in message_of(answer)
