"""A client that writes as the Hub's clients do."""

import base64
import hashlib
import json
from urllib.parse import urlsplit

from django.test import Client

from artifacts.models import User
from tests.clients import ApiClient

CARD = b"---\nlicense: mit\n---\n# robot\n"
WEIGHTS = b"w" * 2_000


def sha256_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def regular(path: str, content: bytes) -> dict:
    encoded = base64.b64encode(content).decode()
    return {"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}}


def large(path: str, content: bytes) -> dict:
    value = {"path": path, "algo": "sha256", "oid": sha256_of(content), "size": len(content)}
    return {"key": "lfsFile", "value": value}


def deleted(path: str) -> dict:
    key = "deletedFolder" if path.endswith("/") else "deletedFile"
    return {"key": key, "value": {"path": path}}


def said(answer) -> str:
    """The sentence of a refusal, which clients show from the header."""
    body = answer.json()
    assert isinstance(body["error"], str)
    assert answer["X-Error-Message"]
    return body["error"]


class Pusher:
    """A user's program."""

    def __init__(self, user: User) -> None:
        self.owner = f"registry.{user.username}"
        self.repo = f"{self.owner}/robot"
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {ApiClient(user).token}"}

    def send(self, method: str, path: str, body=None, **headers: str):
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        return self.client.generic(
            method, path, data, "application/json", headers=self.headers | headers
        )

    def create(self, name: str = "robot", **more):
        body = {"name": name, "organization": self.owner} | more
        return self.send("POST", "/api/repos/create", body)

    def delete(self, name: str = "robot", **more):
        body = {"name": name, "organization": self.owner} | more
        return self.send("DELETE", "/api/repos/delete", body)

    def preupload(self, files: dict[str, int], revision: str = "main", repo: str = ""):
        listed = [{"path": path, "size": size, "sample": ""} for path, size in files.items()]
        path = f"/api/models/{repo or self.repo}/preupload/{revision}"
        return self.send("POST", path, {"files": listed})

    def batch(self, *contents: bytes, repo: str = "", **more):
        objects = [{"oid": sha256_of(each), "size": len(each)} for each in contents]
        body = {"operation": "upload", "objects": objects, "hash_algo": "sha256"} | more
        return self.send("POST", f"/{repo or self.repo}.git/info/lfs/objects/batch", body)

    def put(self, url: str, content: bytes):
        """Send bytes where an answer says, without a token and without headers."""
        path = urlsplit(url).path
        return self.client.generic("PUT", path, content, content_type="")

    def post(self, url: str, body=None):
        return self.client.generic("POST", urlsplit(url).path, json.dumps(body or {}))

    def send_large(self, content: bytes) -> None:
        """Send a large file as the clients do."""
        (found,) = self.batch(content).json()["objects"]
        if "actions" not in found:
            return
        assert self.put(found["actions"]["upload"]["href"], content).status_code == 201
        assert self.post(found["actions"]["verify"]["href"]).status_code == 200

    def commit(self, *lines: dict, parent: str = "", repo: str = "", path: str = ""):
        header = {"summary": "a change"} | ({"parentCommit": parent} if parent else {})
        body = b"\n".join(
            json.dumps(each).encode() for each in ({"key": "header", "value": header}, *lines)
        )
        return self.send("POST", path or f"/api/models/{repo or self.repo}/commit/main", body)

    def tree(self, repo: str = "", revision: str = "main") -> dict[str, str]:
        path = f"/api/models/{repo or self.repo}/tree/{revision}?recursive=true"
        answer = self.client.get(path, headers=self.headers)
        assert answer.status_code == 200
        return {each["path"]: each["lfs"]["oid"] for each in answer.json() if "lfs" in each}
