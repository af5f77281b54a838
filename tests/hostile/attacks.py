"""The kinds of attack: each makes the requests of one case out of its number, always the same ones.

What comes back is judged by `campaign`; an attack only says what it asked and what was answered.
"""

import hashlib
import http.client
import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.hostile import files
from tests.hostile.data import dump, odd_value, spoiled
from tests.hostile.texts import text
from tests.performance.registry import Registry

ANSWER_WITHIN_S = 60
HEADER_MAX_CHARS = 60_000
PATH_MAX_CHARS = 3_000
README_BYTES = 900_000
BODIES: dict[tuple[str, str], Any] = {
    ("PUT", "/authenticate"): {
        "user": {"name": "a", "is_admin": True},
        "secret": {"password": "b"},
    },
    ("POST", "/artifacts"): [{"name": "*", "types": ["model"]}],
    ("POST", "/artifact/byRegEx"): {"regex": "^a.*b$"},
    ("POST", "/artifact/model"): {"name": "x", "url": "https://huggingface.co/org/name"},
    ("PUT", "/artifacts/model/model-1-1"): {
        "metadata": {"name": "x", "id": "model-1-1", "type": "model"},
        "data": {"url": "https://huggingface.co/org/name"},
    },
    ("POST", "/artifact/model/model-1-1/license-check"): {"github_url": "https://github.com/o/r"},
    ("POST", "/uploads"): {"filename": "x.zip", "size_bytes": 9, "sha256": "0" * 64},
    ("POST", "/users"): {"name": "u", "password": "a-long-word-9", "permissions": ["search"]},
    ("PUT", "/users/nobody/permissions"): {"permissions": ["search"], "is_admin": False},
}  # fmt: skip
PATHS = ("/artifacts/model/{}", "/artifact/byName/{}", "/artifact/model/{}/audit", "/users/{}",
         "/artifacts/{}/model-1-1",
         "/uploads/{}", "/content/{}", "/artifacts?offset={}",
         "/health/components?windowMinutes={}", "/artifact/model/{}/rate?evidence={}",
         "/admin/login/?next={}", "/static/{}", "/{}")  # fmt: skip
READ = ("GET", "POST", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "\u017fET")
HEADERS = ("X-Authorization", "Authorization", "Host", "Content-Type", "Accept", "Range", "Cookie",
           "If-None-Match", "If-Modified-Since", "If-Range", "X-Forwarded-For", "Origin",
           "X-Forwarded-Host", "Content-Length", "Transfer-Encoding", "Expect",
           "X-Request-Id")  # fmt: skip

HEADED = (("GET", "/health"), ("POST", "/artifacts"), ("GET", "/"), ("GET", "/content/x"),
          ("GET", "/static/registry/site.css"))  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What came back; status 0 when the server closed the connection instead."""

    asked: str
    status: int
    body: bytes


Attack = Callable[[Registry, random.Random, int], Iterator[Answer]]


def send(registry: Registry, method: str, path: str, body: bytes = b"", **headers: str) -> Answer:
    """Send a request as it is, however odd."""
    connection: Any = http.client.HTTPConnection(
        "127.0.0.1", registry.port, timeout=ANSWER_WITHIN_S
    )
    # What is tried is our server, not Python's client.
    connection._validate_path = connection._validate_method = lambda _: None
    asked = f"{method} {path[:100]!r}"
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        stated = {"X-Authorization": registry.token, "Content-Length": str(len(body))} | headers
        lines = [f"{name}: {value}".encode("latin-1", "replace") for name, value in stated.items()]
        connection._buffer.extend(lines)
        connection.endheaders(body)
        answer = connection.getresponse()
        return Answer(asked, answer.status, answer.read())
    except TimeoutError:
        return Answer(asked, 599, f"no answer within {ANSWER_WITHIN_S} s".encode())
    except (OSError, http.client.HTTPException, UnicodeEncodeError):
        return Answer(asked, 0, b"")
    finally:
        connection.close()


def ask(registry: Registry, method: str, path: str, body: Any) -> Answer:
    """Send JSON."""
    return send(registry, method, path, json.dumps(body).encode())


def upload(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A zip of hostile files is registered, and what became of it is looked at."""
    kind = rng.choice(("model", "model", "dataset", "code"))
    yield from upload_zip(registry, files.archive(rng), f"case-{number}", kind)


def upload_zip(registry: Registry, sent: bytes, name: str, kind: str) -> Iterator[Answer]:
    """Announce, send and register a zip."""
    announced = {"filename": f"{name}.zip", "size_bytes": len(sent)}
    announced["sha256"] = hashlib.sha256(sent).hexdigest()
    answer = ask(registry, "POST", "/uploads", announced)
    yield answer
    if answer.status != 201:
        return
    place = json.loads(answer.body)
    path = re.sub(r"^https?://[^/]+", "", place["upload_url"])
    yield send(registry, place.get("method", "PUT"), path, sent, **place.get("headers", {}))
    yield from _registered(registry, kind, {"name": name, "url": place["url"]})


