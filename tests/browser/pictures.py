"""Takes the pictures of docs/pictures: `make pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.browser import chromium
from tests.browser.pages import PAGES, address
from tests.browser.registry import ROOT, running

FOLDER = ROOT / "docs" / "pictures"
# What one waits for in a browser of today.
BYTES_MAX = 200_000
# File -> page, width in pixels, scheme.
PICTURES = {
    "home": ("home", 1280, "light"),
    "catalogue": ("catalogue", 1280, "light"),
    "catalogue-narrow": ("catalogue", 390, "dark"),
    "artifact": ("artifact, overview", 1280, "light"),
    "scores": ("artifact that failed, scores", 1280, "light"),
    "compare": ("compare", 1280, "light"),
    "staff": ("staff, front page", 1280, "light"),
    "health": ("health dashboard", 1280, "dark"),
}


def take(folder: Path) -> None:
    """Take all of them, of a registry with the artifacts of the demonstration.

    Raises:
        ValueError: one is too large.
    """
    FOLDER.mkdir(exist_ok=True)
    driver = chromium.start()
    try:
        with running(folder) as registry:
            chromium.sign_in(driver, registry.url)
            for name, (page, width, scheme) in PICTURES.items():
                chromium.show_at(driver, width, scheme)
                driver.get(address(driver, registry, PAGES[page]))
                picture = driver.get_screenshot_as_png()
                if len(picture) > BYTES_MAX:
                    raise ValueError(f"The picture {name} has {len(picture):,} bytes.")
                (FOLDER / f"{name}.png").write_bytes(picture)
    finally:
        driver.quit()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        take(Path(temporary))
