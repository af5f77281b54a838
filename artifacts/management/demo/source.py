"""A Hub and a GitHub on loopback that have what `contents.py` makes up, and nothing else.

They answer just what a registration, a rating and a mirroring ask for, in the forms of the real
ones, so that everything that the registry does with it is done by its usual rules.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from artifacts.rules.documents import read_strict_json

# Kept outside of git by the Hub, under the SHA-256 of the bytes.
_LARGE = (".safetensors", ".parquet", ".bin")
_HOST = "127.0.0.1"
Files = Mapping[str, bytes]
_PEOPLE = ("ada", "grace", "alan")
_COMMITS = 12
# Every third change was approved by nobody.
_UNREVIEWED = 3


class DemoSource(ThreadingHTTPServer):
    """Answers by path; what it does not have is 404, and what is out of order is 503."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on any free port."""
        super().__init__((_HOST, 0), _Handler)
        self.answers: dict[str, bytes] = {}
        self.out_of_order: set[str] = set()
        # What GitHub's graph says of a repository, and the texts of its files.
        self.graph: dict[str, dict[str, object]] = {}
        self.texts: dict[str, bytes] = {}
        self.host = f"{_HOST}:{self.server_port}"
        self.url = f"http://{self.host}"

    def handle_error(self, *_args: object) -> None:
        """Say nothing: a client that has heard enough hangs up in the middle."""

    def publish_on_hub(
        self, kind: str, repository: str, files: Files, facts: dict[str, object], edition: int = 1
    ) -> None:
        """Let the Hub have a repository.

        Args:
            kind: `models` or `datasets`.
            facts: what the Hub says of it, as `downloads` and `likes`.
            edition: each has a commit of its own.
        """
        commit, api = _commit_of(repository, edition), f"/api/{kind}/{repository}"
        listed = [{"rfilename": path} for path in files]
        info = {"id": repository, "sha": commit, "gated": False, "tags": [], "siblings": listed}
        self._say(api, info | facts)
        self._say(f"{api}/revision/main", info | facts)
        self._say(f"{api}/tree/{commit}", [_hub_entry(*each) for each in files.items()])
        self._say(f"{api}/refs", {"tags": [], "branches": [], "converts": []})
        commits = [
            {
                "id": f"{number:040x}",
                "title": "Better",
                "date": "2026-11-01T00:00:00.000Z",
                "authors": [{"user": _PEOPLE[number % len(_PEOPLE)]}],
            }
            for number in range(_COMMITS)
        ]
        self._say(f"{api}/commits/{commit}", commits)
        prefix = "" if kind == "models" else f"/{kind}"
        for path, data in files.items():
            self.answers[f"{prefix}/{repository}/resolve/{commit}/{path}"] = data
            if not path.endswith(_LARGE):
                self.answers[f"{prefix}/{repository}/raw/{commit}/{path}"] = data

    def publish_on_github(self, repository: str, files: Files) -> None:
        """Let GitHub have a repository."""
        commit, api = _commit_of(repository), f"/repos/{repository}"
        tree = [
            {"path": path, "type": "blob", "mode": "100644", "size": len(data), "sha": _blob(data)}
            for path, data in files.items()
        ]
        self._say(api, {"full_name": repository, "default_branch": "main"})
        self.answers[f"{api}/commits/main"] = commit.encode()
        for revision in (commit, "HEAD"):
            self._say(f"{api}/git/trees/{revision}", {"tree": tree, "truncated": False})
        people = [{"login": each, "type": "User", "contributions": 10} for each in _PEOPLE]
        self._say(f"{api}/contributors", people)
        self.graph[repository] = _graph(repository, commit)
        self.texts |= {f"{repository}:{commit}:{path}": data for path, data in files.items()}
        self.answers[f"{api}/readme"] = files["README.md"]
        self._say(f"{api}/tags", [])
        self.answers[f"{api}/tarball/{commit}"] = _pack(f"{commit[:7]}/", files)

    def _say(self, path: str, told: object) -> None:
        """Answer a path with JSON."""
        self.answers[path] = json.dumps(told).encode()


