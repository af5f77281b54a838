import pytest

from artifacts.rules.accept import HTML, JSON, get_quality, prefers

BROWSERS = [
    # Chromium, Firefox, Safari, Lynx
    "text/html,application/xhtml+xml,image/webp,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html, text/plain, text/sgml, text/css, */*;q=0.01",
    "TEXT/HTML",
    "text/*",
    "text/html;q=0.5, application/json;q=0.499",
    "application/json;q=0, */*",
    "text/html;charset=utf-8",
    "*/*;q=0.9, text/html",
]
PROGRAMS = [
    "",
    "*/*",
    "application/json",
    "application/json, text/plain, */*",
    "application/json, text/html",
    "text/html;q=0.9, application/json",
    "text/html;q=0",
    "text/html;q=0, */*",
    "application/*, text/html;q=0.9",
    "text/html;q=nan",
    "text/html;q=2",
    "text/html;q=1.001",
    "text/html;q=-1",
    "text/html;q=0.00001",
    "text/html;q=",
    "text/html;q=0.\u0661",
    "text/htmlx",
    "text/html/x",
    "image/png",
    ",,;;,q=1,;q=1",
    "\u202e\x00",
]


@pytest.mark.parametrize("accept", BROWSERS)
def test_accept_when_a_browser_asks_then_html_is_preferred(accept):
    assert prefers(accept, HTML, JSON)
    assert not prefers(accept, JSON, HTML)


@pytest.mark.parametrize("accept", PROGRAMS)
def test_accept_when_a_program_asks_then_html_is_not_preferred(accept):
    assert not prefers(accept, HTML, JSON)


@pytest.mark.parametrize(
    ("accept", "quality"),
    [
        # RFC 9110, 12.5.1: the most specific range decides, wherever it stands.
        ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", 0.7),
        ("*/*;q=0.5, text/*;q=0.3", 0.3),
        ("text/html;q=1.000", 1.0),
        ("text/html ; Q=0.25", 0.25),
        ("text/html;level=1;q=0.4", 0.4),
    ],
)
def test_quality_when_several_ranges_fit_then_that_of_the_most_specific(accept, quality):
    assert get_quality(accept, HTML) == quality


def test_accept_when_it_is_long_then_read_in_time():
    assert not prefers("text/html;q=0.1," * 10_000 + "application/json", HTML, JSON)
