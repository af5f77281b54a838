"""Signing in and out in a browser, and what strangers see."""

import pytest
from django.test import Client

from artifacts.models import User
from tests.clients import PASSWORD, user_with
from tests.factories.artifacts import make_artifact
from tests.functional.web.structure import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader() -> User:
    return user_with("search")


def sign_in(client: Client, user: User, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", {"username": user.username, "password": password, **more})


def test_home_when_a_stranger_asks_then_the_sign_in_and_no_artifact(client):
    make_artifact("secret-name")
    answer = client.get("/")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert 'action="/sign-in"' in shown
    assert "secret-name" not in shown
    assert faults(shown) == []


def test_sign_in_when_right_then_led_to_where_one_came_from(client, reader):
    asked = make_artifact("robot")
    led = client.get(f"/a/{asked.id}")
    assert sign_in(client, reader, next=f"/a/{asked.id}")["Location"] == f"/a/{asked.id}"
    assert led["Location"] == f"/sign-in?next=%2Fa%2F{asked.id}"
    shown = client.get(f"/a/{asked.id}").content.decode()
    assert "robot" in shown
    assert faults(shown) == []


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x()"]
)
def test_sign_in_when_next_leads_elsewhere_then_to_the_front_page(client, reader, elsewhere):
    assert sign_in(client, reader, next=elsewhere)["Location"] == "/"


def test_sign_in_when_the_password_is_wrong_then_neither_is_named(client, reader):
    answer = sign_in(client, reader, "wrong-password-1")
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "User or password is wrong" in shown
    assert "wrong-password-1" not in shown


def test_sign_out_when_signed_in_then_the_session_ends(client, reader):
    client.force_login(reader)
    assert client.post("/sign-out")["Location"] == "/sign-in"
    assert client.get("/a/none-1").status_code == 302


def test_artifact_when_there_is_none_then_a_page_says_so(client, reader):
    client.force_login(reader)
    answer = client.get("/a/model-1-1")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")
    assert answer["X-Request-Id"] in answer.content.decode()
