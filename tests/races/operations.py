"""Everything that writes, each as one call; `test_pairs` runs any two of them side by side.

A test holds the list against routes, actions and jobs: what writes and is not here fails it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from artifacts.enums import ArtifactType
from artifacts.models import Task
from artifacts.services.access import users
from artifacts.services.hub.pulling import pull
from artifacts.services.lineage import edges
from artifacts.services.upkeep import activity, housekeeping
from artifacts.services.upkeep.orphans import remove_orphans
from artifacts.services.upkeep.rebuild import rebuild_index
from tests.clients import ApiClient
from tests.races.judging import JUDGING
from tests.races.operation import Operation, act_on, staff_page
from tests.races.sources import HUB
from tests.races.world import (
    LARGE,
    LARGE_SHA256,
    PARTS,
    PASSWORD,
    World,
    run_tasks,
    zip_of,
)
from tests.secret_watch import remember


def _register(world: World, url: str, kind: str = "model"):
    return world.api.post(f"/artifact/{kind}", {"url": url})


def _replace(world: World, url: str):
    metadata = {"name": world.robot.name, "id": world.robot.id, "type": "model"}
    body = {"metadata": metadata, "data": {"url": url}}
    return world.api.put(f"/artifacts/model/{world.robot.id}", body)


def _announce(world: World, **changes: Any):
    return world.api.post("/uploads", {"filename": "a.zip", "size_bytes": 5} | changes)


def _complete(world: World):
    sha256 = hashlib.sha256(zip_of(PARTS)).hexdigest()
    return world.api.post(f"/uploads/{world.parts.id}/complete", {"sha256": [sha256]})


def _permit(world: World, name: str, **changes: Any):
    return world.admin.put(f"/users/{name}/permissions", {"permissions": ["search"]} | changes)


def _use_token(world: World):
    """A program calls, with its owner's rights of this moment."""
    headers = {"X-Authorization": world.program_token}
    return ApiClient().post("/artifacts", [{"name": "*"}], **headers)


def _any_task() -> object:
    return Task.objects.values_list("id", flat=True).first() or "0"


def _push(world: World, method: str, path: str, body: Any):
    """What the Hub's clients send."""
    return world.api.send(method, path, body, Authorization=f"Bearer {world.api.token}")


def _commit(world: World, name: str, path: str, kind: str = "models"):
    """Add a small file, and the large one that was sent."""
    lines = (
        {"key": "header", "value": {"summary": path}},
        {"key": "file", "value": {"path": path, "content": "eA==", "encoding": "base64"}},
        {"key": "lfsFile", "value": {"path": "large.bin", "algo": "sha256", "oid": LARGE_SHA256,
                                     "size": len(LARGE)}},
    )  # fmt: skip
    body = b"\n".join(json.dumps(each).encode() for each in lines)
    return _push(world, "POST", f"/api/{kind}/registry.ursula/{name}/commit/main", body)


