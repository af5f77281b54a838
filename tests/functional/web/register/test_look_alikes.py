"""A registration warns of what it may be mistaken for: the preview, and a header of the answer."""

import pytest

from artifacts.models import LookAlike, NameKey
from artifacts.services.trust.look_alikes import audit_names
from tests.factories.look_alikes import KNOWN, SUSPECT, make_named
from tests.unit.services.conftest import make_reference, make_snapshot

pytestmark = pytest.mark.django_db
HUB = "https://huggingface.co"


@pytest.fixture
def known():
    artifact = make_named(KNOWN, 1, downloads=1_000_000)
    audit_names()
    return artifact


def tell(source, repository: str, **more) -> str:
    url = f"{HUB}/{repository}"
    source.snapshot = make_snapshot(make_reference(url), facts={"downloads": 3}, **more)
    return url


def test_preview_when_the_name_is_like_a_known_one_then_warns(person, source, known):
    answer = person.post("/register", {"url": tell(source, SUSPECT), "do": "preview"})
    text = answer.content.decode()
    assert "Easily mistaken for" in text
    assert KNOWN in text
    assert not LookAlike.objects.exists()


@pytest.mark.parametrize(
    ("repository", "card"),
    [
        ("acme/bert-large-uncased", {}),
        ("acme/bert-base-uncased", {"base_model": KNOWN}),
    ],
    ids=["family", "fork"],
)
def test_preview_when_the_name_is_honest_then_does_not_warn(
    person, source, known, repository, card
):
    url = tell(source, repository, card=card)
    text = person.post("/register", {"url": url, "do": "preview"}).content.decode()
    assert "Preview:" in text
    assert "Easily mistaken for" not in text


@pytest.mark.django_db(transaction=True)
def test_create_when_the_name_is_like_a_known_one_then_a_header_names_it(api, source, known):
    answer = api.post("/artifact/model", {"url": tell(source, SUSPECT)})
    assert answer.status_code == 201
    assert answer["X-Look-Alikes"] == known.id
    assert "X-Look-Alikes" in answer["Access-Control-Expose-Headers"]
    found = LookAlike.objects.get()
    assert (found.suspect_id, found.other_id) == (answer.json()["metadata"]["id"], known.id)


def test_create_when_the_name_is_honest_then_it_has_keys_and_no_header(api, source, known):
    answer = api.post("/artifact/model", {"url": tell(source, "acme/robot")})
    assert "X-Look-Alikes" not in answer
    assert NameKey.objects.filter(artifact_id=answer.json()["metadata"]["id"]).count() > 3
    assert not LookAlike.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_create_when_the_famous_one_comes_later_then_the_earlier_is_the_suspect(api, source):
    early = api.post("/artifact/model", {"url": tell(source, SUSPECT)}).json()["metadata"]["id"]
    url = f"{HUB}/{KNOWN}"
    source.snapshot = make_snapshot(make_reference(url), facts={"downloads": 1_000_000})
    answer = api.post("/artifact/model", {"url": url})
    assert answer["X-Look-Alikes"] == early
    assert LookAlike.objects.get().suspect_id == early
