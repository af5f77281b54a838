import pytest
from django.test import Client

from artifacts.services.upkeep import activity
from tests.factories.artifacts import make_artifact
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public(settings) -> None:
    settings.REGISTRY_PUBLIC_PAGES = "on"


def home(client: Client | None = None) -> str:
    answer = (client or Client()).get("/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_home_when_the_registry_is_empty_then_shows_how_to_begin():
    shown = home()
    assert "Nothing yet" in shown
    assert "http://testserver/authenticate" in shown
    assert "http://testserver/artifact/model" in shown


def test_home_when_there_are_artifacts_then_counts_each_type():
    make_artifact("one", number=1)
    make_artifact("two", number=2)
    make_artifact("three", "code", number=3)
    shown = home()
    for label, count in (("Model", 2), ("Dataset", 0), ("Code", 1)):
        assert f"<dt>{label}</dt><dd>{count}</dd>" in shown


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
    assert "<dt>Model</dt><dd>0</dd>" in shown


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
    assert {"/docs", "/health", "/admin/"} <= set(links)
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_home_when_longer_then_asks_no_more_of_the_database(django_assert_num_queries, monkeypatch):
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    for number in range(1, 21):
        make_artifact(number=number)
    with django_assert_num_queries(2):
        Client().get("/")
