"""Each panel by itself: given one value and no site, it draws whatever strangers wrote."""

from dataclasses import fields, replace
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from artifacts.admin.links import StaffLinks
from artifacts.enums import ContentState, Part
from artifacts.models import Artifact, File, Revision, SearchDocument, Task
from artifacts.rules.reading import Reading, ReadState, keep_readings
from artifacts.selectors.catalogue.overview import Overview, get_overview
from artifacts.selectors.trust.verdict import Badge
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import LATER, make_evidence, make_model
from tests.factories.ratings import make_edge, make_rating
from tests.functional.web.panels import draw
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
PANELS = [each.name for each in fields(Overview)]
MARKUP = "<img src=x onerror=alert(1)>'\"&{{ 7*7 }}"
OVERRIDE = "\u202egpj.exe"
LONG = "long" * 50
PAGE = "<html lang=en><head><title>T</title></head><body><main><h1>A</h1>{}</main></body></html>"
# What stands for a variable that a template names and nobody gave.
FORGOTTEN = "FORGOTTEN %s"


@pytest.fixture(autouse=True)
def forgotten_variables_show(settings):
    templates = settings.TEMPLATES[0]
    options = templates["OPTIONS"] | {"string_if_invalid": FORGOTTEN}
    settings.TEMPLATES = [templates | {"OPTIONS": options}]
    settings.REGISTRY_TASKS = "worker"


def add_files(artifact: Artifact, count: int) -> None:
    File.objects.bulk_create(
        File(
            revision=artifact.current_revision, path=f"{OVERRIDE}-{number:05}", part=Part.WEIGHTS,
            size_bytes=1,
        )
        for number in range(count)
    )  # fmt: skip


# What a stranger's card could make of places that scores rest on.
HOSTILE_CITATIONS = [
    {"url": "javascript:alert(1)", "quote": MARKUP},
    {"url": f"https://hub.example/{MARKUP}", "path": OVERRIDE, "commit": MARKUP + OVERRIDE},
    {"url": "https://hub.example/a", "quote": OVERRIDE, "read_at": MARKUP},
]


@pytest.fixture
def hostile() -> Overview:
    """An artifact whose every text is hostile, in all ways at once."""
    name = f"{MARKUP}{OVERRIDE}{LONG}"[:250]
    artifact = make_artifact(name, readme=name, user=MARKUP + OVERRIDE)
    File.objects.update(path=name, source_digest=MARKUP, fault=name)
    add_files(artifact, 10)
    evidence = make_evidence(make_model(repository=name, readme=name, license=name), code=LATER)
    rating = make_rating(artifact, evidence, created_by=MARKUP + OVERRIDE)
    for result in rating.results.values():
        result |= {"reason": name, "citations": HOSTILE_CITATIONS}
    rating.save()
    Revision.objects.update(
        url=f"https://huggingface.co/{name}", license=name, content_reason=name, commit=MARKUP
    )
    make_edge(artifact, name[:200], relationship=MARKUP[:30], origin=MARKUP[:20])
    make_edge(make_artifact(name, number=2), artifact)
    create_task("mirror_revision", artifact_id=artifact.id, arguments={})
    Task.objects.update(error=name, done_bytes=1)
    return get_overview(artifact.id)


@pytest.mark.parametrize("links", [None, StaffLinks()], ids=["without pages", "staff site"])
@pytest.mark.parametrize("name", PANELS)
def test_panel_when_texts_are_hostile_then_they_are_text(hostile, name, links):
    shown = draw(name, hostile, links=links)
    assert "<img" not in shown
    assert "FORGOTTEN" not in shown
    assert faults(PAGE.format(shown)) == []
    assert skipped_levels(PAGE.format(shown)) == []


