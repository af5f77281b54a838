"""What waits at the Hub's door, as staff find it: large files and registrations by reads."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from artifacts.enums import UploadState
from artifacts.models import HubPull, LfsObject
from artifacts.rules.digest import Sha256
from tests.functional.admin.pages import page

pytestmark = pytest.mark.django_db
DIGESTS = {state: Sha256(f"{number:064x}") for number, state in enumerate(UploadState, start=1)}
WAITING, REGISTERED, REFUSED, ABSENT = (
    f"model:acme/{word}" for word in ("waiting", "registered", "refused", "absent")
)


@pytest.fixture
def files(uploader) -> None:
    for state, digest in DIGESTS.items():
        LfsObject.objects.create(user=uploader, sha256=digest, size_bytes=2_000_000, state=state)


@pytest.fixture
def pulls() -> None:
    now = timezone.now()
    for key, ended_at, artifact_id, refusal in (
        (WAITING, None, "", ""),
        (REGISTERED, now, "model-1-1", ""),
        (REFUSED, now, "", "The gate refuses it."),
        (ABSENT, now, "", ""),
    ):
        HubPull.objects.create(
            key=key, holder=uuid.uuid4(), user_name="ursula", begun_at=now, ended_at=ended_at,
            artifact_id=artifact_id, refusal=refusal,
        )  # fmt: skip


def listed(staff, name: str, query: str) -> set[str]:
    answer = staff.get(f"{reverse(f'admin:artifacts_{name}_changelist')}?{query}")
    assert answer.status_code == 200
    return {getattr(row, "key", "") or row.sha256 for row in answer.context["cl"].result_list}


@pytest.mark.parametrize("state", UploadState)
def test_large_files_when_narrowed_by_state_then_only_those(staff, files, state):
    assert listed(staff, "lfsobject", f"state__exact={state}") == {DIGESTS[state]}


@pytest.mark.parametrize(
    ("query", "found"),
    [("ursula", set(DIGESTS.values())), ("0" * 63 + "1", {DIGESTS[UploadState.OPEN]}),
     ("adam", set())],
    ids=["its-user", "its-digest", "somebody-else"],
)  # fmt: skip
def test_large_files_when_searched_then_found(staff, files, query, found):
    assert listed(staff, "lfsobject", f"q={query}") == found


def test_large_file_when_listed_then_sizes_are_for_people(staff, files):
    assert "2.0 MB" in page(staff, "artifacts_lfsobject_changelist")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {WAITING, REGISTERED, REFUSED, ABSENT}),
        ("outcome=waiting", {WAITING}),
        ("outcome=registered", {REGISTERED}),
        ("outcome=refused", {REFUSED, ABSENT}),
        ("outcome=nonsense", {WAITING, REGISTERED, REFUSED, ABSENT}),
        ("q=model:acme/re", {REGISTERED, REFUSED}),
        ("q=ursula", {WAITING, REGISTERED, REFUSED, ABSENT}),
        ("q=adam", set()),
    ],
)
def test_registrations_by_reads_when_narrowed_or_searched_then_found(staff, pulls, query, found):
    assert listed(staff, "hubpull", query) == found
