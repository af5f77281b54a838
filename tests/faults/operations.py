"""The registry's main operations, each tried once in each state of each component."""

import hashlib
import io
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from tests.faults.client import Answer, ask
from tests.faults.lane import Lane
from tests.faults.sources import LINKED, SLOW
from tests.performance.registry import PASSWORD, USER

# As many as the server has threads: a slow answer must not be one that waited for its turn.
AT_ONCE = 10
STORED_WITHIN_S = 60.0
REGISTER = ("register model", "register code", "register upload")


@dataclass(frozen=True)
class Cast:
    """What was registered while all was well, for the operations of one phase.

    Attributes:
        kept: a model whose content is stored, and which nothing changes.
        link: a signed address of its content.
        digest: SHA-256 of that content.
        in_flight: a model whose content is just being fetched.
        upload: the address of an upload that was sent, and is not registered yet.
    """

    name: str
    kept: str
    link: str
    digest: str
    replaced: str
    deleted: str
    in_flight: str
    upload: str


def prepare(lane: Lane, name: str) -> Cast:
    """Register what the operations need; the last one's content is still on its way."""
    kept, replaced, deleted = (
        lane.register(f"{each}-{name}") for each in (f"{LINKED}-kept", "replaced", "deleted")
    )
    link = _link(lane, kept)
    fetched = ask(link)
    assert fetched.status == 200, fetched
    upload = announce(lane, f"prepared-{name}")
    assert send(upload, f"prepared-{name}").status == 200
    lane.wait_for_tasks()
    return Cast(
        name=name,
        kept=kept,
        link=link,
        digest=hashlib.sha256(fetched.body).hexdigest(),
        replaced=replaced,
        deleted=deleted,
        in_flight=lane.register(f"{SLOW}-{name}"),
        upload=upload.json["url"],
    )


def _link(lane: Lane, artifact_id: str) -> str:
    """Wait until an artifact's content is stored, and return a signed address of it."""
    ends_at = time.monotonic() + STORED_WITHIN_S
    while True:
        answer = lane.ask("GET", f"/artifacts/model/{artifact_id}/download")
        if answer.status == 302:
            return answer.headers["location"]
        assert time.monotonic() < ends_at, answer
        assert answer.error["code"] == "content_pending", answer


def zip_of(name: str) -> bytes:
    """Return a small zip that only this name has."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("README.md", f"# {name}\n")
    return target.getvalue()


def announce(lane: Lane, name: str) -> Answer:
    data = zip_of(name)
    digest = hashlib.sha256(data).hexdigest()
    body = {"filename": f"{name}.zip", "size_bytes": len(data), "sha256": digest}
    return lane.ask("POST", "/uploads", body)


def send(announced: Answer, name: str) -> Answer:
    """Send a zip to where the announcement's answer says."""
    target = announced.json
    return ask(target["upload_url"], target["method"], zip_of(name), target["headers"])


def operations(lane: Lane, cast: Cast, phase: str) -> dict[str, Callable[[], Answer]]:
    """Return every operation but the reset, by name.

    Args:
        phase: tells apart what is made in this phase from what others make.
    """
    model = f"/artifact/model/{cast.kept}"
    code = "https://github.com/code"
    mine = f"{phase}-{cast.name}"
    replacement = {
        "metadata": {
            "name": f"replaced-{cast.name}",
            "id": cast.replaced,
            "type": "model",
        },
        "data": {"url": f"https://huggingface.co/m/replaced-{cast.name}"},
    }
    signing_in = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
    register = "/artifact"
    hub = "https://huggingface.co/m"
    staff = lane.staff
    assert staff is not None
    return {
        "health": lambda: lane.ask("GET", "/health"),
        "authenticate": lambda: lane.ask("PUT", "/authenticate", signing_in),
        "list": lambda: lane.ask("POST", "/artifacts", [{"name": "*"}]),
        "search": lambda: lane.ask("POST", "/artifact/byRegEx", {"regex": f"kept-{cast.name}"}),
        "read": lambda: lane.ask("GET", f"/artifacts/model/{cast.kept}"),
        "rate": lambda: lane.ask("GET", f"{model}/rate"),
        "cost": lambda: lane.ask("GET", f"{model}/cost"),
        "lineage": lambda: lane.ask("GET", f"{model}/lineage"),
        "audit": lambda: lane.ask("GET", f"{model}/audit"),
        "license check": lambda: lane.ask(
            "POST", f"{model}/license-check", {"github_url": f"{code}/{mine}"}
        ),
        "register model": lambda: lane.ask(
            "POST", f"{register}/model", {"url": f"{hub}/{LINKED}-{mine}"}
        ),
        "register code": lambda: lane.ask("POST", f"{register}/code", {"url": f"{code}/{mine}"}),
        "register upload": lambda: lane.ask(
            "POST", f"{register}/model", {"url": cast.upload, "name": mine}
        ),
        "replace": lambda: lane.ask("PUT", f"/artifacts/model/{cast.replaced}", replacement),
        "download": lambda: lane.ask("GET", f"/artifacts/model/{cast.kept}/download"),
        "follow a link": lambda: ask(cast.link),
        "announce upload": lambda: announce(lane, mine),
        "delete": lambda: lane.ask("DELETE", f"/artifacts/model/{cast.deleted}"),
        "front page": lambda: lane.ask("GET", "/"),
        "staff site": lambda: staff.get("/admin/artifacts/artifact/"),
    }


def reset(lane: Lane) -> Answer:
    """Bring the registry back to its initial state; the token stays valid."""
    return lane.ask("DELETE", "/reset")


def try_all(calls: dict[str, Callable[[], Answer]]) -> dict[str, Answer]:
    """Try the operations, several at once, as users do."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {name: pool.submit(call) for name, call in calls.items()}
        return {name: future.result() for name, future in futures.items()}
