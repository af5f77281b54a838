"""The catalogue as people use it: what they type, what they choose, and what they read."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from artifacts.models import User
from artifacts.selectors.catalogue import browsing
from artifacts.services.upkeep import activity
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
HOSTILE = "<script>alert(1)</script>'\"&{{ 7*7 }}"


@pytest.fixture
def client(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


def show(client: Client, status: int = 200, **asked: str) -> str:
    answer = client.get("/catalogue", asked)
    assert answer.status_code == status
    return answer.content.decode()


def rows(shown: str) -> list[str]:
    """The ids of the artifacts that are listed, in their order."""
    return [each.removeprefix("/a/") for each in read(shown).anchors if each.startswith("/a/")]


def test_catalogue_when_somebody_may_not_search_then_says_whom_to_ask(administrator):
    client = Client()
    client.force_login(User.objects.create_user("rita", "a-long-password-3", can_upload=True))
    assert "ada" in show(client, status=403)


def test_catalogue_when_opened_then_lists_the_newest_first_with_their_counts(client):
    model = make_artifact("whisper-tiny", number=1)
    make_rating(model, gate="passed", net_score=0.81, category="automatic-speech-recognition")
    data = make_artifact("squad", "dataset", number=2)
    shown = show(client)
    assert rows(shown) == [data.id, model.id]
    assert "2 artifacts" in shown
    for part in (
        "Passed",
        "0.81",
        "automatic-speech-recognition",
        "acme",
        "none stated",
        "Data set",
    ):
        assert part in shown
    assert '<a href="/catalogue" aria-current="page">Catalogue</a>' in shown


def test_catalogue_when_narrowed_then_the_address_keeps_all_of_it_but_the_page(client):
    make_artifact("one", number=1)
    make_artifact("two", "code", number=2)
    shown = show(client, q="o", type="model", sort="name", after="after.6f6e65.1.61")
    links = [urlsplit(each) for each in read(shown).anchors if each.startswith("/catalogue?")]
    (narrower,) = [each for each in links if "gate=" in each.query]
    assert parse_qs(narrower.query) == {
        "q": ["o"], "type": ["model"], "sort": ["name"], "gate": ["waiting"],
    }  # fmt: skip
    (without,) = {
        each.query for each in links if "type=" not in each.query and "sort=" in each.query
    }
    assert parse_qs(without) == {"q": ["o"], "sort": ["name"]}


def test_catalogue_when_every_link_is_followed_then_each_leads_somewhere(client):
    for number in range(1, 4):
        make_rating(make_artifact(f"robot-{number}", number=number))
    shown = show(client, q="robot")
    links = {each for each in read(shown).anchors if each.startswith("/catalogue")}
    assert len(links) > 10
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_catalogue_when_longer_than_a_page_then_next_and_previous_lead_there_and_back(
    client, monkeypatch
):
    monkeypatch.setattr(browsing, "CATALOGUE_PAGE_SIZE", 2)
    made = [make_artifact(f"robot-{number}", number=number).id for number in range(1, 6)]
    pages = []
    shown = show(client)
    while True:
        pages += rows(shown)
        ahead = [each for each in read(shown).anchors if "after=" in each]
        if not ahead:
            break
        shown = client.get(ahead[0]).content.decode()
    assert pages == made[::-1]
    (back,) = [each for each in read(shown).anchors if "before=" in each]
    assert rows(client.get(back).content.decode()) == [made[2], made[1]]


def test_catalogue_when_nothing_fits_then_repeats_the_search_and_offers_what_is_near(client):
    make_artifact("whisper-tiny")
    shown = show(client, q="wisper-tiny", type="model")
    assert "Nothing fits" in shown
    assert ">wisper-tiny</bdi>" in shown
    assert 'href="/catalogue?q=whisper-tiny"' in shown
    assert 'href="/catalogue?q=wisper-tiny"' in shown


def test_catalogue_when_a_url_is_not_registered_then_says_that(client):
    shown = show(client, q="huggingface.co/acme/nothing")
    assert "Nothing is registered from" in shown
    assert "https://huggingface.co/acme/nothing" in shown


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ({"expression": "(a+)+"}, "repeats something that repeats"),
        ({"version": "latest"}, "is no version range"),
        ({"after": "nonsense"}, "offset"),
    ],
)
def test_catalogue_when_a_search_cannot_be_carried_out_then_says_why_beside_the_form(
    client, asked, word
):
    make_artifact()
    shown = show(client, status=400, **asked)
    assert word in shown
    assert 'role="alert"' in shown
    assert faults(shown) == []


def test_catalogue_when_a_choice_is_unknown_then_leaves_it_out_and_says_so(client):
    make_artifact("one")
    shown = show(client, type="wheel")
    assert "wheel" in shown
    assert "1 artifact<" in shown


def test_catalogue_when_a_hundred_letters_make_a_name_then_it_is_there_in_full(client):
    make_artifact("x" * 100)
    assert f'title="{"x" * 100}"' in show(client)


@pytest.mark.parametrize("artifacts", [0, 3], ids=["empty", "filled"])
@pytest.mark.parametrize("asked", [{}, {"q": HOSTILE}, {"library": HOSTILE}, {"task": HOSTILE}])
def test_catalogue_when_read_aloud_then_nothing_is_in_the_way(client, artifacts, asked):
    for number in range(1, artifacts + 1):
        made = make_artifact(HOSTILE, number=number, user=HOSTILE)
        make_rating(made, category=HOSTILE)
    shown = show(client, **asked)
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    assert "<script>alert(1)" not in shown
    assert "49" not in shown or "{{ 7*7 }}" in shown


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"q": "robot"}, {"q": "acme/robot"}, {"license": "none", "gate": "failed"},
        {"q": "nothing like it"}, {"q": "robot", "license": "none", "sort": "score"},
    ],
    ids=str,
)  # fmt: skip
def test_catalogue_when_longer_then_asks_the_database_no_more(
    client, asked, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    for number in range(1, 60):
        make_rating(make_artifact(f"robot-{number}", number=number))
    with django_assert_max_num_queries(12):
        shown = show(client, **asked)
    assert len(shown) < 100_000