class TurningTexts(HTMLParser):
    """Finds the texts that turn the direction of writing, with what stands around each."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.attributes: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        # A browser writes an address with the codes of such letters.
        shown = [each or "" for name, each in attrs if name != "href"]
        self.attributes += [each for each in shown if "\u202e" in each]
        self.open.append("apart" if tag == "bdi" or values.get("dir") == "auto" else tag)

    def handle_startendtag(self, tag, attrs):
        """Nothing is in it."""

    def handle_endtag(self, tag):
        self.open.pop()

    def handle_data(self, data):
        if "\u202e" in data:
            self.texts.append((self.open[-1], data))


@pytest.mark.parametrize("name", ["facts", "lineage", "files", "revisions", "trail"])
def test_panel_when_a_name_turns_the_direction_of_writing_then_it_is_spelt_out(hostile, name):
    shown = draw(name, hostile)
    found = TurningTexts(shown)
    assert found.attributes == []
    assert {text for _, text in found.texts} <= {hostile.facts.content_reason}
    assert "[U+202E]" in shown


def test_citations_when_a_place_is_no_web_page_then_it_is_text_and_spelt_out(hostile):
    shown = draw("scores", hostile)
    links = read(shown).anchors
    assert links
    assert all(each.startswith("https://hub.example/") for each in links)
    assert "[U+202E]gpj.exe</bdi></a>" in shown
    assert shown.count("<a ") == shown.count('rel="noopener nofollow noreferrer"')


@pytest.mark.parametrize("name", ["verdict", "scores", "facts", "files", "tasks", "card"])
def test_free_text_when_it_turns_the_direction_of_writing_then_it_stands_apart(hostile, name):
    found = TurningTexts(draw(name, hostile))
    assert {around for around, _ in found.texts} == {"apart"}


@pytest.mark.parametrize("name", PANELS)
def test_panel_when_drawn_then_has_a_heading_and_its_tables_heads(hostile, name):
    shown = draw(name, hostile)
    assert '<section class="registry-panel' in shown
    assert f'aria-labelledby="panel-{name}"' in shown
    assert f'<h2 id="panel-{name}">' in shown
    assert shown.count("<th ") + shown.count("<th>") == shown.count("<th scope=")
    assert shown.count("<tr>") >= shown.count('<th scope="row"')
    assert "style=" not in shown
    assert "<script" not in shown


@pytest.mark.parametrize("name", PANELS)
def test_svg_when_drawn_then_its_meaning_stands_beside_it(hostile, name):
    shown = draw(name, hostile)
    drawings = shown.split("<svg ")[1:]
    tags = [each.partition(">")[0] for each in drawings]
    outer = [each for each in tags if "viewBox" in each]
    silent = [each for each in outer if "aria-hidden" not in each and "aria-label" not in each]
    assert silent == []
    assert len(outer) == shown.count("registry-bar-ground") + shown.count('role="group"')


def test_files_when_there_are_ten_thousand_then_the_page_stays_small():
    artifact = make_artifact()
    add_files(artifact, 10_000)
    shown = draw("files", get_overview(artifact.id), links=StaffLinks())
    assert shown.count("<tr>") == 101
    assert "100 of 10,001 files are shown" in shown
    assert f"?revision={artifact.current_revision_id}" in shown
    assert len(shown) < 100_000


def test_files_when_one_has_a_fault_then_it_stands_beside_its_name():
    artifact = make_artifact()
    add_files(artifact, 1)
    File.objects.filter(part=Part.WEIGHTS).update(fault="It has 3 bytes. Export it again.")
    shown = draw("files", get_overview(artifact.id))
    assert shown.count("Fault: <bdi>It has 3 bytes. Export it again.</bdi>") == 1


NEXT_STEPS = {
    "verdict": "come back in some minutes",
    "facts": "Waiting for the source",
    "scores": "come back in some minutes",
    "lineage": "name them there",
    "files": "come back in some minutes",
    "revisions": "come back in some minutes",
    "tasks": "The trail keeps what came of them",
    "trail": "is written here",
    "card": "Add one at the source",
    "decisions": "Users with the permission",
}


@pytest.mark.parametrize("name", PANELS)
def test_panel_when_there_is_nothing_then_says_so_and_what_comes_next(name):
    artifact = make_artifact(visible=False)
    shown = draw(name, get_overview(artifact.id, with_waiting=True), links=StaffLinks())
    assert NEXT_STEPS[name] in shown
    assert "<table" not in shown
    assert faults(PAGE.format(shown)) == []


@pytest.mark.parametrize("name", ["verdict", "scores"])
def test_panel_when_only_models_have_it_then_says_where_to_look(name):
    shown = draw(name, get_overview(make_artifact(kind="code").id))
    assert "Only models are rated" in shown
    assert "Lineage" in shown


def test_files_when_the_source_lists_none_then_says_where_to_look():
    artifact = make_artifact()
    File.objects.all().delete()
    assert "Its source lists no file" in draw("files", get_overview(artifact.id))


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (ContentState.PENDING, "the bytes are being fetched"),
        (ContentState.FAILED, "An administrator can have them mirrored again"),
        (ContentState.LINK_ONLY, "get the files from the source"),
    ],
)
def test_files_when_the_bytes_are_not_here_then_says_why_and_what_to_do(state, sentence):
    artifact = make_artifact()
    Revision.objects.update(content_state=state, content_reason="Too large.")
    shown = draw("files", get_overview(artifact.id), links=StaffLinks())
    assert sentence in shown
    assert "Too large." in shown
    assert "/download/" not in shown


@pytest.mark.parametrize(
    ("badge", "word"),
    [
        (Badge.PASSED, "✓</span> Passed"),
        (Badge.FAILED, "✕</span> Failed"),
        (Badge.UNDECIDED, "?</span> Undecided"),
        (Badge.EXEMPT, "○</span> Exempt"),
        (Badge.WAITING, "…</span> Waiting"),
        (Badge.UNRATED, "\N{EN DASH}</span> Not rated"),
    ],
)
def test_badge_when_drawn_then_is_a_word_and_a_shape(badge, word):
    assert f'aria-hidden="true">{word}</span>' in render_to_string(
        "panels/badge.html", {"badge": badge}
    )


def test_card_when_it_is_too_long_then_says_how_much_is_left_out():
    artifact = make_artifact()
    SearchDocument.objects.update(readme="x" * 100_007)
    shown = draw("card", get_overview(artifact.id))
    assert "7 more letters of it are left out" in shown
    assert 'tabindex="0"' in shown


def test_family_when_it_is_larger_than_is_walked_then_says_so():
    found = get_overview(make_artifact().id)
    cut = replace(found, lineage=replace(found.lineage, is_cut=True, members_max=1_000))
    sentence = "larger than the 1,000 models that are walked"
    assert sentence in draw("lineage", cut)
    assert sentence not in draw("lineage", found)


def test_picture_when_a_family_is_drawn_then_links_lead_to_all_but_itself():
    artifact, mother = make_artifact("robot", number=1), make_artifact("mother", number=2)
    make_edge(artifact, mother)
    make_edge(artifact, "acme/away")
    shown = draw("lineage", get_overview(artifact.id), links=StaffLinks())
    picture = shown.partition("<svg")[2].partition("</section>")[0].partition("<h3>")[0]
    assert read(picture).anchors == [StaffLinks().artifact(mother.id)]
    assert "mother: base model of robot" in picture
    assert Artifact.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "unread", "absent"),
    [("card", "readme", "has no README"), ("facts", "card", "none stated"),
     ("facts", "license_file", "none stated")],
)  # fmt: skip
def test_panel_when_a_file_was_not_read_then_it_is_not_said_to_be_absent(name, unread, absent):
    artifact = make_artifact()
    assert absent in draw(name, get_overview(artifact.id))
    reading = Reading(ReadState.UNREADABLE, "x", f"It is noise: {MARKUP}{OVERRIDE}.")
    Revision.objects.update(facts=keep_readings({unread: reading}))
    shown = draw(name, get_overview(artifact.id))
    assert absent not in shown
    assert "It is noise: &lt;img" in shown
    assert OVERRIDE[0] not in shown
