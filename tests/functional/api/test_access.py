import threading

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.exceptions import AuthenticationFailed
from artifacts.limits import PASSWORD_MAX_CHARS, TOKEN_CALLS
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, Artifact, User
from artifacts.services.authentication import count_call, digest_of, issue_token
from artifacts.services.users import PUBLISHED_PASSWORDS, ensure_administrator
from tests.clients import PASSWORD, ApiClient, message_of, user_with
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
LISTING = [{"name": "*"}]


def credentials(name: str, password: str) -> dict:
    return {"user": {"name": name, "is_admin": True}, "secret": {"password": password}}


def test_authenticate_when_right_then_a_token_that_works(anonymous, uploader):
    answer = anonymous.put("/authenticate", credentials("ursula", "a-long-password-2"))
    assert answer.status_code == 200
    assert answer.json().startswith("bearer ")
    token = answer.json()
    assert anonymous.post("/artifacts", LISTING, **{"X-Authorization": token}).status_code == 200


@pytest.mark.parametrize(
    "form",
    ["{}", "bearer {}", "Bearer {}", "BEARER  {}", '"bearer {}"', '"{}"', "  bearer {}  "],
)
def test_token_when_written_in_any_usual_form_then_taken(uploader, form):
    token = issue_token(username="ursula", password="a-long-password-2")
    user, digest = count_call(form.format(token))
    assert (user.username, user.can_upload, user.is_admin) == ("ursula", True, False)
    assert digest == digest_of(token)


@pytest.mark.parametrize("header", ["", "bearer", "bearer garbage", "ü" * 40, "a b c", "x" * 5_000])
def test_token_when_malformed_or_unknown_then_refused(db, header):
    with pytest.raises(AuthenticationFailed):
        count_call(header)


@pytest.mark.parametrize(
    ("name", "password"),
    [("ursula", "wrong"), ("nobody", "a-long-password-2"), ("URSULA", "a-long-password-2")],
    ids=["password", "name", "case"],
)
def test_authenticate_when_wrong_then_401_and_never_which_of_the_two(
    anonymous, uploader, name, password
):
    answer = anonymous.put("/authenticate", credentials(name, password))
    assert answer.status_code == 401
    assert message_of(answer) == "The user or password is invalid."


def test_authenticate_when_the_account_is_closed_then_401(anonymous, uploader):
    User.objects.update(is_active=False)
    answer = anonymous.put("/authenticate", credentials("ursula", "a-long-password-2"))
    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        {}, [], b"{", {"user": {"name": "x", "is_admin": True}}, {"secret": {"password": "x"}},
        credentials("x", 5), {"user": {"name": "x"}, "secret": {"password": "x"}},
        {"user": {"name": "x", "is_admin": "yes"}, "secret": {"password": "x"}},
    ],
)  # fmt: skip
def test_authenticate_when_malformed_then_400(anonymous, body):
    answer = anonymous.put("/authenticate", body)
    assert answer.status_code == 400
    assert message_of(answer)


@pytest.mark.parametrize("spelling", PUBLISHED_PASSWORDS)
def test_published_password_when_no_other_is_set_then_each_spelling_signs_in(anonymous, spelling):
    ensure_administrator()
    answer = anonymous.put("/authenticate", credentials(DEFAULT_ADMIN_USERNAME, spelling))
    assert answer.status_code == 200


@pytest.mark.parametrize("spelling", PUBLISHED_PASSWORDS)
def test_published_password_when_another_is_configured_then_only_that_signs_in(
    anonymous, settings, spelling
):
    ensure_administrator()
    settings.REGISTRY_ADMIN_PASSWORD = "configured-password"
    ensure_administrator()
    refused = anonymous.put("/authenticate", credentials(DEFAULT_ADMIN_USERNAME, spelling))
    assert refused.status_code == 401
    body = credentials(DEFAULT_ADMIN_USERNAME, "configured-password")
    assert anonymous.put("/authenticate", body).status_code == 200


def test_published_password_when_staff_set_another_then_no_longer(anonymous):
    ensure_administrator()
    user = User.objects.get()
    user.set_password("chosen-by-staff")
    user.save()
    for spelling in PUBLISHED_PASSWORDS:
        body = credentials(DEFAULT_ADMIN_USERNAME, spelling)
        assert anonymous.put("/authenticate", body).status_code == 401


def test_published_password_when_another_account_has_it_then_only_as_it_was_set(anonymous):
    User.objects.create_user("other", PUBLISHED_PASSWORDS[0])
    body = credentials("other", PUBLISHED_PASSWORDS[1])
    assert anonymous.put("/authenticate", body).status_code == 401


def test_ensure_administrator_when_somebody_else_administers_then_creates_nobody(administrator):
    ensure_administrator()
    assert list(User.objects.values_list("username", flat=True)) == ["ada"]


# ------------------------------------------------------------------ counting


def test_token_when_its_calls_are_spent_then_403(api):
    AccessToken.objects.update(calls_left=2)
    statuses = [api.post("/artifacts", LISTING).status_code for _ in range(3)]
    assert statuses == [200, 200, 403]


def test_token_when_its_time_is_over_then_403(api):
    AccessToken.objects.update(expires_at=timezone.now())
    assert api.post("/artifacts", LISTING).status_code == 403


def test_token_when_the_user_is_gone_then_403(api, uploader):
    uploader.delete()
    assert api.post("/artifacts", LISTING).status_code == 403


def test_token_when_the_account_is_closed_then_403(api):
    User.objects.update(is_active=False)
    assert api.post("/artifacts", LISTING).status_code == 403


def test_token_when_a_permission_is_taken_away_then_from_the_next_call_on(api):
    assert api.post("/artifacts", LISTING).status_code == 200
    User.objects.update(can_search=False)
    answer = api.post("/artifacts", LISTING)
    assert answer.status_code == 403
    assert "'search'" in message_of(answer)


def test_open_routes_when_a_token_is_sent_then_not_counted(api):
    api.get("/health")
    api.get("/tracks")
    assert AccessToken.objects.get().calls_left == 1_000


@pytest.mark.django_db(transaction=True)
def test_token_when_many_threads_spend_it_then_exactly_its_calls(uploader):
    token = issue_token(username="ursula", password="a-long-password-2")
    AccessToken.objects.update(calls_left=100)
    outcomes: list[bool] = []

    def spend() -> None:
        try:
            for _ in range(20):
                try:
                    count_call(token)
                except AuthenticationFailed:
                    outcomes.append(False)
                else:
                    outcomes.append(True)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (outcomes.count(True), outcomes.count(False)) == (100, 60)
    assert AccessToken.objects.get().calls_left == 0


def test_issue_token_when_asked_then_only_a_digest_is_kept(uploader):
    token = issue_token(username="ursula", password="a-long-password-2")
    row = AccessToken.objects.get()
    assert row.calls_left == TOKEN_CALLS
    assert token not in (row.digest, str(row))


# ------------------------------------------------------------------ users


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
