"""The main pages, signed in, as Lighthouse judges their access: 100 of 100."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from tests.browser.pages import PAGES, address
from tests.browser.registry import ROOT

SCRIPT = ROOT / "tests" / "browser" / "lighthouse.mjs"
NAMES = (
    "home",
    "catalogue",
    "artifact, overview",
    "artifact, scores",
    "register",
    "health dashboard",
    "staff, front page",
)
ENDS_IN_S = 240


def judge(browser: Any, *urls: str) -> list[dict[str, Any]]:
    """Let Lighthouse open pages in the browser, which is signed in already."""
    port = browser.capabilities["goog:chromeOptions"]["debuggerAddress"].rpartition(":")[2]
    done = subprocess.run(
        ["node", SCRIPT, port, *urls],  # noqa: S607
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
        stdout=subprocess.PIPE,
        text=True,
        timeout=ENDS_IN_S,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_pages_when_lighthouse_judges_their_access_then_a_hundred(browser, registry):
    urls = [address(browser, registry, PAGES[name]) for name in NAMES]
    found = judge(browser, *urls)
    # It was signed in, or it would have judged the sign-in again and again.
    assert [each["url"] for each in found] == urls
    assert {each["url"]: each["faults"] for each in found if each["faults"]} == {}
    assert [each["score"] for each in found] == [1] * len(NAMES)
    assert min(each["passed"] for each in found) >= 10


def test_page_when_it_has_faults_then_less_than_a_hundred(browser, registry, tmp_path):
    page = tmp_path / "page.html"
    page.write_text("<!doctype html><title>No language</title><img src='no-name.png'>")
    (found,) = judge(browser, page.as_uri())
    assert found["score"] < 1
    assert len(found["faults"]) == 2
