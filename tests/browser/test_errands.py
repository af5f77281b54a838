"""Five errands of people, each in at most six clicks and fields, from the front page."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from tests.browser import chromium
from tests.browser.hands import Keyboard, Mouse

ACTS_MAX = 6
PEOPLE = {
    "mouse, wide": (Mouse, 1280),
    "mouse, narrow": (Mouse, 390),
    "keyboard": (Keyboard, 1280),
}
# Each of those registers another one of the stand-in's.
MODELS = {
    "mouse, wide": "openai/whisper-tiny",
    "mouse, narrow": "openai-community/gpt2",
    "keyboard": "google-bert/bert-base-uncased",
}


@pytest.fixture(params=PEOPLE)
def who(request) -> str:
    name: str = request.param
    return name


@pytest.fixture
def person(browser, registry, who, record_property):
    kind, width = PEOPLE[who]
    chromium.show_at(browser, width)
    browser.get(f"{registry.url}/")
    hands = kind(browser)
    yield hands
    record_property("acts", len(hands.acts))
    print(f"{len(hands.acts)} acts: {', '.join(hands.acts)}")  # noqa: T201  (`ARGS=-rA` shows it)
    assert len(hands.acts) <= ACTS_MAX


def test_errand_when_looking_for_a_model_that_passed_and_permits_much_then_found(person):
    person.press("Catalogue")
    person.press("Permissive")
    person.press("Passed")
    person.press("text-classification")
    assert "3 artifacts" in person.read("text-classification")
    person.press("parrot-base")
    shown = person.read("Use this")
    assert "Passed" in shown
    assert "mit" in shown


def test_errand_when_asking_why_a_model_failed_then_its_reasons_and_their_place(person):
    person.fill("Name, words of the README", "bare-bones")
    person.press("Search")
    person.press("bare-bones")
    assert "is enough to fail" in person.read("Failed")
    person.press("Scores")
    assert "fails" in person.read("The card explains the model in 2 words")


def test_errand_when_registering_from_an_address_then_one_knows_that_it_is_ready(
    person, registry, who
):
    if not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    person.press("Register")
    person.fill("Address", f"https://huggingface.co/{MODELS[who]}")
    person.press("Preview")
    person.read("Preview: ")
    person.press("Register this model")
    person.read("Registration of ")
    assert "To the artifact" in person.read("nothing is left to do")


def test_errand_when_a_script_shall_have_a_model_then_its_lines_are_copied(person):
    person.fill("Name, words of the README", "parrot-small")
    person.press("Search")
    person.press("parrot-small")
    person.press("Use this")
    assert "import requests" in person.read("Python, with requests")


def test_errand_when_something_went_wrong_then_staff_find_and_mend_it(person):
    person.press("Staff site")
    assert "under 0.5" in person.read("Models that lately failed the gate")
    person.press("Rate again")
    person.read("1 model was rated again")
