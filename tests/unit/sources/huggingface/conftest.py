"""A small Hub: one model and one data set, and the pieces to change them with."""

import hashlib

import pytest

from artifacts.sources.huggingface import HuggingFaceSource
from tests.fakes.loopback import Loopback, Reply, json_reply

COMMIT = "c0ffee" * 6 + "beef"
TAGS = [{"name": "v1.0", "targetCommit": COMMIT}, {"name": "v1.1"}]
CARD = b"---\nlicense: mit\n---\n# robot\n"
CONFIG = b'{"model_type": "robot"}'
WEIGHTS = b"\x01\x02" * 500


def git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def entry(path: str, data: bytes) -> dict:
    return {"type": "file", "path": path, "size": len(data), "oid": git_oid(data)}


def lfs_entry(path: str, data: bytes) -> dict:
    sha256 = hashlib.sha256(data).hexdigest()
    lfs = {"oid": sha256, "size": len(data), "pointerSize": 130}
    return entry(path, b"pointer") | {"size": len(data), "lfs": lfs}


def info(**changes) -> dict:
    return {
        "id": "acme/robot",
        "sha": COMMIT,
        "gated": False,
        "downloads": 7,
        "tags": ["license:apache-2.0", "robot"],
        "cardData": {"license": "mit", "datasets": ["acme/tea"]},
        "siblings": [{"rfilename": name} for name in ("config.json", "sub/config.json", "x")],
    } | changes


@pytest.fixture
def hub(server) -> Loopback:
    """Serves `acme/robot`; tests change `hub.routes`."""
    api, files = "/api/models/acme/robot", f"/acme/robot/resolve/{COMMIT}"
    raw = f"/acme/robot/raw/{COMMIT}"
    folder = {"type": "directory", "path": "sub", "size": 0, "oid": "d" * 40}
    server.routes |= {
        f"{api}/revision/main": json_reply(info()),
        f"{api}/tree/{COMMIT}": json_reply([
            entry("README.md", CARD), entry("config.json", CONFIG), folder,
            lfs_entry("sub/model.safetensors", WEIGHTS), entry("sub/config.json", b"{}"),
        ]),
        f"{api}/refs": json_reply({"tags": TAGS, "branches": []}),
        f"{raw}/README.md": Reply(CARD),
        f"{raw}/config.json": Reply(CONFIG),
        f"{raw}/sub/config.json": Reply(b"{}"),
        f"{files}/sub/model.safetensors": Reply(WEIGHTS),
    }  # fmt: skip
    return server


@pytest.fixture
def take(hub, inquiry):
    """Take a snapshot of a URL below https://huggingface.co/."""
    source = HuggingFaceSource()

    def take(path: str = "acme/robot"):
        return source.fetch_snapshot(source.parse(f"https://huggingface.co/{path}"), inquiry)

    return take
