import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.sources import http
from artifacts.sources.huggingface import client
from tests.fakes.loopback import Reply, json_reply, serve
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
def test_get_info_when_hub_says_no_then_refused_with_the_reason(hub, inquiry, reply, words):
    hub.routes[INFO] = reply
    with pytest.raises(SourceRefused, match=words):
        client.get_info(MODEL, "acme/robot", "main", inquiry)


@pytest.mark.parametrize(("token", "hinted"), [("hf_old", True), ("", False)])
def test_get_info_when_denied_with_a_token_then_it_may_be_at_fault(
    hub, inquiry, settings, token, hinted
):
    settings.HF_TOKEN = token
    hub.routes[INFO] = Reply(status=401)
    with pytest.raises(SourceRefused) as raised:
        client.get_info(MODEL, "acme/robot", "main", inquiry)
    assert ("HF_TOKEN" in raised.value.message) is hinted
    assert "hf_old" not in raised.value.message


@pytest.mark.parametrize("answer", [[], "x", {}, {"id": 7}, {"id": "../a b"}], ids=str)
def test_get_info_when_form_is_another_then_unavailable(hub, inquiry, answer):
    hub.routes[INFO] = json_reply(answer)
    with pytest.raises(SourceUnavailable, match="another form"):
        client.get_info(MODEL, "acme/robot", "main", inquiry)


def test_get_info_when_ref_holds_a_slash_then_it_is_one_segment(hub, inquiry):
    hub.routes["/api/models/acme/robot/revision/refs%2Fpr%2F1"] = json_reply({"id": "acme/robot"})
    assert client.get_info(MODEL, "acme/robot", "refs/pr/1", inquiry) == {"id": "acme/robot"}


def test_list_tree_when_there_are_pages_then_all_are_read(hub, inquiry):
    link = {"Link": f'<{hub.url}{TREE}?cursor=2>; rel="next"'}
    hub.routes[TREE] = json_reply([entry("a", b"a"), "nonsense"], headers=link)
    hub.routes[f"{TREE}?cursor=2"] = json_reply([entry("b", b"b")])
    listed = client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)
    assert [each["path"] for each in listed] == ["a", "b"]


@pytest.mark.parametrize(
    "address",
    [
        f"https://huggingface.co{TREE}?cursor=2",
        f"https://www.huggingface.co:443{TREE}?cursor=2",
        f"http://hf.co{TREE}?cursor=2",
        f"https://127.0.0.1:9{TREE}?cursor=2",
        f"{TREE}?cursor=2",
        "?cursor=2",
    ],
    ids=[
        "the hub",
        "with www and port",
        "the short host",
        "its own host by another scheme",
        "a path",
        "a query",
    ],
)
@pytest.mark.parametrize(
    "form",
    ['<{}>; rel="next"', "<{}>; title=x; rel=next, <x>; rel=last", '<{}>; rel="last next"'],
)
def test_list_tree_when_a_mirror_names_the_hub_then_asked_at_the_mirror(
    hub, inquiry, settings, address, form
):
    settings.HF_TOKEN = "hf_secret"
    link = {"Link": form.format(address)}
    hub.routes[TREE] = json_reply([entry("a", b"a")], headers=link)
    hub.routes[f"{TREE}?cursor=2"] = json_reply([entry("b", b"b")])
    listed = client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)
    assert [each["path"] for each in listed] == ["a", "b"]
    assert {asked.headers["authorization"] for asked in hub.asked} == {"Bearer hf_secret"}


def test_list_tree_when_the_next_page_has_no_address_then_there_is_none(hub, inquiry):
    hub.routes[TREE] = json_reply([entry("a", b"a")], headers={"Link": '<>; rel="next"'})
    assert len(client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)) == 1


def test_list_tree_when_a_mirror_is_below_a_path_then_its_pages_are_too(hub, inquiry, settings):
    settings.HF_ENDPOINT = f"{hub.url}/hub"
    for number, address in enumerate((f"https://huggingface.co{TREE}", f"{hub.url}/hub{TREE}")):
        hub.routes[f"/hub{TREE}"] = json_reply(
            [entry("a", b"a")], headers={"Link": f'<{address}?p={number}>; rel="next"'}
        )
        hub.routes[f"/hub{TREE}?p={number}"] = json_reply([entry("b", b"b")])
        listed = client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)
        assert [each["path"] for each in listed] == ["a", "b"]