_LARGE = {"operation": "upload", "objects": [{"oid": "ab" * 32, "size": 5}]}
_PART = {"number": 1, "sha256": hashlib.sha256(b"").hexdigest()}
OPERATIONS = (
    Operation("sign in", "PUT authenticate", lambda w: w.api.put("/authenticate", {
        "user": {"name": "ursula", "is_admin": False}, "secret": {"password": PASSWORD}})),
    Operation("register", "POST artifact-create", lambda w: _register(w, f"{HUB}acme/child")),
    Operation("register code", "POST artifact-create",
              lambda w: _register(w, f"{HUB}acme/child", "code")),
    Operation("register a silent one", "POST artifact-create",
              lambda w: _register(w, f"{HUB}acme/silent-child")),
    Operation("register an upload", "POST artifact-create", lambda w: _register(w, w.whole.url)),
    Operation("register an old upload", "POST artifact-create", lambda w: _register(w, w.old.url)),
    Operation("replace", "PUT artifact", lambda w: _replace(w, f"{HUB}acme/child")),
    Operation("replace by an upload", "PUT artifact", lambda w: _replace(w, w.whole.url)),
    Operation("replace by a silent one", "PUT artifact",
              lambda w: _replace(w, f"{HUB}acme/silent-child")),
    Operation("delete", "DELETE artifact",
              lambda w: w.api.delete(f"/artifacts/model/{w.robot.id}")),
    Operation("delete the mother", "DELETE artifact",
              lambda w: w.api.delete(f"/artifacts/model/{w.mother.id}")),
    Operation("rate", "GET artifact-rate",
              lambda w: w.api.get(f"/artifact/model/{w.robot.id}/rate?refresh=true&evidence=true")),
    Operation("download", "GET artifact-download",
              lambda w: w.api.get(f"/artifacts/model/{w.robot.id}/download")),
    Operation("download by a client of the Hub", "GET hub-models-resolve",
              lambda w: w.hub.get("/acme/robot/resolve/main/README.md")),
    Operation("read the trail", "GET artifact-audit",
              lambda w: w.api.get(f"/artifact/model/{w.robot.id}/audit")),
    Operation("announce", "POST uploads", lambda w: _announce(w, sha256="ab" * 32)),
    Operation("announce in parts", "POST uploads", lambda w: _announce(w, in_parts=True)),
    Operation("sign a part", "POST upload-parts",
              lambda w: w.api.post(f"/uploads/{w.parts.id}/parts", {"parts": [_PART]})),
    Operation("complete", "POST upload-complete", _complete),
    Operation("abort", "DELETE upload", lambda w: w.api.delete(f"/uploads/{w.whole.id}")),
    Operation("abort parts", "DELETE upload", lambda w: w.api.delete(f"/uploads/{w.parts.id}")),
    Operation("make a repository", "POST hub-repos-create", lambda w: _push(
        w, "POST", "/api/repos/create", {"name": "fresh"})),
    Operation("delete a repository", "DELETE hub-repos-delete", lambda w: _push(
        w, "DELETE", "/api/repos/delete", {"name": "pushed"})),
    Operation("delete an empty one", "DELETE hub-repos-delete", lambda w: _push(
        w, "DELETE", "/api/repos/delete", {"name": "empty"})),
    Operation("commit", "POST hub-models-commit", lambda w: _commit(w, "pushed", "a")),
    Operation("commit once more", "POST hub-models-commit", lambda w: _commit(w, "pushed", "b")),
    Operation("commit first", "POST hub-models-commit", lambda w: _commit(w, "empty", "a")),
    Operation("commit to a data set", "POST hub-datasets-commit", lambda w: _commit(
        w, "tea", "a", "datasets")),
    Operation("announce one of a data set", "POST hub-datasets-lfs-batch", lambda w: _push(
        w, "POST", "/datasets/registry.ursula/tea.git/info/lfs/objects/batch", _LARGE)),
    Operation("announce a large file", "POST hub-models-lfs-batch", lambda w: _push(
        w, "POST", "/registry.ursula/pushed.git/info/lfs/objects/batch", _LARGE)),
    Operation("create a user", "POST users",
              lambda w: w.admin.post("/users", {"name": "carl", "password": PASSWORD})),
    Operation("demote", "PUT user-permissions", lambda w: _permit(w, "ursula")),
    Operation("demote an administrator", "PUT user-permissions",
              lambda w: _permit(w, "ada", is_admin=False)),
    Operation("change one's password", "PUT user-password", lambda w: w.api.put(
        "/users/ursula/password",
        {"old_password": PASSWORD, "new_password": remember("another-long-password")})),
    Operation("make a token for programs", "POST user-tokens",
              lambda w: w.api.post("/users/ursula/tokens", {"name": "nightly build"})),
    Operation("use a token for programs", "GET by a token", _use_token),
    Operation("revoke a token", "DELETE user-token",
              lambda w: w.admin.delete(f"/users/ursula/tokens/{w.for_programs.pk}")),
    Operation("delete the user", "DELETE user", lambda w: w.admin.delete("/users/ursula")),
    Operation("delete an administrator", "DELETE user", lambda w: w.admin.delete("/users/ada")),
    Operation("reset", "DELETE reset", lambda w: w.admin.delete("/reset")),
    Operation("staff: sign in", "staff login", lambda w: staff_page(
        w, "login", username="ada", password=PASSWORD)),
    Operation("staff: demote and set password", "staff user change", lambda w: staff_page(
        w, "artifacts_user_change", w.ursula.pk, new_password="another-long-password")),
    Operation("staff: delete user", "staff user delete_selected",
              lambda w: act_on(w, "user", "delete_selected", w.ursula.pk)),
    Operation("staff: revoke tokens", "staff accesstoken delete_selected",
              lambda w: act_on(w, "accesstoken", "delete_selected", w.token.pk)),
    Operation("staff: delete", "staff artifact delete_selected",
              lambda w: act_on(w, "artifact", "delete_selected", w.robot.id)),
    Operation("staff: drop", "staff artifact delete", lambda w: staff_page(
        w, "artifacts_artifact_delete", w.waiting.id, post="yes")),
    Operation("staff: mirror", "staff artifact mirror_again",
              lambda w: act_on(w, "artifact", "mirror_again", w.robot.id)),
    Operation("staff: rate", "staff artifact rate_again",
              lambda w: act_on(w, "artifact", "rate_again", w.robot.id)),
    Operation("staff: retry", "staff task retry",
              lambda w: act_on(w, "task", "retry", _any_task())),
    Operation("staff: token", "staff upload token",
              lambda w: staff_page(w, "artifacts_upload_token")),
    Operation("staff: reset", "staff reset", lambda w: staff_page(
        w, "reset", confirmation="RESET")),
    Operation("read what is not registered", "GET what is pulled", lambda w: pull(
        artifact_type=ArtifactType.MODEL, repo_id="acme/child", user=w.ursula)),
    Operation("tasks", "jobs", lambda _: run_tasks()),
    Operation("daily work", "housekeeping", lambda _: housekeeping.keep_house()),
    Operation("remove orphans", "remove_orphans", lambda _: remove_orphans()),
    Operation("link", "link_waiting_edges", lambda _: edges.link_waiting_edges()),
    Operation("rebuild", "rebuild_index", lambda _: rebuild_index()),
    Operation("start", "ensure_administrator", lambda _: users.ensure_administrator()),
    Operation("statistics", "activity", lambda _: activity.flush()),
    *JUDGING,
)  # fmt: skip

