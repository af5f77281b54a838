"""Changing one's own password: `PUT /users/{name}/password`."""

import pytest

from artifacts.limits import PAIR_FAILURES
from artifacts.models import User
from tests.clients import PASSWORD, ApiClient, message_of, user_with
from tests.functional.api.test_user_tokens import made

pytestmark = pytest.mark.django_db
NEW = "another-long-password-of-mine"
BODY = {"old_password": PASSWORD, "new_password": NEW}
PATH = "/users/only-search-upload/password"


@pytest.fixture
def client() -> ApiClient:
    return ApiClient(user_with("search", "upload"))


def sign_in(password: str) -> int:
    body = {"user": {"name": "only-search-upload", "is_admin": False}}
    return ApiClient().put("/authenticate", body | {"secret": {"password": password}}).status_code


def test_password_when_changed_then_only_the_new_one_signs_in_and_every_token_has_ended(client):
    program, _ = made(client)
    answer = client.put(PATH, BODY)
    assert answer.status_code == 200
    assert answer.json() == {
        "name": "only-search-upload", "is_admin": False, "permissions": ["upload", "search"],
    }  # fmt: skip
    assert [sign_in(each) for each in (PASSWORD, NEW)] == [401, 200]
    for each in (client, program):
        assert each.post("/artifacts", [{"name": "*"}]).status_code == 403


def test_password_when_the_old_one_is_wrong_then_401_and_counted_like_a_sign_in(client):
    wrong = BODY | {"old_password": "not-the-right-one"}
    answers = [client.put(PATH, wrong) for _ in range(PAIR_FAILURES + 1)]
    assert [each.status_code for each in answers] == [401] * PAIR_FAILURES + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        ("short", "too short"), ("password1234", "common"), ("1029384756102", "numeric"),
        ("only-search-upload1", "similar"), (PASSWORD, "present"), ("x" * 1_001, "at most"),
        ("half-\ud800-a-character", "half of a pair"),
    ],
)  # fmt: skip
def test_password_when_the_new_one_is_not_acceptable_then_400_that_says_why(client, new, complaint):
    answer = client.put(PATH, BODY | {"new_password": new})
    assert answer.status_code == 400
    assert complaint in message_of(answer)
    assert User.objects.get().check_password(PASSWORD)


@pytest.mark.parametrize("body", [{}, {"old_password": PASSWORD}, BODY | {"new_password": 5}])
def test_password_when_malformed_then_400(client, body):
    assert client.put(PATH, body).status_code == 400


def test_password_when_anothers_then_403_for_administrators_too(client, admin_api):
    assert admin_api.put(PATH, BODY).status_code == 403
    assert client.put("/users/ada/password", BODY).status_code == 403


def test_password_when_by_a_token_for_programs_then_403(client):
    program, _ = made(client)
    assert program.put(PATH, BODY).status_code == 403
    assert sign_in(PASSWORD) == 200


def test_password_when_it_is_a_setting_then_400_that_names_it(settings):
    settings.REGISTRY_ADMIN_PASSWORD = "set-by-the-operator-1"
    user = User.objects.create_user("ece30861defaultadminuser", PASSWORD, is_admin=True)
    answer = ApiClient(user).put("/users/ece30861defaultadminuser/password", BODY)
    assert answer.status_code == 400
    assert "REGISTRY_ADMIN_PASSWORD" in message_of(answer)
