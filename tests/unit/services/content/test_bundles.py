import hashlib
import io
import tracemalloc
import zipfile

import pytest

from artifacts.enums import Part
from artifacts.exceptions import ContentPending, PartNotFound
from artifacts.models import Blob, File
from artifacts.rules.digest import Sha256
from artifacts.services.content.bundles import build_bundle, find_bundle
from artifacts.storage.keys import blob_key, bundle_key
from artifacts.storage.store import get_store
from tests.factories.artifacts import make_artifact
from tests.fakes.storage import local_store

CONTENTS = {"b/ä.bin": b"\x00" * 100, "README.md": b"# robot\n", "a.bin": b"\x01" * 50}
PARTS = {"README.md": "card"}


def kept(contents=CONTENTS):
    """An artifact whose files are all kept."""
    artifact = make_artifact()
    artifact.current_revision.files.all().delete()
    for path, data in contents.items():
        keep(artifact.current_revision, path, data)
    return artifact


def keep(revision, path, data):
    sha256 = hashlib.sha256(data).hexdigest()
    get_store().create(blob_key(Sha256(sha256)), data, "application/octet-stream")
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size_bytes": len(data)})
    File.objects.create(
        revision=revision,
        path=path,
        part=Part(PARTS.get(path, "weights")),
        size_bytes=None,
        blob=blob,
    )


def build(artifact, part="full"):
    return build_bundle(artifact_id=artifact.id, revision=1, part=part)


def opened(key):
    return zipfile.ZipFile(io.BytesIO(get_store().read(key)))


@pytest.mark.parametrize(
    ("part", "names"),
    [
        pytest.param("full", ["README.md", "a.bin", "b/ä.bin"], id="full"),
        pytest.param("weights", ["a.bin", "b/ä.bin"], id="weights"),
        pytest.param("card", ["README.md"], id="card"),
    ],
)
def test_bundle_when_built_holds_the_files_of_its_part(db, part, names):
    artifact = kept()
    key = build(artifact, part)
    assert key == bundle_key(artifact.id, 1, part)
    with opened(key) as bundle:
        assert bundle.testzip() is None
        assert bundle.namelist() == names
        assert {name: bundle.read(name) for name in names} == {n: CONTENTS[n] for n in names}
        assert {info.compress_type for info in bundle.infolist()} == {zipfile.ZIP_STORED}
        assert {info.date_time for info in bundle.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_bundle_when_built_anew_is_the_same(db):
    artifact = kept()
    first = get_store().read(build(artifact))
    get_store().delete([bundle_key(artifact.id, 1, "full")])
    assert get_store().read(build(artifact)) == first


def test_bundle_when_it_is_there_is_not_written_again(db):
    artifact = kept()
    before = local_store().path(build(artifact)).stat().st_mtime_ns
    assert local_store().path(build(artifact)).stat().st_mtime_ns == before


def test_bundle_when_a_file_needs_zip64_says_so_in_advance(db, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 80)
    with opened(build(kept())) as bundle:
        assert bundle.testzip() is None
        assert {info.filename: info.extract_version for info in bundle.infolist()} == {
            "README.md": 20,
            "a.bin": 20,
            "b/ä.bin": 45,
        }


@pytest.mark.parametrize("is_built", [False, True], ids=["first time", "again"])
def test_bundle_when_a_blob_was_removed_meanwhile_is_pending(db, is_built):
    artifact = kept()
    if is_built:
        build(artifact)
    get_store().delete([blob_key(Sha256(hashlib.sha256(CONTENTS["a.bin"]).hexdigest()))])
    with pytest.raises(ContentPending) as caught:
        build(artifact)
    assert caught.value.retryable
    assert (find_bundle(get_store(), bundle_key(artifact.id, 1, "full")) is None) != is_built
    assert list(get_store().list("incoming/")) == []


def test_bundle_when_a_file_is_not_fetched_yet_is_pending(db):
    artifact = kept()
    File.objects.create(revision=artifact.current_revision, path="c", part=Part.WEIGHTS)
    assert build(artifact, "card")
    with pytest.raises(ContentPending):
        build(artifact)


def test_bundle_when_there_is_no_such_part_or_artifact_says_so(db):
    artifact = kept()
    with pytest.raises(PartNotFound):
        build(artifact, "dataset")
    with pytest.raises(PartNotFound):
        build_bundle(artifact_id="model-9-9", revision=1, part="full")


def test_bundle_when_files_are_large_takes_little_memory(db):
    artifact = kept({"large.bin": bytes(40_000_000)})
    tracemalloc.start()
    build(artifact)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 10_000_000
