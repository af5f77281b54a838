import threading

import pytest
from django.db import connection
from django.utils import timezone

from artifacts.exceptions import AuthenticationFailed
from artifacts.limits import TOKEN_CALLS
from artifacts.models import DEFAULT_ADMIN_USERNAME, AccessToken, User
from artifacts.services.access.authentication import count_call, digest_of, issue_token
from artifacts.services.access.passwords import PUBLISHED_PASSWORDS
from artifacts.services.access.users import ensure_administrator
from tests.clients import message_of

pytestmark = pytest.mark.django_db
LISTING = [{"name": "*"}]


def credentials(name: str, password: object) -> dict:
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
    [("ursula", "wrong"), ("nobody", "a-long-password-2"), ("ursula", "A-LONG-PASSWORD-2")],
    ids=["password", "name", "case of the password"],
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
