"""Large files that are sent before a commit."""

import pytest
from django.urls import clear_script_prefix, set_script_prefix

from artifacts.models import LfsObject
from tests.functional.hub.pushing import (
    WEIGHTS,
    large,
    sha256_of,
)

pytestmark = pytest.mark.django_db


def test_preupload_when_files_differ_then_texts_go_into_the_commit(pushed):
    answer = pushed.preupload({"a.md": 100, "b.bin": 100, "c.json": 10**6, "empty.bin": 0})
    modes = {each["path"]: each["uploadMode"] for each in answer.json()["files"]}
    assert modes == {"a.md": "regular", "b.bin": "lfs", "c.json": "lfs", "empty.bin": "regular"}
    assert all(each["shouldIgnore"] is False for each in answer.json()["files"])


def test_preupload_when_a_large_file_is_there_then_its_digest_is_told(pushed):
    pushed.send_large(WEIGHTS)
    pushed.commit(large("model.bin", WEIGHTS))
    (found,) = pushed.preupload({"model.bin": 2_000}).json()["files"]
    assert found["oid"] == sha256_of(WEIGHTS)


@pytest.mark.parametrize("files", [{}, {f"{number}": 1 for number in range(1_001)}])
def test_preupload_when_of_none_or_too_many_then_400(pushed, files):
    assert pushed.preupload(files).status_code == 400


def test_batch_when_the_file_is_large_then_in_parts_that_are_joined(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=900)
    answer = pushed.batch(WEIGHTS, transfers=["basic", "multipart"])
    assert answer["Content-Type"] == "application/vnd.git-lfs+json"
    (found,) = answer.json()["objects"]
    header = found["actions"]["upload"]["header"]
    assert header["chunk_size"] == "900"
    parts = [WEIGHTS[:900], WEIGHTS[900:1_800], WEIGHTS[1_800:]]
    etags = [pushed.put(header[str(n)], part)["ETag"] for n, part in enumerate(parts, 1)]
    assert all(etags)
    body = {"oid": found["oid"], "parts": []}
    assert pushed.post(found["actions"]["upload"]["href"], body).status_code == 200
    assert pushed.commit(large("model.bin", WEIGHTS)).status_code == 200
    assert pushed.tree()["model.bin"] == sha256_of(WEIGHTS)


def test_batch_when_asked_at_a_stage_then_its_addresses_are_at_the_stage(pushed, settings):
    settings.REGISTRY_BASE_URL = "https://registry.example"
    set_script_prefix("/stage/")
    (staged,) = pushed.batch(WEIGHTS).json()["objects"]
    clear_script_prefix()
    (whole,) = pushed.batch(WEIGHTS).json()["objects"]
    hrefs = [each["href"] for each in staged["actions"].values()]
    assert [each.startswith("http://testserver/stage/") for each in hrefs] == [True, True]
    hrefs = [each["href"] for each in whole["actions"].values()]
    assert [each.startswith("https://registry.example/") for each in hrefs] == [True, True]


def test_complete_when_a_part_is_missing_then_400_and_when_sent_then_joined(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=1_000)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    upload = found["actions"]["upload"]
    pushed.put(upload["header"]["2"], WEIGHTS[1_000:])
    assert pushed.post(upload["href"]).status_code == 400
    pushed.put(upload["header"]["1"], WEIGHTS[:1_000])
    assert pushed.post(upload["href"]).status_code == 200
    assert pushed.post(upload["href"]).status_code == 200


def test_complete_when_parts_have_other_bytes_then_refused(pushed, set_limits):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=1_000, UPLOAD_PART_BYTES=1_000)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    upload = found["actions"]["upload"]
    for number in ("1", "2"):
        pushed.put(upload["header"][number], b"x" * 1_000)
    assert pushed.post(upload["href"]).status_code == 400
    assert pushed.commit(large("model.bin", WEIGHTS)).status_code == 400


def test_batch_when_many_files_are_large_then_parts_grow_and_addresses_are_bounded(
    pushed, set_limits
):
    set_limits(UPLOAD_AT_ONCE_MAX_BYTES=100, UPLOAD_PART_BYTES=10, LFS_PARTS_SIGNED_MAX=8)
    answer = pushed.batch(b"a" * 1_000, b"b" * 1_000)
    counts = [len(each["actions"]["upload"]["header"]) - 1 for each in answer.json()["objects"]]
    assert counts == [4, 4]


def test_batch_when_sent_before_then_it_need_not_be_sent_again(pushed):
    pushed.send_large(WEIGHTS)
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert found == {"oid": sha256_of(WEIGHTS), "size": len(WEIGHTS)}


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"operation": "download"}, id="a download"),
        pytest.param({"objects": [{"oid": "x", "size": 1}]}, id="no digest"),
        pytest.param({"objects": [{"oid": "a" * 64}]}, id="no size"),
        pytest.param({"objects": ["x"]}, id="no object"),
    ],
)
def test_batch_when_malformed_then_400(pushed, more):
    assert pushed.batch(WEIGHTS, **more).status_code == 400


def test_batch_when_a_file_is_larger_than_uploads_then_413(pushed, set_limits):
    set_limits(UPLOAD_MAX_BYTES=100)
    assert pushed.batch(WEIGHTS).status_code == 413


def test_put_when_other_bytes_come_then_refused(pushed):
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert pushed.put(found["actions"]["upload"]["href"], b"x" * 2_000).status_code == 400


@pytest.mark.parametrize("purpose", ["verify", "complete"])
def test_links_when_not_signed_here_then_404(pushed, purpose):
    assert pushed.post(f"/api/lfs/{purpose}/made-up").status_code == 404
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    link = found["actions"]["verify"]["href"]
    assert pushed.post(link.replace("/verify/", "/complete/")).status_code == 404


def test_verify_when_nothing_was_sent_then_409_and_when_forgotten_then_404(pushed):
    (found,) = pushed.batch(WEIGHTS).json()["objects"]
    assert pushed.post(found["actions"]["verify"]["href"]).status_code == 409
    LfsObject.objects.all().delete()
    assert pushed.post(found["actions"]["verify"]["href"]).status_code == 404


def test_batch_when_an_object_has_two_sizes_then_400_and_none_is_announced(pushed):
    objects = [{"oid": "ab" * 32, "size": size} for size in (10, 20)]
    assert pushed.batch(objects=objects).status_code == 400
    assert not LfsObject.objects.exists()
