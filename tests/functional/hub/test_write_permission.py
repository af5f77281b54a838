"""Who may write by the Hub's protocol."""

import pytest

from artifacts.models import User
from tests.clients import user_with
from tests.functional.hub.pushing import (
    WEIGHTS,
    Pusher,
    regular,
    said,
)

pytestmark = pytest.mark.django_db


WRITES = [
    pytest.param(lambda p: p.create("other"), id="create"),
    pytest.param(lambda p: p.delete(), id="delete"),
    pytest.param(lambda p: p.preupload({"a": 1}), id="preupload"),
    pytest.param(lambda p: p.batch(WEIGHTS), id="batch"),
    pytest.param(lambda p: p.commit(regular("a", b"a")), id="commit"),
]


@pytest.mark.parametrize("write", WRITES)
def test_write_when_the_token_is_missing_or_bad_then_401(pushed, write):
    pushed.headers = {}
    assert write(pushed).status_code == 401
    pushed.headers = {"Authorization": "Bearer hf_unknown-token-of-somebody"}
    assert write(pushed).status_code == 401


@pytest.mark.parametrize("write", WRITES)
def test_write_when_the_user_may_not_upload_then_403(pushed, uploader, write):
    User.objects.filter(pk=uploader.pk).update(can_upload=False)
    answer = write(pushed)
    assert (answer.status_code, answer["X-Error-Code"]) == (403, "GatedRepo")


@pytest.mark.parametrize("write", WRITES[2:])
def test_write_when_the_repository_is_another_users_then_403(pushed, write):
    other = Pusher(user_with("upload", "search"))
    other.repo = pushed.repo
    answer = write(other)
    assert answer.status_code == 403
    assert "is not yours to write" in said(answer)


@pytest.mark.parametrize("write", WRITES[2:])
def test_write_when_there_is_no_repository_then_404(pusher, write):
    answer = write(pusher)
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RepoNotFound")
