"""Each kind of user: what is offered, what is refused, and their own password."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.browser import chromium
from tests.browser.hands import Keyboard, Mouse
from tests.browser.registry import USER, Registry
from tests.browser.test_accessible import judge

PASSWORD = "of-somebody-in-a-browser-55"
CHANGED = "of-somebody-who-changed-66"
ALWAYS = ["API", "Health"]
# Kind of user -> permissions, what the header offers, pages that are theirs, pages that are not.
KINDS: dict[str, tuple[list[str], list[str], list[str], list[str]]] = {
    "seeker": (
        ["search"],
        ["Catalogue", "License check", *ALWAYS],
        ["catalogue", "license-check", "a/{id}", "account"],
        ["register", "upload", "a/{id}/download/full", "health/dashboard"],
    ),
    "uploader": (
        ["upload"],
        ["Register", *ALWAYS],
        ["register", "upload", "account"],
        ["catalogue", "license-check", "a/{id}", "a/{id}/download/full", "health/dashboard"],
    ),
    "downloader": (
        ["download"],
        ALWAYS,
        ["account"],
        ["catalogue", "register", "upload", "health/dashboard"],
    ),
    "newcomer": ([], ALWAYS, ["account"], ["catalogue", "register", "upload"]),
}


def make_user(registry: Registry, name: str, permissions: list[str]) -> None:
    body = {"name": name, "password": PASSWORD, "permissions": permissions, "is_admin": False}
    registry.call("POST", "/users", body)


@pytest.fixture
def somebody(stranger):
    """A browser in which a test signs in, and which has forgotten it afterwards."""
    chromium.show_at(stranger, 1280)
    yield stranger
    chromium.sign_out(stranger)


def status_of(driver: Any, url: str) -> int:
    """Open a page; return its status."""
    driver.get(url)
    status: int = driver.execute_script(
        "return performance.getEntriesByType('navigation')[0].responseStatus"
    )
    return status


def offered_to(driver: Any) -> list[str]:
    return [each.text for each in driver.find_elements(By.CSS_SELECTOR, "header nav a")]


@pytest.mark.parametrize("kind", KINDS)
def test_user_when_signed_in_then_offered_and_allowed_what_is_theirs(
    somebody, browser, registry, kind
):
    permissions, offered, theirs, others = KINDS[kind]
    make_user(registry, kind, permissions)
    artifact_id = chromium.find_id(browser, registry.url, "parrot-base")
    chromium.sign_in(somebody, registry.url, kind, PASSWORD)
    assert offered_to(somebody) == offered

    def ask(pages: list[str]) -> dict[str, int]:
        return {each: status_of(somebody, f"{registry.url}/{each.format(id=artifact_id)}")
                for each in pages}  # fmt: skip

    assert ask(theirs) == dict.fromkeys(theirs, 200)
    assert ask(others) == dict.fromkeys(others, 403)
    assert USER in Mouse(somebody).read("Administrators can help")
    somebody.get(f"{registry.url}/admin/")
    assert "/admin/login/" in somebody.current_url


def test_administrator_when_signed_in_then_offered_everything(browser, registry):
    browser.get(f"{registry.url}/")
    everything = ["Catalogue", "Register", "License check", "API", "Health", "Staff site"]
    assert offered_to(browser) == everything


def test_stranger_when_opening_a_page_then_signed_in_first_and_led_back(somebody, registry):
    make_user(registry, "returning", ["search"])
    somebody.get(f"{registry.url}/catalogue?q=parrot")
    person = Keyboard(somebody)
    person.fill("User", "returning")
    person.fill("Password", f"not-mine-not-mine{Keys.ENTER}")
    person.read("User or password is wrong")
    person.fill("Password", f"{PASSWORD}{Keys.ENTER}")
    person.read("parrot-small")
    assert somebody.current_url.endswith("/catalogue?q=parrot")


def change_password(person: Mouse, old: str, new: str, again: str) -> None:
    person.fill("Present password", old)
    person.fill("New password", new)
    person.fill("New password again", again)
    person.press("Change password")


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_password_when_changed_then_the_form_is_sound_and_the_new_one_counts(
    somebody, registry, hands
):
    name = f"changing-by-{hands.__name__.lower()}"
    make_user(registry, name, ["search"])
    chromium.sign_in(somebody, registry.url, name, PASSWORD)
    somebody.get(f"{registry.url}/account")
    person = hands(somebody)
    person.press("Change your password")
    person.read("You stay signed in here")
    assert judge(somebody) == []
    chromium.show_at(somebody, 1280)
    change_password(person, PASSWORD, CHANGED, "something-else-77")
    person.read("This differs from the new password above")
    assert judge(somebody) == []
    chromium.show_at(somebody, 1280)
    change_password(person, PASSWORD, CHANGED, CHANGED)
    person.read("Your account")
    person.press("Sign out")
    person.read("Sign in")
    chromium.sign_in(somebody, registry.url, name, CHANGED)
    assert "Catalogue" in offered_to(somebody)
