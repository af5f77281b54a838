"""A Hub and a GitHub whose every answer is spoiled, by the number in the repository's name."""

import contextlib
import json
import random
import re
import threading

from tests.fakes import hub_server
from tests.faults import sources
from tests.hostile import files
from tests.hostile.data import dump, spoiled
from tests.hostile.texts import text

CASE = re.compile(r"case-(\d+)")
# Most answers are right, so that a registration gets to where the spoiled ones are.
SPOILED_SHARE = 0.35
HEADERS = ("Link", "ETag", "Retry-After", "RateLimit", "X-Error-Message", "X-Repo-Commit", "Date")
HEADER_MAX_CHARS = 20_000


class Spoiling(hub_server.Handler):
    """Goes before a stand-in's handler and spoils what it is about to send."""

    def answer(self, status, body, content_type):
        found = CASE.search(self.path)
        rng = random.Random(f"{found[1] if found else 0} {self.path.split('?')[0]}")
        if rng.random() > SPOILED_SHARE:
            return super().answer(status, body, content_type)
        kind = rng.randrange(5)
        if kind == 0:
            status = rng.choice((200, 204, 301, 401, 403, 404, 418, 429, 500, 503))
        elif kind == 1 and "json" in content_type and body:
            body = dump(spoiled(json.loads(body), rng), rng)
        elif kind == 2:
            body = files.card(rng)
        elif kind == 3:
            body = body[: rng.randrange(len(body) + 1)]
        return self.send_spoiled(status, body, content_type, rng)

    def send_spoiled(self, status, body, content_type, rng):
        self.send_response(status)
        self.send_header(
            "Content-Type",
            rng.choice((content_type, "text/html", text(rng, 50)))
            .encode("latin-1", "replace")
            .decode("latin-1")
            .translate(_NO_BREAKS),
        )
        self.send_header("Content-Length", str(len(body)))
        if rng.random() < 0.3:
            value = text(rng, HEADER_MAX_CHARS).encode("latin-1", "replace").decode("latin-1")
            self.send_header(rng.choice(HEADERS), value.translate(_NO_BREAKS))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.answer(404, b"{}", "application/json")


_NO_BREAKS = {10: " ", 13: " ", 0: " "}


class HubHandler(Spoiling, sources.HubHandler):
    """The Hub."""


class GitHubHandler(Spoiling, sources.GitHubHandler):
    """GitHub."""


@contextlib.contextmanager
def serve():
    """Run both for as long as the block; yields the settings that lead to them."""
    with sources.Source(HubHandler) as hub, sources.Source(GitHubHandler) as github:
        for server in (hub, github):
            threading.Thread(target=server.serve_forever, daemon=True).start()
        places = [f"127.0.0.1:{server.server_port}" for server in (hub, github)]
        yield {
            "HF_ENDPOINT": f"http://{places[0]}",
            "GITHUB_API_URL": f"http://{places[1]}",
            "GITHUB_WEB_URL": f"http://{places[1]}",
            "REGISTRY_PRIVATE_HOSTS": " ".join(places),
            "GITHUB_TOKEN": "of-the-campaign",
        }
        for server in (hub, github):
            server.shutdown()
