"""Many people at once at each door behind which a password is hashed."""

import threading
import time
from collections import Counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.urls import reverse

from artifacts.limits import PAIR_FAILURE_S, PAIR_FAILURES, PASSWORD_SLOTS
from artifacts.models import User
from artifacts.services.access.passwords import hash_initial_password
from registry_site.settings import base
from tests.clients import PASSWORD, ApiClient, message_of

AT_ONCE = 40
CHANGE, ADD = "admin:artifacts_user_change", "admin:artifacts_user_add"


def credentials(name: str, password: str) -> dict:
    return {"user": {"name": name, "is_admin": True}, "secret": {"password": password}}


@pytest.fixture
def most_at_once(settings, monkeypatch) -> list[int]:
    """How many hashes were being computed whenever one began; each takes a little while."""
    settings.PASSWORD_HASHERS = base.PASSWORD_HASHERS
    now, seen, lock = Counter[str](), [], threading.Lock()

    def computed(change: int) -> None:
        with lock:
            now["hashes"] += change
            seen.append(now["hashes"])

    def encode(_self, password: str, salt: str) -> str:
        computed(+1)
        time.sleep(0.01)
        computed(-1)
        return f"argon2$argon2id$v=19$m=8,t=1,p=1${salt}${password.encode().hex()}"

    def verify(self, password: str, encoded: str) -> bool:
        return encode(self, password, encoded.split("$")[-2]) == encoded

    monkeypatch.setattr(Argon2PasswordHasher, "encode", encode)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    monkeypatch.setattr(Argon2PasswordHasher, "must_update", lambda *_: False)
    return seen


def sign_in(number: int, admin: User):
    return ApiClient().put("/authenticate", credentials(f"nobody-{number}", "wrong"))


def sign_in_rightly(number: int, admin: User):
    return ApiClient().put("/authenticate", credentials("ada", PASSWORD))


def sign_in_on_the_site(number: int, admin: User):
    form = {"username": f"nobody-{number}", "password": "wrong"}
    return Client(raise_request_exception=False).post(reverse("admin:login"), form)


def create(number: int, admin: User):
    api = ApiClient()
    api.token = f"token-of-{admin.username}-and-some-more-letters"
    return api.post("/users", {"name": f"user-{number}", "password": "another-long-password"})


def create_on_the_site(number: int, admin: User):
    return site_of(admin).post(
        reverse(ADD), {"username": f"user-{number}", "new_password": "another-long-password"}
    )


def change_on_the_site(number: int, admin: User):
    other = User.objects.get(username="ursula")
    return site_of(admin).post(
        reverse(CHANGE, args=[other.pk]), {"new_password": f"another-long-password-{number}"}
    )


def site_of(admin: User) -> Client:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = vars(admin)["session_key"]
    return client


DOORS = [
    sign_in, sign_in_rightly, sign_in_on_the_site, create, create_on_the_site, change_on_the_site,
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_door_when_many_come_at_once_then_few_hashes_and_the_rest_may_come_again(
    most_at_once, door
):
    admin = User.objects.create_user("ada", PASSWORD, is_admin=True)
    User.objects.create_user("ursula", PASSWORD)
    ApiClient(admin)
    session = Client()
    session.force_login(admin)
    vars(admin)["session_key"] = session.cookies["sessionid"].value
    hash_initial_password()
    most_at_once.clear()
    answers = []

    def knock(number: int) -> None:
        try:
            answers.append(door(number, admin))
        finally:
            connection.close()

    threads = [threading.Thread(target=knock, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == AT_ONCE
    # The site's forms say so in a message above the list.
    assert {answer.status_code for answer in answers} <= {200, 201, 302, 401, 429}
    assert all("Retry-After" in each for each in answers if each.status_code == 429)
    assert 0 < max(most_at_once) <= PASSWORD_SLOTS


# ------------------------------------------------------------------ what those see who have to wait

pytestmark = pytest.mark.django_db


def test_authenticate_when_failed_often_then_429_with_a_time_and_others_get_in(
    anonymous, uploader, administrator
):
    for _ in range(PAIR_FAILURES):
        assert anonymous.put("/authenticate", credentials("ursula", "wrong")).status_code == 401
    answer = anonymous.put("/authenticate", credentials("ursula", "a-long-password-2"))
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= PAIR_FAILURE_S
    assert "Try again in" in message_of(answer)
    assert answer.json()["error"]["code"] == "sign_in_delayed"
    assert anonymous.put("/authenticate", credentials("ada", PASSWORD)).status_code == 200
    elsewhere = anonymous.client.put(
        "/authenticate",
        credentials("ursula", "a-long-password-2"),
        content_type="application/json",
        REMOTE_ADDR="192.0.2.9",
    )
    assert elsewhere.status_code == 200


def test_authenticate_when_a_header_claims_other_addresses_then_slowed_all_the_same(
    anonymous, uploader
):
    statuses = [
        anonymous.put(
            "/authenticate", credentials("ursula", "wrong"), **{"X-Forwarded-For": f"192.0.2.{n}"}
        ).status_code
        for n in range(PAIR_FAILURES + 3)
    ]
    assert statuses == [401] * PAIR_FAILURES + [429] * 3


def test_site_when_failed_often_then_the_form_says_so_with_429(client, administrator):
    form = {"username": "ada", "password": "wrong"}
    for _ in range(PAIR_FAILURES):
        answer = client.post(reverse("admin:login"), form)
        assert answer.status_code == 200
    answer = client.post(reverse("admin:login"), {"username": "ada", "password": PASSWORD})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "Signing in failed too often" in answer.content.decode()
    assert "sessionid" not in client.cookies


def test_site_and_api_when_failures_are_shared_then_counted_together(
    client, anonymous, administrator
):
    for _ in range(PAIR_FAILURES):
        client.post(reverse("admin:login"), {"username": "ADA", "password": "wrong"})
    assert anonymous.put("/authenticate", credentials("ada", PASSWORD)).status_code == 429


def test_site_when_staff_delete_a_tally_then_the_delay_is_lifted(client, anonymous, administrator):
    for _ in range(PAIR_FAILURES):
        anonymous.put("/authenticate", credentials("ada", "wrong"))
    staff = Client()
    staff.force_login(administrator)
    url = reverse("admin:artifacts_signintally_changelist")
    shown = staff.get(url)
    assert "ada at 127.0.0.1" in shown.content.decode()
    keys = [row.pk for row in shown.context["cl"].result_list]
    staff.post(url, {"action": "delete_selected", "_selected_action": keys, "post": "yes"})
    assert anonymous.put("/authenticate", credentials("ada", PASSWORD)).status_code == 200
