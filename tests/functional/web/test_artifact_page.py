"""The page of an artifact: what it says first, and what each of its tabs costs."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.models import Revision, SearchDocument, Task
from artifacts.web.artifact.tabs import DOWNLOADS, TABS
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import make_evidence, make_model
from tests.factories.ratings import make_edge, make_rating
from tests.functional.web.artifact_pages import MARKUP, make_large, show
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
# Those that everybody sees; `tests/functional/monitors` looks at the one for those in charge.
NAMES = [each.name for each in TABS if each.name != DOWNLOADS]
QUERIES_MAX = 12
PAGE_MAX_BYTES = 100_000


@pytest.fixture
def reader(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


@pytest.fixture(autouse=True)
def forgotten_variables_show(settings):
    templates = settings.TEMPLATES[0]
    options = templates["OPTIONS"] | {"string_if_invalid": "FORGOTTEN %s"}
    settings.TEMPLATES = [templates | {"OPTIONS": options}]


# ------------------------------------------------------------------ the page as a whole


@pytest.mark.parametrize("name", NAMES)
def test_tab_when_all_texts_are_hostile_and_rows_many_then_small_cheap_and_sound(
    reader, name, django_assert_max_num_queries
):
    artifact = make_large(15)
    with django_assert_max_num_queries(QUERIES_MAX):
        shown = show(reader, artifact, f"?tab={name}")
    assert len(shown.encode()) <= PAGE_MAX_BYTES
    assert "<script>alert" not in shown
    assert "FORGOTTEN" not in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


@pytest.mark.parametrize("name", NAMES)
def test_tab_when_there_is_more_of_everything_then_costs_no_more(
    reader, name, django_assert_max_num_queries
):
    small = make_artifact(number=999)
    make_rating(small)
    counted: list[int] = []
    for artifact in (small, make_large(3)):
        with django_assert_max_num_queries(QUERIES_MAX) as captured:
            show(reader, artifact, f"?tab={name}")
        counted.append(len(captured))
    # A family that goes on is walked one level further, and a list that is cut is counted.
    assert counted[1] <= counted[0] + 4


@pytest.mark.parametrize("kind", ["model", "dataset", "code"])
@pytest.mark.parametrize("name", NAMES)
def test_tab_when_little_is_known_then_says_so_and_leads_on(reader, kind, name):
    artifact = make_artifact(kind=kind)
    shown = show(reader, artifact, f"?tab={name}")
    assert "FORGOTTEN" not in shown
    assert faults(shown) == []
    links = {each for each in read(shown).anchors if each.startswith(("/", "?"))}
    links = {each if each.startswith("/") else f"/a/{artifact.id}{each}" for each in links}
    assert len(links) > 8
    assert {link: reader.get(link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("name", NAMES)
def test_tab_when_asked_for_as_json_then_the_same_as_data(reader, name):
    artifact = make_artifact()
    make_rating(artifact)
    found = reader.get(f"/a/{artifact.id}?tab={name}&format=json").json()
    assert found["header"]["facts"]["name"] == "robot"
    assert found["header"]["verdict"]["badge"] in ("passed", "failed", "undecided")
    assert len(found) > 1
    assert f"?tab={name}&amp;format=json" in show(reader, artifact, f"?tab={name}")


def test_page_when_opened_then_what_it_is_and_its_verdict_come_first(reader):
    artifact = make_artifact()
    Revision.objects.update(license="apache-2.0", commit="169d4a4341b33bc18d8881c4b69c2e104e1cc0af")
    artifact.refresh_from_db()
    rating = make_rating(artifact)
    shown = show(reader, artifact)
    places = [
        shown.index(each)
        for each in (
            "<bdi>robot</bdi></h1>", "Model · revision 1", "https://huggingface.co/acme/robot",
            "169d4a43", 'class="registry-badge', f"<strong>{rating.net_score:.2f}</strong> of 1",
            "apache-2.0", 'aria-label="About this artifact"', "At a glance",
        )
    ]  # fmt: skip
    assert places == sorted(places)


def test_page_when_a_tab_is_chosen_then_marked_and_named_in_the_title(reader):
    artifact = make_artifact()
    shown = show(reader, artifact, "?tab=files")
    assert f'<a href="/a/{artifact.id}?tab=files" aria-current="page">Files</a>' in shown
    assert shown.count('aria-current="page"') == 1
    assert "<title>robot, Files ·" in shown


def test_page_when_the_tab_is_unknown_then_the_first(reader):
    assert "At a glance" in show(reader, make_artifact(), "?tab=nonsense")


@pytest.mark.parametrize("artifact_id", ["model-9-9", "%00", "a%2Fb", "x" * 500])
def test_page_when_there_is_no_such_artifact_then_404(reader, artifact_id):
    assert reader.get(f"/a/{artifact_id}").status_code == 404


# ------------------------------------------------------------------ overview


def test_overview_when_there_is_a_card_then_drawn_with_its_contents(reader):
    readme = "---\nlicense: mit\n---\n# Robot\n\n## Use\n\nIt *walks*.\n"
    shown = show(reader, make_artifact(readme=readme))
    assert "<em>walks</em>" in shown
    assert "license: mit" not in shown
    assert '<a href="#card-use"><bdi>Use</bdi></a>' in shown


def test_overview_when_the_card_is_too_costly_then_plain_and_it_is_said(reader):
    shown = show(reader, make_artifact(readme="word " * 15_000 + "<script>"))
    assert "Shown as plain text: The README is too much to read" in shown
    assert '<pre class="registry-readme"' in shown
    assert "<script>" not in shown.replace('<script src="/static', "")
    assert len(shown.encode()) <= PAGE_MAX_BYTES


def test_overview_when_the_card_says_what_it_is_then_facts_beside_it(reader):
    artifact = make_artifact()
    revision = artifact.current_revision
    revision.card = {"language": ["en", "de"], "library_name": "transformers"}
    revision.facts = {"pipeline_tag": "fill-mask", "tags": ["arxiv:1810.04805"]}
    revision.size_bytes = 1_000_000
    revision.save()
    mother = make_artifact("mother", number=2)
    Revision.objects.filter(artifact=mother).update(license="llama2", size_bytes=3_000_000)
    make_edge(artifact, mother)
    make_edge(artifact, "acme/words", parent_type="dataset", relationship="training_dataset",
              parent_url="https://huggingface.co/datasets/acme/words")  # fmt: skip
    shown = show(reader, artifact)
    for each in (
        "<dt>Task</dt><dd><bdi>fill-mask</bdi>", "<dt>Library</dt><dd><bdi>transformers</bdi>",
        "<bdi>en</bdi>, <bdi>de</bdi>", "https://arxiv.org/abs/1810.04805",
        f'<dt>Made from</dt><dd><a href="/a/{mother.id}">', "<dt>Data sets</dt>",
        "<bdi>acme/words</bdi></a> (not registered: ",
        'href="/register?url=https%3A%2F%2Fhuggingface.co%2Fdatasets%2Facme%2Fwords"',
        "<bdi>mother</bdi></a>: <bdi>llama2</bdi>",
        "1.0 MB; 4.0 MB with the 2 things that it rests on, without 1 whose size nobody states",
    ):  # fmt: skip
        assert each in shown, each


def test_overview_when_metrics_fail_then_named_with_their_reasons(reader):
    artifact = make_artifact()
    make_rating(artifact, make_evidence(make_model(readme="", license="")))
    shown = show(reader, artifact)
    assert "<summary>Fails: " in shown
    assert 'class="registry-reasons"' in shown


def test_overview_when_the_source_is_silent_then_waiting_and_what_comes_next(reader):
    artifact = make_artifact(visible=False)
    create_task("ingest_artifact", artifact_id=artifact.id, arguments={})
    due_at = timezone.now() + timedelta(minutes=5)
    Task.objects.update(attempts=2, due_at=due_at, error=f"Hub: 503 {MARKUP}")
    shown = show(reader, artifact)
    assert "Waiting for its source" in shown
    assert "tried 2 of" in shown
    assert f"{due_at:%Y-%m-%d %H:%M}" in shown
    assert "Hub: 503 &lt;script&gt;" in shown
    assert faults(shown) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [("running", "being asked right now"), ("failed", "given up"), ("cancelled", "cancelled"),
     ("", "No work waits for it")],
)  # fmt: skip
def test_waiting_when_its_task_is_in_a_state_then_in_words(reader, state, words):
    artifact = make_artifact(visible=False)
    if state:
        create_task("ingest_artifact", artifact_id=artifact.id, arguments={})
        Task.objects.update(state=state)
    assert words in show(reader, artifact)


@pytest.mark.parametrize("name", NAMES)
def test_tab_when_the_source_is_silent_then_still_a_page(reader, name):
    shown = show(reader, make_artifact(visible=False), f"?tab={name}")
    assert "FORGOTTEN" not in shown
    assert faults(shown) == []


def test_card_when_the_document_is_missing_then_said(reader):
    artifact = make_artifact()
    SearchDocument.objects.all().delete()
    assert "It has no README" in show(reader, artifact)
