import pytest

from artifacts.selectors.trust.safety import list_dangers
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import listed, make_evidence, make_model
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


def test_dangers_when_rated_then_those_that_the_rating_found():
    artifact = make_artifact()
    make_rating(artifact, make_evidence(make_model(files=listed({"model.pkl": 9}))))
    (sentence,) = list_dangers(artifact)
    assert "pickles (model.pkl)" in sentence


def test_dangers_when_nothing_is_unsafe_then_none_of_them():
    artifact = make_artifact()
    make_rating(artifact, make_evidence(make_model(files=listed({"model.safetensors": 9}))))
    assert list_dangers(artifact) == ()


@pytest.mark.parametrize(("kind", "visible"), [("model", True), ("model", False), ("code", True)])
def test_dangers_when_nobody_looked_then_unknown(kind, visible):
    assert list_dangers(make_artifact(kind=kind, visible=visible)) is None


def test_dangers_when_rated_by_older_rules_then_unknown():
    artifact = make_artifact()
    rating = make_rating(artifact)
    del rating.results["reproducibility"]["facts"]["safety"]
    assert list_dangers(artifact) is None
