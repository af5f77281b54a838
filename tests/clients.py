"""Clients of the API, as tests use them."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from artifacts.models import AccessToken, User
from artifacts.services.access.authentication import digest_of
from tests import answer_watch
from tests.secret_watch import remember

PASSWORD = "a-long-password-1"


class ApiClient:
    """Sends JSON with a user's token, and holds what is answered to the schema."""

    # Where the token is sent.
    header = "X-Authorization"

    def __init__(self, user: User | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.user = user
        self.token = ""
        if user is not None:
            self.token = remember(f"token-of-{user.username}-and-some-more-letters")
            # Two clients of one user share the token.
            AccessToken.objects.get_or_create(
                digest=digest_of(self.token),
                defaults={
                    "user": user,
                    "calls_left": 1_000,
                    "expires_at": timezone.now() + timedelta(hours=10),
                },
            )

    def send(self, method: str, path: str, body: Any = None, **headers: str):
        if isinstance(body, dict):
            remember(str(body.get("password", (body.get("secret") or {}).get("password", ""))))
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body)
        if self.token:
            headers = {self.header: f"Bearer {self.token}"} | headers
        answer = self.client.generic(method, path, data, headers=headers)
        answer_watch.hold(answer)
        return answer

    def get(self, path: str, **headers: str):
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str):
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str):
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, **headers: str):
        return self.send("DELETE", path, **headers)


class HubClient(ApiClient):
    """Sends what the Hub's clients send, and reads refusals as they do."""

    header = "Authorization"

    def head(self, path: str, **headers: str):
        return self.send("HEAD", path, **headers)

    def form(self, path: str, body: str):
        """Send a form, as huggingface_hub does for a list of paths."""
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, body.encode(), **form)


def refusal(answer) -> tuple[int, str]:
    """Status and code of a refusal of the Hub's protocol."""
    return answer.status_code, answer.get("X-Error-Code", "")


def user_with(*permissions: str) -> User:
    name = "-".join(["only", *permissions])
    return User.objects.create_user(name, PASSWORD, **{f"can_{each}": True for each in permissions})


def message_of(answer) -> str:
    """The sentence of a refusal, whose form is checked on the way."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "request_id"}
    assert body["error"]["request_id"] == answer["X-Request-Id"]
    return body["error"]["message"]
