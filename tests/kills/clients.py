"""Clients that register, upload in parts, replace and delete without pause, and note what came."""

import hashlib
import io
import random
import threading
import time
import urllib.error
import urllib.request
import zipfile
from typing import Any

from tests.kills.ledger import Ledger, Promise
from tests.performance.registry import Registry

ANSWER_WITHIN_S = 20
# A part has 16 MB: the zip takes two.
UPLOADED_BYTES = 16_500_000
CHECKED_TRIES = 200
PAUSE_S = 0.05


class Clients:
    """Threads that can be stopped for a moment, with nothing on its way."""

    def __init__(self, registry: Registry, ledger: Ledger, count: int) -> None:
        self.registry, self.ledger = registry, ledger
        self._stopping, self._paused = threading.Event(), threading.Event()
        self._idle = [threading.Event() for _ in range(count)]
        self._threads = [threading.Thread(target=self._work, args=(each,)) for each in self._idle]
        for thread in self._threads:
            thread.start()

    def pause(self) -> None:
        """Return once no client has a request on its way."""
        self._paused.set()
        for idle in self._idle:
            idle.wait()

    def go_on(self) -> None:
        self._paused.clear()

    def stop(self) -> None:
        self._stopping.set()
        self._paused.clear()
        for thread in self._threads:
            thread.join()

    def _work(self, idle: threading.Event) -> None:
        try:
            self._work_on(idle)
        finally:
            idle.set()  # Nobody waits for a client that failed; its error is printed.

    def _work_on(self, idle: threading.Event) -> None:
        while not self._stopping.is_set():
            if self._paused.is_set():
                idle.set()
                time.sleep(PAUSE_S)
                continue
            idle.clear()
            random.choice((*[self._register] * 6, self._replace, self._delete, self._upload))()

    def _ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        status, answer = self.registry.ask(method, path, body, ANSWER_WITHIN_S)
        # Killed just now. What is asked for before it is back would only fail, and a deletion that
        # got no answer leaves nothing that could be promised.
        while status == 0 and not self._stopping.is_set():
            time.sleep(PAUSE_S)
            if self.registry.ask("GET", "/tracks", None, ANSWER_WITHIN_S)[0] == 200:
                break
        return status, answer

    def _register(self) -> None:
        resets, name = self.ledger.resets, f"kill-{self.ledger.next_number()}"
        url = f"https://huggingface.co/kills/{name}"
        status, body = self._ask("POST", "/artifact/model", {"url": url})
        if status == 201:
            promise = Promise("model", name, frozenset({name}))
            self.ledger.promise(body["metadata"]["id"], promise, resets)

    def _replace(self) -> None:
        """Give a model another source. Cut off, it has the old content or the new, whole."""
        resets, taken = self.ledger.resets, self.ledger.take()
        if taken is None:
            return
        artifact_id, promise = taken
        if promise.kind != "model":
            self.ledger.promise(artifact_id, promise, resets)
            return
        new = f"kill-{self.ledger.next_number()}"
        status, _ = self._ask(
            "PUT",
            f"/artifacts/model/{artifact_id}",
            {
                "metadata": {"name": promise.name, "id": artifact_id, "type": "model"},
                "data": {"url": f"https://huggingface.co/kills/{new}"},
            },
        )
        after = {200: {new}, 0: promise.contents | {new}}.get(status, promise.contents)
        self.ledger.promise(artifact_id, Promise("model", promise.name, frozenset(after)), resets)

    def _delete(self) -> None:
        taken = self.ledger.take()
        if taken is not None:
            status, _ = self._ask("DELETE", f"/artifacts/{taken[1].kind}/{taken[0]}")
            if status == 200:
                self.ledger.delete(taken[0])

    def _upload(self) -> None:
        """Send a zip in parts, as a client does that asks again after each cut."""
        resets, name = self.ledger.resets, f"upload-{self.ledger.next_number()}"
        sent = made_zip(name)
        announced = {"filename": f"{name}.zip", "size_bytes": len(sent), "in_parts": True}
        status, place = self._ask("POST", "/uploads", announced)
        if status != 201 or not self._send(place, sent):
            return
        for _ in range(CHECKED_TRIES):
            status, body = self._ask(
                "POST", "/artifact/dataset", {"name": name, "url": place["url"]}
            )
            if status == 201:
                digest = hashlib.sha256(name.encode()).hexdigest()
                promise = Promise("dataset", name, frozenset({digest}))
                self.ledger.promise(body["metadata"]["id"], promise, resets)
                return
            # 409: the answer to an earlier try was cut off. 404: a reset took the upload.
            if status in (400, 401, 403, 404, 409) or self._stopping.is_set():
                return
            if self._paused.is_set():
                return  # it is not worth a pause of the others
            time.sleep(PAUSE_S)

    def _send(self, place: dict, sent: bytes) -> bool:
        size = place["part_size_bytes"]
        pieces = [sent[at : at + size] for at in range(0, len(sent), size)]
        digests = [hashlib.sha256(piece).hexdigest() for piece in pieces]
        parts = [{"number": n, "sha256": digest} for n, digest in enumerate(digests, 1)]
        path = f"/uploads/{place['id']}"
        status, signed = self._ask("POST", f"{path}/parts", {"parts": parts})
        if status != 200:
            return False
        for target, piece in zip(signed["parts"], pieces, strict=True):
            request = urllib.request.Request(
                target["upload_url"], piece, target["headers"], method=target["method"]
            )
            try:
                urllib.request.urlopen(request, timeout=ANSWER_WITHIN_S).close()
            except OSError:
                return False
        return self._ask("POST", f"{path}/complete", {"sha256": digests})[0] == 202


def made_zip(name: str) -> bytes:
    """A zip whose one file is told by its name, filled up so that it takes two parts."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        made.writestr("README.md", name)
        made.writestr("data.bin", hashlib.sha256(name.encode()).digest() * (UPLOADED_BYTES // 32))
    return held.getvalue()
