"""Fills a registry with what the clients fetch, and says what they are to find."""

import hashlib
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from deployment.client import exchange
from tests.fakes import repositories
from tests.fakes.hub_server import commit_of
from tests.hub_clients import material
from tests.hub_clients.grounds import Ground
from tests.hub_clients.material import Repository
from tests.performance.registry import USER, Registry

KEPT_WITHIN_S = 90.0
# Who reads with every right that reading takes, who may look without fetching, and who writes.
READER, NARROW, WRITER = "hub-reader", "hub-looker", "hub-writer"
PEOPLE = {
    READER: ["search", "download"],
    NARROW: ["search"],
    WRITER: ["search", "download", "upload"],
}
PASSWORD_OF_OTHERS = "Read-by-the-clients-of-the-hub-3207"
TAG, OTHER_TAG = "v1.0.0", "v0.1.0"


class Broken(RuntimeError):
    """The registry could not be made ready; the text says where."""


@dataclass
class Populated:
    """A ground with its artifacts.

    Attributes:
        facts: what every program is told.
    """

    ground: Ground
    facts: dict[str, Any]

    def for_one_client(self, withdrawn: int = 1) -> dict[str, Any]:
        """Return facts with tokens of their own, and with models that this client may withdraw."""
        ground, models = self.ground, []
        for _ in range(withdrawn):
            repository = material.small(f"acme/brief-{time.monotonic_ns()}")
            repositories.publish_model(ground.sources, repository.id, repository.files)
            artifact_id = register(ground.registry, "model", repository)
            path = f"/artifacts/model/{artifact_id}"
            wait_until_kept(ground.registry, path)
            models.append(repository.facts() | {"url": ground.registry.url + path})
        tokens = {
            "reader": token_of(ground.registry, READER),
            "narrow": token_of(ground.registry, NARROW),
            "writer": token_of(ground.registry, WRITER, scope="write"),
            "admin": ground.registry.token,
        }
        return self.facts | {"tokens": tokens, "withdrawn": models}


def populate(ground: Ground, parquet: bytes | None) -> Populated:
    """Publish everything, register it, change what changes, and wait until its bytes are kept.

    Args:
        parquet: a file of columns; None where no library is there to write one.
    """
    registry, sources = ground.registry, ground.sources
    registry.sign_in()
    _add_users(registry)
    model = material.model("acme/small-bert")
    commits = [material.commit_of(model.id, number) for number in (1, 2)]
    repositories.publish_model(sources, model.id, model.older, commit=commits[0])
    artifact_id = register(registry, "model", model)
    wait_until_kept(registry, f"/artifacts/model/{artifact_id}")
    tags = {TAG: commits[1], OTHER_TAG: material.commit_of(model.id, 0)}
    repositories.publish_model(sources, model.id, model.files, commit=commits[1], tags=tags)
    _read_again(registry, artifact_id, model)
    facts: dict[str, Any] = {
        "endpoint": ground.url,
        "user": READER,
        "owner": f"registry.{WRITER}",
        "model": model.facts()
        | {
            "sha": commits[1],
            "older": commits[0],
            "older_readme": hashlib.sha256(model.older["README.md"]).hexdigest(),
            "tag": TAG,
            "other_tag": OTHER_TAG,
        },
    }
    talk = material.dataset("acme/small-talk")
    repositories.publish_dataset(sources, talk.id, talk.files)
    facts["dataset"] = talk.facts() | {"sha": commit_of(talk.id)}
    many = material.many("acme/many-files")
    repositories.publish_model(sources, many.id, many.files)
    facts["many"] = many.facts()
    large = material.too_large("acme/too-large")
    repositories.publish_model(sources, large.id, large.files)
    facts["not_kept"] = large.facts()
    robot = material.from_github("acme/robot")
    repositories.publish_code(sources, "acme/robot", robot.files)
    facts["from_github"] = robot.facts()
    sent = material.from_upload(USER, "sent-in")
    sent.url = _upload(registry, material.zipped(sent.files))
    facts["from_upload"] = sent.facts()
    registered = [
        (kind, register(registry, kind, repository, name))
        for kind, repository, name in (
            ("dataset", talk, ""),
            ("model", many, ""),
            ("model", robot, ""),
            ("model", sent, "sent-in"),
        )
    ]
    if parquet is not None:
        table = material.columns("acme/small-table", parquet)
        repositories.publish_dataset(sources, table.id, table.files)
        facts["columns"] = table.facts()
        registered.append(("dataset", register(registry, "dataset", table)))
    for kind, found in registered:
        wait_until_kept(registry, f"/artifacts/{kind}/{found}")
    _wait_for_refusal(registry, register(registry, "model", large))
    facts["not_kept"]["says"] = f"{material.KEPT_MAX_BYTES:,}"
    return Populated(ground, facts)


