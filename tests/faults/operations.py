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

# Fewer than the server has threads: a slow answer must not be one that waited for its turn.
AT_ONCE = 10
STORED_WITHIN_S = 60.0
# Whoever follows a link speaks with the bucket alone, and decides alone how long to wait.
LINK_PATIENCE_S = 3.0
LOST, BACK = "lost", "back"

# What each operation answers while all is well.
WELL = {
    "health": "200",
    "authenticate": "200",
    "list": "200",
    "search": "200",
    "read": "200",
    "rate": "200",
    "cost": "200",
    "lineage": "200",
    "audit": "200",
    "license check": "200",
    "register model": "201",
    "register code": "201",
    "register page": "201",
    "register upload": "201",
    "replace": "200",
    "announce upload": "201",
    "announce upload in parts": "201",
    "download": "302",
    "follow a link": "200",
    "delete": "200",
    "front page": "200",
    "staff site": "200",
    "reset": "200",
}


@dataclass(frozen=True)
class Spare:
    """What one phase uses up: a model to delete, and an upload that is sent, to register."""

    deleted: str
    upload: str


@dataclass(frozen=True)
class Cast:
    """What was registered while all was well.

    Attributes:
        kept: a model whose content is stored, and which nothing changes.
        link: a signed address of its content.
        digest: SHA-256 of that content.
        spares: by phase.
    """

    name: str
    kept: str
    link: str
    digest: str
    replaced: str
    spares: dict[str, Spare]


def prepare(lane: Lane, name: str) -> Cast:
    """Register what the operations need, and wait until all of it is stored."""
    kept = lane.register(f"{LINKED}-kept-{name}")
    replaced = lane.register(f"replaced-{name}")
    spares = {phase: _spare(lane, f"{phase}-{name}") for phase in (LOST, BACK)}
    lane.wait_for_tasks()
    link = link_to(lane, kept)
    return Cast(
        name=name,
        kept=kept,
        link=link,
        digest=digest_at(link),
        replaced=replaced,
        spares=spares,
    )


def start_transfer(lane: Lane, cast: Cast) -> str:
    """Register a model whose content takes seconds to arrive, and return its id."""
    return lane.register(f"{SLOW}-{cast.name}")


def _spare(lane: Lane, name: str) -> Spare:
    deleted = lane.register(f"deleted-{name}")
    announced = announce(lane, f"spare-{name}")
    target = announced.json
    sent = ask(target["upload_url"], target["method"], zip_of(f"spare-{name}"), target["headers"])
    assert sent.status == 200, sent
    return Spare(deleted, target["url"])


def link_to(lane: Lane, artifact_id: str) -> str:
    """Wait until an artifact's content is stored, and return a signed address of it."""
    ends_at = time.monotonic() + STORED_WITHIN_S
    while True:
        answer = lane.ask("GET", f"/artifacts/model/{artifact_id}/download")
        if answer.status == 302:
            return answer.headers["location"]
        assert time.monotonic() < ends_at, answer
        assert answer.error.get("code") == "content_pending", answer


def digest_at(link: str) -> str:
    """Return the SHA-256 of what is at an address."""
    fetched = ask(link)
    assert fetched.status == 200, fetched
    return hashlib.sha256(fetched.body).hexdigest()


def zip_of(name: str) -> bytes:
    """Return a small zip that only this name has."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        # Its date would be that of the moment, and the next call's bytes would be others.
        archive.writestr(zipfile.ZipInfo("README.md"), f"# {name}\n")
    return target.getvalue()


def announce(lane: Lane, name: str, *, in_parts: bool = False) -> Answer:
    data = zip_of(name)
    digest = hashlib.sha256(data).hexdigest()
    body = {"filename": f"{name}.zip", "size_bytes": len(data), "sha256": digest}
    return lane.ask("POST", "/uploads", body | {"in_parts": in_parts})


def try_all(lane: Lane, cast: Cast, phase: str) -> dict[str, Answer]:
    """Try every operation but the reset, several at once, as users do."""
    calls = _reading(lane, cast) | _writing(lane, cast, phase)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        futures = {name: pool.submit(call) for name, call in calls.items()}
        return {name: future.result() for name, future in futures.items()}


def reset(lane: Lane) -> Answer:
    """Bring the registry back to its initial state; the token stays valid."""
    return lane.ask("DELETE", "/reset")


def _reading(lane: Lane, cast: Cast) -> dict[str, Callable[[], Answer]]:
    model = f"/artifact/model/{cast.kept}"
    signing_in = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
    expression = {"regex": f"kept-{cast.name}"}
    staff = lane.staff
    assert staff is not None
    return {
        "health": lambda: lane.ask("GET", "/health"),
        "authenticate": lambda: lane.ask("PUT", "/authenticate", signing_in),
        "list": lambda: lane.ask("POST", "/artifacts", [{"name": "*"}]),
        "search": lambda: lane.ask("POST", "/artifact/byRegEx", expression),
        "read": lambda: lane.ask("GET", f"/artifacts/model/{cast.kept}"),
        "rate": lambda: lane.ask("GET", f"{model}/rate"),
        "cost": lambda: lane.ask("GET", f"{model}/cost"),
        "lineage": lambda: lane.ask("GET", f"{model}/lineage"),
        "audit": lambda: lane.ask("GET", f"{model}/audit"),
        "download": lambda: lane.ask("GET", f"/artifacts/model/{cast.kept}/download"),
        "follow a link": lambda: ask(cast.link, patience_s=LINK_PATIENCE_S),
        "front page": lambda: lane.ask("GET", "/"),
        "staff site": lambda: staff.get("/admin/artifacts/artifact/"),
    }


def _writing(lane: Lane, cast: Cast, phase: str) -> dict[str, Callable[[], Answer]]:
    hub, code = "https://huggingface.co/m", "https://github.com/code"
    page = "https://www.kaggle.com/datasets/d"
    mine, spare = f"{phase}-{cast.name}", cast.spares[phase]
    replaced = {"id": cast.replaced, "type": "model", "name": f"replaced-{cast.name}"}
    replacement = {"metadata": replaced, "data": {"url": f"{hub}/{replaced['name']}"}}
    project = {"github_url": f"{code}/{mine}"}
    upload = {"url": spare.upload, "name": mine}
    return {
        "license check": lambda: lane.ask(
            "POST", f"/artifact/model/{cast.kept}/license-check", project
        ),
        "register model": lambda: lane.ask(
            "POST", "/artifact/model", {"url": f"{hub}/{LINKED}-{mine}"}
        ),
        "register code": lambda: lane.ask("POST", "/artifact/code", {"url": f"{code}/{mine}"}),
        "register page": lambda: lane.ask("POST", "/artifact/dataset", {"url": f"{page}/{mine}"}),
        "register upload": lambda: lane.ask("POST", "/artifact/model", upload),
        "replace": lambda: lane.ask("PUT", f"/artifacts/model/{cast.replaced}", replacement),
        "announce upload": lambda: announce(lane, mine),
        "announce upload in parts": lambda: announce(lane, mine, in_parts=True),
        "delete": lambda: lane.ask("DELETE", f"/artifacts/model/{spare.deleted}"),
    }
