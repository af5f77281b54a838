"""Uploads from the page: a zip, and a folder that is sent in parts and interrupted twice."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from selenium.webdriver.common.by import By

from tests.browser import chromium
from tests.browser.hands import Keyboard, Mouse
from tests.browser.registry import PASSWORD, USER
from tests.browser.test_accessible import judge

CARD = "---\nlicense: mit\n---\n# A model of somebody's own\n"
FOLDER_BYTES = 150_000_000
# So that it takes some seconds, whatever the machine.
SENT_BYTES_PER_S = 30_000_000
PART_BYTES = 16_000_000
ENDS_IN_S = 90.0
READY = "nothing is left to do"


def eventually(condition: Callable[[], object], what: str) -> None:
    ends_at = time.monotonic() + ENDS_IN_S
    while not condition():
        assert time.monotonic() < ends_at, what
        time.sleep(0.05)


def choose(driver: Any, field: str, path: Path) -> None:
    """Choose a file or folder, as the system's own dialog would."""
    driver.find_element(By.ID, f"upload-{field}").send_keys(str(path))


def shown(driver: Any, part: str) -> str:
    text: str = driver.find_element(By.ID, f"upload-{part}").text
    return text


def share_of(driver: Any) -> float:
    return float(driver.find_element(By.ID, "upload-bar").get_attribute("value"))


def set_network(driver: Any, *, is_off: bool = False, bytes_per_s: int = -1) -> None:
    driver.execute_cdp_cmd("Network.enable", {})
    driver.execute_cdp_cmd(
        "Network.emulateNetworkConditions",
        {
            "offline": is_off,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes_per_s,
        },
    )


def digest_told(person: Mouse, registry: Any, artifact_id: str, path: str) -> str:
    """Return the digest of a file that the artifact's page tells."""
    person.driver.get(f"{registry.url}/a/{artifact_id}?tab=files")
    person.read("sha256:")
    row = f"//tr[th[normalize-space()='{path}']]//code"
    told: str = person.driver.find_element(By.XPATH, row).get_attribute("title")
    return told


def make_weights(values: bytes) -> bytes:
    """Return a file of weights that is sound: one tensor of bytes."""
    tensor = {"dtype": "U8", "shape": [len(values)], "data_offsets": [0, len(values)]}
    header = json.dumps({"all": tensor}).encode()
    return len(header).to_bytes(8, "little") + header + values


def make_model_zip(folder: Path, name: str) -> Path:
    made = folder / f"{name}.zip"
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("README.md", CARD)
        archive.writestr("config.json", '{"model_type": "bert"}')
        archive.writestr("model.safetensors", make_weights(name.encode() * 999))
    return made


@pytest.mark.parametrize("hands", [Mouse, Keyboard])
def test_zip_when_uploaded_then_checked_registered_and_ready(browser, registry, tmp_path, hands):
    chromium.show_at(browser, 1280)
    browser.get(f"{registry.url}/")
    person = hands(browser)
    person.press("Register")
    person.press("upload as a zip or a folder")
    person.read("What to upload")
    choose(browser, "file", make_model_zip(tmp_path, f"zipped-{hands.__name__.lower()}"))
    assert "License: no file of its own" in person.read("Weights found")
    person.press("Upload and register")
    person.read("Registered as")
    person.press(shown(browser, "result").split()[2].rstrip("."))
    person.read(READY)


def test_folder_when_the_tab_is_reloaded_and_the_line_cut_then_goes_on_where_it_was(
    browser, registry, tmp_path
):
    folder = tmp_path / "heavy"
    folder.mkdir()
    (folder / "README.md").write_text(CARD)
    weights = make_weights(os.urandom(FOLDER_BYTES))
    (folder / "model.safetensors").write_bytes(weights)
    chromium.show_at(browser, 1280)
    browser.get(f"{registry.url}/upload")
    person = Mouse(browser)
    choose(browser, "folder", folder)
    person.read("Weights found")
    set_network(browser, bytes_per_s=SENT_BYTES_PER_S)
    try:
        person.press("Upload and register")
        eventually(lambda: share_of(browser) > 0.6, "half of it was never sent")
        browser.refresh()
        person.read("What to upload")
        choose(browser, "folder", folder)
        person.press("Upload and register")
        eventually(lambda: share_of(browser) > 0.7, "it did not go on")
        set_network(browser, is_off=True)
        eventually(lambda: "Trying again" in shown(browser, "status"), "nobody saw the cut")
    finally:
        set_network(browser)
    eventually(lambda: shown(browser, "result") or shown(browser, "error"), "it never ended")
    assert shown(browser, "error") == ""
    sent = browser.execute_script(
        "return performance.getEntriesByType('resource')"
        ".filter((each) => each.name.includes('/uploads/content/'))"
        ".filter((each) => Math.floor(each.responseStatus / 100) === 2)"
        ".length"
    )
    # What had arrived before the reload was not sent again; three parts were on their way.
    parts = -(-FOLDER_BYTES // PART_BYTES)
    assert 0 < sent <= parts - 2
    artifact_id = shown(browser, "result").split()[2].rstrip(".")
    person.press(artifact_id)
    person.read(READY)
    told = digest_told(person, registry, artifact_id, "model.safetensors")
    assert told == f"sha256:{hashlib.sha256(weights).hexdigest()}"


def test_upload_when_cancelled_by_keyboard_then_the_focus_is_where_one_begins(
    browser, registry, tmp_path
):
    chromium.show_at(browser, 1280)
    browser.get(f"{registry.url}/upload")
    person = Keyboard(browser)
    choose(browser, "file", make_model_zip(tmp_path, "never-sent"))
    person.read("Weights found")
    set_network(browser, bytes_per_s=4_000)
    try:
        person.press("Upload and register")
        person.press("Cancel")
        person.read("Cancelled.")
    finally:
        set_network(browser)
    assert browser.switch_to.active_element.get_attribute("id") == "upload-start"


def test_upload_when_there_are_no_scripts_then_the_lines_work_as_pasted(
    plain_browser, registry, tmp_path
):
    plain_browser.get(f"{registry.url}/upload")
    person = Mouse(plain_browser)
    person.read("Your browser runs no JavaScript")
    lines = plain_browser.find_element(By.CSS_SELECTOR, "noscript pre code").text
    make_model_zip(tmp_path, "my-model")
    named = lines.replace("NAME", USER).replace("PASSWORD", PASSWORD)
    done = subprocess.run(
        ["/bin/bash", "-c", f"set -eo pipefail\n{named}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert '"name": "my-model"' in done.stdout


def test_upload_when_there_are_no_scripts_then_nothing_is_wrong_with_the_page(browser, registry):
    """The page comes without scripts; the judge is one, so then they run again."""
    switch = "Emulation.setScriptExecutionDisabled"
    browser.execute_cdp_cmd(switch, {"value": True})
    try:
        browser.get(f"{registry.url}/upload")
    finally:
        browser.execute_cdp_cmd(switch, {"value": False})
    assert "Your browser runs no JavaScript" in Mouse(browser).read("curl does the same")
    assert judge(browser) == []