def hub(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A model or data set of the Hub, whose every answer may be spoiled."""
    kind, place = rng.choice((("model", ""), ("dataset", "datasets/")))
    linked = rng.choice(("", "linked-"))
    url = f"https://huggingface.co/{place}hostile/{linked}case-{number}"
    yield from _registered(registry, kind, {"url": url})


def github(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """Code, or a model, on GitHub, whose every answer may be spoiled."""
    url = f"https://github.com/hostile/case-{number}"
    yield from _registered(registry, rng.choice(("code", "model")), {"url": url})


def _registered(registry: Registry, kind: str, body: dict[str, Any]) -> Iterator[Answer]:
    """Register, read everything of it, and delete it again."""
    answer = ask(registry, "POST", f"/artifact/{kind}", body)
    yield answer
    if answer.status != 201:
        return
    artifact = json.loads(answer.body)["metadata"]["id"]
    yield from _read(registry, kind, artifact)
    yield send(registry, "DELETE", f"/artifacts/{kind}/{artifact}")


def _read(registry: Registry, kind: str, artifact: str) -> Iterator[Answer]:
    """Ask for everything that there is of an artifact."""
    reads = [
        f"/artifacts/{kind}/{artifact}",
        f"/artifact/{kind}/{artifact}/cost?dependency=true",
        f"/artifact/{kind}/{artifact}/audit",
        f"/artifacts/{kind}/{artifact}/download",
    ]
    if kind == "model":
        reads += [
            f"/artifact/model/{artifact}/rate?evidence=true",
            f"/artifact/model/{artifact}/lineage",
        ]
    for path in reads:
        yield send(registry, "GET", path)
    yield ask(registry, "POST", "/artifact/byRegEx", {"regex": "License|accuracy"})


def body(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A JSON body with one place that nobody expects."""
    method, path = rng.choice(sorted(BODIES))
    yield send(registry, method, path, dump(spoiled(BODIES[method, path], rng, 200_000), rng))


def expression(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A search for something expensive, over a README that fits it."""
    pieces = ("a", ".", "\\pL", "(a|b)", "[a-z]", "x{1000}", "{500}", "{2,1000}", "*", "+", "?",
              "(", ")", "(?i)", "|", "^", "$", "\\b", "é", "(?:", "[^", "]", "\\",
              "abc")  # fmt: skip
    regex = "".join(rng.choices(pieces, k=rng.randint(1, 300)))[: rng.choice((30, 1_000, 1_001))]
    yield ask(registry, "POST", "/artifact/byRegEx", {"regex": regex})


def path(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A path, a query or a method that nobody expects."""
    odd = text(rng, PATH_MAX_CHARS).encode("utf-8", "replace")
    quoted = "".join(
        chr(byte) if 33 <= byte < 127 and rng.random() < 0.9 else f"%{byte:02X}" for byte in odd
    )
    where = rng.choice(PATHS)
    yield send(registry, rng.choice(READ), where.format(*[quoted] * where.count("{}")))


def header(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """Headers that nobody expects."""
    odd = {
        name: text(rng, HEADER_MAX_CHARS).translate({10: " ", 13: " "})
        for name in rng.sample(HEADERS, rng.randint(1, 3))
    }
    method, where = rng.choice(HEADED)
    yield send(registry, method, where, b'[{"name": "*"}]', **odd)


def value(registry: Registry, rng: random.Random, number: int) -> Iterator[Answer]:
    """A body that is no object of any kind that is expected."""
    method, path_ = rng.choice(sorted(BODIES))
    yield send(registry, method, path_, dump(odd_value(rng, 900_000), rng))


ATTACKS: tuple[Attack, ...] = (
    upload, upload, upload, hub, hub, github, body, body, expression, path, path, header, header,
    value,
)  # fmt: skip


def remain(registry: Registry, number: int) -> Iterator[Answer]:
    """Register what stays: a README of a megabyte, which expressions are searched in."""
    filler = random.Random(number).choice(("a", "xy ", "b\u00e9 ", "(abc) "))
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.md", f"# {number}\n\n" + filler * (README_BYTES // len(filler)))
    sent = held.getvalue()
    announced = {"filename": "remains.zip", "size_bytes": len(sent)}
    announced["sha256"] = hashlib.sha256(sent).hexdigest()
    place = json.loads(ask(registry, "POST", "/uploads", announced).body)
    path = re.sub(r"^https?://[^/]+", "", place["upload_url"])
    yield send(registry, "PUT", path, sent, **place.get("headers", {}))
    yield ask(registry, "POST", "/artifact/code", {"name": f"r-{number}", "url": place["url"]})


def harmless() -> bytes:
    """A zip that is as it should be, to learn how long others wait beside one."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("README.md", "---\nlicense: mit\n---\n# Model\n\n" + "A sentence. " * 10_000)
        made.writestr("config.json", json.dumps(files.CONFIG))
        made.writestr("model.safetensors", files.weights(random.Random(1)))
    return held.getvalue()
