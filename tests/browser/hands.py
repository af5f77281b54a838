"""A person at a page, who finds things by the words on them; each act counts."""

from __future__ import annotations

import contextlib
import time
from typing import Any

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import WAIT_S

# More than any page has that takes the focus before what an errand needs.
_TABS_MAX = 150
# Of a page that is just being replaced.
_GOING = (NoSuchElementException, StaleElementReferenceException)
_PRESSED = "self::a or self::button or self::summary"


class Mouse:
    """Clicks and types.

    Attributes:
        acts: what was clicked or filled in, in words.
    """

    def __init__(self, driver: Any) -> None:
        """Begin on whatever page is shown."""
        self.driver = driver
        self.acts: list[str] = []

    def press(self, words: str) -> None:
        """Press the first link, button or summary of the page that is called so."""
        path = f"//*[{_PRESSED}][normalize-space()='{words}' or @aria-label='{words}']"
        element = self._wait_for(path)
        self.acts.append(words)
        self.activate(element)

    def fill(self, label: str, text: str) -> None:
        """Fill the field of a label in."""
        field = self._wait_for(f"//*[@id=//label[contains(normalize-space(), '{label}')]/@for]")
        self.acts.append(label)
        self.focus(field)
        field.send_keys(text)

    def read(self, words: str) -> str:
        """Wait until the main part shows these words; return all that it shows."""
        shown = ""
        ends_at = time.monotonic() + WAIT_S
        while words not in shown:
            assert time.monotonic() < ends_at, f"{words!r} is not in: {shown}"
            with contextlib.suppress(*_GOING):
                shown = self.driver.find_element(By.TAG_NAME, "main").text
        return shown

    def focus(self, element: Any) -> None:
        """Bring the focus there."""
        element.click()

    def activate(self, element: Any) -> None:
        """Do what a click does."""
        element.click()

    def _wait_for(self, path: str) -> Any:
        """Return the first that is shown."""
        return WebDriverWait(self.driver, WAIT_S, ignored_exceptions=_GOING).until(
            lambda driver: next(
                (each for each in driver.find_elements(By.XPATH, path) if each.is_displayed()), None
            )
        )


class Keyboard(Mouse):
    """Tabs to what it needs and presses Enter there; nothing else."""

    def focus(self, element: Any) -> None:
        """Press Tab until the focus is there and seen.

        Raises:
            AssertionError: it never comes there, or nobody sees that it is there.
        """
        for _ in range(_TABS_MAX):
            if self.driver.switch_to.active_element == element:
                assert element.value_of_css_property("outline-style") != "none"
                return
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
        raise AssertionError(f"The keyboard does not reach {element.get_attribute('outerHTML')}")

    def activate(self, element: Any) -> None:
        """Press Enter."""
        self.focus(element)
        element.send_keys(Keys.ENTER)
