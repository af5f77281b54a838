"""Staff reset a registry of their own: with a mouse, with the keyboard only, without scripts."""

from __future__ import annotations

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from tests.browser import chromium
from tests.browser.hands import Keyboard, Mouse
from tests.browser.registry import USER, running


@pytest.fixture(scope="module")
def emptied(tmp_path_factory):
    """A registry that nobody else uses."""
    with running(tmp_path_factory.mktemp("emptied"), is_filled=False) as found:
        yield found


@pytest.mark.parametrize(
    ("hands", "runs_scripts"),
    [(Mouse, True), (Keyboard, True), (Mouse, False)],
    ids=["mouse", "keyboard", "no scripts"],
)
def test_registry_when_staff_reset_it_then_it_is_empty_and_asks_who_one_is(
    emptied, hands, runs_scripts
):
    body = {"name": "soon-gone", "password": "of-somebody-gone-44", "permissions": []}
    emptied.call("POST", "/users", {**body, "is_admin": False})
    driver = chromium.start(with_scripts=runs_scripts)
    try:
        chromium.show_at(driver, 1280)
        chromium.sign_in(driver, emptied.url)
        person = hands(driver)
        person.press("Staff site")
        person.press("Reset the registry …")
        person.read("This cannot be undone")
        person.fill("to confirm", "reset")
        person.press("Reset the registry")
        person.read("in capital letters")
        driver.get(driver.current_url)
        person.fill("to confirm", "RESET")
        person.press("Reset the registry")
        person.read("Password")
        assert emptied.call("GET", "/users") == [emptied.call("GET", f"/users/{USER}")]
        chromium.sign_in(driver, emptied.url)
        person.read("Nothing yet")
    finally:
        driver.quit()
