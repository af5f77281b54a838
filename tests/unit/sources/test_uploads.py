import hashlib
import io
import json
import struct
import zipfile

import pytest

from artifacts.enums import Part, SourceKind
from artifacts.exceptions import (
    ArchiveRefused,
    InvalidUrl,
    SourceRefused,
    SourceUnavailable,
    UploadNotFound,
)
from artifacts.limits import README_MAX_BYTES
from artifacts.models import Upload
from artifacts.rules import budget
from artifacts.services.trust.model_facts import read_snapshot_facts
from artifacts.sources.inquiry import Inquiry
from artifacts.sources.uploads import UploadSource
from artifacts.storage.keys import old_upload_key, upload_key
from artifacts.storage.store import get_store

CARD = b"---\nlicense: mit\ntags: [tea]\n---\n# robot\n"
FILES = {
    "robot/README.md": CARD,
    "robot/config.json": b'{"model_type": "bert"}',
    "robot/run.py": b"print('tea')\n",
    "robot/model.safetensors": struct.pack("<Q", 2) + b"{}",
}
NOBODYS = "6f1c6f0e-0000-4000-8000-00000000000a"


@pytest.fixture
def source():
    return UploadSource()


def sent(user, files, size_bytes=None, filename="robot.zip"):
    """An upload that was announced and sent."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    data = target.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    upload = Upload.objects.create(
        user=user, filename=filename, size_bytes=size_bytes or len(data), sha256=sha256
    )
    get_store().create(upload_key(upload.id), data, "application/zip")
    return upload


def snapshot_of(source, upload):
    return source.fetch_snapshot(source.parse(upload.url), Inquiry(10))


def test_parse_when_announced_names_the_content(source, uploader):
    upload = sent(uploader, FILES)
    reference = source.parse(upload.url)
    assert reference.kind == SourceKind.UPLOAD
    assert reference.key == f"upload:sha256/{upload.sha256}"
    assert (reference.name, reference.url) == ("robot", f"upload://{upload.id}")


def test_parse_when_the_same_zip_is_sent_twice_is_one_source(source, uploader):
    one, two = sent(uploader, FILES), sent(uploader, FILES, filename="other.zip")
    assert source.parse(one.url).key == source.parse(two.url).key


def test_parse_when_url_is_of_another_source_leaves_it(source):
    assert source.parse("https://huggingface.co/acme/robot") is None


@pytest.mark.parametrize(
    ("url", "error"),
    [
        pytest.param("upload://../etc", InvalidUrl, id="no id"),
        pytest.param("upload://", InvalidUrl, id="nothing"),
        pytest.param(f"upload://{NOBODYS}", UploadNotFound, id="never announced"),
        pytest.param(f"upload://{NOBODYS.upper()}", InvalidUrl, id="another spelling"),
        pytest.param(f"upload://urn:uuid:{NOBODYS}", InvalidUrl, id="yet another"),
    ],
)
def test_parse_when_no_upload_is_meant_says_so(db, source, url, error):
    with pytest.raises(error):
        source.parse(url)


def test_snapshot_when_sent_says_what_is_in_the_zip(source, uploader):
    upload = sent(uploader, FILES)
    snapshot = snapshot_of(source, upload)
    assert {file.path: (file.size_bytes, file.digest, file.part) for file in snapshot.files} == {
        "README.md": (len(CARD), "", Part.CARD),
        "config.json": (22, "", Part.CONFIG),
        "run.py": (13, "", Part.CODE),
        "model.safetensors": (10, "", Part.WEIGHTS),
    }
    assert snapshot.commit == upload.sha256
    assert snapshot.readme == CARD.decode()
    assert (snapshot.license, snapshot.card["tags"]) == ("mit", ["tea"])
    assert snapshot.config == {"model_type": "bert"}


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"run.py": b""}, ("", "", {}), id="nothing said"),
        pytest.param({"LICENSE": b"..."}, ("", "other", {}), id="license in a file"),
        pytest.param({"config.json": b"{"}, ("", "", {}), id="broken config"),
        pytest.param({"config.json": b"[" * 50_000}, ("", "", {}), id="deep config"),
        pytest.param({"config.json": b"[1]"}, ("", "", {}), id="config is a list"),
        pytest.param({"README.md": b"\xffa"}, ("\ufffda", "", {}), id="no UTF-8"),
        pytest.param(
            {"README.md": b"x" * (README_MAX_BYTES + 1)},
            ("x" * README_MAX_BYTES, "", {}),
            id="long card",
        ),
    ],
)
def test_snapshot_when_card_or_config_are_odd_takes_what_it_can(source, uploader, files, expected):
    snapshot = snapshot_of(source, sent(uploader, files))
    assert (snapshot.readme, snapshot.license, snapshot.config) == expected


@pytest.mark.parametrize(
    ("files", "size_bytes", "error", "reason"),
    [
        pytest.param({"../a": b""}, None, ArchiveRefused, "segment", id="zip slip"),
        pytest.param({"a": b""}, 7, SourceRefused, "7 were announced", id="other size"),
    ],
)
def test_snapshot_when_the_zip_is_bad_is_refused(
    source, uploader, files, size_bytes, error, reason
):
    upload = sent(uploader, files, size_bytes)
    with pytest.raises(error, match=reason):
        snapshot_of(source, upload)


def test_snapshot_when_nothing_was_sent_says_how_to(source, uploader):
    upload = Upload.objects.create(user=uploader, filename="a.zip", size_bytes=5, sha256="0" * 64)
    with pytest.raises(UploadNotFound, match=str(upload.id)):
        snapshot_of(source, upload)


def test_contents_when_asked_for_some_gives_their_bytes(source, uploader):
    upload = sent(uploader, FILES)
    snapshot = snapshot_of(source, upload)
    Upload.objects.all().delete()  # The revision is all that is left of it.
    wanted = snapshot.files[:2]
    found = {
        file.path: b"".join(chunks)
        for file, chunks in source.fetch_contents(snapshot.reference, snapshot.commit, wanted)
    }
    assert found == {"README.md": CARD, "config.json": FILES["robot/config.json"]}


def test_contents_when_a_file_is_not_in_the_zip_leaves_it_out(source, uploader):
    one, two = sent(uploader, {"a": b"1"}), sent(uploader, {"b": b"2"})
    reference, wanted = source.parse(one.url), snapshot_of(source, two).files
    assert list(source.fetch_contents(reference, "", wanted)) == []


def test_contents_when_the_zip_is_gone_is_final(source, uploader):
    upload = sent(uploader, FILES)
    snapshot = snapshot_of(source, upload)
    get_store().delete([upload_key(upload.id)])
    with pytest.raises(UploadNotFound) as caught:
        list(source.fetch_contents(snapshot.reference, snapshot.commit, snapshot.files))
    assert caught.value.retryable is False


def test_contents_when_they_rest_where_older_releases_put_them_are_found(source, uploader):
    upload = sent(uploader, FILES)
    snapshot = snapshot_of(source, upload)
    get_store().copy(upload_key(upload.id), old_upload_key(upload.sha256))
    get_store().delete([upload_key(upload.id)])
    found = list(source.fetch_contents(snapshot.reference, snapshot.commit, snapshot.files[:1]))
    assert [file.path for file, _ in found] == ["README.md"]
    with pytest.raises(UploadNotFound):
        snapshot_of(source, upload)


def test_front_matter_when_it_is_hostile_is_data_only(source, uploader):
    card = b"---\nlicense: !!python/object/apply:os.system [id]\n---\n"
    snapshot = snapshot_of(source, sent(uploader, {"README.md": card}))
    assert json.dumps(snapshot.card) == "{}"
    assert snapshot.license == ""


POINTER = (
    b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 440000000\n"
)


def test_snapshot_when_files_have_faults_then_they_are_marked_and_the_rest_is_taken(
    source, uploader
):
    odd = {"a.safetensors": b"x", "b.bin": POINTER, "data/c.csv": POINTER, "d.py": POINTER}
    snapshot = snapshot_of(source, sent(uploader, {"README.md": CARD} | odd))
    faults = {file.path: file.fault for file in snapshot.files if file.fault}
    assert "no valid safetensors" in faults.pop("a.safetensors")
    assert set(faults) == {"b.bin", "data/c.csv"}
    assert all("Git LFS pointer" in fault for fault in faults.values())
    assert snapshot.facts["pointers"] == {"b.bin": 440_000_000, "data/c.csv": 440_000_000}
    parts = {file.path: file.part for file in snapshot.files}
    assert (parts["a.safetensors"], parts["b.bin"], parts["d.py"]) == ("weights", "other", "code")


def test_snapshot_when_names_cannot_be_kept_then_tells_under_which_they_are(source, uploader):
    upload = sent(uploader, {"README.md": CARD, "Notes\r.txt": b"tea"})
    snapshot = snapshot_of(source, upload)
    assert snapshot.facts["renamed_files"] == {"Notes[U+000D].txt": "Notes\r.txt"}
    found = source.fetch_contents(snapshot.reference, snapshot.commit, snapshot.files)
    assert {file.path: b"".join(chunks) for file, chunks in found} == {
        "README.md": CARD, "Notes[U+000D].txt": b"tea",
    }  # fmt: skip


def test_snapshot_when_it_has_many_small_files_then_only_some_are_opened(
    source, uploader, set_limits
):
    set_limits(POINTERS_LOOKED_FOR_MAX=2)
    snapshot = snapshot_of(source, sent(uploader, {f"{n}.bin": POINTER for n in range(5)}))
    assert len(snapshot.facts["pointers"]) == 2


EMPTY = b'{"dtype":"U8","shape":[0],"data_offsets":[0,0]}'
MANY = b'{"a":%s,"b":%s}' % (EMPTY, EMPTY)


def test_snapshot_when_weights_are_too_much_to_read_then_that_is_kept(source, uploader, set_limits):
    set_limits(SAFETENSORS_TENSORS_MAX=1)
    weights = struct.pack("<Q", len(MANY)) + MANY
    files = {f"{number}.safetensors": weights for number in range(9)}
    snapshot = snapshot_of(source, sent(uploader, files))
    assert len(snapshot.files) == 9
    assert snapshot.facts["weights_unread"].count("names over 1 tensors") == 3


def test_snapshot_when_weights_take_longer_than_a_request_may_then_a_task_goes_on(
    source, uploader, set_limits
):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    upload = sent(uploader, FILES | {"robot/README.md": b"# robot\n"})
    with pytest.raises(SourceUnavailable, match=r"model\.safetensors: .* too much to read"):
        snapshot_of(source, upload)
    with budget.in_task():
        assert "weights_unread" not in snapshot_of(source, upload).facts
    set_limits(JUDGED_IN_TASK_CPU_S=0.0)
    with budget.in_task():
        assert "seconds of work" in snapshot_of(source, upload).facts["weights_unread"]


def test_snapshot_when_names_take_longer_than_a_request_may_then_a_task_goes_on(
    source, uploader, set_limits
):
    set_limits(JUDGED_AT_ONCE_CPU_S=0.0)
    upload = sent(uploader, {f"{number}.txt": b"" for number in range(200)})
    with pytest.raises(SourceUnavailable, match="directory is too much to read"):
        snapshot_of(source, upload)
    with budget.in_task():
        assert len(snapshot_of(source, upload).files) == 200
    set_limits(JUDGED_IN_TASK_CPU_S=0.0)
    with budget.in_task(), pytest.raises(ArchiveRefused, match="too much to read"):
        snapshot_of(source, upload)


@pytest.mark.parametrize(
    ("text", "state", "count"),
    [(b"- {dataset: {id: tea/cups}, value: 3}", "read", 1), (b"value: 3", "unreadable", 0)],
    ids=["a list", "no list"],
)
def test_snapshot_when_it_holds_results_then_they_are_read(source, uploader, text, state, count):
    files = FILES | {"robot/.eval_results/cups.yaml": text}
    snapshot = snapshot_of(source, sent(uploader, files))
    assert len(snapshot.facts.get("results", ())) == count
    assert snapshot.facts["readings"]["results"]["state"] == state
    model = read_snapshot_facts(snapshot)
    assert len(model.results) == count
    assert model.readings["results"].path == ".eval_results/cups.yaml"
