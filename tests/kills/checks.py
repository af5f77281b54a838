"""Comparing what was promised with what is there."""

import hashlib
import io
import json
import random
import time
import urllib.request
import zipfile
from collections.abc import Mapping

from tests.fakes import hub_server
from tests.kills.ledger import Ledger, Promise
from tests.performance.registry import Registry

LOOKED_AT = 10
SETTLE_S = 600


class Damage(AssertionError):
    """Something is lost, half there, or there again."""


def listed(registry: Registry) -> dict[str, str]:
    """Every artifact that the listing shows, with its name."""
    found, offset = {}, ""
    while True:
        request = urllib.request.Request(
            f"{registry.url}/artifacts{offset}",
            json.dumps([{"name": "*"}]).encode(),
            {"X-Authorization": registry.token},
            method="POST",
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            entries = json.loads(answer.read())
            following = answer.headers.get("offset")
        for entry in entries:
            if entry["id"] in found:
                raise Damage(f"{entry['id']} is listed twice")
            found[entry["id"]] = entry["name"]
        if not following:
            return found
        offset = f"?offset={following}"


def look(registry: Registry, ledger: Ledger) -> dict[str, str]:
    """See that nothing promised is lost, nothing deleted is back, and nothing is half there."""
    promised, found = ledger.snapshot(), listed(registry)
    if lost := sorted(set(promised) - set(found)):
        raise Damage(f"{len(lost)} registered artifacts are lost, such as {lost[0]}")
    if back := sorted(ledger.gone & set(found)):
        raise Damage(f"{len(back)} deleted artifacts are back, such as {back[0]}")
    for artifact_id in random.sample(sorted(found), min(LOOKED_AT, len(found))):
        look_at(registry, artifact_id, found[artifact_id])
    return found


def look_at(registry: Registry, artifact_id: str, name: str) -> None:
    """See that an artifact is there by its id, by expression, and with its trail."""
    kind = artifact_id.partition("-")[0]
    status, body = registry.ask("GET", f"/artifacts/{kind}/{artifact_id}")
    if status != 200 or body["metadata"]["name"] != name:
        raise Damage(f"{artifact_id} is listed, but reading it answers {status}")
    status, body = registry.ask("POST", "/artifact/byRegEx", {"regex": f"^{name}$"})
    if status != 200 or artifact_id not in [each["id"] for each in body]:
        raise Damage(f"{artifact_id} is listed, but searching for it answers {status}")
    status, trail = registry.ask("GET", f"/artifact/{kind}/{artifact_id}/audit")
    if status != 200 or "CREATE" not in [each["action"] for each in trail]:
        raise Damage(f"{artifact_id} is listed, but its trail answers {status}")


def check_reset(taken: Mapping[str, Promise], status: int, found: Mapping[str, str]) -> bool:
    """See that a reset happened whole or not at all; says whether it did."""
    left = set(taken) & set(found)
    if status == 200 and left:
        raise Damage(f"{len(left)} artifacts outlasted a reset that was answered")
    if left and len(left) < len(taken):
        raise Damage(f"a reset that was cut off left {len(left)} of {len(taken)} artifacts")
    return not left


def check_contents(registry: Registry, promised: Mapping[str, Promise]) -> None:
    """See that every artifact's bytes arrive in the end, and are those of one of its contents."""
    ends_at = time.monotonic() + SETTLE_S
    for artifact_id, promise in promised.items():
        path = f"/artifacts/{promise.kind}/{artifact_id}/download"
        while True:
            status, raw = registry.ask("GET", path)
            if status == 200:
                break
            if status == 403:  # the token's thousand calls are spent
                registry.token = ""
                registry.sign_in()
            elif time.monotonic() > ends_at:
                raise Damage(f"{artifact_id} has no content: {status} {raw!r:.300}")
        if not _is_promised(zipfile.ZipFile(io.BytesIO(raw)), promise):
            raise Damage(f"{artifact_id} has other bytes than were registered")


def _is_promised(bundle: zipfile.ZipFile, promise: Promise) -> bool:
    if promise.kind == "dataset":
        return bundle.read("data.bin")[:32].hex() in promise.contents
    digest = hashlib.sha256(bundle.read("model.safetensors")).hexdigest()
    return digest in {hub_server.weights_digest(f"kills/{name}") for name in promise.contents}
