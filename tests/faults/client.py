"""Asks a registry over HTTP as its users do, and notes how long an answer took."""

import http.client
import json
import re
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

# A little longer than a gateway waits.
PATIENCE_S = 35.0


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 means that nothing did."""

    status: int
    seconds: float
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, str]:
        """The registry's own word for what went wrong, {} for none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found.get("error", {}) if isinstance(found, dict) else {}


def ask(
    url: str,
    method: str = "GET",
    body: Any = None,
    headers: dict[str, str] | None = None,
    patience_s: float = PATIENCE_S,
) -> Answer:
    """Send one request over a connection of its own, and follow nothing."""
    place = urlsplit(url)
    data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    started_s = time.monotonic()
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=patience_s)
    try:
        path = place.path + (f"?{place.query}" if place.query else "")
        connection.request(method, path, data, headers or {})
        response = connection.getresponse()
        read = response.read()
    except (OSError, http.client.HTTPException):
        return Answer(0, time.monotonic() - started_s)
    finally:
        connection.close()
    names = {name.lower(): response.headers.get_all(name) for name in response.headers}
    joined = {name: ", ".join(values) for name, values in names.items()}
    return Answer(response.status, time.monotonic() - started_s, joined, read)


class Staff:
    """A person at the staff site, signed in."""

    def __init__(self, base_url: str, username: str, password: str) -> None:
        self.base_url = base_url
        page = ask(f"{base_url}/admin/login/")
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.body)
        assert token is not None, page
        form = {
            "username": username,
            "password": password,
            "csrfmiddlewaretoken": token[1].decode(),
            "next": "/admin/",
        }
        cookie = _cookie(page, "csrftoken")
        signed_in = ask(
            f"{base_url}/admin/login/",
            "POST",
            urlencode(form).encode(),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie},
        )
        assert signed_in.status == 302, signed_in
        self.cookie = _cookie(signed_in, "sessionid")

    def get(self, path: str) -> Answer:
        return ask(self.base_url + path, headers={"Cookie": self.cookie})


def _cookie(answer: Answer, name: str) -> str:
    """Return a cookie as it is sent back."""
    found = re.search(rf"{name}=[^;]+", answer.headers["set-cookie"])
    assert found is not None, answer
    return found[0]
