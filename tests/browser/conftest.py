"""One registry and one browser for all tests of pages.

The tests skip themselves where Selenium is not installed, as in `make test`, so this imports it
late.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

    from tests.browser.registry import Registry


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    from tests.browser.registry import running

    with running(tmp_path_factory.mktemp("registry")) as found:
        yield found


@pytest.fixture(scope="session")
def browser(registry: Registry) -> Iterator[Chrome]:
    from tests.browser import chromium

    driver = chromium.start()
    try:
        chromium.sign_in(driver, registry.url)
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def plain_browser(registry: Registry) -> Iterator[Chrome]:
    """A browser that runs no scripts, on a narrow screen."""
    from tests.browser import chromium

    driver = chromium.start(with_scripts=False)
    try:
        chromium.show_at(driver, 390)
        chromium.sign_in(driver, registry.url)
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def stranger(registry: Registry) -> Iterator[Chrome]:
    """A browser that is not signed in."""
    from tests.browser import chromium

    driver = chromium.start()
    try:
        yield driver
    finally:
        driver.quit()
