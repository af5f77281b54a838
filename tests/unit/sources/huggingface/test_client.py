import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.sources.huggingface import client
from tests.fakes.loopback import Reply, json_reply
from tests.unit.sources.huggingface.conftest import COMMIT, entry

MODEL = SourceKind.HUGGINGFACE_MODEL
INFO, TREE = "/api/models/acme/robot/revision/main", f"/api/models/acme/robot/tree/{COMMIT}"


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(status=401), "does not exist or is private"),
        (Reply(status=404, headers={"X-Error-Code": "RepoNotFound"}), "does not exist"),
        (Reply(status=404, headers={"X-Error-Code": "RevisionNotFound"}), "no revision 'main'"),
        (
            Reply(
                status=403,
                headers={"X-Error-Message": "Access to this resource is disabled."},
            ),
            "has disabled acme/robot",
        ),
    ],
    ids=["bare-401", "no-repository", "no-revision", "disabled"],
)
def test_get_info_when_hub_says_no_then_refused_with_the_reason(hub, deadline, reply, words):
    hub.routes[INFO] = reply
    with pytest.raises(SourceRefused, match=words):
        client.get_info(MODEL, "acme/robot", "main", deadline)


@pytest.mark.parametrize(("token", "hinted"), [("hf_old", True), ("", False)])
def test_get_info_when_denied_with_a_token_then_it_may_be_at_fault(
    hub, deadline, settings, token, hinted
):
    settings.HF_TOKEN = token
    hub.routes[INFO] = Reply(status=401)
    with pytest.raises(SourceRefused) as raised:
        client.get_info(MODEL, "acme/robot", "main", deadline)
    assert ("HF_TOKEN" in raised.value.message) is hinted
    assert "hf_old" not in raised.value.message


@pytest.mark.parametrize("answer", [[], "x", {}, {"id": 7}, {"id": "../a b"}], ids=str)
def test_get_info_when_form_is_another_then_unavailable(hub, deadline, answer):
    hub.routes[INFO] = json_reply(answer)
    with pytest.raises(SourceUnavailable, match="another form"):
        client.get_info(MODEL, "acme/robot", "main", deadline)


def test_get_info_when_ref_holds_a_slash_then_it_is_one_segment(hub, deadline):
    hub.routes["/api/models/acme/robot/revision/refs%2Fpr%2F1"] = json_reply({"id": "acme/robot"})
    assert client.get_info(MODEL, "acme/robot", "refs/pr/1", deadline) == {"id": "acme/robot"}


def test_list_tree_when_there_are_pages_then_all_are_read(hub, deadline):
    link = {"Link": f'<{hub.url}{TREE}?cursor=2>; rel="next"'}
    hub.routes[TREE] = json_reply([entry("a", b"a"), "nonsense"], headers=link)
    hub.routes[f"{TREE}?cursor=2"] = json_reply([entry("b", b"b")])
    listed = client.list_tree(MODEL, "acme/robot", COMMIT, deadline)
    assert [each["path"] for each in listed] == ["a", "b"]


def test_list_tree_when_next_page_is_elsewhere_then_refused(hub, deadline):
    link = {"Link": '<https://evil.example/tree>; rel="next"'}
    hub.routes[TREE] = json_reply([], headers=link)
    with pytest.raises(SourceRefused, match="another host"):
        client.list_tree(MODEL, "acme/robot", COMMIT, deadline)


def test_list_tree_when_pages_never_end_then_reading_stops_past_the_limit(
    hub, deadline, monkeypatch
):
    monkeypatch.setattr(client, "FILES_MAX", 2)
    link = {"Link": f'<{hub.url}{TREE}>; rel="next"'}
    hub.routes[TREE] = json_reply([entry("a", b"a")], headers=link)
    assert len(client.list_tree(MODEL, "acme/robot", COMMIT, deadline)) == 3


@pytest.mark.parametrize("status", [401, 403])
def test_list_tree_when_denied_then_none(hub, deadline, status):
    hub.routes[TREE] = Reply(status=status)
    assert client.list_tree(MODEL, "acme/robot", COMMIT, deadline) is None


def test_list_tree_when_form_is_another_then_unavailable(hub, deadline):
    hub.routes[TREE] = json_reply({"files": []})
    with pytest.raises(SourceUnavailable, match="another form"):
        client.list_tree(MODEL, "acme/robot", COMMIT, deadline)


@pytest.mark.parametrize(
    "reply",
    [Reply(status=401), Reply(status=404), json_reply([]), json_reply({"tags": None})],
    ids=["denied", "absent", "list", "null"],
)
def test_list_tags_when_hub_will_not_say_then_none(hub, deadline, reply):
    hub.routes["/api/models/acme/robot/refs"] = reply
    assert client.list_tags(MODEL, "acme/robot", deadline) == ()


@pytest.mark.parametrize(("status", "readable"), [(200, True), (401, False), (403, False)])
def test_may_read_when_hub_is_asked_then_its_word_counts(hub, deadline, status, readable):
    hub.routes["/api/models/acme/robot/auth-check"] = Reply(status=status)
    assert client.may_read(MODEL, "acme/robot", deadline) is readable
