"""A whole registry, web server and worker, with a Hub of its own; for kills and benchmarks."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from tests import secret_watch
from tests.processes import free_port

ROOT = Path(__file__).resolve().parents[2]
USER = "ece30861defaultadminuser"
PASSWORD = "correcthorsebatterystaple-of-the-performance-tests"


class Registry:
    """Starts, kills and asks one registry.

    Attributes:
        program: what Python runs.
        arguments: of `serve`, beside the port.
        prefix: the path below which it answers; "" at the root.
    """

    program: tuple[str, ...] = ("manage.py",)
    arguments: tuple[str, ...] = ()
    prefix = ""

    def __init__(self, data: Path, hub_url: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}{self.prefix}"
        # Its database is a file beside its payloads, whatever the tests themselves run on.
        kept = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
        self.environment = kept | {
            "DJANGO_SETTINGS_MODULE": "registry_site.settings.development",
            "REGISTRY_DATA_DIR": str(data),
            "REGISTRY_ADMIN_PASSWORD": PASSWORD,
            "HF_ENDPOINT": hub_url,
            "REGISTRY_PRIVATE_HOSTS": hub_url.removeprefix("http://"),
            "LOG_LEVEL": "warning",
            **settings,
        }
        self.log = data.with_suffix(".log")
        secret_watch.remember(PASSWORD)
        self.process: subprocess.Popen[bytes] | None = None
        self.token = ""

    def start(self) -> None:
        command = [sys.executable, *self.program, "serve", "--port", str(self.port)]
        command += self.arguments
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        ends_at = time.monotonic() + 60
        while self.ask("GET", "/health")[0] != 200:
            if time.monotonic() > ends_at or self.process.poll() is not None:
                raise RuntimeError(f"no registry came up; see {self.log}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, as a machine that fails would."""
        self.process.kill()
        self.process.wait()

    def kill_worker(self) -> bool:
        """SIGKILL for the worker alone."""
        for pid in self.children():
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def children(self) -> list[int]:
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        others = path.parent.parent.glob("*/children")
        return [int(pid) for each in others for pid in each.read_text().split()]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)
        secret_watch.look_through_file(self.log)

    def sign_in(self) -> None:
        body = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
        status, token = self.ask("PUT", "/authenticate", body)
        if status != 200:
            raise RuntimeError(f"signing in answered {status}: {token}")
        self.token = token
        secret_watch.remember(token.removeprefix("bearer "))

    def ask(
        self, method: str, path: str, body: Any = None, timeout_s: float = 60
    ) -> tuple[int, Any]:
        """Send a request; status 0 means that no answer came."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"X-Authorization": self.token} if self.token else {}
        return self._send(method, path, data, headers, timeout_s)

    def ask_hub(
        self, method: str, path: str, body: Any = None, timeout_s: float = 60
    ) -> tuple[int, Any]:
        """The same, with the token where the Hub's clients send it."""
        is_ready = body is None or isinstance(body, bytes)
        data = body if is_ready else json.dumps(body).encode()
        headers = {"Authorization": self.token, "Content-Type": "application/json"}
        return self._send(method, path, data, headers, timeout_s)

    def _send(
        self, method: str, path: str, data: bytes | None, headers: dict[str, str], timeout_s: float
    ) -> tuple[int, Any]:
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:
                raw = answer.read()
                is_json = "json" in answer.headers.get("Content-Type", "")
                return answer.status, json.loads(raw) if is_json and raw else raw
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        except (OSError, http.client.HTTPException, ValueError):
            return 0, None  # Nothing came, or less than a whole answer.
