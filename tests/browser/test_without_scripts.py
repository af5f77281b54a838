"""The same ways in a browser that runs no scripts."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from tests.browser.hands import Mouse


@pytest.fixture
def person(plain_browser, registry) -> Mouse:
    plain_browser.get(f"{registry.url}/")
    return Mouse(plain_browser)


def test_browser_when_it_is_plain_then_it_runs_no_scripts(person):
    person.driver.get("data:text/html,<main>still</main><script>document.write('moved')</script>")
    assert person.read("still") == "still"


def test_plain_browser_when_searching_then_found_and_shown_in_tabs(person):
    person.fill("Name, words of the README", "bare-bones")
    person.press("Search")
    person.press("bare-bones")
    person.press("Scores")
    person.read("The card explains the model in 2 words")
    person.press("Files")
    assert "download" in person.read("sha256:")


def test_plain_browser_when_narrowing_the_catalogue_then_fewer(person):
    person.press("Catalogue")
    person.press("Passed")
    person.read("4 artifacts")


def test_plain_browser_when_registering_then_previewed_and_followed(person, registry):
    if not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    person.press("Register")
    person.fill("Address", "https://huggingface.co/google-t5/t5-small")
    person.press("Preview")
    person.read("Preview: ")
    person.press("Register this model")
    person.read("Registration of ")
    person.press("Refresh")
    person.read("It is registered")


def test_plain_browser_when_making_and_revoking_a_token_then_done(person, registry):
    person.driver.get(f"{registry.url}/account")
    person.fill("Name", "of a plain browser")
    person.press("Make a token for programs")
    person.read("Copy it now")
    person.press("Back to your account")
    person.press("Revoke of a plain browser")
    assert "of a plain browser" not in person.read("Tokens").partition("Tokens")[2]


def test_plain_browser_when_staff_rate_again_then_done(person):
    person.press("Staff site")
    person.press("Rate again")
    person.read("1 model was rated again")
