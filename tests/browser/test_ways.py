"""Whole ways through the pages: with a mouse, with the keyboard only, and without scripts."""

from __future__ import annotations

import hashlib
import subprocess
import time
from pathlib import Path

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from selenium.webdriver.common.by import By

from tests.browser import chromium
from tests.browser.hands import Keyboard, Mouse
from tests.browser.registry import send

HANDS = {"mouse": Mouse, "keyboard": Keyboard, "no scripts": Mouse}
READY = "nothing is left to do"


@pytest.fixture(params=HANDS)
def who(request) -> str:
    name: str = request.param
    return name


@pytest.fixture
def person(request, registry, who) -> Mouse:
    driver = request.getfixturevalue("plain_browser" if who == "no scripts" else "browser")
    if who != "no scripts":
        chromium.show_at(driver, 1280)
    driver.get(f"{registry.url}/")
    return HANDS[who](driver)


@pytest.fixture
def repository(registry, who) -> str:
    """A model of the stand-in's that only this way uses."""
    if not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    return f"octo-acceptance/by-{who.replace(' ', '-')}"


def watch(person: Mouse, who: str, words: str = READY) -> None:
    """Watch the progress of a registration; without scripts by its link."""
    ends_at = time.monotonic() + chromium.WAIT_S
    while who == "no scripts" and words not in person.read("Refresh"):
        assert time.monotonic() < ends_at
        person.press("Refresh")
    person.read(words)


def downloaded(folder: Path) -> bytes:
    """Wait for the one file of a folder, and return its bytes."""
    ends_at = time.monotonic() + chromium.WAIT_S
    while not (found := [each for each in folder.iterdir() if each.suffix != ".crdownload"]):
        assert time.monotonic() < ends_at, "nothing was downloaded"
        time.sleep(0.1)
    (file,) = found
    return file.read_bytes()


def test_model_when_registered_and_ready_then_found_and_its_download_has_its_digest(
    person, who, repository, tmp_path
):
    person.press("Register")
    person.fill("Address", f"https://huggingface.co/{repository}")
    person.press("Preview")
    person.read("Preview: ")
    person.press("Register this model")
    person.read("Registration of ")
    watch(person, who)
    person.press("Trustworthy Model Registry")
    name = repository.rpartition("/")[2]
    person.fill("Name, words of the README", name)
    person.press("Search")
    person.press(name)
    person.read("Use this")
    person.press("Files")
    person.read("sha256:")
    chromium.keep_downloads(person.driver, tmp_path)
    person.press("download model.safetensors")
    row = "//tr[th[normalize-space()='model.safetensors']]//code"
    told = person.driver.find_element(By.XPATH, row).get_attribute("title")
    assert told == f"sha256:{hashlib.sha256(downloaded(tmp_path)).hexdigest()}"


def test_licenses_when_checked_then_a_sentence_and_what_it_rests_on(person, registry):
    if not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    person.press("License check")
    person.fill("Model, by name or id", "parrot-base")
    person.fill("Project, by its address", "https://github.com/openai/whisper")
    person.press("Check licenses")
    assert "may use parrot-base" in person.read("What that rests on")


def paste(lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines in a shell, as they are copied from a page."""
    return subprocess.run(
        ["/bin/bash", "-c", f"set -e\n{lines}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_token_when_made_and_pasted_then_works_until_it_is_revoked(person, registry, who):
    person.driver.get(f"{registry.url}/account")
    person.fill("Name of the session token", f"of {who}")
    person.press("Make a session token")
    person.read("Copy it now")
    lines = person.driver.find_element(By.ID, "use-shell").text
    assert '"name": "parrot-base"' in paste(lines).stdout
    person.press("Back to your account")
    person.press(f"Revoke of {who}")
    assert f"of {who}" not in person.read("Tokens").partition("Tokens")[2]
    assert paste(lines).returncode == 22  # What `curl -f` says of a refusal.


def test_task_when_it_failed_then_staff_see_why_and_retry_it(person, registry, who, repository):
    lost = f"{repository}-lost"
    refusal = {"status": 404, "path": f"{lost}/resolve", "times": 1}
    send("POST", f"{registry.sources}/__admin/faults", refusal)
    model = {"url": f"https://huggingface.co/{lost}"}
    artifact_id = registry.call("POST", "/artifact/model", model)["metadata"]["id"]
    person.driver.get(f"{registry.url}/register/{artifact_id}")
    watch(person, who, "its files could not be fetched")
    person.press("Staff site")
    assert "refused the request (status 404)" in person.read(artifact_id)
    person.press(f"Retry: Fetch the files {artifact_id}")
    person.read("1 task is due again")
    person.driver.get(f"{registry.url}/register/{artifact_id}")
    watch(person, who)