def register(registry: Registry, kind: str, repository: Repository, name: str = "") -> str:
    """Register an artifact; return its id."""
    body = {"url": repository.url} | ({"name": name} if name else {})
    status, made = registry.ask("POST", f"/artifact/{kind}", body)
    if status != 201:
        raise Broken(f"registering {repository.url} answered {status}: {made}")
    return made["metadata"]["id"]


def wait_until_kept(registry: Registry, path: str) -> None:
    """Wait until the bytes of an artifact are there."""
    _eventually(lambda: registry.ask("GET", f"{path}/download")[0] == 200, f"bytes of {path}")


def token_of(
    registry: Registry, name: str, password: str = PASSWORD_OF_OTHERS, scope: str = "read"
) -> str:
    """Return a new token for programs of somebody's."""
    body = {"user": {"name": name, "is_admin": False}, "secret": {"password": password}}
    status, signed_in = registry.ask("PUT", "/authenticate", body)
    if status != 200:
        raise Broken(f"{name} cannot sign in: {status} {signed_in}")
    wanted = {"name": f"hub clients {time.monotonic_ns()}", "scope": scope, "lifetime_days": 1}
    answer = exchange(
        "POST",
        f"{registry.url}/users/{name}/tokens",
        headers={"X-Authorization": signed_in, "Content-Type": "application/json"},
        body=json.dumps(wanted).encode(),
    )
    return str(answer.require(201).json()["token"])


def _add_users(registry: Registry) -> None:
    for name, permissions in PEOPLE.items():
        body = {"name": name, "password": PASSWORD_OF_OTHERS, "permissions": permissions}
        status, said = registry.ask("POST", "/users", body)
        if status != 201:
            raise Broken(f"{name} cannot be added: {status} {said}")


def _read_again(registry: Registry, artifact_id: str, repository: Repository) -> None:
    """Have the source read once more, and wait until the new bytes are what is served."""
    path = f"/artifacts/model/{artifact_id}"
    metadata = {"name": repository.name, "id": artifact_id, "type": "model"}
    status, said = registry.ask(
        "PUT", path, {"metadata": metadata, "data": {"url": repository.url}}
    )
    if status != 200:
        raise Broken(f"{repository.url} cannot be read again: {status} {said}")
    wait_until_kept(registry, path)


def _upload(registry: Registry, archive: bytes) -> str:
    """Send a zip in; return the URL by which it is registered."""
    announced = {
        "filename": "sent-in.zip",
        "size_bytes": len(archive),
        "sha256": hashlib.sha256(archive).hexdigest(),
    }
    status, target = registry.ask("POST", "/uploads", announced)
    if status != 201:
        raise Broken(f"no upload was announced: {status} {target}")
    request = urllib.request.Request(
        target["upload_url"], archive, target["headers"], method=target["method"]
    )
    with urllib.request.urlopen(request, timeout=60):
        return target["url"]


def _wait_for_refusal(registry: Registry, artifact_id: str) -> None:
    """Wait until it is known that the bytes are not kept."""
    path = f"/artifacts/model/{artifact_id}/download"
    _eventually(lambda: registry.ask("GET", path)[0] not in {200, 503}, f"refusal of {path}")


def _eventually(condition: Callable[[], object], what: str) -> None:
    ends_at = time.monotonic() + KEPT_WITHIN_S
    while not condition():
        if time.monotonic() > ends_at:
            raise Broken(f"waited in vain for: {what}")
        time.sleep(0.2)
