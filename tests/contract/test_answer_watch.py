"""The watch over answers sees what is not as the schema says."""

import pytest
from django.urls import resolve

from tests.answer_watch import NotAsDescribed, hold

ROBOT = {"name": "robot", "id": "model-1-1", "type": "model"}
REFUSED = {"error": {"code": "not_found", "message": "No.", "request_id": "1"}}
NODE = {"artifact_id": "model-1-1", "name": "robot", "source": "registered"}
FINE = {
    "a page": ("POST", "/artifacts", 200, [ROBOT]),
    "an object": ("GET", "/artifact/model/model-1-1/lineage", 200, {"nodes": [NODE], "edges": []}),
    "a map": ("GET", "/artifact/code/code-1-1/cost", 200, {"code-1-1": {"total_cost": 1.5}}),
    "a plain value": ("POST", "/artifact/model/model-1-1/license-check", 200, True),
    "a refusal": ("GET", "/artifacts/model/model-1-1", 404, REFUSED),
    "a refusal of any path": ("GET", "/artifacts/model/model-1-1", 507, REFUSED),
    "no such path": ("GET", "/no/such", 404, REFUSED),
    "no such method": ("POST", "/tracks", 405, REFUSED),
    "without a body": ("HEAD", "/tracks", 200, None),
}  # fmt: skip
WRONG = {
    "a field more": ("POST", "/artifacts", 200, [ROBOT | {"size": 1}]),
    "a field less": ("POST", "/artifacts", 200, [{"name": "robot", "id": "model-1-1"}]),
    "another type": ("POST", "/artifacts", 200, [ROBOT | {"name": None}]),
    "no such word": ("POST", "/artifacts", 200, [ROBOT | {"type": "robot"}]),
    "no id": ("POST", "/artifacts", 200, [ROBOT | {"id": "model/1"}]),
    "no address": (
        "GET", "/artifacts/model/model-1-1", 200,
        {"metadata": ROBOT, "data": {"url": "https://x.org", "download_url": "/download"}},
    ),
    "no time": (
        "GET", "/health/components", 200,
        {"generated_at": "noon", "window_minutes": 60, "components": []},
    ),
    "no such status": ("GET", "/artifacts/model/model-1-1", 202, ROBOT),
    "a refusal that is not described": ("GET", "/artifacts/model/model-1-1", 409, REFUSED),
    "a refusal of another form": ("GET", "/artifacts/model/model-1-1", 404, {"detail": "No."}),
    "success where nothing is": ("GET", "/no/such", 200, ROBOT),
}  # fmt: skip


class Answered:
    """What Django's test client returns; the route is looked up when somebody asks for it."""

    def __init__(self, method, path, status, body, kind="application/json"):
        self.kind = kind
        self.request = {"REQUEST_METHOD": method, "PATH_INFO": path}
        self.status_code, self.body, self.streaming = status, body, False

    def __getitem__(self, header):
        return {"Content-Type": self.kind}[header]

    def json(self):
        return self.body

    @property
    def resolver_match(self):
        return resolve(self.request["PATH_INFO"])


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/tracks", 200), ("GET", "/artifacts/model/model-1-1", 500), ("PUT", "/tracks", 405),
])  # fmt: skip
def test_answer_when_it_should_be_json_and_is_none_then_seen(method, path, status):
    with pytest.raises(NotAsDescribed, match="without JSON"):
        hold(Answered(method, path, status, None, kind="text/html"))


@pytest.mark.parametrize(("method", "path", "status"), [
    ("OPTIONS", "/tracks", 200), ("GET", "/docs", 200), ("GET", "/admin/x", 404),
    ("GET", "/artifacts/model/model-1-1/download", 302), ("GET", "/content/x", 200),
])  # fmt: skip
def test_answer_when_no_json_is_described_then_let_pass(method, path, status):
    hold(Answered(method, path, status, None, kind="text/html"))


@pytest.mark.parametrize("case", FINE)
def test_answer_when_as_described_then_let_pass(case):
    hold(Answered(*FINE[case]))


@pytest.mark.parametrize("case", WRONG)
def test_answer_when_not_as_described_then_seen(case):
    with pytest.raises(NotAsDescribed):
        hold(Answered(*WRONG[case]))
