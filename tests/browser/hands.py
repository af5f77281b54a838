"""A person at a page, who finds things by the words on them; each act counts."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.chromium import WAIT_S

# More than any page has that takes the focus before what an errand needs.
_TABS_MAX = 150
# Of a page that is just being replaced.
_GOING = (NoSuchElementException, StaleElementReferenceException)
_PRESSED = "self::a or self::button or self::summary or self::input[@type='submit']"


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
        self.acts.append(words)
        name = _quote(words)
        said = f"normalize-space()={name} or @aria-label={name} or @value={name}"
        self._do(f"//*[{_PRESSED}][{said}]", self.activate)

    def fill(self, label: str, text: str) -> None:
        """Fill the field of a label in."""
        self.acts.append(label)
        path = f"//*[@id=//label[contains(normalize-space(), {_quote(label)})]/@for]"
        self._do(path, lambda field: (self.focus(field), field.send_keys(text)))

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

    def _do(self, path: str, act: Callable[[Any], object]) -> None:
        """Do something with the first that is shown.

        A script may replace a part of a page, or a form lead on, between finding and acting. Then
        nothing was done yet, and what is found anew is the one that is shown.
        """
        WebDriverWait(self.driver, WAIT_S, ignored_exceptions=_GOING).until(
            lambda driver: self._find_and_act(driver, path, act), f"Nobody can reach {path}"
        )

    def _find_and_act(self, driver: Any, path: str, act: Callable[[Any], object]) -> bool:
        shown = (each for each in driver.find_elements(By.XPATH, path) if each.is_displayed())
        found = next(shown, None)
        if found is None:
            return False
        act(found)
        return True


def _quote(words: str) -> str:
    """Write words as XPath does."""
    return f'"{words}"' if "'" in words else f"'{words}'"


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
            ActionChains(self.driver).send_keys(Keys.TAB).perform()
        raise AssertionError(f"The keyboard does not reach {element.get_attribute('outerHTML')}")

    def activate(self, element: Any) -> None:
        """Press Enter."""
        self.focus(element)
        element.send_keys(Keys.ENTER)
