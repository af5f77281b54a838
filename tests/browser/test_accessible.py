"""Every page, in both schemes, on a wide and a narrow screen: judged by axe-core."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("selenium", reason="`make browser` installs what drives a browser")

from tests.browser import chromium
from tests.browser.hands import Mouse
from tests.browser.pages import FORMS, OPEN_PAGES, PAGES, SOURCED_FORMS, address
from tests.browser.registry import ROOT

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.1, levels A and AA, and what axe-core's authors hold for good practice.
ASK = r"""
const done = arguments[arguments.length - 1];
// Colours that fade from one scheme to the other are judged once they are there.
document.getAnimations().forEach((each) => each.finish());
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
axe.run({runOnly: tags}).then(
  (result) => done(result.violations.map((each) => [
    each.id, each.nodes.map((node) =>
      `${node.html.slice(0, 160)}: ${node.failureSummary.replaceAll("\n", " ")}`)])),
  (error) => done([["axe-core failed", [String(error)]]]));
"""
# What reaches beyond the right edge, outside of boxes that scroll by themselves.
OVERFLOW = """
const edge = document.documentElement.clientWidth;
const scrolls = (each) => each && each !== document.body
  && (getComputedStyle(each).overflowX !== "visible" || scrolls(each.parentElement));
if (document.scrollingElement.scrollWidth <= edge) return [];
return [...document.querySelectorAll("body *")]
  .filter((each) => each.getBoundingClientRect().right > edge + 1 && !scrolls(each.parentElement))
  .map((each) => each.outerHTML.slice(0, 120)).slice(-8).concat(["wider than " + edge]);
"""
# What moves, with the preference for less motion that this browser has (chromium.py).
MOVING = """
const lasts = (times) => times.split(", ").some((each) => parseFloat(each) > 0.01);
const moves = (style) => style.scrollBehavior === "smooth"
  || (style.animationName !== "none" && lasts(style.animationDuration))
  || (style.transitionProperty !== "none" && lasts(style.transitionDuration));
return [...document.querySelectorAll("*")].filter((each) => moves(getComputedStyle(each)))
  .map((each) => each.outerHTML.slice(0, 120)).slice(0, 8);
"""
SIDEWAYS = "sideways scrolling"
LONG = "W" * 255
# Where an artifact's name stands.
LONG_PAGES = (
    "", "catalogue", "a/{id}", "a/{id}?tab=lineage", "register/{id}", "lineage/{id}",
    "compare?ids={id}", "admin/", "admin/artifacts/artifact/",
    "admin/artifacts/artifact/{id}/change/", "admin/artifacts/rating/",
)  # fmt: skip
SCREENS = [(width, scheme) for width in chromium.HEIGHTS for scheme in ("light", "dark")]


def find_faults(driver: Any, width: int) -> dict[str, list[str]]:
    """Return what is wrong with the page that is shown: name -> where."""
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    faults = dict(driver.execute_async_script(ASK))
    wide = driver.execute_script(OVERFLOW) if width == min(chromium.HEIGHTS) else []
    return faults | ({SIDEWAYS: wide} if wide else {})


def judge(driver: Any) -> list[str]:
    """Return what is wrong with the page that is shown on all screens, each fault once."""
    found: dict[str, str] = {}
    for width, scheme in SCREENS:
        chromium.show_at(driver, width, scheme)
        for fault, places in find_faults(driver, width).items():
            for place in places:
                found.setdefault(f"{fault}: {place}", f"{width} px, {scheme}")
    chromium.enlarge(driver)
    for place in driver.execute_script(OVERFLOW):
        found.setdefault(f"{SIDEWAYS}: {place}", "400 %")
    for place in driver.execute_script(MOVING):
        found.setdefault(f"moves for who asked for less motion: {place}", "any")
    return [f"[{screen}] {fault}" for fault, screen in found.items()]


@pytest.mark.parametrize("name", PAGES)
def test_page_when_judged_on_each_screen_then_nothing_is_wrong(browser, registry, name):
    browser.get(address(browser, registry, PAGES[name]))
    assert judge(browser) == []


@pytest.mark.parametrize("name", OPEN_PAGES)
def test_page_of_strangers_when_judged_then_nothing_is_wrong(stranger, registry, name):
    stranger.get(f"{registry.url}/{OPEN_PAGES[name]}")
    assert judge(stranger) == []


@pytest.mark.parametrize("name", FORMS | SOURCED_FORMS)
def test_form_when_answered_then_nothing_is_wrong_with_the_answer(browser, registry, name):
    if name in SOURCED_FORMS and not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    path, fields, button, answer = (FORMS | SOURCED_FORMS)[name]
    chromium.show_at(browser, 1280)
    browser.get(f"{registry.url}/{path}")
    person = Mouse(browser)
    for label, text in fields.items():
        person.fill(label, text)
    person.press(button)
    person.read(answer)
    assert judge(browser) == []


def test_page_when_names_are_as_long_as_they_may_be_then_they_break(browser, registry):
    """Without one place where a line could end, in lists, headings, and forms of both sites."""
    if not registry.has_sources:
        pytest.skip("the stand-in of ../shared is not here")
    body = {"url": "https://huggingface.co/octo-acceptance/long-name", "name": LONG}
    artifact_id = registry.call("POST", "/artifact/model", body)["metadata"]["id"]
    pages = [each.format(id=artifact_id) for each in LONG_PAGES]
    wide: dict[str, list[str]] = {}
    for path in pages:
        browser.get(f"{registry.url}/{path}")
        for width in chromium.HEIGHTS:
            chromium.show_at(browser, width)
            wide[f"{path} at {width} px"] = browser.execute_script(OVERFLOW)
        chromium.enlarge(browser)
        wide[f"{path} at 400 %"] = browser.execute_script(OVERFLOW)
    registry.call("DELETE", f"/artifacts/model/{artifact_id}")
    assert len(wide) == 3 * len(pages)
    assert {where: what for where, what in wide.items() if what} == {}


def test_page_when_it_has_faults_then_they_are_found(browser, registry):
    browser.get(f"{registry.url}/docs")
    chromium.show_at(browser, 390)
    browser.execute_script(
        "document.querySelector('main').append(new Image());"
        "document.querySelector('main img').style.width = '900px'"
    )
    assert {"image-alt", SIDEWAYS} <= find_faults(browser, 390).keys()
    browser.execute_script(
        "document.querySelector('main').style.setProperty('transition-duration', '1s', 'important')"
    )
    assert any("[any] moves" in each for each in judge(browser))
