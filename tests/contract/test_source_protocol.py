"""What every source owes: the same checks for the real ones, on small answers, and for the fake."""

import hashlib
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.models import Upload, User
from artifacts.rules.archives.paths import check_member_path
from artifacts.sources import http
from artifacts.sources.base import Snapshot, Source, SourceFile, SourceReference
from artifacts.sources.catalogue import SOURCES, get_source
from artifacts.sources.direct import DirectSource
from artifacts.sources.github import GitHubSource
from artifacts.sources.huggingface import HuggingFaceSource
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.kaggle import KaggleSource
from artifacts.sources.uploads import UploadSource
from artifacts.storage.keys import upload_key
from artifacts.storage.store import get_store
from tests.fakes.loopback import Loopback, Reply, json_reply, serve
from tests.fakes.source import FakeSource

pytestmark = pytest.mark.django_db
COMMIT = "c0ffee" * 6 + "beef"
CONTENTS = {"README.md": b"# robot\n", "src/robot.py": b"print('tea')\n"}


@dataclass
class Case:
    """A source with one artifact in it; `fail` stops it from answering."""

    source: Source
    reference: SourceReference
    contents: dict[str, bytes]
    fail: Callable[[], None] = lambda: None


def git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def archive() -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for path, data in CONTENTS.items():
            member = tarfile.TarInfo(f"acme-robot-c0ffee/{path}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def break_down(server: Loopback) -> Callable[[], None]:
    def fail() -> None:
        server.routes = dict.fromkeys(server.routes, Reply(status=503))

    return fail


def parsed(source: Source, url: str) -> SourceReference:
    reference = source.parse(url)
    assert reference is not None
    return reference


def hub_case(server: Loopback) -> Case:
    info = {"id": "acme/robot", "sha": COMMIT, "cardData": {"license": "mit"}}
    tree = [
        {"type": "file", "path": path, "size": len(data), "oid": git_oid(data)}
        for path, data in CONTENTS.items()
    ]
    server.routes |= {
        "/api/models/acme/robot/revision/main": json_reply(info),
        f"/api/models/acme/robot/tree/{COMMIT}": json_reply(tree),
    } | {f"/acme/robot/resolve/{COMMIT}/{path}": Reply(data) for path, data in CONTENTS.items()}
    source = HuggingFaceSource()
    reference = parsed(source, "https://huggingface.co/acme/robot")
    return Case(source, reference, CONTENTS, break_down(server))


def github_case(server: Loopback) -> Case:
    base = "/repos/acme/robot"
    tree = [
        {"type": "blob", "path": path, "size": len(data), "sha": git_oid(data)}
        for path, data in CONTENTS.items()
    ]
    server.routes |= {
        base: json_reply({"full_name": "acme/robot", "default_branch": "main"}),
        f"{base}/commits/main": Reply(COMMIT.encode()),
        f"{base}/git/trees/{COMMIT}": json_reply({"tree": tree}),
        f"{base}/tarball/{COMMIT}": Reply(archive()),
    } | {f"{base}/git/blobs/{git_oid(data)}": Reply(data) for data in CONTENTS.values()}
    source = GitHubSource()
    reference = parsed(source, "https://github.com/acme/robot")
    return Case(source, reference, CONTENTS, break_down(server))


def kaggle_case(server: Loopback) -> Case:
    page = json.dumps({"@type": "Dataset", "description": "Tea."})
    server.routes["/datasets/acme/tea"] = Reply(
        f'<script type="application/ld+json">{page}</script>'.encode()
    )
    source = KaggleSource()
    reference = parsed(source, "https://www.kaggle.com/datasets/acme/tea")
    return Case(source, reference, {}, break_down(server))


def direct_case(server: Loopback) -> Case:
    server.routes["/model.bin"] = Reply(b"\x01\x02")
    url = f"{server.url}/model.bin"
    reference = SourceReference(SourceKind.DIRECT, url, "model.bin", url)
    return Case(DirectSource(), reference, {"model.bin": b"\x01\x02"}, break_down(server))


def upload_case(_server: Loopback) -> Case:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archived:
        for path, data in CONTENTS.items():
            archived.writestr(path, data)
    sent = packed.getvalue()
    sha256 = hashlib.sha256(sent).hexdigest()
    upload = Upload.objects.create(
        user=User.objects.create_user("ursula", "a-long-password-2"),
        filename="robot.zip",
        sha256=sha256,
        size_bytes=len(sent),
    )
    get_store().create(upload_key(upload.id), sent, "application/zip")
    source = UploadSource()
    return Case(source, parsed(source, upload.url), CONTENTS)


def fake_case(_server: Loopback) -> Case:
    reference = SourceReference(
        SourceKind.HUGGINGFACE_MODEL, "acme/robot", "robot", "https://huggingface.co/acme/robot"
    )
    files = tuple(
        SourceFile(path, len(data), f"git:{git_oid(data)}", Part.CODE)
        for path, data in CONTENTS.items()
    )
    source = FakeSource(Snapshot(reference=reference, commit=COMMIT, files=files), CONTENTS)

    def fail() -> None:
        source.error = source.contents_error = SourceUnavailable("The fake source is down.")

    return Case(source, reference, CONTENTS, fail)


WITH_FILES = [hub_case, github_case, direct_case, fake_case]
# The bucket is no outside world: that it fails is the business of the storage's tests.
OUTSIDE = [*WITH_FILES, kaggle_case]
CASES = [*OUTSIDE, upload_case]


def case_id(make: Callable[[Loopback], Case]) -> str:
    return make.__name__.removesuffix("_case")


def these(cases):
    """Run a test for some of the cases only."""
    return pytest.mark.parametrize("case", cases, indirect=True, ids=case_id)


@pytest.fixture(params=CASES, ids=case_id)
def case(request, settings, pauses) -> Iterator[Case]:
    with serve() as server:
        for name in ("HF_ENDPOINT", "GITHUB_API_URL", "GITHUB_WEB_URL", "KAGGLE_URL"):
            setattr(settings, name, server.url)
        settings.REGISTRY_PRIVATE_HOSTS = (server.host,)
        yield request.param(server)
        http._session().close()


def take(case: Case) -> Snapshot:
    return case.source.fetch_snapshot(case.reference, Inquiry(30))


def fetch(case: Case, snapshot: Snapshot) -> list[tuple[SourceFile, bytes]]:
    fetched = case.source.fetch_contents(snapshot.reference, snapshot.commit, snapshot.files)
    return [(file, b"".join(chunks)) for file, chunks in fetched]


def test_sources_when_listed_then_each_has_a_case_and_each_kind_one_source():
    # The fake one is no source; a repository of commits has nobody to ask (`sources.commits`).
    assert len(CASES) == len(SOURCES)
    kinds = [kind for source in SOURCES for kind in source.kinds]
    assert sorted(kinds) == sorted(SourceKind)
    assert all(kind in get_source(kind.value).kinds for kind in kinds)


def test_parse_when_url_is_the_references_then_its_kind_is_the_sources(case):
    assert case.reference.kind in case.source.kinds
    assert case.reference.name
    assert case.reference.key.startswith(f"{case.reference.kind.value}:")


@these([hub_case, github_case, kaggle_case, upload_case, fake_case])
def test_parse_when_url_is_of_no_source_then_none(case, settings):
    settings.REGISTRY_ALLOWED_HOSTS = ("files.example.org",)
    assert case.source.parse("https://files.example.org/model.bin") is None


def test_fetch_snapshot_when_answered_then_data_can_be_kept(case):
    snapshot = take(case)
    assert snapshot.reference.kind in case.source.kinds
    assert isinstance(snapshot.readme, str)
    assert isinstance(snapshot.license, str)
    kept = json.dumps([snapshot.card, snapshot.config, snapshot.facts, snapshot.tags])
    assert "NaN" not in kept


def test_fetch_snapshot_when_taken_twice_then_the_same(case):
    assert take(case) == take(case)


def test_fetch_snapshot_when_answered_then_paths_are_safe_and_unique(case):
    files = take(case).files
    assert [file.path for file in files] == [check_member_path(file.path) for file in files]
    assert {file.path for file in files} == set(case.contents)
    assert len(files) == len(case.contents)


@these([*WITH_FILES, upload_case])
def test_fetch_contents_when_asked_for_all_then_each_file_once_as_listed(case):
    found = fetch(case, take(case))
    assert {file.path: data for file, data in found} == case.contents
    assert len(found) == len(case.contents)
    assert all(file.size_bytes == len(data) for file, data in found)


@these([*WITH_FILES, upload_case])
def test_fetch_contents_when_asked_for_one_then_only_that_one(case):
    snapshot = take(case)
    last = snapshot.files[-1]
    assert fetch(case, replace(snapshot, files=(last,))) == [(last, case.contents[last.path])]


@these([kaggle_case])
def test_fetch_contents_when_only_a_link_is_kept_then_refused_with_the_reason(case):
    snapshot = take(case)
    assert snapshot.link_only_reason
    with pytest.raises(SourceRefused):
        fetch(case, snapshot)


@these(OUTSIDE)
def test_fetch_snapshot_when_source_is_down_then_unavailable(case):
    case.fail()
    with pytest.raises(SourceUnavailable) as raised:
        take(case)
    assert raised.value.retryable


@these(WITH_FILES)
def test_fetch_contents_when_source_is_down_then_unavailable(case):
    snapshot = take(case)
    case.fail()
    with pytest.raises(SourceUnavailable):
        fetch(case, snapshot)


@these(OUTSIDE)
def test_fetch_snapshot_when_time_is_over_then_unavailable(case):
    with pytest.raises(SourceUnavailable):
        case.source.fetch_snapshot(case.reference, Inquiry(0))


@these([hub_case, direct_case, fake_case])
def test_fetch_contents_when_the_beginning_is_kept_then_the_rest(case):
    snapshot = take(case)
    files = [replace(file, start=3) for file in snapshot.files]
    fetched = case.source.fetch_contents(snapshot.reference, snapshot.commit, files)
    found = {file.path: b"".join(chunks) for file, chunks in fetched}
    assert found == {path: data[3:] for path, data in case.contents.items()}
