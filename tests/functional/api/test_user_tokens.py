"""Tokens for programs: `/users/{name}/tokens`."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.limits import PROGRAM_TOKEN_LIFETIME_MAX_DAYS, PROGRAM_TOKENS_MAX
from artifacts.models import AccessToken, User
from artifacts.services.access import token_use
from tests.clients import PASSWORD, ApiClient, message_of, user_with
from tests.secret_watch import remember

pytestmark = pytest.mark.django_db
BODY = {"name": "nightly build", "scope": "write", "lifetime_days": 30}
UPLOAD = {"filename": "a.zip", "size_bytes": 5, "sha256": "ab" * 32}


@pytest.fixture
def user() -> User:
    return user_with("search", "upload")


@pytest.fixture
def client(user) -> ApiClient:
    return ApiClient(user)


@pytest.fixture
def admin() -> ApiClient:
    return ApiClient(User.objects.create_user("ada", PASSWORD, is_admin=True))


def path(user: User) -> str:
    return f"/users/{user.username}/tokens"


def made(client: ApiClient, **changes) -> tuple[ApiClient, str]:
    """A program with a token of this client's user; and the token's id."""
    answer = client.post(path(client.user), BODY | changes)
    assert answer.status_code == 201
    program = ApiClient()
    program.user, program.token = client.user, remember(answer.json()["token"])
    return program, answer.json()["id"]


def test_token_when_made_then_201_and_shown_this_once(client, user):
    answer = client.post(path(user), BODY)
    body = answer.json()
    token = remember(body.pop("token"))
    assert answer.status_code == 201
    assert body.keys() == {"id", "name", "scope", "created_at", "expires_at"}
    assert (body["name"], body["scope"]) == ("nightly build", "write")
    row = AccessToken.objects.get(digest=body["id"])
    lasts = row.expires_at - timezone.now()
    assert timedelta(days=30) - timedelta(minutes=1) < lasts <= timedelta(days=30)
    listed = client.get(path(user))
    assert listed.json() == [body]
    assert token not in listed.content.decode()


def test_token_when_nothing_but_a_name_is_said_then_it_reads_for_90_days(client, user):
    body = client.post(path(user), {"name": "x"}).json()
    remember(body["token"])
    assert body["scope"] == "read"
    assert (AccessToken.objects.get(digest=body["id"]).expires_at - timezone.now()).days == 89


def test_token_when_it_calls_then_as_often_as_it_likes_and_its_last_use_is_listed(client, user):
    program, token_id = made(client)
    for _ in range(3):
        assert program.post("/artifacts", [{"name": "*"}]).status_code == 200
    (listed,) = client.get(path(user)).json()
    used_at = AccessToken.objects.get(digest=token_id).used_at
    assert used_at is not None
    assert listed["used_at"] == used_at.isoformat().replace("+00:00", "Z")
    assert (used_at.second, used_at.microsecond) == (0, 0)


@pytest.mark.parametrize(
    ("scope", "status"), [("read", 403), ("write", 201)], ids=["read", "write"]
)
def test_token_when_it_uploads_then_its_scope_decides(client, scope, status):
    program, _ = made(client, scope=scope)
    answer = program.post("/uploads", UPLOAD)
    assert answer.status_code == status
    if status == 403:
        assert "the scope 'write'" in message_of(answer)


def test_token_when_its_owner_loses_a_permission_then_it_has_lost_it(client, user):
    program, _ = made(client)
    User.objects.filter(pk=user.pk).update(can_upload=False)
    answer = program.post("/uploads", UPLOAD)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "permission_missing")


def test_token_when_its_owner_administers_then_it_does_not(admin):
    program, token_id = made(admin)
    user_with("search")
    asked = [
        program.get("/users"),
        program.get("/users/only-search"),
        program.get("/users/ada"),
        program.post("/users", {"name": "eve", "password": PASSWORD}),
        program.delete("/users/only-search"),
        program.delete("/users/ada"),
        program.put("/users/ada/permissions", {"permissions": []}),
        program.get("/users/ada/tokens"),
        program.post("/users/ada/tokens", BODY),
        program.delete(f"/users/ada/tokens/{token_id}"),
    ]
    assert [each.status_code for each in asked] == [403] * len(asked)
    assert {each.json()["error"]["code"] for each in asked} == {"scope_missing"}
    # The contract's refusal, as of anybody who is no administrator.
    assert program.delete("/reset").status_code == 401
    assert User.objects.count() == 2
    assert AccessToken.objects.filter(digest=token_id).exists()


def test_token_when_revoked_then_refused_from_the_next_call_on(client, user):
    program, token_id = made(client)
    assert client.delete(f"{path(user)}/{token_id}").json() == {"deleted": token_id}
    assert program.post("/artifacts", [{"name": "*"}]).status_code == 403
    assert client.delete(f"{path(user)}/{token_id}").status_code == 404


def test_token_when_an_administrator_revokes_it_then_gone_and_named_in_the_log(
    client, user, admin, caplog
):
    _, token_id = made(client)
    assert admin.get(path(user)).json()[0]["id"] == token_id
    with caplog.at_level("INFO"):
        assert admin.delete(f"{path(user)}/{token_id}").status_code == 200
    (line,) = [each for each in caplog.records if each.message == "token.revoked"]
    assert (line.user, line.by, line.scope) == (user.username, "ada", "write")
    assert client.get(path(user)).json() == []


@pytest.mark.parametrize("method", ["get", "delete"])
def test_tokens_when_they_are_anothers_then_403(client, method):
    other = ApiClient(user_with("download"))
    program, token_id = made(other)
    tail = "" if method == "get" else f"/{token_id}"
    assert getattr(client, method)(f"{path(other.user)}{tail}").status_code == 403
    # In one's own name, another's token is not there.
    assert client.delete(f"{path(client.user)}/{token_id}").status_code == 404
    assert program.get("/health").status_code == 200
    assert AccessToken.objects.filter(digest=token_id).exists()


def test_token_when_made_in_anothers_name_then_403_for_administrators_as_well(admin, client, user):
    answer = admin.post(path(user), BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_the_owner")
    assert client.post("/users/ada/tokens", BODY).status_code == 403
    assert not AccessToken.objects.exclude(scope="").exists()


def test_token_when_the_path_spells_ones_name_otherwise_then_made(client, user):
    answer = client.post(f"/users/{user.username.upper()}/tokens", BODY)
    remember(answer.json()["token"])
    assert answer.status_code == 201


def test_tokens_when_there_is_no_such_user_then_404(admin):
    assert admin.get("/users/nobody/tokens").status_code == 404
    assert admin.delete(f"/users/nobody/tokens/{'0' * 64}").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ""},
        {"name": "  "},
        {"name": "a\u200bb"},
        {"name": "a\u202eb"},
        {"name": "a\x00b"},
        {"name": "x" * 101},
        {"name": 5},
        {"scope": "admin"},
        {"scope": ""},
        {"lifetime_days": 0},
        {"lifetime_days": PROGRAM_TOKEN_LIFETIME_MAX_DAYS + 1},
        {"lifetime_days": "30"},
    ],
    ids=str,
)
def test_token_when_malformed_then_400_and_none_is_made(client, user, changes):
    assert client.post(path(user), BODY | changes).status_code == 400
    assert not AccessToken.objects.exclude(scope="").exists()


def test_token_when_there_are_as_many_as_one_may_have_then_409_until_one_is_revoked(client, user):
    ends = timezone.now() + timedelta(days=1)
    AccessToken.objects.bulk_create(
        AccessToken(digest=f"{number:064}", user=user, scope="read", calls_left=0, expires_at=ends)
        for number in range(PROGRAM_TOKENS_MAX)
    )
    answer = client.post(path(user), BODY)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_tokens")
    assert len(client.get(path(user)).json()) == PROGRAM_TOKENS_MAX
    client.delete(f"{path(user)}/{0:064}")
    made(client)


def test_token_when_it_had_its_calls_then_429_with_the_headers_that_clients_read(
    client, settings, monkeypatch
):
    settings.REGISTRY_TOKEN_RATE = 2
    program, _ = made(client)
    # Whatever the time, within one minute.
    then = timezone.now().replace(second=20, microsecond=0)
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    token_use._minute = None
    asked = [program.post("/artifacts", [{"name": "*"}]) for _ in range(3)]
    assert [each.status_code for each in asked] == [200, 200, 429]
    assert asked[2]["RateLimit"] == '"api";r=0;t=40'
    assert asked[2]["RateLimit-Policy"] == '"api";q=2;w=60'
    assert asked[2]["Retry-After"] == "40"
    assert "Try again in 40 seconds" in message_of(asked[2])
    assert client.post("/artifacts", [{"name": "*"}]).status_code == 200


def test_token_when_a_reset_comes_then_ended(client, admin):
    program, _ = made(client)
    of_admin, _ = made(admin)
    assert admin.delete("/reset").status_code == 200
    for each in (program, of_admin):
        assert each.post("/artifacts", [{"name": "*"}]).status_code == 403
    assert not AccessToken.objects.exclude(scope="").exists()
