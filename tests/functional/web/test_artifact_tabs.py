"""Files, downloads, revisions, trail and commands of an artifact's page."""

import hashlib
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.enums import Part, SourceKind
from artifacts.models import AuditEntry, File, Revision
from tests.factories.artifacts import make_artifact
from tests.functional.web.artifact_pages import DATA, keep, show
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(uploader) -> Client:
    client = Client()
    client.force_login(uploader)
    return client


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
    assert "trail read" in shown
    assert "registered" in shown


def test_audit_when_a_stranger_asks_then_names_nobody(client, settings):
    settings.REGISTRY_PUBLIC_PAGES = "on"
    shown = show(client, make_artifact(), "?tab=audit")
    assert "to read it" in shown
    assert "registered" not in shown
    assert not AuditEntry.objects.filter(action="AUDIT").exists()


def test_use_when_kept_then_commands_for_this_artifact_and_its_digest(reader):
    artifact = keep(make_artifact("robot; rm -rf $HOME"))
    shown = show(reader, artifact, "?tab=use")
    assert f"http://testserver/artifacts/model/{artifact.id}/download?part=full" in shown
    assert f"{hashlib.sha256(DATA).hexdigest()}  README.md" in shown
    assert "-o robot--rm--rf--HOME.zip" in shown


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


@pytest.mark.parametrize(
    ("artifact_type", "config", "words"),
    [
        ("model", {"model_type": "bert"}, 'model = AutoModel.from_pretrained("acme/robot", '),
        ("model", {}, 'folder = snapshot_download("acme/robot", '),
        ("model", {"model_type": 3}, 'folder = snapshot_download("acme/robot", '),
        ("dataset", {"model_type": "bert"}, 'data = load_dataset("acme/robot", '),
    ],
    ids=["transformers", "no library", "no word", "data set"],
)
def test_use_when_the_hub_s_clients_can_read_it_then_their_commands(
    reader, artifact_type, config, words
):
    artifact = keep(make_artifact("robot", artifact_type))
    kind = f"huggingface_{artifact_type}"
    artifact.source_key = f"{kind}:acme/robot"
    artifact.save()
    Revision.objects.update(
        source_kind=kind, repository="acme/robot", commit="c" * 40, config=config
    )
    shown = unescape(show(reader, artifact, "?tab=use"))
    assert 'export HF_ENDPOINT=http://testserver HF_TOKEN="${TOKEN#bearer }"\n' in shown
    option = "--repo-type dataset " if artifact_type == "dataset" else ""
    assert f"hf download acme/robot {option}--revision {'c' * 40}<" in shown
    assert f'{words}revision="{"c" * 40}")' in shown


def test_use_when_two_have_one_name_then_the_id_that_is_always_theirs(reader):
    first, second = (keep(make_artifact("robot", number=number)) for number in (2, 4))
    Revision.objects.update(source_kind=SourceKind.UPLOAD, repository="x", commit="")
    for artifact in (first, second):
        shown = show(reader, artifact, "?tab=use")
        assert f"hf download registry/{artifact.id} --revision " in shown


def test_use_when_code_then_no_client_of_the_hub(reader):
    shown = show(reader, keep(make_artifact("robot", "code")), "?tab=use")
    assert "command-curl" in shown
    assert "HF_ENDPOINT" not in shown


def test_use_when_scripts_are_off_then_no_button_is_in_the_way(reader):
    shown = show(reader, keep(make_artifact()), "?tab=use")
    assert shown.count('class="registry-copy" hidden') == shown.count('class="registry-copy"') == 6
