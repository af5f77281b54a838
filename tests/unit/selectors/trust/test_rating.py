"""Reading a rating in one query."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts.exceptions import ArtifactNotFound, NotFound, RatingIncomplete
from artifacts.selectors.trust.rating import get_rating
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import LATER, make_evidence, rich_evidence
from tests.factories.ratings import make_rating

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("with_evidence", [False, True])
def test_rating_when_read_then_in_one_query(with_evidence):
    artifact = make_artifact("tea robot")
    kept = make_rating(artifact, rich_evidence())
    with CaptureQueriesContext(connection) as captured:
        rating = get_rating(artifact.id, with_evidence=with_evidence)
    assert len(captured) == 1
    assert (rating.name, rating.category, rating.numbers) == (
        "tea robot", "text-generation", kept.summary,
    )  # fmt: skip
    assert bool(rating.results) is with_evidence


def test_rating_when_incomplete_then_the_reasons_or_with_evidence_all_that_is_known():
    artifact = make_artifact()
    make_rating(artifact, make_evidence(code=LATER))
    with pytest.raises(RatingIncomplete, match="GitHub sleeps") as caught:
        get_rating(artifact.id)
    assert "code_quality" in caught.value.reasons
    rating = get_rating(artifact.id, with_evidence=True)
    assert rating.is_incomplete
    assert rating.results["code_quality"]["score"] is None


def test_rating_when_there_is_none_then_not_found():
    artifact = make_artifact()
    with pytest.raises(NotFound, match="not rated yet"):
        get_rating(artifact.id)
    with pytest.raises(ArtifactNotFound):
        get_rating("model-9-9")
