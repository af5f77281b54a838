"""What people do on the page of their account."""

import re

from django.test import Client

from artifacts.models import User
from tests.clients import PASSWORD
from tests.functional.web.structure import faults, skipped_levels
from tests.secret_watch import remember

NEW_PASSWORD = remember("another-long-password-2")


def signed_in(user: User) -> Client:
    client = Client()
    assert client.post("/sign-in", {"username": user.username, "password": PASSWORD})
    return client


def shown_on(client: Client, path: str = "/account") -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    return shown


def make(client: Client, name: str = "nightly build") -> str:
    answer = client.post("/account/tokens", {"name": name})
    assert answer.status_code == 200
    shown = answer.content.decode()
    assert faults(shown) == []
    assert answer["Cache-Control"] == "private, no-store"
    found = re.search(r'<code id="token">([^<]+)</code>', shown)
    assert found is not None
    return remember(found[1])


def works(token: str) -> bool:
    answer = Client().post(
        "/artifacts", "[]", "application/json", headers={"X-Authorization": token}
    )
    return answer.status_code != 403


def change(client: Client, old: str = PASSWORD, new: str = NEW_PASSWORD, again: str = ""):
    return client.post("/account/password", {"old": old, "new": new, "again": again or new})
