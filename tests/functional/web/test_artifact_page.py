"""The page of an artifact: what it says first, its tabs, and what each costs."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.enums import ArtifactType, AuditAction, ContentState, Part, SourceKind
from artifacts.models import Artifact, AuditEntry, Blob, File, Revision, SearchDocument, Task
from artifacts.rules.digest import Sha256
from artifacts.services.content.bundles import build_bundle
from artifacts.storage.keys import blob_key
from artifacts.storage.store import get_store
from artifacts.web.artifact.tabs import TABS
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import make_evidence, make_model
from tests.factories.ratings import make_edge, make_rating
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
NAMES = [each.name for each in TABS]
QUERIES_MAX = 12
PAGE_MAX_BYTES = 100_000
MARKUP = "<script>alert(1)</script>'\"&{{ 7*7 }}"
OVERRIDE = "\u202egpj.exe"
DATA = b"# robot\n"


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


def show(client: Client, artifact: Artifact, query: str = "") -> str:
    answer = client.get(f"/a/{artifact.id}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def keep(artifact: Artifact, *parts: str) -> Artifact:
    """Keep the bytes of its only file, its card, and make zips."""
    sha256 = Sha256(hashlib.sha256(DATA).hexdigest())
    get_store().create(blob_key(sha256), DATA, "application/octet-stream")
    blob, _ = Blob.objects.get_or_create(sha256=sha256, size_bytes=len(DATA))
    File.objects.filter(revision__artifact=artifact).update(blob=blob, size_bytes=len(DATA))
    Revision.objects.filter(artifact=artifact).update(
        content_state=ContentState.STORED, size_bytes=len(DATA)
    )
    for part in parts:
        build_bundle(artifact_id=artifact.id, revision=1, part=part)
    return artifact


def make_large(rows: int) -> Artifact:
    """An artifact with so many rows of everything, whose every text is hostile."""
    name = f"{MARKUP}{OVERRIDE}{'long' * 40}"
    artifact = make_artifact(
        name, readme=f"# {name}\n\n" + f"- [{name}](https://a.example)\n" * 500
    )
    revision = artifact.current_revision
    revision.card = {"language": ["en", MARKUP] * rows, "pipeline_tag": MARKUP, "tags": [1, None]}
    revision.facts = {"tags": ["arxiv:2212.04356", MARKUP], "library_name": OVERRIDE}
    revision.url = f"https://huggingface.co/{name}"
    revision.license = revision.commit = MARKUP
    revision.save()
    File.objects.bulk_create(
        File(revision=revision, path=f"{OVERRIDE}{MARKUP}{'d' * 60}-{number:05}", part=Part.WEIGHTS,
             size_bytes=1, source_digest=f"sha256:{'0' * 64}")
        for number in range(rows * 20)
    )  # fmt: skip
    evidence = make_evidence(make_model(repository=name, readme=name, license=name))
    for number in range(rows):
        make_rating(artifact, evidence, created_by=MARKUP)
        parent = make_artifact(f"{number}{name}"[:250], number=2 * number + 2)
        Revision.objects.filter(artifact=parent).update(license=MARKUP, size_bytes=5)
        make_edge(artifact, parent)
        make_edge(parent, f"{number}{name}"[:250], parent_type="dataset")
        make_edge(make_artifact(name, "code", number=2 * number + 3), artifact)
    for number in range(rows):
        Revision.objects.create(
            artifact=artifact, number=number + 2, url=revision.url, source_kind=SourceKind.UPLOAD,
            repository="x", created_at=timezone.now(), created_by=MARKUP,
        )  # fmt: skip
    AuditEntry.objects.bulk_create(
        AuditEntry(artifact_id=artifact.id, artifact_type=ArtifactType.MODEL, artifact_name=name,
                   user_name=MARKUP, user_is_admin=False, action=AuditAction.RATE,
                   created_at=timezone.now(), note=name)
        for _ in range(rows * 10)
    )  # fmt: skip
    return artifact


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
    shown = show(reader, make_artifact(), "?tab=files")
    assert '<a href="?tab=files" aria-current="page">Files</a>' in shown
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
        "<bdi>acme/words</bdi></a> (not registered)", "<bdi>mother</bdi></a>: <bdi>llama2</bdi>",
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


# ------------------------------------------------------------------ files and downloads


def test_files_when_many_then_pages_that_show_each_once(reader):
    artifact = make_artifact()
    File.objects.bulk_create(
        File(revision=artifact.current_revision, path=f"{'p' * 990}-{number:03}", part=Part.OTHER)
        for number in range(250)
    )
    address: str | None = "?tab=files"
    seen: list[str] = []
    while address:
        page = reader.get(f"/a/{artifact.id}{address}")
        seen += [each.path for each in page.context["files"].lines.rows]
        (address,) = [*read_next(page.content.decode()), None][:1]
    assert len(seen) == len(set(seen)) == 251
    assert seen == sorted(seen)


def read_next(shown: str) -> list[str]:
    return [each for each in read(shown).anchors if "offset=" in each and "format" not in each]


@pytest.mark.parametrize("offset", ["nonsense", "after.x", "after.1.2", "after." + "9" * 40])
def test_files_when_the_offset_is_not_ours_then_400(reader, offset):
    assert reader.get(f"/a/{make_artifact().id}?tab=files&offset={offset}").status_code == 400


def test_files_when_the_row_of_the_offset_is_gone_then_an_end(reader):
    page = reader.get(f"/a/{make_artifact().id}?tab=files&offset=after.999999")
    assert page.context["files"].lines.rows == ()


def test_files_when_kept_then_digest_to_copy_and_download(reader):
    shown = show(reader, keep(make_artifact()), "?tab=files")
    digest = f"sha256:{hashlib.sha256(DATA).hexdigest()}"
    assert f'data-copy="{digest}"' in shown
    assert f'href="/files/{File.objects.get().pk}"' in shown


def test_file_when_asked_for_then_led_to_its_bytes_and_audited(reader):
    keep(make_artifact())
    answer = reader.get(f"/files/{File.objects.get().pk}")
    given: Any = Client().get(answer["Location"])
    assert b"".join(given.streaming_content) == DATA
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.note) == ("DOWNLOAD", "file=README.md")


def test_file_when_not_kept_or_not_there_then_told_on_a_page(reader):
    make_artifact()
    answer = reader.get(f"/files/{File.objects.get().pk}")
    assert answer.status_code == 404
    assert "does not hold the bytes" in answer.content.decode()
    assert "There is no such file" in reader.get("/files/999999").content.decode()


def test_header_when_kept_then_offers_all_and_each_part(reader):
    artifact = keep(make_artifact())
    File.objects.create(
        revision=artifact.current_revision, path="w.bin", part=Part.WEIGHTS, size_bytes=5
    )
    shown = show(reader, artifact)
    for part in ("full", "card", "weights"):
        assert f'href="/a/{artifact.id}/download/{part}"' in shown


def test_header_when_not_kept_then_offers_nothing_that_would_not_work(reader):
    shown = show(reader, make_artifact())
    assert "/download/" not in shown


# ------------------------------------------------------------------ revisions, audit, use


def test_revisions_when_two_then_links_that_compare_them(reader):
    artifact = make_artifact()
    second = Revision.objects.create(
        artifact=artifact, number=2, url="/", source_kind=SourceKind.UPLOAD, repository="x",
        license="mit", created_at=timezone.now(), created_by="ada",
    )  # fmt: skip
    File.objects.create(revision=second, path="new.txt", part=Part.OTHER, size_bytes=5)
    assert '<a href="?tab=revisions&amp;compare=1..2">' in show(reader, artifact, "?tab=revisions")
    shown = show(reader, artifact, "?tab=revisions&compare=1..2")
    assert "<h3>Added</h3>" in shown
    assert "<bdi>new.txt</bdi>" in shown
    assert "<h3>Removed</h3>" in shown
    assert "<bdi>mit</bdi> <strong>changed</strong>" in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


@pytest.mark.parametrize(
    "asked", ["1", "1..", "a..b", "1..99", "-1..2", "1..2..3", "9" * 30 + "..1"]
)
def test_revisions_when_what_to_compare_makes_no_sense_then_said(reader, asked):
    shown = show(reader, make_artifact(), f"?tab=revisions&compare={asked}")
    assert 'class="problem"' in shown
    assert "Number" in shown


def test_audit_when_read_then_the_reader_is_in_it(reader, uploader):
    artifact = make_artifact()
    shown = show(reader, artifact, "?tab=audit")
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name) == ("AUDIT", uploader.username)
    assert "AUDIT" in shown
    assert "CREATE" in shown


def test_audit_when_a_stranger_asks_then_names_nobody(client, settings):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    shown = show(client, make_artifact(), "?tab=audit")
    assert "to read it" in shown
    assert "CREATE" not in shown
    assert not AuditEntry.objects.filter(action="AUDIT").exists()


def test_use_when_kept_then_commands_for_this_artifact_and_its_digest(reader):
    artifact = keep(make_artifact("robot; rm -rf $HOME"))
    shown = show(reader, artifact, "?tab=use")
    assert f"http://testserver/artifacts/model/{artifact.id}/download?part=full" in shown
    assert f"{hashlib.sha256(DATA).hexdigest()}  README.md" in shown
    assert "-o robot--rm--rf--HOME.zip" in shown
    assert "FORGOTTEN" not in shown


def test_use_when_a_part_is_chosen_then_that_alone(reader):
    artifact = keep(make_artifact())
    assert "?part=card" in show(reader, artifact, "?tab=use&part=card")
    assert "?part=full" in show(reader, artifact, "?tab=use&part=weights")


@pytest.mark.parametrize("path", ["a b.md", "$(reboot)", "'x'.md", "a\nb", "-rf", "ü.md"])
def test_use_when_a_path_would_mean_something_to_a_shell_then_left_out(reader, path):
    artifact = keep(make_artifact())
    File.objects.update(path=path)
    shown = show(reader, artifact, "?tab=use")
    assert "sha256sum" not in shown
    assert "digests" not in shown


@pytest.mark.parametrize(
    ("state", "words"),
    [("pending", "still being fetched"), ("failed", "does not keep its bytes"),
     ("link_only", "from its source")],
)  # fmt: skip
def test_use_when_not_kept_then_why(reader, state, words):
    artifact = make_artifact()
    Revision.objects.update(content_state=state)
    shown = show(reader, artifact, "?tab=use")
    assert words in shown
    assert "curl" not in shown


def test_use_when_scripts_are_off_then_no_button_is_in_the_way(reader):
    shown = show(reader, keep(make_artifact()), "?tab=use")
    assert shown.count('class="registry-copy" hidden') == shown.count('class="registry-copy"') == 4


def test_card_when_the_document_is_missing_then_said(reader):
    artifact = make_artifact()
    SearchDocument.objects.all().delete()
    assert "It has no README" in show(reader, artifact)
