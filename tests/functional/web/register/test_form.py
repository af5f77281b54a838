"""Previewing and registering by an address, and what each refusal says beside its field."""

import re
from dataclasses import replace

import pytest
from django.test import Client

from artifacts.exceptions import (
    PermissionMissing,
    SourceRefused,
    SourceUnavailable,
    StorageUnavailable,
)
from artifacts.models import Artifact, AuditEntry, File, IdSequence, Rating, Revision, Task
from artifacts.services.catalogue import registration
from artifacts.services.upkeep import activity
from artifacts.storage.store import get_store
from artifacts.web.register import views
from tests.clients import user_with
from tests.factories.artifacts import make_artifact
from tests.functional.web.structure import faults, read, skipped_levels
from tests.unit.services.conftest import URL, make_reference, make_snapshot

pytestmark = pytest.mark.django_db
METRIC = r'<tr><th scope="row" title="[^"]*">([^<]+)</th>'
HOSTILE = "<script>alert(1)</script>\u202egpj"


def send(person: Client, do: str, url: str = URL, **more: str):
    return person.post("/register", {"url": url, "do": do, **more})


def shown(answer) -> str:
    text = answer.content.decode()
    assert faults(text) == []
    assert skipped_levels(text) == []
    return " ".join(text.split())


def problems(text: str, field: str) -> str:
    """What stands beside a field."""
    found = re.search(rf'id="id_{field}_error">(.*?)</div>', text)
    return found[1] if found else ""


def test_form_when_opened_with_an_address_then_it_is_filled_in(person):
    text = shown(person.get(f"/register?url={URL}&type=dataset"))
    assert f'value="{URL}"' in text
    assert '<option value="dataset" selected>' in text
    assert '<a href="/register" aria-current="page">Register</a>' in text


def test_navigation_when_one_may_not_upload_then_register_is_not_in_it():
    client = Client()
    client.force_login(user_with("search"))
    assert 'href="/register"' not in client.get("/").content.decode()


def test_preview_when_asked_for_then_shown_and_nothing_is_kept(person, source):
    text = shown(send(person, "preview"))
    assert "Preview: <bdi>robot</bdi>" in text
    assert "3 files: 1 card, 1 config, 1 weights" in text
    assert "<bdi>mit</bdi>" in text
    assert "It fails " in text
    assert 'id="panel-scores"' in text
    assert "Register this model" in text
    for model in (Artifact, Revision, Rating, File, Task, AuditEntry, IdSequence):
        assert not model.objects.exists(), model
    assert list(get_store().list("")) == []


def test_preview_when_registered_then_verdict_and_scores_are_what_was_shown(person, source):
    before = send(person, "preview").content.decode()
    led = send(person, "register")
    (artifact,) = Artifact.objects.all()
    assert (led.status_code, led["Location"]) == (302, f"/register/{artifact.id}")
    after = person.get(f"/a/{artifact.id}?tab=scores").content.decode()
    rating = Rating.objects.get()
    for text in (before, after):
        assert f"<strong>{rating.net_score:.2f}</strong>" in text
    lines = [re.findall(METRIC, each) for each in (before, after)]
    assert lines[0] == lines[1]
    assert len(lines[0]) > 8


@pytest.mark.parametrize(("chosen", "kept"), [("", "model"), ("dataset", "dataset")])
def test_register_when_no_type_is_chosen_then_the_one_of_the_address(person, source, chosen, kept):
    send(person, "register", type=chosen, name="tea")
    assert list(Artifact.objects.values_list("type", "name")) == [(kept, "tea")]


def test_preview_when_not_a_model_then_says_that_only_models_are_rated(person, source):
    text = shown(send(person, "preview", type="dataset"))
    assert "Register this data set" in text
    assert "Only models are rated" in text
    assert 'id="panel-scores"' not in text


def test_preview_when_parents_and_namesakes_are_here_then_linked(person, source):
    mother = make_artifact("mother", number=7)
    Artifact.objects.filter(pk=mother.pk).update(source_key="huggingface_model:acme/mother")
    other = make_artifact("robot", "code", number=8)
    away = make_artifact("robot", "dataset", number=9, visible=False)
    Artifact.objects.filter(pk=away.pk).update(source_key=make_reference().key)
    card = {"base_model": ["acme/mother", "acme/away"]}
    source.snapshot = make_snapshot(make_reference(), card=card)
    text = shown(send(person, "preview"))
    assert f'<a href="/a/{mother.id}"><bdi>acme/mother</bdi></a>' in text
    assert "<bdi>acme/away</bdi> (base model, not registered: " in text
    assert 'href="/register?url=https%3A%2F%2Fhuggingface.co%2Facme%2Faway"' in text
    assert f'<a href="/a/{other.id}"><bdi>robot</bdi></a> (code, another source' in text
    assert f'<a href="/register/{away.id}"><bdi>robot</bdi></a> (data set, the same source)' in text


@pytest.mark.parametrize("do", ["preview", "register"])
@pytest.mark.parametrize("visible", [True, False], ids=["registered", "waiting"])
def test_form_when_registered_already_then_409_and_a_link_to_it(person, source, do, visible):
    there = make_artifact(visible=visible)
    Artifact.objects.filter(pk=there.pk).update(source_key=make_reference().key)
    answer = send(person, do)
    assert answer.status_code == 409
    beside = problems(shown(answer), "url")
    assert "This source is registered already." in beside
    assert f'href="/{"a" if visible else "register"}/{there.id}"' in beside


