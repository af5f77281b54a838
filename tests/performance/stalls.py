"""How long others wait while a registry judges what was made to be costly.

A whole registry is started; while hostile zips are registered one by one, another client asks for
`GET /tracks` without pause. The longest of its waits is printed for each, beside that for harmless
zips of the same size.

So it is while the Hub's clients commit thousands of small files. An S3 server is used where the
settings name one.

    python -m tests.performance.stalls ["commit of 2,000" ...]
"""

import base64
import hashlib
import io
import json
import os
import struct
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from tests.fakes import hub_server
from tests.performance.registry import USER, Registry

SIZE_CHARS = 200_000


def filled(shape: str, size_chars: int = SIZE_CHARS) -> bytes:
    return (shape * size_chars)[:size_chars].encode()


def tensors(count: int) -> bytes:
    """Weights whose header names so many tensors."""
    span = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    header = json.dumps({f"tensor.{number}": span for number in range(count)}).encode()
    return struct.pack("<Q", len(header)) + header


def one_entry(size_bytes: int) -> bytes:
    """Weights whose header is one long list."""
    header = b'{"a":{"shape":[' + os.urandom(size_bytes // 100).hex().encode() * 50 + b"]}}"
    return struct.pack("<Q", len(header)) + header


# What lies in a zip, by what it is meant to burn.
HOSTILE: dict[str, Callable[[], dict[str, bytes]]] = {
    "images": lambda: {"README.md": filled("![")},
    "brackets": lambda: {"README.md": filled("[")},
    "tables": lambda: {"README.md": filled("|a|\n|-|\n")},
    "links": lambda: {"README.md": filled("[a](https://github.com/a/b) ")},
    "code": lambda: {"README.md": b"```python\n" + b"x;" * 9_900 + b"\n```\n"},
    "patterns to match": lambda: {
        "README.md": b"```python\nmatch a:\n" + b" case [a,b]: pass\n" * 900 + b"```\n"
    },
    "front matter": lambda: {"README.md": b"---\n" + filled("[", 900_000) + b"\n---\n"},
    "long front matter": lambda: {
        "README.md": b"---\na:\n" + filled("- {b: c}\n", 900_000) + b"---\n"
    },
    "config of numbers": lambda: {"config.json": b'{"a":[' + b"1," * 900_000 + b"1]}"},
    "config of texts": lambda: {"config.json": b'{"a":[' + b'"",' * 600_000 + b'""]}'},
    "config of brackets": lambda: {"config.json": b"[" * 1_900_000},
    "tensors": lambda: {"model.safetensors": tensors(1_000_000)},
    "one long entry": lambda: {"model.safetensors": one_entry(90_000_000)},
    "thousands of weights": lambda: {
        f"{number}.safetensors": tensors(0) for number in range(9_990)
    },
    "long paths": lambda: {f"{number}/" + "é/" * 490: b"" for number in range(9_000)},
}

# Small files of one commit.
COMMITS = {"commit of 2,000": 2_000, "commit of 9,990": 9_990}


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"salt.txt": os.urandom(8), **files}.items():
            archive.writestr(name if not name.endswith("/") else f"{name}x", data)
    return target.getvalue()


def harmless(size_bytes: int) -> bytes:
    """A zip of plain words that is as long."""
    words = b"plain words of no special kind. " * 6_000
    return zipped({"README.md": words, "data.bin": os.urandom(max(0, size_bytes))})


