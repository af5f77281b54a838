"""A family on a page of its own."""

import pytest
from django.test import Client

from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


def test_family_when_opened_then_a_picture_and_the_same_as_a_list(reader):
    child, mother = make_artifact("child"), make_artifact("mother", number=2)
    make_edge(child, mother)
    make_edge(mother, "acme/grandmother")
    shown = reader.get(f"/lineage/{child.id}").content.decode()
    assert "Family of <bdi>child</bdi></h1>" in shown
    assert '<svg class="registry-lineage"' in shown
    assert '<details class="registry-details" open>' in shown
    assert shown.count("acme/grandmother") >= 2
    assert f'href="/a/{mother.id}?tab=lineage"' in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


def test_family_when_the_picture_should_be_large_then_the_address_says_so(reader):
    child = make_artifact("child")
    make_edge(child, "acme/mother")
    shown = reader.get(f"/lineage/{child.id}?size=full").content.decode()
    assert "family-fit" not in shown
    assert '<a href="?size=full" aria-current="true">' in shown
    assert "family-fit" in reader.get(f"/lineage/{child.id}").content.decode()


@pytest.mark.parametrize("kind", ["model", "dataset", "code"])
def test_family_when_alone_then_said_and_every_link_leads_somewhere(reader, kind):
    shown = reader.get(f"/lineage/{make_artifact(kind=kind).id}").content.decode()
    assert "It stands alone" in shown
    links = [each for each in read(shown).anchors if each.startswith("/")]
    assert {link: reader.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_family_when_asked_for_as_json_then_the_list(reader):
    child = make_artifact("child")
    make_edge(child, "acme/mother")
    found = reader.get(f"/lineage/{child.id}?format=json").json()
    assert found["links"]["rows"][0]["parent"] == "acme/mother"


def test_family_when_large_then_small_and_cheap(reader, django_assert_max_num_queries):
    mother = make_artifact("m" * 200, number=500)
    for number in range(150):
        make_edge(make_artifact(f"{number}-{'c' * 150}", number=number), mother)
    with django_assert_max_num_queries(12):
        shown = reader.get(f"/lineage/{mother.id}").content
    assert len(shown) < 100_000
    assert faults(shown.decode()) == []


def test_family_when_waiting_or_not_there_then_a_page_all_the_same(reader):
    assert reader.get(f"/lineage/{make_artifact(visible=False).id}").status_code == 200
    assert reader.get("/lineage/model-9-9").status_code == 404
