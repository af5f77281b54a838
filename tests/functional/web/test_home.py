import pytest
from django.test import Client

from artifacts.models import User
from artifacts.selectors.catalogue import front
from artifacts.services.upkeep import activity
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings) -> None:
    settings.REGISTRY_PUBLIC_PAGES = "on"


def home(client: Client | None = None) -> str:
    answer = (client or Client()).get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_home_when_the_registry_is_empty_then_shows_how_to_begin(uploader):
    shown = home(signed_in(uploader))
    assert "Nothing yet" in shown
    assert "http://testserver/authenticate" in shown
    assert "http://testserver/artifact/model" in shown


@pytest.mark.parametrize(
    ("permissions", "sentence"),
    [
        ({"can_search": True}, "Whoever may upload can register the first artifact"),
        ({}, "Your account may not search"),
    ],
)
def test_home_when_empty_and_somebody_may_not_register_then_says_what_is_next(
    permissions, sentence, db
):
    user = User.objects.create_user("rita", "a-long-password-3", **permissions)
    shown = home(signed_in(user))
    assert sentence in shown
    assert "curl" not in shown


def test_home_when_opened_then_the_search_field_has_the_focus_and_leads_to_the_catalogue():
    (field,) = [each for each in read(home()).inputs if each["name"] == "q"]
    assert "autofocus" in field
    assert '<form class="home-search" method="get" action="/catalogue"' in home()


def test_home_when_artifacts_came_in_then_says_verdict_name_who_and_when():
    artifact = make_artifact("one", user="greta")
    make_rating(artifact, gate="undecided")
    shown = home()
    row = shown[shown.index("<tbody>") : shown.index("</tbody>")]
    for part in ("Undecided", f'href="/a/{artifact.id}"', "greta", "ago<", "<time datetime="):
        assert part in row


def test_home_when_there_are_artifacts_then_counts_each_type():
    make_artifact("one", number=1)
    make_artifact("two", number=2)
    make_artifact("three", "code", number=3)
    shown = home()
    for label, word, count in (
        ("Models", "model", 2),
        ("Data sets", "dataset", 0),
        ("Code", "code", 1),
    ):
        assert f'<dt>{label}</dt><dd><a href="/catalogue?type={word}">{count}</a></dd>' in shown


def test_home_when_there_are_more_than_are_counted_then_says_so(monkeypatch):
    monkeypatch.setattr(front, "HOME_COUNTED_MAX", 1)
    make_artifact("one", number=1)
    make_artifact("two", number=2)
    make_artifact("three", "code", number=3)
    shown = home()
    assert ">more than 1<" in shown
    assert '<a href="/catalogue?type=code">1</a>' in shown


def test_home_when_there_are_many_then_shows_the_last_ten_newest_first():
    for number in range(1, 13):
        make_artifact(f"name-{number:02}", number=number)
    shown = home()
    places = [shown.index(f">name-{number:02}<") for number in range(12, 2, -1)]
    assert places == sorted(places)
    assert "name-02" not in shown


def test_home_when_a_source_has_not_answered_then_keeps_the_artifact_hidden():
    make_artifact("hidden-one", visible=False)
    shown = home()
    assert "hidden-one" not in shown
    assert '<a href="/catalogue?type=model">0</a>' in shown


def test_home_when_a_name_is_hostile_then_escapes_it():
    make_artifact("<script>alert(1)</script>")
    shown = home()
    assert "&lt;script&gt;alert(1)" in shown
    assert "<script>alert(1)" not in shown


@pytest.mark.parametrize("artifacts", [0, 1], ids=["empty", "filled"])
def test_home_when_read_aloud_then_nothing_is_in_the_way(artifacts):
    for number in range(1, artifacts + 1):
        make_artifact(number=number)
    shown = home()
    assert faults(shown) == []
    assert skipped_levels(shown) == []


def test_home_when_used_by_keyboard_then_the_first_link_skips_to_the_content():
    assert read(home()).anchors[0] == "#content"


def test_home_when_followed_then_every_link_leads_somewhere(administrator):
    client = Client()
    client.force_login(administrator)
    links = [each for each in read(home(client)).anchors if each.startswith("/")]
    assert {"/docs", "/health/dashboard", "/admin/"} <= set(links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_home_when_longer_then_asks_no_more_of_the_database(django_assert_num_queries, monkeypatch):
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    for number in range(1, 21):
        make_artifact(number=number)
    with django_assert_num_queries(2):
        Client().get("/")