@pytest.mark.parametrize("do", ["preview", "register"])
@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"url": ""}, "url", "Enter the address of a model"),
        ({"url": "https://example.org/x"}, "url", "No source of this registry"),
        ({"name": "*"}, "name", "is reserved"),
        ({"type": "cake"}, "type", "Select a valid choice"),
        ({"name": "x" * 300}, "name", "at most 255"),
    ],
    ids=["no address", "nobody's", "name", "type", "long name"],
)
def test_form_when_something_is_wrong_then_said_beside_its_field(
    person, source, do, given, field, sentence
):
    answer = send(person, do, **given)
    assert answer.status_code == 400
    text = shown(answer)
    assert sentence in problems(text, field)
    named = [each for each in read(text).inputs if each.get("name") == field]
    assert named[0]["aria-invalid"] == "true"
    assert f"id_{field}_error" in named[0]["aria-describedby"]
    assert not Artifact.objects.exists()


def test_form_when_the_source_refuses_then_says_what_to_do(person, source):
    source.error = SourceRefused("The Hub says that it does not exist.")
    answer = send(person, "preview")
    assert answer.status_code == 400
    beside = problems(shown(answer), "url")
    assert "does not exist" in beside
    assert "without signing in" in beside


def test_preview_when_the_source_is_silent_then_offers_to_register_anyway(person, source):
    source.error = SourceUnavailable("The Hub sleeps.")
    answer = send(person, "preview", type="dataset", name="tea")
    assert answer.status_code == 502
    text = shown(answer)
    assert "The Hub sleeps." in text
    assert "Register anyway; it will wait" in text
    assert not Artifact.objects.exists()
    offered = text.partition('id="result"')[2]
    hidden = dict(re.findall(r'type="hidden" name="(url|type|name)" value="([^"]*)"', offered))
    assert hidden == {"url": URL, "type": "dataset", "name": "tea"}
    led = person.post("/register", {**hidden, "do": "register"})
    (waiting,) = Artifact.objects.all()
    assert led["Location"] == f"/register/{waiting.id}"
    assert waiting.current_revision is None
    assert "Asking the source" in shown(person.get(led["Location"]))


@pytest.fixture
def strict(settings, outside) -> None:
    """The gate is enforced, and no source is going to tell more than it told."""
    settings.REGISTRY_GATE = "enforce"
    outside.code = outside.dataset = SourceRefused("There is none.")


def test_gate_when_it_would_refuse_then_the_preview_says_so_and_offers_nothing(
    person, source, strict
):
    text = shown(send(person, "preview"))
    assert "The gate would refuse it" in text
    assert text.count('<li dir="auto">') > 1
    assert "Register this model" not in text


def test_gate_when_it_refuses_then_424_and_each_reason(person, source, strict):
    answer = send(person, "register")
    assert answer.status_code == 424
    text = shown(answer)
    assert "The gate refuses it" in text
    assert text.count('<li dir="auto">') > 1
    assert "mend at the source" in text
    assert not Artifact.objects.exists()


def test_gate_when_it_waits_for_evidence_then_the_preview_says_for_what(
    person, source, settings, outside
):
    settings.REGISTRY_GATE = "enforce"
    outside.commits = SourceUnavailable("The Hub sleeps.")
    text = shown(send(person, "preview"))
    assert "so it would wait: <bdi>The gate cannot judge " in text
    assert "The Hub sleeps" in text
    assert "Register this model" in text


def test_preview_when_the_files_would_be_left_out_then_says_why(person, source, settings):
    settings.REGISTRY_MIRROR = "never"
    assert "kept as a link: <bdi>This registry keeps links only" in shown(send(person, "preview"))


def test_form_when_the_registry_is_at_fault_then_said_above_the_fields_and_when_to_return(
    person, source, monkeypatch
):
    def away():
        raise StorageUnavailable("The bucket does not answer.")

    monkeypatch.setattr(registration, "get_store", away)
    answer = send(person, "register", name="tea")
    assert answer.status_code == 503
    assert answer["Retry-After"]
    text = shown(answer)
    assert problems(text, "url") == ""
    assert 'role="alert"><p dir="auto">The bucket does not answer.</p>' in text
    assert 'value="tea"' in text


def test_form_when_the_person_lost_the_permission_then_a_page_says_so(person, source, monkeypatch):
    def refuse(**_asked):
        raise PermissionMissing("upload")

    monkeypatch.setattr(views, "preview_artifact", refuse)
    answer = send(person, "preview")
    assert answer.status_code == 403
    assert "<h1>You may not do this</h1>" in answer.content.decode()


def test_preview_when_everything_is_hostile_then_harmless(person, source):
    card = {"base_model": HOSTILE, "license": HOSTILE}
    snapshot = make_snapshot(make_reference(), card=card, license=HOSTILE, readme=HOSTILE * 1_000)
    reference = replace(snapshot.reference, name="<b>robot</b>")
    source.snapshot = replace(snapshot, reference=reference, commit=HOSTILE)
    answer = send(person, "preview")
    text = shown(answer)
    assert "<script>alert" not in text
    assert "<b>robot</b>" not in text
    assert "[U+202E]" in text
    assert len(answer.content) < 100_000


def test_form_when_the_address_is_hostile_then_escaped(person, source):
    text = shown(send(person, "preview", url='"><script>alert(1)</script>'))
    assert "<script>alert" not in text


@pytest.mark.parametrize(("do", "most"), [("", 4), ("preview", 12)])
def test_form_when_drawn_then_asks_the_database_little(
    person, source, django_assert_max_num_queries, monkeypatch, do, most
):
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    with django_assert_max_num_queries(most):
        answer = send(person, do) if do else person.get("/register")
    assert answer.status_code == 200
