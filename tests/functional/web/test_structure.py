"""The reader of pages is itself seen to fail."""

import pytest

from tests.functional.web.structure import faults, skipped_levels

GOOD = (
    "<html lang=en><head><title>T</title></head><body><a href='#m'>skip</a>"
    "<main id=m><h1>A</h1>{}</main></body></html>"
)


def test_faults_when_the_page_is_good_then_none():
    assert faults(GOOD.format("<label>N <input name=n></label>")) == []


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (GOOD.replace(" lang=en", "").format(""), "no lang"),
        (GOOD.replace("T<", "<").format(""), "no title"),
        (GOOD.format("<h1>B</h1>"), "2 h1"),
        (GOOD.format("<main></main>"), "2 main landmarks"),
        (GOOD.format("<p id=m></p>"), "id 'm' twice"),
        (GOOD.format("<input name=n>"), "no label: n"),
        (GOOD.format("<a href='#x'>x</a>"), "link to nowhere: #x"),
        (GOOD.format("<p onclick='f()'></p>"), "inline handler onclick"),
        (GOOD.format("<script>f()</script>"), "inline script"),
        (GOOD.format("<p><b>x</p>"), "<b> is open at </p>"),
        (GOOD.format("x</p>"), "</p> without <p>"),
        (GOOD.replace("</html>", "").format(""), "<html> is open at the end"),
        (GOOD.format("<img src='https://e.org/a.png'>"), "from elsewhere: https://e.org/a.png"),
    ],
    ids=lambda value: "" if value.startswith("<html") else value.replace(" ", "-"),
)
def test_faults_when_something_is_wrong_then_named(html, fault):
    assert faults(html) == [fault]


def test_skipped_levels_when_a_heading_is_too_deep_then_named():
    assert skipped_levels("<h1>A</h1><h2>B</h2><h4>C</h4><h2>D</h2>") == [(2, 4)]
