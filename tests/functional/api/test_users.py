"""Users, their permissions, and the reset."""

import pytest

from artifacts.limits import PASSWORD_MAX_CHARS
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, Artifact, User
from tests.clients import PASSWORD, ApiClient, message_of, user_with
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
LISTING = [{"name": "*"}]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "sam", "password": PASSWORD, "permissions": ["search"]},
        {"user": {"name": "sam", "is_admin": False}, "secret": {"password": PASSWORD},
         "permissions": ["search"]},
    ],
    ids=["flat", "nested"],
)  # fmt: skip
def test_create_user_when_an_administrator_asks_then_201(admin_api, body):
    answer = admin_api.post("/users", body)
    assert answer.status_code == 201
    assert answer.json() == {"name": "sam", "is_admin": False, "permissions": ["search"]}
    assert (
        ApiClient(User.objects.get(username="sam")).post("/artifacts", LISTING).status_code == 200
    )


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"name": "sam"}, "name and a password"),
        ({"name": "", "password": PASSWORD}, "1 to 150"),
        ({"name": "x" * 151, "password": PASSWORD}, "1 to 150"),
        ({"name": " sam", "password": PASSWORD}, "visible"),
        ({"name": "sam", "password": "short"}, "too short"),
        ({"name": "sam", "password": "x" * (PASSWORD_MAX_CHARS + 1)}, "at most"),
        ({"name": "sam", "password": PASSWORD, "permissions": ["everything"]}, "permissions"),
        ({"name": 5, "password": PASSWORD}, "name"),
        ({"name": "sam\u0000", "password": PASSWORD}, "NUL"),
    ],
)
def test_create_user_when_malformed_then_400(admin_api, body, complaint):
    answer = admin_api.post("/users", body)
    assert answer.status_code == 400
    assert complaint in message_of(answer)


def test_create_user_when_the_name_is_taken_then_409(admin_api, uploader):
    answer = admin_api.post("/users", {"name": "ursula", "password": PASSWORD})
    assert answer.status_code == 409


def test_users_when_listed_by_an_administrator_then_all(admin_api, uploader):
    names = [user["name"] for user in admin_api.get("/users").json()]
    assert names == ["ada", "ursula"]


def test_user_when_reading_oneself_then_200_and_others_403(api, administrator):
    assert api.get("/users/ursula").json()["permissions"] == ["upload", "search", "download"]
    assert api.get("/users/ada").status_code == 403


def test_user_when_unknown_then_404(admin_api):
    assert admin_api.get("/users/nobody").status_code == 404


def test_permissions_when_set_then_exactly_those(admin_api, uploader):
    answer = admin_api.put("/users/ursula/permissions", {"permissions": ["download"]})
    assert answer.json() == {"name": "ursula", "is_admin": False, "permissions": ["download"]}
    made = admin_api.put("/users/ursula/permissions", {"permissions": [], "is_admin": True})
    assert made.json()["is_admin"] is True


def test_permissions_when_the_last_administrator_steps_down_then_409(admin_api):
    body = {"permissions": [], "is_admin": False}
    answer = admin_api.put("/users/ada/permissions", body)
    assert answer.status_code == 409


def test_delete_user_when_oneself_then_gone_with_all_tokens(api):
    assert api.delete("/users/ursula").status_code == 200
    assert not AccessToken.objects.exists()
    assert api.get("/users/ursula").status_code == 403


def test_delete_user_when_another_asks_then_403_and_administrators_may(admin_api, api):
    User.objects.create_user("otto", PASSWORD)
    assert api.delete("/users/otto").status_code == 403
    assert admin_api.delete("/users/otto").status_code == 200
    assert admin_api.delete("/users/otto").status_code == 404


def test_delete_user_when_the_last_administrator_then_409(admin_api):
    answer = admin_api.delete("/users/ada")
    assert answer.status_code == 409
    assert "last administrator" in message_of(answer)


# ------------------------------------------------------------------ reset


def test_reset_when_an_administrator_asks_then_empty_and_the_token_stays(admin_api):
    make_artifact()
    assert admin_api.delete("/reset").status_code == 200
    assert not Artifact.objects.exists()
    assert admin_api.post("/artifacts", LISTING).json() == []
    assert [user["name"] for user in admin_api.get("/users").json()] == [DEFAULT_ADMIN_USERNAME]


def test_reset_when_no_administrator_then_401_and_nothing_is_lost(api):
    make_artifact()
    assert api.delete("/reset").status_code == 401
    assert Artifact.objects.exists()


def test_reset_when_without_token_then_403(anonymous):
    assert anonymous.delete("/reset").status_code == 403


def test_user_with_one_permission_when_using_another_then_403(db):
    searcher = ApiClient(user_with("search"))
    answer = searcher.post("/artifact/model", {"url": "https://huggingface.co/a/b"})
    assert answer.status_code == 403
    assert "'upload'" in message_of(answer)
