"""Models beside each other."""

import pytest
from django.test import Client

from artifacts.services.upkeep import activity
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import rich_evidence
from tests.factories.ratings import make_edge, make_rating
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\"&{{ 7*7 }}"


@pytest.fixture
def client(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


@pytest.fixture
def models() -> list[str]:
    good, bad = make_artifact("good", number=1), make_artifact(HOSTILE, number=2)
    make_rating(good, rich_evidence(), gate="passed", net_score=0.9)
    make_rating(bad, gate="failed", net_score=0.1)
    return [good.id, bad.id]


def test_compare_when_two_are_chosen_then_says_in_words_how_they_differ(client, models):
    shown = client.get("/compare", {"ids": ",".join(models)}).content.decode()
    for part in (
        "2 models compared", "Passed", "Failed", "differ by 0.80", "highest", "fails",
        f'href="/a/{models[0]}"', "not known of all", "the same", "Size",
    ):  # fmt: skip
        assert part in shown
    assert shown.index(models[0]) < shown.index(models[1])
    assert "<script>alert(1)" not in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


def test_compare_when_sent_by_the_boxes_of_the_catalogue_then_takes_them(client, models):
    listed = client.get("/catalogue").content.decode()
    boxes = [each["value"] for each in read(listed).inputs if each.get("name") == "ids"]
    assert sorted(boxes) == sorted(models)
    answer = client.get("/compare", {"ids": boxes})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("ids", "status", "sentence"),
    [
        ([], 400, "No models were chosen"),
        ([0], 400, "choose another"),
        ([0, 0], 400, "choose another"),
        ([0, 1, 2, 3, 4], 400, "5 models are too many"),
        ([0, "model-7-7"], 404, "Nothing is registered as"),
        ([0, "data"], 404, "is no model"),
        (["<script>"], 400, "No models were chosen"),
    ],
    ids=str,
)
def test_compare_when_it_cannot_be_done_then_says_why_and_what_to_do(client, ids, status, sentence):
    made = [make_artifact(f"robot-{number}", number=number).id for number in range(1, 6)]
    data = make_artifact("squad", "dataset", number=9).id
    words = [made[each] if isinstance(each, int) else each for each in ids]
    asked = ",".join(data if each == "data" else each for each in words)
    answer = client.get("/compare", {"ids": asked})
    shown = answer.content.decode()
    assert answer.status_code == status
    assert sentence in shown
    assert 'href="/catalogue?type=model"' in shown
    assert faults(shown) == []


def test_compare_when_one_of_three_is_gone_then_compares_the_others(client, models):
    answer = client.get("/compare", {"ids": [*models, "model-7-7"]})
    assert answer.status_code == 200
    assert "model-7-7" in answer.content.decode()


def test_compare_when_models_rest_on_much_then_asks_a_dozen_times_at_most(
    client, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    made = [make_artifact(f"robot-{number}", number=number) for number in range(1, 8)]
    for artifact in made:
        make_rating(artifact)
    for child, parent in ((0, 4), (1, 4), (2, 5), (3, 6), (4, 6)):
        make_edge(made[child], made[parent])
    with django_assert_max_num_queries(12):
        answer = client.get("/compare", {"ids": [each.id for each in made[:4]]})
    assert answer.status_code == 200
