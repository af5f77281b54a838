"""Models that are kept as links, since their files are not for us."""

import pytest

from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.huggingface.conftest import COMMIT, info

API = "/api/models/acme/robot"
FILES = f"/acme/robot/raw/{COMMIT}"
INFO, TREE = f"{API}/revision/main", f"{API}/tree/{COMMIT}"


@pytest.mark.parametrize("denied", ["tree", "card", "check"])
def test_fetch_snapshot_when_files_are_gated_then_a_link_with_metadata(hub, take, denied):
    hub.routes[INFO] = json_reply(info(gated="auto"))
    path = {"tree": TREE, "card": f"{FILES}/README.md", "check": f"{API}/auth-check"}[denied]
    hub.routes[path] = Reply(status=403)
    snapshot = take()
    assert "accepted their terms" in snapshot.link_only_reason
    assert (snapshot.license, snapshot.commit) == ("mit", COMMIT)
    assert bool(snapshot.files) is (denied != "tree")


def test_fetch_snapshot_when_gate_is_open_to_us_then_no_link(hub, take):
    hub.routes[INFO] = json_reply(info(gated="manual"))
    hub.routes[f"{API}/auth-check"] = Reply()
    assert take().link_only_reason == ""


def test_fetch_snapshot_when_disabled_then_a_link(hub, take):
    hub.routes[INFO] = json_reply(info(disabled=True))
    assert "disabled" in take().link_only_reason


def test_fetch_snapshot_when_files_are_too_many_then_a_link(take, set_limits):
    set_limits(FILES_MAX=1)
    snapshot = take()
    assert snapshot.files == ()
    assert "over 1 files" in snapshot.link_only_reason
