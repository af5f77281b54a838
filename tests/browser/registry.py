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
from dataclasses import dataclass, replace
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
        sources: where the stand-in for the public sources answers beside it; "" without one.
        waiting_id: of an artifact whose source does not answer; "" in an empty registry.
    """

    url: str
    sources: str
    waiting_id: str = ""

    @property
    def has_sources(self) -> bool:
        """Whether the stand-in runs."""
        return bool(self.sources)

    def sign_in(self, name: str = USER, password: str = PASSWORD) -> str:
        """Return a token, as a program gets it."""
        person = {
            "user": {"name": name, "is_admin": name == USER},
            "secret": {"password": password},
        }
        token: str = send("PUT", f"{self.url}/authenticate", person)
        return token

    def call(self, method: str, path: str, body: Any = None, token: str = "") -> Any:
        """Ask the API, as the administrator unless another token is given."""
        headers = {"X-Authorization": token or self.sign_in()}
        return send(method, f"{self.url}{path}", body, headers)


@contextlib.contextmanager
def running(folder: Path, *, is_filled: bool = True) -> Iterator[Registry]:
    """Start a registry, and end it with its sources by their process ids.

    Args:
        is_filled: whether it has the artifacts of the demonstration, and one that waits.
    """
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
            if is_filled:
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
        found = Registry(url, settings.get("HF_ENDPOINT", ""))
        if is_filled:
            found = replace(found, waiting_id=_register(found, SILENT))
        yield found


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


def _register(registry: Registry, repository: str) -> str:
    """Register a model by the API; return its id."""
    model = {"url": f"https://huggingface.co/{repository}"}
    artifact_id: str = registry.call("POST", "/artifact/model", model)["metadata"]["id"]
    return artifact_id


def send(method: str, url: str, body: Any, headers: Mapping[str, str] | None = None) -> Any:
    """Send JSON and return what is answered as JSON; None for nothing."""
    request = urllib.request.Request(
        url,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json", **(headers or {})},
    )
    with urllib.request.urlopen(request, timeout=_START_S) as answer:
        told = answer.read()
    return json.loads(told) if told else None


def _end(server: subprocess.Popen) -> None:
    server.terminate()
    server.wait(_STOP_S)
    if server.stdout:
        server.stdout.close()
