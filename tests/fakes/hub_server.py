"""A Hub on loopback that has any model one asks for, made up from its name, always the same.

`python -m tests.fakes.hub_server` prints its port. A repository named `...-<bytes>` has weights of
about so many bytes. For what needs a whole running registry: kills, benchmarks, browser tests.
"""

import hashlib
import json
import re
import struct
import threading
from collections.abc import Iterator
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WEIGHTS_BYTES = 3_000
CHUNK_BYTES = 1_048_576
INFO = re.compile(r"/api/models/([^/]+/[^/]+)/revision/\w+")
TREE = re.compile(r"/api/models/([^/]+/[^/]+)/tree/\w+")
REFS = re.compile(r"/api/models/([^/]+/[^/]+)/refs")
RESOLVE = re.compile(r"/([^/]+/[^/]+)/resolve/\w+/(.+)")


def commit_of(repository: str) -> str:
    return hashlib.sha1(repository.encode(), usedforsecurity=False).hexdigest()


def small_files(repository: str) -> dict[str, bytes]:
    card = f"---\nlicense: mit\n---\n# {repository}\n\nA model that nobody trained.\n"
    return {
        "README.md": card.encode(),
        "config.json": json.dumps({"_name_or_path": repository}).encode(),
        ".gitattributes": b"*.safetensors filter=lfs\n",
    }


def weights(repository: str) -> tuple[bytes, int]:
    """The header of the weights, and how many bytes follow it."""
    asked = re.search(r"-(\d{4,})$", repository)
    data_bytes = int(asked[1]) if asked else WEIGHTS_BYTES
    tensor = {"dtype": "U8", "shape": [data_bytes], "data_offsets": [0, data_bytes]}
    header = json.dumps({"w": tensor, "__metadata__": {"of": repository}}).encode()
    return struct.pack("<Q", len(header)) + header, data_bytes


def weights_bytes(repository: str, start: int = 0) -> Iterator[bytes]:
    head, data_bytes = weights(repository)
    if start < len(head):
        yield head[start:]
    left = data_bytes - max(0, start - len(head))
    block = b"\x07" * CHUNK_BYTES
    while left > 0:
        yield block[: min(left, CHUNK_BYTES)]
        left -= CHUNK_BYTES


@lru_cache(maxsize=10_000)
def weights_digest(repository: str) -> str:
    digest = hashlib.sha256()
    for chunk in weights_bytes(repository):
        digest.update(chunk)
    return digest.hexdigest()


def git_digest(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def tree_of(repository: str) -> list[dict[str, object]]:
    head, data_bytes = weights(repository)
    size = len(head) + data_bytes
    entries: list[dict[str, object]] = [
        {"type": "file", "path": path, "size": len(data), "oid": git_digest(data)}
        for path, data in small_files(repository).items()
    ]
    lfs = {"oid": weights_digest(repository), "size": size, "pointerSize": 130}
    oid = git_digest(repository.encode())
    entries.append(
        {"type": "file", "path": "model.safetensors", "size": size, "oid": oid, "lfs": lfs}
    )
    return entries


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        path = self.path.split("?")[0]
        if found := INFO.fullmatch(path):
            return self.answer_json({
                "id": found[1], "sha": commit_of(found[1]), "private": False, "gated": False,
                "tags": ["license:mit"], "cardData": {"license": "mit"}, "downloads": 1,
                "siblings": [],
            })  # fmt: skip
        if found := TREE.fullmatch(path):
            return self.answer_json(tree_of(found[1]))
        if REFS.fullmatch(path):
            tag = {"name": "v1.0.0", "ref": "refs/tags/v1.0.0", "targetCommit": "0" * 40}
            return self.answer_json({"tags": [tag], "branches": [], "converts": []})
        if found := RESOLVE.fullmatch(path):
            return self.answer_file(found[1], found[2])
        return self.answer(404, b"{}", "application/json")

    do_HEAD = do_GET

    def answer_json(self, data):
        self.answer(200, json.dumps(data).encode(), "application/json")

    def answer_file(self, repository, path):
        if path in (files := small_files(repository)):
            return self.answer(200, files[path], "application/octet-stream")
        if path != "model.safetensors":
            return self.answer(404, b"{}", "application/json")
        head, data_bytes = weights(repository)
        size = len(head) + data_bytes
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{size - 1}/{size}")
        self.send_header("ETag", f'"{weights_digest(repository)}"')
        self.send_header("Content-Length", str(size - start))
        self.end_headers()
        for chunk in weights_bytes(repository, start) if self.command == "GET" else ():
            self.wfile.write(chunk)
        return None

    def answer(self, status, body, content_type):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_args):
        """Stay silent."""


class Hub(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_args):
        """A client that was killed is no news here."""


def start() -> tuple[Hub, str]:
    """Serve from a thread; returns the server and its address."""
    server = Hub(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_port}"


if __name__ == "__main__":
    hub = Hub(("127.0.0.1", 0), Handler)
    print(hub.server_port, flush=True)  # noqa: T201  (whoever started us reads it)
    hub.serve_forever()
