from datetime import timedelta

import pytest
from django.template import Context, Template
from django.utils import timezone

from artifacts.templatetags import panels


class Links:
    def artifact(self, artifact_id: str) -> str:
        return f"/a/{artifact_id}"


def drawn(text: str, **context) -> str:
    return Template("{% load panels %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("context", "found"),
    [
        ({"links": Links(), "id": "model-1"}, "/a/model-1"),
        ({"links": Links(), "id": ""}, ""),
        ({"id": "model-1"}, ""),
    ],
    ids=["page", "no key", "site without pages"],
)
def test_address_when_asked_for_then_of_this_site_or_none(context, found):
    assert drawn('{% address "artifact" id as url %}{{ url }}', **context) == found


def test_address_when_it_holds_letters_of_html_then_they_are_escaped():
    assert drawn('{% address "artifact" id as url %}{{ url }}', links=Links(), id='"><') == (
        "/a/&quot;&gt;&lt;"
    )


def test_filters_when_used_then_text_that_the_template_escapes():
    assert drawn("{{ a|seen }}", a="<b>\u202e") == "&lt;b&gt;[U+202E]"
    assert drawn("{{ a|in_words }}", a="<b>_c") == "&lt;b&gt; c"
    assert drawn("{{ a|size }} {{ b|size }}", a=1_500, b=None) == "1.5 kB unknown"
    assert drawn("{{ a|thousands }} {{ b|percent }}", a=10_001, b=0.5) == "10,001 50.0"


def test_links_when_a_site_has_them_then_all_that_panels_ask_for():
    asked = {name for name in vars(panels.Links) if not name.startswith("_")}
    assert asked == {
        "artifact", "bundle", "decision", "file", "files", "monitor", "progress",
        "registration", "revisions", "task", "tasks", "trail",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("seconds", "found"),
    [(0, "just now"), (59, "just now"), (61, "1\xa0minute ago"), (7300, "2\xa0hours ago")],
)
def test_age_when_drawn_then_in_its_largest_unit(seconds, found):
    assert panels.age(timezone.now() - timedelta(seconds=seconds)) == found
