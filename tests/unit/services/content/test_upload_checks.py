import hashlib
import io
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest

from artifacts.enums import TaskState, UploadState
from artifacts.exceptions import ObjectMissing, StorageUnavailable, UploadRefused
from artifacts.models import Task, Upload
from artifacts.services.content import upload_checks
from artifacts.services.content.upload_checks import check_upload, give_up_check
from artifacts.storage.keys import incoming_upload_key, upload_key
from artifacts.storage.local import LocalStore
from artifacts.storage.store import get_store
from artifacts.tasks.runner import run_one
from artifacts.work.queue import create_task

pytestmark = pytest.mark.django_db
DATA = b"bytes of a zip"
SHA256 = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def upload(uploader):
    """A zip whose parts are joined."""
    made = Upload.objects.create(
        user=uploader, filename="a.zip", size_bytes=len(DATA), state=UploadState.CHECKING,
        parts_id="0" * 32, part_size_bytes=5,
    )  # fmt: skip
    get_store().create(incoming_upload_key(made.id), DATA, "application/zip")
    return made


def keys():
    return [found.key for found in get_store().list("")]


@pytest.mark.parametrize("stated", ["", SHA256], ids=["no digest stated", "digest stated"])
def test_check_when_the_digest_fits_lets_the_zip_rest(upload, stated):
    Upload.objects.update(sha256=stated)
    check_upload(upload_id=str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, upload.sha256) == (UploadState.CHECKED, SHA256)
    assert keys() == [upload_key(upload.id)]
    assert get_store().read(upload_key(upload.id)) == DATA


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"sha256": "ab" * 32}, id="another digest"),
        pytest.param({"size_bytes": 5}, id="another size"),
    ],
)
def test_check_when_the_bytes_are_others_refuses_them_under_any_digest(upload, change):
    Upload.objects.update(**change)
    with pytest.raises(UploadRefused, match="announced"):
        check_upload(upload_id=str(upload.id))
    assert keys() == [incoming_upload_key(upload.id)]


def test_check_when_the_directory_tells_of_a_method_that_is_not_taken_reads_no_further(
    upload, monkeypatch
):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("model/weights.bin", b"x")
    get_store().replace(incoming_upload_key(upload.id), target.getvalue(), "application/zip")
    monkeypatch.setattr(upload_checks, "_digests_of", None)
    with pytest.raises(UploadRefused, match=r"'model/weights\.bin'.* bzip2, .*Pack the folder"):
        check_upload(upload_id=str(upload.id))


def test_check_when_it_fails_for_good_keeps_the_reason_and_removes_the_bytes(upload):
    give_up_check(artifact_id="", reason="Other bytes.", upload_id=str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == (UploadState.REFUSED, "Other bytes.")
    assert keys() == []


@pytest.mark.parametrize("state", [UploadState.OPEN, UploadState.CHECKED, UploadState.REFUSED])
def test_check_when_the_upload_is_in_another_state_leaves_it(upload, state):
    Upload.objects.update(state=state)
    check_upload(upload_id=str(upload.id))
    give_up_check(artifact_id="", reason="late", upload_id=str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == (state, "")
    assert keys() == [incoming_upload_key(upload.id)]


def test_check_when_aborted_meanwhile_registers_nothing(upload, monkeypatch):
    real = upload_checks._digests_of

    def digest_of(key, size_bytes):
        Upload.objects.all().delete()
        return real(key, size_bytes)

    monkeypatch.setattr(upload_checks, "_digests_of", digest_of)
    check_upload(upload_id=str(upload.id))
    assert not Upload.objects.exists()


def test_check_when_broken_off_after_the_copy_is_run_again(upload, monkeypatch):
    def refuse(*_args):
        raise StorageUnavailable("The bucket does not answer. Try again later.")

    with monkeypatch.context() as patch:
        patch.setattr(LocalStore, "delete", refuse)
        with pytest.raises(StorageUnavailable):
            check_upload(upload_id=str(upload.id))
    Upload.objects.update(state=UploadState.CHECKING)  # As if the row had not been written.
    check_upload(upload_id=str(upload.id))
    assert keys() == [upload_key(upload.id)]


def test_check_when_the_bytes_are_gone_is_final(upload):
    get_store().delete([incoming_upload_key(upload.id)])
    with pytest.raises(ObjectMissing) as caught:
        check_upload(upload_id=str(upload.id))
    assert caught.value.retryable is False


@pytest.mark.django_db(transaction=True)
def test_check_when_delivered_twice_at_once_ends_checked(upload, settings):
    settings.REGISTRY_TASKS = "worker"
    barrier = threading.Barrier(2)

    def deliver(_number):
        from django.db import connection

        barrier.wait()
        try:
            check_upload(upload_id=str(upload.id))
        except ObjectMissing:
            return False  # The other was done first; `give_up_check` finds nothing to do.
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(deliver, range(2)))
    assert any(ended)
    give_up_check(artifact_id="", reason="late", upload_id=str(upload.id))
    upload.refresh_from_db()
    assert (upload.state, keys()) == (UploadState.CHECKED, [upload_key(upload.id)])


def test_task_when_the_bytes_are_others_ends_and_the_reason_is_with_the_upload(upload, settings):
    settings.REGISTRY_TASKS = "worker"
    Upload.objects.update(sha256="ab" * 32)
    task = create_task("check_upload", artifact_id="", arguments={"upload_id": str(upload.id)})
    assert run_one("worker", task.id)
    assert Task.objects.get().state == TaskState.FAILED
    assert SHA256 in Upload.objects.get().reason
