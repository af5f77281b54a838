"""Who may replace and delete whose artifacts."""

import pytest

from artifacts.exceptions import InvalidUrl, NotTheUploader, PermissionMissing
from artifacts.models import Artifact, User
from artifacts.services.access import users
from artifacts.services.access.ownership import permission_to_change
from artifacts.services.catalogue.registration import Registration
from tests.clients import ApiClient, message_of, user_with
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
REPLACE = "artifacts.services.catalogue.replacement"


@pytest.fixture
def artifact(uploader) -> Artifact:
    made = make_artifact()
    Artifact.objects.filter(pk=made.pk).update(uploader=uploader)
    made.refresh_from_db()
    return made


@pytest.fixture
def by_uploader(settings):
    """Only uploaders change what they registered."""
    settings.REGISTRY_OWNERSHIP = "uploader"


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """The URLs for which a source was asked."""
    found: list[str] = []

    def find_source(url):
        found.append(url)
        raise InvalidUrl("not here")

    monkeypatch.setattr(f"{REPLACE}.find_source", find_source)
    return found


def change(api: ApiClient, artifact: Artifact):
    metadata = {"name": artifact.name, "id": artifact.id, "type": "model"}
    body = {"metadata": metadata, "data": {"url": "https://huggingface.co/acme/other"}}
    return api.put(f"/artifacts/model/{artifact.id}", body)


def remove(api: ApiClient, artifact: Artifact):
    return api.delete(f"/artifacts/model/{artifact.id}")


@pytest.mark.parametrize("act", [change, remove])
def test_change_when_it_is_anothers_then_403_that_names_who_may_and_no_source_is_asked(
    by_uploader, artifact, asked, act
):
    answer = act(ApiClient(user_with("upload", "search", "download")), artifact)
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "not_the_uploader"
    assert "'manage'" in message_of(answer)
    assert asked == []
    assert Artifact.objects.filter(pk=artifact.pk).exists()


@pytest.mark.parametrize("act", [change, remove])
def test_change_when_nobody_owns_it_any_more_then_those_who_manage_alone(
    by_uploader, artifact, uploader, administrator, asked, act
):
    users.delete_user(name="ursula", by=administrator)
    again = User.objects.create_user("ursula", "a-long-password-2", can_upload=True)
    assert act(ApiClient(again), artifact).status_code == 403
    answer = act(ApiClient(user_with("manage")), artifact)
    assert answer.status_code == (200 if act is remove else 400)  # Its source was asked.
    assert len(asked) == (0 if act is remove else 1)


@pytest.mark.parametrize("act", [change, remove])
def test_change_when_anybody_may_then_upload_or_manage_does(artifact, asked, act):
    for permission in ("search", "download"):
        answer = act(ApiClient(user_with(permission)), artifact)
        assert answer.status_code == 403
        assert "'upload' or 'manage'" in message_of(answer)
    done = act(ApiClient(user_with("upload")), artifact).status_code
    assert done == (200 if act is remove else 400)


def test_change_when_asked_then_the_smallest_permission_that_does(by_uploader, artifact, uploader):
    assert permission_to_change(artifact, uploader) == "upload"
    both = user_with("upload", "manage")
    assert permission_to_change(artifact, both) == "manage"
    uploader.can_upload = False
    with pytest.raises(NotTheUploader):
        permission_to_change(artifact, uploader)


def test_delete_when_manage_is_taken_away_meanwhile_then_403(by_uploader, artifact, monkeypatch):
    from artifacts.enums import ArtifactType
    from artifacts.services.catalogue import deletion

    manager = user_with("manage", "upload")
    User.objects.filter(pk=manager.pk).update(can_manage=False)
    with pytest.raises(PermissionMissing, match="manage"):
        deletion.delete_artifact(
            artifact_type=ArtifactType.MODEL, artifact_id=artifact.id, user=manager
        )
    assert Artifact.objects.filter(pk=artifact.pk).exists()


def test_update_when_the_uploader_asks_then_done(by_uploader, artifact, api, monkeypatch):
    seen = []

    def replace_artifact(**given):
        seen.append(permission_to_change(artifact, given["user"]))
        return Registration(artifact, given["url"], is_deferred=False)

    monkeypatch.setattr(f"{REPLACE}.replace_artifact", replace_artifact)
    assert change(api, artifact).status_code == 200
    assert seen == ["upload"]
    assert remove(api, artifact).status_code == 200


def test_user_when_created_with_manage_then_it_is_shown_and_counted(admin_api, artifact):
    made = admin_api.post(
        "/users", {"name": "mia", "password": "a-long-password-9", "permissions": ["manage"]}
    )
    assert made.json()["permissions"] == ["manage"]
    assert User.objects.get(username="mia").can_manage
    taken = admin_api.put("/users/mia/permissions", {"permissions": []})
    assert taken.json()["permissions"] == []
    assert not User.objects.get(username="mia").can_manage
