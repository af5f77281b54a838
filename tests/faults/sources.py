"""A Hub, a GitHub and a Kaggle on loopback that have whatever one asks for, by its name."""

import base64
import json
import re
import time
from http.server import ThreadingHTTPServer

from tests.fakes import hub_server

# A model named so has its code on GitHub, and its rating asks there.
LINKED = "linked"
# A model named so sends its weights slowly: there is time to lose something meanwhile.
SLOW = "slow"
SLOW_CHUNKS = 20
SLOW_PAUSE_S = 0.2
CODE = {"README.md": b"# Code\n\nIt does nothing.\n"}
REPOSITORY = re.compile(r"/repos/([^/]+/[^/]+)(/.*)?")


class HubHandler(hub_server.Handler):
    """The Hub of the other tests, with two more kinds of models."""

    def answer_json(self, data):
        if isinstance(data, dict) and LINKED in data.get("id", ""):
            code = f"https://github.com/code/of-{data['id'].partition('/')[2]}"
            data = data | {"cardData": {"license": "mit", "repo": code}}
        super().answer_json(data)

    def answer_file(self, repository, path):
        if SLOW in repository and path == "model.safetensors" and self.command == "GET":
            return self.answer_slowly(repository)
        return super().answer_file(repository, path)

    def answer_slowly(self, repository):
        head, data_bytes = hub_server.weights(repository)
        whole = head + b"\x07" * data_bytes
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(whole) - 1}/{len(whole)}")
        self.send_header("ETag", f'"{hub_server.weights_digest(repository)}"')
        self.send_header("Content-Length", str(len(whole) - start))
        self.end_headers()
        step = len(whole) // SLOW_CHUNKS + 1
        for at in range(start, len(whole), step):
            self.wfile.write(whole[at : at + step])
            time.sleep(SLOW_PAUSE_S)


class GitHubHandler(hub_server.Handler):
    """As much of GitHub's REST interface as a registration, a rating and a license check ask."""

    def do_GET(self):
        found = REPOSITORY.fullmatch(self.path.split("?")[0])
        if found is None:
            return self.answer(404, b"{}", "application/json")
        name, rest = found[1], found[2] or ""
        commit = hub_server.commit_of(name)
        license_ = {"spdx_id": "MIT", "key": "mit"}
        tree = [
            {"path": path, "type": "blob", "mode": "100644", "size": len(data),
             "sha": hub_server.git_digest(data)}
            for path, data in CODE.items()
        ]  # fmt: skip
        text = base64.b64encode(b"MIT License").decode()
        plain = {
            "": {"full_name": name, "default_branch": "main", "license": license_, "size": 1},
            f"/git/trees/{commit}": {"tree": tree, "truncated": False},
            "/git/trees/main": {"tree": tree, "truncated": False},
            "/tags": [],
            "/contributors": [{"login": "ada", "type": "User", "contributions": 7}],
            "/license": {"license": license_, "content": text},
            "/commits": [],
        }
        if rest == "/commits/main":
            return self.answer(200, commit.encode(), "application/vnd.github.sha")
        if rest == "/readme" or rest.startswith("/git/blobs/"):
            return self.answer(200, CODE["README.md"], "application/octet-stream")
        if rest in plain:
            return self.answer(200, json.dumps(plain[rest]).encode(), "application/json")
        return self.answer(404, b"{}", "application/json")

    do_HEAD = do_GET


class KaggleHandler(hub_server.Handler):
    """Kaggle's pages of data sets, as much as is read of them."""

    def do_GET(self):
        facts = {"@type": "Dataset", "name": self.path, "license": {"name": "CC0-1.0"}}
        page = f'<script type="application/ld+json">{json.dumps(facts)}</script>'
        return self.answer(200, page.encode(), "text/html")

    do_HEAD = do_GET


class Source(ThreadingHTTPServer):
    """One of them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler):
        super().__init__(("127.0.0.1", 0), handler)

    def handle_error(self, *_args):
        """A client that was cut off is no news here."""