class _Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    protocol_version = "HTTP/1.1"
    server: DemoSource

    def do_GET(self) -> None:
        """Answer by the path, whatever the query."""
        path = urlsplit(self.path).path
        body, status = self.server.answers.get(path, b'{"error": "not found"}'), HTTPStatus.OK
        if any(each in path for each in self.server.out_of_order):
            body, status = b"{}", HTTPStatus.SERVICE_UNAVAILABLE
        elif path not in self.server.answers:
            status = HTTPStatus.NOT_FOUND
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815  (the interface's)

    def do_POST(self) -> None:
        """Answer GitHub's graph: all that is known of a repository, whatever is asked for."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        asked = read_strict_json(body, "The question")
        given = asked["variables"]
        repository = f"{given['owner']}/{given['name']}"
        found = self.server.graph.get(repository)
        if found is None:
            self._send({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND"}]})
            return
        files = {
            name: {"text": self.server.texts[f"{repository}:{place}"].decode()}
            for name, place in given.items()
            if f"{repository}:{place}" in self.server.texts
        }
        self._send({"data": {"repository": found | files}})

    def _send(self, told: object) -> None:
        """Send JSON."""
        body = json.dumps(told).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: the registry logs what it asks for."""


@contextmanager
def serving() -> Iterator[DemoSource]:
    """Run a source for as long as the block."""
    with DemoSource() as source:
        thread = threading.Thread(target=source.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield source
        finally:
            source.shutdown()
            thread.join()


def _commit_of(repository: str, edition: int = 1) -> str:
    """Return a repository's commit, always the same for an edition."""
    text = repository if edition == 1 else f"{repository}@{edition}"
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


def _graph(repository: str, commit: str) -> dict[str, object]:
    """Return what GitHub's graph says of a repository that three people work on."""
    commits = [
        {
            "additions": 40,
            "parents": {"totalCount": 1},
            "author": {"name": author, "user": {"login": author}},
            "associatedPullRequests": {
                "nodes": [
                    {
                        "merged": True,
                        "author": {"login": author},
                        "reviews": {
                            "nodes": [{"author": {"login": _PEOPLE[(number + 1) % len(_PEOPLE)]}}]
                            if number % _UNREVIEWED
                            else []
                        },
                    }
                ]
            },
        }
        for number in range(_COMMITS)
        for author in (_PEOPLE[number // 2 % len(_PEOPLE)],)
    ]
    return {
        "nameWithOwner": repository,
        "url": f"https://github.com/{repository}",
        "stargazerCount": 120,
        "licenseInfo": {"spdxId": "MIT"},
        "releases": {"totalCount": 4},
        "languages": {"edges": [{"size": 900, "node": {"name": "Python"}}]},
        "refs": {"nodes": []},
        "defaultBranchRef": {
            "name": "main",
            "target": {
                "oid": commit,
                "history": {
                    "pageInfo": {"hasNextPage": False, "endCursor": None},
                    "nodes": commits,
                },
            },
        },
    }


def _blob(data: bytes) -> str:
    """Return the digest under which git keeps a file."""
    head = f"blob {len(data)}\0".encode()
    return hashlib.sha1(head + data, usedforsecurity=False).hexdigest()


def _hub_entry(path: str, data: bytes) -> dict[str, object]:
    """Return a file as the Hub lists it."""
    entry: dict[str, object] = {"type": "file", "path": path, "size": len(data), "oid": _blob(data)}
    if path.endswith(_LARGE):
        digest = hashlib.sha256(data).hexdigest()
        entry["lfs"] = {"oid": digest, "size": len(data), "pointerSize": 130}
    return entry


def _pack(top: str, files: Files) -> bytes:
    """Return files as GitHub packs them: below one folder, as a gzipped tar archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for path, data in files.items():
            member = tarfile.TarInfo(top + path)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return gzip.compress(packed.getvalue())