def register(registry: Registry, data: bytes, name: str) -> int:
    """Announce, send and register a zip; the status of the last."""
    body = {
        "filename": "robot.zip",
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    status, announced = registry.ask("POST", "/uploads", body)
    if status != 201:
        raise RuntimeError(f"announcing answered {status}: {announced}")
    target = announced["upload_url"]
    target = target if "://" in target else registry.url + target
    request = urllib.request.Request(
        target, data, announced.get("headers", {}), method=announced.get("method", "PUT")
    )
    with urllib.request.urlopen(request, timeout=120):
        pass
    return registry.ask("POST", "/artifact/model", {"url": announced["url"], "name": name})[0]


class Waits:
    """Asks for `GET /tracks` without pause, and keeps the longest wait in seconds."""

    def __init__(self, registry: Registry) -> None:
        self.registry, self.longest_s = registry, 0.0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _ask(self) -> None:
        while not self._stopping.is_set():
            started_s = time.monotonic()
            self.registry.ask("GET", "/tracks")
            self.longest_s = max(self.longest_s, time.monotonic() - started_s)
            time.sleep(0.002)


def committed(count: int) -> bytes:
    """A commit of so many small files, as the Hub's clients write it."""
    lines = [{"key": "header", "value": {"summary": "many", "description": ""}}]
    for number in range(count):
        content = base64.b64encode(b"%d " % number + os.urandom(8)).decode()
        path = f"folder-{number // 100}/{number}.json"
        lines.append(
            {"key": "file", "value": {"path": path, "content": content, "encoding": "base64"}}
        )
    return b"\n".join(json.dumps(each).encode() for each in lines)


def commit(registry: Registry, body: bytes, name: str) -> int:
    """Make a repository and commit to it; the status of the commit."""
    made, _ = registry.ask_hub("POST", "/api/repos/create", {"name": name, "type": "model"})
    if made != 200:
        raise RuntimeError(f"making the repository answered {made}")
    path = f"/api/models/registry.{USER}/{name}/commit/main"
    return registry.ask_hub("POST", path, body, timeout_s=300)[0]


def measured_commits(
    registry: Registry, names: list[str]
) -> Iterator[tuple[str, int, int, float, float, float]]:
    """As `measured`, with how long the commit took; usual is a registry that does nothing else."""
    for name in names:
        data = committed(COMMITS[name])
        with Waits(registry) as usual:
            time.sleep(3)
        started_s = time.monotonic()
        with Waits(registry) as waits:
            status = commit(registry, data, f"many-{uuid.uuid4().hex[:8]}")
        took_s = time.monotonic() - started_s
        yield name, len(data), status, waits.longest_s, usual.longest_s, took_s


def measured(registry: Registry, names: list[str]) -> Iterator[tuple[str, int, int, float, float]]:
    """For each kind: its name, size, status, the longest wait, and that beside harmless words."""
    for name in names:
        data = zipped(HOSTILE[name]())
        with Waits(registry) as usual:
            register(registry, harmless(len(data)), f"harmless-{name}")
        with Waits(registry) as waits:
            status = register(registry, data, f"hostile-{name}")
        yield name, len(data), status, waits.longest_s, usual.longest_s


def show(
    name: str, size: int, status: int, wait_s: float, usual_s: float, took_s: float = 0.0
) -> None:
    waits = f"{wait_s * 1_000:8.0f} {usual_s * 1_000:8.0f}"
    print(f"{name:22} {size:11,} {status:6} {waits} {took_s:6.1f}", flush=True)


def main() -> None:
    server, hub_url = hub_server.start()
    with tempfile.TemporaryDirectory(prefix="stalls-") as folder:
        registry = Registry(Path(folder) / "data", hub_url)
        registry.start()
        try:
            registry.sign_in()
            register(registry, harmless(1_000), "warm-up")
            wanted = sys.argv[1:] or [*HOSTILE, *COMMITS]
            print(
                f"{'what':22} {'bytes':>11} {'status':>6} {'wait ms':>8} {'usual ms':>8} {'s':>6}"
            )
            for each in measured(registry, [name for name in wanted if name in HOSTILE]):
                show(*each)
            for other in measured_commits(registry, [name for name in wanted if name in COMMITS]):
                show(*other)
        finally:
            registry.stop()
            server.shutdown()
            server.server_close()


if __name__ == "__main__":
    main()
