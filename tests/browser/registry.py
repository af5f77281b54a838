"""A registry with the artifacts of the demonstration, as processes of its own."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
STAND_IN = ROOT.parent / "shared" / "tools" / "upstream_server.py"
# The environment of the registry, which this one knows nothing of.
PYTHON = ROOT / ".venv" / "bin" / "python"
USER = "ece30861defaultadminuser"
PASSWORD = "Seen-by-a-browser-8141"
# Never answered, by the stand-in either.
SILENT = "demo/early-bird"
_FAULT = {"status": 503, "path": SILENT, "times": None}
_START_S = 60.0
_STOP_S = 30.0


@dataclass(frozen=True)
class Registry:
    """A registry that answers.

    Attributes:
        url: without a slash at the end.
        waiting_id: of an artifact whose source does not answer.
        has_sources: whether the stand-in for the public sources runs beside it.
    """

    url: str
    waiting_id: str
    has_sources: bool


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Registry]:
    """Fill a registry, start it, and end it with its sources by their process ids."""
    with contextlib.ExitStack() as stack:
        settings = _start_sources(stack, folder) if STAND_IN.is_file() else {}
        port = free_port()
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "registry_site.settings.development",
            "PORT": str(port),
            "REGISTRY_DATA_DIR": str(folder / "data"),
            "REGISTRY_ADMIN_PASSWORD": PASSWORD,
            # Without sources nobody answers there, and nothing leaves this machine.
            "HF_ENDPOINT": "http://127.0.0.1:9",
            "GITHUB_API_URL": "http://127.0.0.1:9",
            "GITHUB_WEB_URL": "http://127.0.0.1:9",
            **settings,
        }
        with (folder / "registry.log").open("wb") as log:
            subprocess.run(
                [PYTHON, "manage.py", "fill_demo"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
                check=True,
            )
            server = subprocess.Popen(
                [PYTHON, "manage.py", "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
            )
        stack.callback(_end, server)
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/health", server)
        yield Registry(url, _register(url, SILENT), bool(settings))


def _start_sources(stack: contextlib.ExitStack, folder: Path) -> dict[str, str]:
    """Start the stand-in; return the settings that lead to it."""
    options = ("--port", "0", "--scale", "0.001", "--fault", json.dumps(_FAULT))
    server = subprocess.Popen(
        ["python3", STAND_IN, *options, "--cache", folder / "digests"],  # noqa: S607
        stdout=subprocess.PIPE,
        text=True,
    )
    stack.callback(_end, server)
    # `export A=1 B=2 # ... ready`, once it listens.
    said = server.stdout.readline().removeprefix("export ").partition(" #")[0]
    settings = dict(each.split("=", 1) for each in said.split())
    return settings | {"GITHUB_TOKEN": "stand-in", "HF_TOKEN": "stand-in"}


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    ends_at = time.monotonic() + _START_S
    while server.poll() is None and time.monotonic() < ends_at:
        with contextlib.suppress(urllib.error.URLError):
            urllib.request.urlopen(url, timeout=5).close()
            return
        time.sleep(0.1)
    raise RuntimeError("The registry did not start; its words are in registry.log.")


def _register(url: str, repository: str) -> str:
    """Register a model by the API; return its id."""
    person = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
    token = _send("PUT", f"{url}/authenticate", person)
    model = {"url": f"https://huggingface.co/{repository}"}
    found = _send("POST", f"{url}/artifact/model", model, {"X-Authorization": token})
    artifact_id: str = found["metadata"]["id"]
    return artifact_id


def _send(method: str, url: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
    request = urllib.request.Request(
        url,
        method=method,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=_START_S) as answer:
        return json.load(answer)


def _end(server: subprocess.Popen) -> None:
    server.terminate()
    server.wait(_STOP_S)
    if server.stdout:
        server.stdout.close()
