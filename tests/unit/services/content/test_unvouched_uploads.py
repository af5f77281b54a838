"""Zips sent at once to a bucket that takes whatever bytes arrive."""

import hashlib

import pytest

from artifacts.enums import UploadState
from artifacts.exceptions import (
    StorageUnavailable,
    StorageUnsuitable,
    UploadIncomplete,
    UploadNotFound,
    UploadPending,
    UploadRefused,
)
from artifacts.limits import CHUNK_BYTES
from artifacts.models import Task, Upload
from artifacts.services.content import upload_checks
from artifacts.services.content.upload_checks import check_upload, digest_of_digests
from artifacts.services.content.uploads import begin_upload, complete_upload, require_own_upload
from artifacts.sources.uploads import UploadSource
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.local import LocalStore, LocalWriter
from artifacts.storage.local_parts import LocalParts
from artifacts.storage.store import get_store
from tests.functional.api.uploading import make_zip

pytestmark = pytest.mark.django_db
DATA = make_zip()
EVIL = DATA.replace(b"tea", b"sea")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture(autouse=True)
def _comparing_nothing(monkeypatch, settings):
    settings.REGISTRY_TASKS = "worker"
    monkeypatch.setattr(LocalStore, "compares_digests", False)


@pytest.fixture
def upload(uploader) -> Upload:
    upload, target = begin_upload(
        user=uploader, filename="a.zip", size_bytes=len(DATA), sha256=digest(DATA)
    )
    assert target is not None
    return upload


def send(upload: Upload, data: bytes) -> None:
    """As such a bucket takes it."""
    get_store().replace(incoming_upload_key(upload.id), data, "application/zip")


def prepare(upload: Upload) -> None:
    """What comes before a registration's source is asked."""
    require_own_upload(user=upload.user, url=upload.url)


def test_upload_when_announced_then_unchecked_and_sent_to_where_nothing_is_registered_from(upload):
    assert upload.state == UploadState.UNCHECKED
    with pytest.raises(UploadPending):
        UploadSource().parse(upload.url)


def test_upload_when_registered_then_compared_first_and_out_of_reach(upload):
    send(upload, DATA)
    prepare(upload)
    upload.refresh_from_db()
    assert upload.state == UploadState.CHECKED
    assert [found.key for found in get_store().list("")] == [upload_key(upload.id)]
    send(upload, EVIL)
    assert get_store().read(upload_key(upload.id)) == DATA
    assert UploadSource().parse(upload.url) is not None


def test_upload_when_other_bytes_came_then_refused_until_the_right_ones_do(upload):
    send(upload, EVIL)
    with pytest.raises(UploadRefused, match=digest(EVIL)):
        prepare(upload)
    assert [found.key for found in get_store().list("uploads/")] == []
    send(upload, DATA)
    prepare(upload)
    assert Upload.objects.get().state == UploadState.CHECKED


def test_upload_when_the_bytes_change_under_our_hands_then_what_is_kept_was_compared(
    upload, monkeypatch
):
    send(upload, DATA)
    real = LocalStore.writer

    def writer(store, content_type):
        send(upload, EVIL)
        return real(store, content_type)

    monkeypatch.setattr(LocalStore, "writer", writer)
    prepare(upload)
    assert get_store().read(upload_key(upload.id)) == DATA


def test_upload_when_far_more_bytes_came_then_refused_without_reading_them_all(upload, monkeypatch):
    read = []
    real = LocalWriter.write
    monkeypatch.setattr(
        LocalWriter, "write", lambda self, chunk: (read.append(len(chunk)), real(self, chunk))
    )
    send(upload, b"x" * 5 * CHUNK_BYTES)
    read.clear()
    with pytest.raises(UploadRefused, match="at least"):
        prepare(upload)
    assert sum(read) == 0


def test_upload_when_nothing_was_sent_then_not_found(upload):
    with pytest.raises(UploadNotFound):
        prepare(upload)


def test_upload_when_two_register_it_at_once_then_the_later_finds_it_checked(upload, monkeypatch):
    send(upload, DATA)

    def late(_upload):
        get_store().delete([incoming_upload_key(upload.id)])
        Upload.objects.update(state=UploadState.CHECKED)
        get_store().open(incoming_upload_key(upload.id))

    monkeypatch.setattr(upload_checks, "_take_over", late)
    prepare(upload)
    assert Upload.objects.get().state == UploadState.CHECKED


def test_upload_when_large_then_a_task_compares_it_once(upload, set_limits):
    set_limits(UPLOAD_CHECKED_WITHIN_REQUEST_MAX_BYTES=len(DATA) - 1)
    send(upload, DATA)
    stale = Upload.objects.get()
    prepare(upload)
    prepare(stale)  # read before the first had made the task
    assert Task.objects.filter(name="check_upload").count() == 1
    with pytest.raises(UploadPending):
        UploadSource().parse(upload.url)
    check_upload(upload_id=str(upload.id))
    assert UploadSource().parse(upload.url) is not None
    assert get_store().read(upload_key(upload.id)) == DATA


def test_upload_when_announced_while_the_bucket_was_believed_then_announced_again(
    uploader, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "compares_digests", True)
        upload, _ = begin_upload(
            user=uploader, filename="a.zip", size_bytes=len(DATA), sha256=digest(DATA)
        )
    assert upload.state == UploadState.OPEN
    get_store().replace(upload_key(upload.id), EVIL, "application/zip")
    prepare(upload)
    with pytest.raises(UploadIncomplete, match="Announce it again"):
        UploadSource().parse(upload.url)


@pytest.mark.parametrize("sent", [DATA, EVIL], ids=["as announced", "others"])
def test_parts_when_the_bucket_compares_none_then_the_task_does(uploader, monkeypatch, sent):
    half = len(DATA) // 2
    upload, _ = begin_upload(
        user=uploader, filename="a.zip", size_bytes=len(DATA), in_parts=True
    )  # fmt: skip
    Upload.objects.update(part_size_bytes=half + 1)
    pieces = [DATA[: half + 1], DATA[half + 1 :]]
    monkeypatch.setattr(LocalParts, "join", lambda *_: send(upload, sent))
    digests = [digest(piece) for piece in pieces]
    complete_upload(user=uploader, upload_id=upload.id, digests=digests)
    task = Task.objects.get(name="check_upload")
    assert task.arguments["parts_digest"] == digest_of_digests(digests)
    if sent is EVIL:
        with pytest.raises(UploadRefused, match="A part has other bytes than announced"):
            check_upload(**task.arguments)
    else:
        check_upload(**task.arguments)
        assert Upload.objects.get().sha256 == digest(DATA)


def whose_bucket(monkeypatch, error) -> None:
    def compares_digests(_store):
        raise error

    monkeypatch.setattr(LocalStore, "compares_digests", property(compares_digests))


def test_upload_when_the_bucket_is_lost_and_was_never_tried_then_announced_as_unchecked(
    uploader, monkeypatch
):
    whose_bucket(monkeypatch, StorageUnavailable("The bucket does not answer."))
    upload, _ = begin_upload(
        user=uploader, filename="a.zip", size_bytes=len(DATA), sha256=digest(DATA)
    )
    assert upload.state == UploadState.UNCHECKED


def test_upload_when_nothing_may_be_written_into_the_bucket_then_not_even_announced(
    uploader, monkeypatch
):
    whose_bucket(monkeypatch, StorageUnsuitable("It gives no parts."))
    with pytest.raises(StorageUnsuitable):
        begin_upload(user=uploader, filename="a.zip", size_bytes=len(DATA), sha256=digest(DATA))
    assert not Upload.objects.exists()
