"""Chromium without a window: at a width, in a colour scheme, signed in."""

from __future__ import annotations

import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.registry import PASSWORD, USER

HEIGHTS = {1280: 800, 390: 844}
# What 1280 by 1024 px come to when everything is four times as large (WCAG 2.1, 1.4.10).
ENLARGED = (320, 256)
WAIT_S = 20.0


def start(*, with_scripts: bool = True) -> webdriver.Chrome:
    """Start the Chromium of the system; whoever asks ends it with `quit`."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium")
    for each in (
        "--headless=new",
        # Containers lack the namespaces that it wants; it meets our own pages alone.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--force-prefers-reduced-motion",
    ):
        options.add_argument(each)
    if not with_scripts:
        options.add_experimental_option(
            "prefs", {"profile.managed_default_content_settings.javascript": 2}
        )
    service = webdriver.ChromeService(executable_path=shutil.which("chromedriver"))
    driver = webdriver.Chrome(options=options, service=service)
    # Without a window, a page that replaces another may count as one that nobody looks at.
    driver.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})
    return driver


def show_at(driver: webdriver.Chrome, width: int, scheme: str = "light") -> None:
    """Give the page a width in pixels and a colour scheme, until others are given."""
    _set_size(driver, width, HEIGHTS[width], is_phone=width < 500)
    driver.execute_cdp_cmd(
        "Emulation.setEmulatedMedia",
        {"features": [{"name": "prefers-color-scheme", "value": scheme}]},
    )


def enlarge(driver: webdriver.Chrome) -> None:
    """Show the page as somebody sees it who enlarges everything to 400 %."""
    _set_size(driver, *ENLARGED, is_phone=False)


def _set_size(driver: webdriver.Chrome, width: int, height: int, *, is_phone: bool) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": is_phone}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def sign_in(driver: webdriver.Chrome, url: str, name: str = USER, password: str = PASSWORD) -> None:
    """Sign in, as the administrator unless somebody else is named."""
    driver.get(f"{url}/sign-in")
    driver.find_element(By.NAME, "username").send_keys(name)
    driver.find_element(By.NAME, "password").send_keys(password)
    driver.find_element(By.CSS_SELECTOR, "main button").click()
    WebDriverWait(driver, WAIT_S).until(lambda _: not driver.current_url.endswith("/sign-in"))


def sign_out(driver: webdriver.Chrome) -> None:
    """Forget who is signed in here."""
    driver.delete_all_cookies()


def keep_downloads(driver: webdriver.Chrome, folder: Path) -> None:
    """Put what is downloaded from now on into a folder, without asking."""
    driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )


def find_id(driver: webdriver.Chrome, url: str, name: str) -> str:
    """Return the id of an artifact, as the catalogue links to it."""
    driver.get(f"{url}/catalogue?q={name}")
    link = driver.find_element(By.XPATH, f"//main//a[normalize-space()='{name}']")
    return Path(link.get_attribute("href")).name