@pytest.mark.parametrize(
    "address", [f"https://huggingface.co.evil.example{TREE}",
                f"https://user@evil.example{TREE}", f"//evil.example{TREE}", "https://[x"]
)  # fmt: skip
def test_list_tree_when_a_host_is_almost_the_hub_then_refused(hub, inquiry, address):
    hub.routes[TREE] = json_reply([], headers={"Link": f'<{address}>; rel="next"'})
    with pytest.raises(SourceRefused, match="another host"):
        client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)
    assert len(hub.asked) == 1


def test_get_info_when_a_mirror_redirects_to_the_hub_then_asked_at_the_mirror(hub, inquiry):
    location = f"https://huggingface.co{INFO}"
    hub.routes["/api/models/robot/revision/main"] = Reply(
        status=307, headers={"Location": location}
    )
    hub.routes[INFO] = json_reply({"id": "acme/robot"})
    assert client.get_info(MODEL, "robot", "main", inquiry) == {"id": "acme/robot"}


def test_get_info_when_a_mirror_redirects_to_the_same_page_of_the_hub_then_followed(
    hub, inquiry, settings, monkeypatch
):
    settings.HF_TOKEN = "hf_secret"
    with serve() as original:
        settings.REGISTRY_PRIVATE_HOSTS = (hub.host, original.host)
        monkeypatch.setattr(http.Client, "rebase", lambda self, url: self.base_url + INFO)
        hub.routes[INFO] = Reply(status=307, headers={"Location": original.url + INFO})
        original.routes[INFO] = json_reply({"id": "acme/robot"})
        assert client.get_info(MODEL, "acme/robot", "main", inquiry) == {"id": "acme/robot"}
        assert "authorization" not in original.asked[0].headers


def test_list_tree_when_next_page_is_elsewhere_then_refused(hub, inquiry):
    link = {"Link": '<https://evil.example/tree>; rel="next"'}
    hub.routes[TREE] = json_reply([], headers=link)
    with pytest.raises(SourceRefused, match="another host"):
        client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)


def test_list_tree_when_pages_never_end_then_reading_stops_past_the_limit(hub, inquiry, set_limits):
    set_limits(FILES_MAX=2)
    link = {"Link": f'<{hub.url}{TREE}>; rel="next"'}
    hub.routes[TREE] = json_reply([entry("a", b"a")], headers=link)
    assert len(client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)) == 3


@pytest.mark.parametrize("status", [401, 403])
def test_list_tree_when_denied_then_none(hub, inquiry, status):
    hub.routes[TREE] = Reply(status=status)
    assert client.list_tree(MODEL, "acme/robot", COMMIT, inquiry) is None


def test_list_tree_when_form_is_another_then_unavailable(hub, inquiry):
    hub.routes[TREE] = json_reply({"files": []})
    with pytest.raises(SourceUnavailable, match="another form"):
        client.list_tree(MODEL, "acme/robot", COMMIT, inquiry)


@pytest.mark.parametrize(
    "reply",
    [Reply(status=401), Reply(status=404), json_reply([]), json_reply({"tags": None})],
    ids=["denied", "absent", "list", "null"],
)
def test_read_ref_tags_when_hub_will_not_say_then_none(hub, inquiry, reply):
    hub.routes["/api/models/acme/robot/refs"] = reply
    assert client.read_ref_tags(client.get_refs(MODEL, "acme/robot", inquiry)) == {}


@pytest.mark.parametrize(("status", "readable"), [(200, True), (401, False), (403, False)])
def test_may_read_when_hub_is_asked_then_its_word_counts(hub, inquiry, status, readable):
    hub.routes["/api/models/acme/robot/auth-check"] = Reply(status=status)
    assert client.may_read(MODEL, "acme/robot", inquiry) is readable
