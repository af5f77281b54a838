"""Bodies are refused before anybody is known to have sent them, behind any server."""

from typing import Any

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import RequestFactory

from artifacts.limits import COMMIT_BODY_MAX_BYTES, REQUEST_BODY_MAX_BYTES
from registry_site.body_limits import BodyLimitMiddleware


def passed(path: str, length: str) -> bool:
    request = RequestFactory().post(path)
    request.META["CONTENT_LENGTH"] = length
    seen: list[Any] = []
    answer = BodyLimitMiddleware(seen.append)(request)
    assert (answer is None) == bool(seen)
    assert answer is None or answer.status_code == 413
    return bool(seen)


@pytest.mark.parametrize("length", ["", "0", str(REQUEST_BODY_MAX_BYTES)])
def test_body_when_short_enough_then_passed_on(length):
    assert passed("/artifact/model", length)


@pytest.mark.parametrize("length", [str(REQUEST_BODY_MAX_BYTES + 1), "9" * 5_000, "-1", "1e3", "٣"])
def test_body_when_longer_or_of_no_length_then_refused(length):
    assert not passed("/artifact/model", length)
    assert not passed("/admin/login/", length)


COMMIT = "/api/models/registry.ursula/robot/commit/main"


def test_body_when_a_commit_then_as_long_as_commits_may_be():
    assert passed(COMMIT, str(COMMIT_BODY_MAX_BYTES))
    assert not passed(COMMIT, str(COMMIT_BODY_MAX_BYTES + 1))
    assert not passed(COMMIT.replace("commit", "preupload"), str(REQUEST_BODY_MAX_BYTES + 1))


def test_body_when_a_signed_link_may_announce_it_then_left_to_that():
    assert passed("/uploads/content/token", "300000000")


@pytest.mark.django_db
def test_files_of_a_form_when_nobody_signed_in_then_not_written(client, monkeypatch, tmp_path):
    written = []
    monkeypatch.setattr(
        TemporaryFileUploadHandler, "receive_data_chunk", lambda *given: written.append(given)
    )
    monkeypatch.setattr("django.conf.settings.FILE_UPLOAD_MAX_MEMORY_SIZE", 10, raising=False)
    file = tmp_path / "large.bin"
    file.write_bytes(b"x" * (REQUEST_BODY_MAX_BYTES + 1))
    with file.open("rb") as opened:
        answer = client.post("/admin/login/", {"file": opened})
    assert answer.status_code == 413
    assert written == []
