"""The license check: a question, an answer with its reasons, and what is wrong beside its field."""

import pytest
from django.test import Client

from artifacts.exceptions import SourceAbsent, SourceUnavailable
from artifacts.models import Revision
from artifacts.services.trust import licensing
from artifacts.sources.github.licenses import ProjectLicense
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge
from tests.functional.web.structure import faults, skipped_levels

pytestmark = pytest.mark.django_db
PROJECT = "https://github.com/acme/tea"


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The repositories whose license GitHub was asked for."""
    found: list[str] = []

    def fetch(repository, _inquiry):
        found.append(repository)
        return ProjectLicense("Apache-2.0")

    monkeypatch.setattr(licensing, "fetch_license", fetch)
    return found


@pytest.fixture
def reader(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


@pytest.fixture
def model():
    artifact = make_artifact()
    Revision.objects.update(license="mit")
    return artifact


def ask(client: Client, status: int = 200, **question: str) -> str:
    sent = {"model": "robot", "project": PROJECT} | question
    answer = client.post("/license-check", sent)
    assert answer.status_code == status
    shown = answer.content.decode()
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    return shown


def test_form_when_opened_then_filled_in_from_the_address_and_nobody_is_asked(reader, asked, model):
    shown = reader.get(f"/license-check?model={model.id}&project={PROJECT}").content.decode()
    assert f'value="{model.id}"' in shown
    assert f'value="{PROJECT}"' in shown
    assert faults(shown) == []
    assert asked == []


def test_question_when_sent_then_answered_with_reasons_and_what_it_rests_on(reader, asked, model):
    shown = ask(reader)
    assert asked == ["acme/tea"]
    for each in (
        "Yes</span>", "may use <bdi>robot</bdi>", "<bdi>MIT</bdi>", "<bdi>Apache-2.0</bdi>",
        f'href="/a/{model.id}"', "?model=robot&amp;project=https%3A%2F%2Fgithub.com",
    ):  # fmt: skip
        assert each in shown, each


def test_question_when_asked_for_as_json_then_the_same_as_data(reader, asked, model):
    sent = {"model": "robot", "project": PROJECT, "format": "json"}
    found = reader.post("/license-check", sent).json()
    assert found["verdict"]["is_allowed"] is True
    assert found["model"]["artifact_id"] == model.id


def test_question_when_asked_by_id_then_that_model(reader, asked, model):
    make_artifact(number=2)
    assert f'href="/a/{model.id}"' in ask(reader, model=f" {model.id} ")


def test_answer_when_no_then_why_and_the_chain_that_led_to_it(reader, asked, model):
    mother = make_artifact("mother", number=2)
    Revision.objects.filter(artifact=mother).update(license="cc-by-nc-4.0")
    make_edge(model, mother)
    words = make_artifact("words", "dataset", number=3)
    make_edge(mother, words)
    shown = ask(reader)
    assert "No</span>" in shown
    assert "The model was made from" in shown
    assert f'<dt>Made from</dt><dd><a href="/a/{mother.id}">' in shown
    assert "<bdi>cc-by-nc-4.0</bdi>" in shown
    assert f'<dt>Data set</dt><dd><a href="/a/{words.id}">' in shown
    assert "(not part of the answer)" in shown


@pytest.mark.parametrize(
    ("question", "status", "words"),
    [
        ({"model": ""}, 400, "Write the name or the id of a model"),
        ({"model": "nobody"}, 404, "No model here has this name"),
        ({"model": "a\0b"}, 404, "No model here has this name"),
        ({"project": ""}, 400, "Write the address of a repository"),
        ({"project": "not a url"}, 400, "license-project-fault"),
        ({"project": "https://huggingface.co/acme/tea"}, 400, "on GitHub"),
        ({"project": "https://evil.example/a/b"}, 400, "license-project-fault"),
        ({"project": "<script>alert(1)</script>"}, 400, "&lt;script&gt;"),
    ],
)
def test_question_when_it_has_a_fault_then_beside_its_field(
    reader, asked, model, question, status, words
):
    shown = ask(reader, status, **question)
    assert words in shown
    assert 'aria-invalid="true"' in shown
    assert "<script>" not in shown
    assert asked == []


def test_question_when_several_have_the_name_then_their_ids_to_choose_from(reader, asked, model):
    other = make_artifact(number=2)
    shown = ask(reader, 400)
    assert f"<code>{model.id}</code>" in shown
    assert f"<code>{other.id}</code>" in shown
    assert asked == []


def test_question_when_only_code_has_the_name_then_no_model(reader, asked):
    make_artifact(kind="code")
    ask(reader, 404)


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (SourceAbsent("It does not exist."), 404, "license-project-fault"),
        (SourceUnavailable("It is silent."), 502, "Ask again in some minutes"),
    ],
)
def test_question_when_github_does_not_answer_then_what_to_do(
    reader, model, monkeypatch, error, status, words
):
    def fail(*_):
        raise error

    monkeypatch.setattr(licensing, "fetch_license", fail)
    shown = ask(reader, status)
    assert words in shown
    assert "acme/tea" in shown


def test_question_when_a_stranger_sends_it_then_asked_to_sign_in(client, settings, asked, model):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    assert "Sign in to ask" in ask(client, 403)
    assert asked == []


def test_question_when_forged_then_refused(uploader, asked, model):
    client = Client(enforce_csrf_checks=True)
    client.force_login(uploader)
    answer = client.post("/license-check", {"model": "robot", "project": PROJECT})
    assert answer.status_code == 403
    assert asked == []


def test_answer_when_shown_then_in_few_queries(reader, asked, model, django_assert_max_num_queries):
    for number in range(2, 12):
        make_edge(model, make_artifact(f"mother-{number}", number=number))
    with django_assert_max_num_queries(12):
        ask(reader)