# Routes that change nothing that lasts, by name and method.
READING = {
    "GET health", "GET health-components", "GET tracks", "GET schema", "POST artifacts",
    "GET artifact", "GET artifact-by-name", "POST artifact-by-regex", "GET artifact-cost",
    "GET artifact-lineage", "POST artifact-license-check", "GET upload", "GET users", "GET user",
    "GET user-tokens", "GET artifact-decision", "GET artifact-scans", "GET artifact-monitor",
    "GET artifact-downloads", "GET package-confusion-audit", "POST package-confusion-audit",
    "GET hub-agent-harnesses", "GET hub-whoami", "GET hub-models", "GET hub-models-revision",
    "GET hub-models-tree", "GET hub-models-search", "GET hub-models-tags-by-type",
    "POST hub-models-paths-info", "GET hub-models-commits", "GET hub-models-refs",
    "GET hub-models-auth-check", "GET hub-models-xet-read-token",
    # Like `resolve`, which has the same view.
    "GET hub-models-raw",
    *(f"POST hub-models-{word}" for word in ("preupload", "tag", "branch")),
    *(f"DELETE hub-models-{word}" for word in ("tag", "branch")),
    "POST hub-validate-yaml", "GET hub-no-xet", "GET hub-models-xet-write-token",
}  # fmt: skip
# Actions that come to the same row change as one of those above.
LIKE_OTHERS = {"staff task cancel"}
