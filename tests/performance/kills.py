"""Kills server or worker with SIGKILL at random moments, again and again, and looks for damage.

After each kill and restart: every artifact that was answered 201 is still there, none is half
visible (each can be read by id, by name and by expression), and ids are unique. At the end every
registered artifact's content gets stored and downloads with the right bytes.

    python -m tests.performance.kills [KILLS]
"""

import hashlib
import io
import random
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

from tests.fakes import hub_server
from tests.performance.registry import Registry

KILLS = 50
CLIENTS = 4
SETTLE_S = 600


class Clients:
    """Register without pause, and remember what was promised."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.lock = threading.Lock()
        self.promised: dict[str, str] = {}  # id -> name
        self.sent = 0
        self.stopping = threading.Event()

    def work(self) -> None:
        while not self.stopping.is_set():
            with self.lock:
                self.sent += 1
                name = f"kill-{self.sent}"
            url = f"https://huggingface.co/kills/{name}"
            status, body = self.registry.ask("POST", "/artifact/model", {"url": url}, 20)
            if status == 201:
                with self.lock:
                    self.promised[body["metadata"]["id"]] = name
            elif status == 0:
                time.sleep(0.05)  # killed just now; it comes back


def listed(registry: Registry) -> dict[str, str]:
    """Every artifact that the listing shows."""
    found, offset = {}, ""
    import json
    import urllib.request

    while True:
        request = urllib.request.Request(  # noqa: S310
            f"{registry.url}/artifacts{offset}",
            json.dumps([{"name": "*"}]).encode(),
            {"X-Authorization": registry.token},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            entries = json.loads(answer.read())
            following = answer.headers.get("offset")
        for entry in entries:
            if entry["id"] in found:
                raise AssertionError(f"{entry['id']} is listed twice")
            found[entry["id"]] = entry["name"]
        if not following:
            return found
        offset = f"?offset={following}"


def look(registry: Registry, promised: dict[str, str]) -> None:
    """Compare what was promised with what is there."""
    found = listed(registry)
    lost = sorted(set(promised) - set(found))
    if lost:
        raise AssertionError(f"{len(lost)} registered artifacts are lost, such as {lost[0]}")
    for artifact_id in random.sample(sorted(found), min(10, len(found))):
        name = found[artifact_id]
        status, body = registry.ask("GET", f"/artifacts/model/{artifact_id}")
        if status != 200 or body["metadata"]["name"] != name:
            raise AssertionError(f"{artifact_id} is listed, but reading it answers {status}")
        status, body = registry.ask("POST", "/artifact/byRegEx", {"regex": f"^{name}$"})
        if status != 200 or artifact_id not in [each["id"] for each in body]:
            raise AssertionError(f"{artifact_id} is listed, but searching for it answers {status}")


def check_contents(registry: Registry, promised: dict[str, str]) -> None:
    """Every artifact's bytes arrive in the end, and are right."""
    ends_at = time.monotonic() + SETTLE_S
    for artifact_id, name in promised.items():
        while True:
            status, raw = registry.ask("GET", f"/artifacts/model/{artifact_id}/download")
            if status == 200:
                break
            if status == 403:  # the token's thousand calls are spent
                registry.token = ""
                registry.sign_in()
                continue
            if time.monotonic() > ends_at:
                raise AssertionError(f"{artifact_id} has no content: {status} {raw!r:.300}")
        bundle = zipfile.ZipFile(io.BytesIO(raw))
        digest = hashlib.sha256(bundle.read("model.safetensors")).hexdigest()
        if digest != hub_server.weights_digest(f"kills/{name}"):
            raise AssertionError(f"{artifact_id} has other weights than its source")


def main(kills: int) -> None:
    hub, hub_url = hub_server.start()
    with tempfile.TemporaryDirectory() as folder:
        registry = Registry(Path(folder) / "data", hub_url)
        registry.start()
        registry.sign_in()
        clients = Clients(registry)
        threads = [threading.Thread(target=clients.work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            for number in range(1, kills + 1):
                time.sleep(random.uniform(0.05, 1.0))
                victim = "worker" if number % 3 == 0 and registry.kill_worker() else "server"
                if victim == "server":
                    registry.kill()
                    registry.start()
                registry.token = ""
                registry.sign_in()
                with clients.lock:
                    promised = dict(clients.promised)
                look(registry, promised)
                print(
                    f"kill {number} ({victim}): {len(promised)} registered, all there", flush=True
                )
        finally:
            clients.stopping.set()
            for thread in threads:
                thread.join()
        registry.token = ""
        registry.sign_in()
        look(registry, clients.promised)
        check_contents(registry, clients.promised)
        print(
            f"{len(clients.promised)} artifacts registered over {kills} kills, none lost or torn;"
        )
        print("every one of them was mirrored and downloads with the right digest")
        registry.stop()
    hub.shutdown()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else KILLS)
