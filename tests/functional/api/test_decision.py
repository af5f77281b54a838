"""`/artifact/{type}/{id}/decision`, and what the settings let out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import GateVerdict, SourceKind
from artifacts.models import Decision, User
from artifacts.services.content.bundles import build_bundle
from tests.clients import ApiClient, HubClient, message_of, user_with
from tests.factories.ratings import make_rating
from tests.factories.repositories import make_repository

pytestmark = pytest.mark.django_db


@pytest.fixture
def model():
    artifact = make_repository()
    build_bundle(artifact_id=artifact.id, revision=1, part="full")
    return artifact


@pytest.fixture
def dora() -> ApiClient:
    return ApiClient(user_with("search", "decide"))


def path_of(model) -> str:
    return f"/artifact/model/{model.id}/decision"


def approve(client, model, **more):
    return client.put(path_of(model), {"decision": "approved", "reason": "Reviewed."} | more)


def fetch(client, model) -> int:
    return client.get(f"/artifacts/model/{model.id}/download").status_code


def fetch_by_hub(user, model) -> int:
    return HubClient(user).get("/acme/robot/resolve/main/config.json").status_code


def test_put_when_permitted_then_decided_and_in_the_history(dora, api, model):
    answer = approve(dora, model, expires_at="2036-01-01T00:00:00Z")
    assert answer.status_code == 200
    told = api.get(path_of(model)).json()
    assert (told["decision"], told["expires_at"]) == ("approved", "2036-01-01T00:00:00Z")
    assert told["links_end_within_s"] == 900
    (line,) = told["history"]
    assert (line["decided_by"], line["reason"], line["revision"]) == (
        "only-search-decide", "Reviewed.", 1,
    )  # fmt: skip


def test_put_when_the_registrar_is_alone_then_202_until_another_agrees(dora, api, model):
    User.objects.filter(username="ursula").update(can_decide=True)
    answer = approve(api, model)
    assert answer.status_code == 202
    assert answer.json()["decision"] == "undecided"
    assert answer.json()["waits_for_second"]["decided_by"] == "ursula"
    assert approve(dora, model).json()["history"][0]["seconds"] == "ursula"


def test_get_when_the_first_word_has_ended_then_an_earlier_one_waits_or_none(dora, api, model):
    User.objects.filter(username="ursula").update(can_decide=True)
    approve(api, model)
    approve(api, model, expires_at="2036-01-01T00:00:00Z")
    assert "expires_at" in dora.get(path_of(model)).json()["waits_for_second"]
    ended = timezone.now() - timedelta(seconds=1)
    Decision.objects.filter(expires_at__isnull=False).update(expires_at=ended)
    assert "expires_at" not in dora.get(path_of(model)).json()["waits_for_second"]
    Decision.objects.update(expires_at=ended)
    assert "waits_for_second" not in dora.get(path_of(model)).json()


@pytest.mark.parametrize("permissions", [(), ("search", "upload", "download")])
def test_put_when_not_permitted_then_403(model, permissions):
    answer = approve(ApiClient(user_with(*permissions)), model)
    assert answer.status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"decision": "approved"},
        {"decision": "liked", "reason": "x"},
        {"decision": "approved", "reason": "x", "expires_at": "tomorrow"},
        {"decision": "approved", "reason": "x", "revision": "1"},
        {"decision": "approved", "reason": "x", "waived": ["beauty"]},
        [],
    ],
)
def test_put_when_malformed_then_400(dora, model, body):
    assert dora.put(path_of(model), body).status_code == 400


def test_put_when_there_is_no_such_revision_then_404(dora, model):
    assert approve(dora, model, revision=9).status_code == 404


@pytest.mark.parametrize(("asked", "status"), [("1", 200), ("2", 404), ("0", 400), ("x", 400)])
def test_get_when_a_revision_is_asked_for_then_that_one(api, model, asked, status):
    assert api.get(f"{path_of(model)}?revision={asked}").status_code == status


def test_get_when_nothing_is_there_then_404(api):
    assert api.get("/artifact/model/model-1-1/decision").status_code == 404


@pytest.mark.parametrize("setting", ["any", "passed", "approved"])
def test_download_when_rejected_then_refused_under_every_setting(
    dora, api, uploader, model, settings, setting
):
    settings.REGISTRY_DOWNLOADS = setting
    dora.put(path_of(model), {"decision": "rejected", "reason": "Too old."})
    answer = api.get(f"/artifacts/model/{model.id}/download")
    assert answer.status_code == 403
    assert "Too old." in message_of(answer)
    assert fetch_by_hub(uploader, model) == 403


@pytest.mark.parametrize(
    ("setting", "gate", "is_given"),
    [
        ("any", None, True),
        ("any", GateVerdict.FAILED, True),
        ("passed", None, False),
        ("passed", GateVerdict.FAILED, False),
        ("passed", GateVerdict.UNDECIDED, False),
        ("passed", GateVerdict.PASSED, True),
        ("passed", GateVerdict.EXEMPT, True),
        ("approved", GateVerdict.PASSED, False),
    ],
)
def test_download_when_undecided_then_as_the_setting_says(
    api, uploader, model, settings, setting, gate, is_given
):
    settings.REGISTRY_DOWNLOADS = setting
    if gate is not None:
        make_rating(model, gate=gate)
    # A small file that lies on this server is given to clients of the Hub at once.
    given = (302, 200) if is_given else (403, 403)
    assert (fetch(api, model), fetch_by_hub(uploader, model)) == given


@pytest.mark.parametrize("setting", ["passed", "approved"])
def test_download_when_approved_then_given(dora, api, uploader, model, settings, setting):
    settings.REGISTRY_DOWNLOADS = setting
    assert approve(dora, model).status_code == 200
    assert (fetch(api, model), fetch_by_hub(uploader, model)) == (302, 200)


def test_download_when_a_data_set_and_only_passed_is_given_then_given(api, settings):
    settings.REGISTRY_DOWNLOADS = "passed"
    found = make_repository("acme/words", kind="dataset", source=SourceKind.HUGGINGFACE_DATASET)
    build_bundle(artifact_id=found.id, revision=1, part="full")
    assert api.get(f"/artifacts/dataset/{found.id}/download").status_code == 302


def test_download_when_the_gate_is_enforced_then_every_door_refuses_what_fails(
    api, uploader, model, settings
):
    settings.REGISTRY_GATE = "enforce"
    make_rating(model, gate=GateVerdict.FAILED)
    assert (fetch(api, model), fetch_by_hub(uploader, model)) == (424, 403)


def test_users_when_given_the_permission_then_shown_and_kept(admin_api):
    body = {"name": "dieter", "password": "a-long-password-7", "permissions": ["decide"]}
    assert admin_api.post("/users", body).json()["permissions"] == ["decide"]
    assert admin_api.get("/users/dieter").json()["permissions"] == ["decide"]


def test_a_token_for_programs_when_its_owner_decides_then_it_does_not(dora, model):
    made = dora.post(
        f"/users/{dora.user.username}/tokens", {"name": "nightly", "scope": "write"}
    ).json()["token"]
    answer = ApiClient().put(
        path_of(model), {"decision": "rejected", "reason": "x"},
        **{"X-Authorization": f"Bearer {made}"},
    )  # fmt: skip
    assert answer.status_code == 403
    assert not Decision.objects.exists()
