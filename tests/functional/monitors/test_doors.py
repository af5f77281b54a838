"""A program decides at every door that gives out bytes, and what of that is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from artifacts.enums import MonitorVerdict
from artifacts.models import AuditEntry, File, MonitorRun, User
from artifacts.sandbox.watching import ProgramRequest
from artifacts.services.content.monitor_runs import Judged
from artifacts.services.content.monitors import set_monitor
from tests.clients import ApiClient, HubClient
from tests.factories.repositories import add_revision, make_repository

pytestmark = pytest.mark.django_db
PATHS = [f"/acme/robot/resolve/main/{each}" for each in ("README.md", "config.json")]


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def doors(artifact, user: User):
    """Every door that leads to bytes, by name."""
    file = File.objects.filter(revision__artifact=artifact).first()
    page = signed_in(user)
    return {
        "api": lambda: ApiClient(user).get(f"/artifacts/model/{artifact.id}/download"),
        "head": lambda: ApiClient(user).send("HEAD", f"/artifacts/model/{artifact.id}/download"),
        "part": lambda: ApiClient(user).get(
            f"/artifacts/model/{artifact.id}/download?part=weights"
        ),
        "page": lambda: page.get(f"/a/{artifact.id}/download/full"),
        "file": lambda: page.get(f"/files/{file.pk}"),
        "hub": lambda: HubClient(user).get(PATHS[0]),
        "hub by commit": lambda: HubClient(user).get(
            PATHS[0].replace("main", HubClient(user).head(PATHS[0])["X-Repo-Commit"])
        ),
    }


NAMES = ("api", "head", "part", "page", "file", "hub", "hub by commit")


@pytest.mark.parametrize("name", NAMES)
def test_door_when_the_program_refuses_then_no_link_and_an_entry(name, guarded, judge, uploader):
    judge.refuse("ask\x1b[31m Ada")
    answer = doors(guarded, uploader)[name]()
    assert answer.status_code == 403
    assert "Location" not in answer
    if name != "head":
        assert b"sensitive" in answer.content
    entry = AuditEntry.objects.get(action="REFUSE")
    run = MonitorRun.objects.get()
    assert (run.entry, run.verdict, run.exit_status) == (entry, "refused", 3)
    assert not AuditEntry.objects.filter(action="DOWNLOAD").exists()


@pytest.mark.parametrize("name", NAMES)
def test_door_when_it_cannot_be_run_then_nobody_gets_it(name, guarded, judge, uploader):
    judge.break_down()
    assert doors(guarded, uploader)[name]().status_code == 503
    assert MonitorRun.objects.get().verdict == "not_run"
    assert not AuditEntry.objects.filter(action="DOWNLOAD").exists()


@pytest.mark.parametrize("name", NAMES)
def test_door_when_the_program_allows_it_then_a_link(name, guarded, judge, uploader):
    # A small file that lies on this server is given at once.
    status = 200 if name.startswith("hub") else 302
    assert doors(guarded, uploader)[name]().status_code == status
    part = "weights" if name == "part" else "full"
    assert judge.asked == [("ursula", f"bundles/{guarded.id}/1/{part}.zip")]
    run = MonitorRun.objects.get()
    assert (run.entry.action, run.verdict, run.output) == ("DOWNLOAD", "allowed", "welcome")


@pytest.mark.parametrize("url", ["/admin/artifacts/artifact/{}/download/full/"])
def test_staff_site_when_the_program_refuses_then_no_link(url, guarded, judge, administrator):
    judge.refuse()
    answer = signed_in(administrator).get(url.format(guarded.id))
    assert "/content/" not in answer.headers.get("Location", "")
    assert AuditEntry.objects.filter(action="REFUSE", user_name="ada").count() == 1


def test_snapshot_when_fetched_file_by_file_then_one_run(guarded, judge, uploader):
    hub = HubClient(uploader)
    assert [hub.get(each).status_code for each in PATHS] == [200, 200]
    assert len(judge.asked) == 1
    judge.refuse()
    MonitorRun.objects.update(created_at=timezone.now() - timedelta(seconds=301))
    assert [hub.get(each).status_code for each in PATHS] == [403, 403]
    assert len(judge.asked) == 2
    assert MonitorRun.objects.count() == 2


def test_snapshot_when_program_person_or_revision_differs_then_another_run(
    guarded, judge, uploader, administrator
):
    hub = HubClient(uploader)
    hub.get(PATHS[0])
    HubClient(administrator).get(PATHS[0])
    assert [each for each, _ in judge.asked] == ["ursula", "ada"]
    set_monitor(artifact_id=guarded.id, program="process.exit(0)//", user=uploader)
    assert hub.get(PATHS[1]).status_code == 200
    assert len(judge.asked) == 3
    other = add_revision(guarded, {"README.md": b"x"}, 2)
    guarded.current_revision = other
    guarded.save()
    assert hub.get(PATHS[0]).status_code == 503  # Its zip is being made first.
    assert len(judge.asked) == 3


def test_snapshot_when_only_a_part_was_allowed_then_files_are_refused(
    guarded, judge, uploader, api
):
    path = f"/artifacts/model/{guarded.id}/download?part=weights"
    assert api.get(path).status_code == 302
    judge.refuse()
    assert HubClient(uploader).get(PATHS[0]).status_code == 403
    assert [run.part for run in MonitorRun.objects.order_by("id")] == ["weights", "full"]


def test_snapshot_when_it_could_not_be_run_then_it_is_tried_again(guarded, judge, uploader):
    hub = HubClient(uploader)
    judge.break_down()
    hub.get(PATHS[0])
    hub.get(PATHS[1])
    assert len(judge.asked) == 2


def test_door_when_of_a_model_without_a_program_or_a_data_set_then_nothing_is_run(
    model, judge, api
):
    make_repository("acme/words", kind="dataset", number=7)
    assert api.get(f"/artifacts/model/{model.id}/download").status_code == 302
    assert judge.asked == []


def test_downloads_when_hosts_were_asked_then_the_list_says_so_and_the_refused_do_not_read_it(
    guarded, judge, api, admin_api, uploader
):
    asked = (ProgramRequest("policy.example.com:443", "GET", 200, 0, 17),)
    judge.verdict = Judged(MonitorVerdict.REFUSED, 1, "not you", "No.", asked)
    hub = HubClient(uploader)
    # The second one rests on what the first one's row keeps.
    answers = [hub.get(PATHS[0]), hub.get(PATHS[1])]
    assert len(judge.asked) == 1
    told = [each.content.decode() + str(each.headers) for each in answers]
    assert all("not you" in each and "policy.example.com" not in each for each in told)
    (listed,) = api.get(f"/artifact/model/{guarded.id}/downloads").json()
    assert listed["output"] == (
        "not you\n[Asked for it: GET policy.example.com:443, 200, 0 bytes sent, 17 received]"
    )


def test_downloads_when_listed_then_verdicts_the_latest_first(
    guarded, judge, api, admin_api, set_limits
):
    api.get(f"/artifacts/model/{guarded.id}/download?part=weights")
    judge.refuse("not ada")
    admin_api.get(f"/artifacts/model/{guarded.id}/download")
    path = f"/artifact/model/{guarded.id}/downloads"
    refused, allowed = api.get(path).json()
    assert (refused["user_name"], refused["is_refused"], refused["is_admin"]) == ("ada", True, True)
    assert (refused["verdict"], refused["exit_status"]) == ("refused", 3)
    assert refused["output"] == "not ada"
    assert (allowed["note"], allowed["verdict"], allowed["output"]) == (
        "part=weights",
        "allowed",
        "welcome",
    )
    set_limits(AUDIT_PAGE_SIZE=1)
    first = api.get(path)
    assert api.get(f"{path}?offset={first['offset']}").json() == [allowed]


def test_page_when_the_owner_looks_then_form_and_verdicts_and_nobody_else_sees_them(
    guarded, judge, uploader
):
    judge.refuse("<b>no</b>")
    ApiClient(uploader).get(f"/artifacts/model/{guarded.id}/download")
    page = signed_in(uploader).get(f"/a/{guarded.id}?tab=downloads").content.decode()
    assert "process.exit(0)" in page
    assert "&lt;b&gt;no&lt;/b&gt;" in page
    other = User.objects.create_user("eve", "a-long-password-4", can_search=True, can_upload=True)
    assert "tab=downloads" not in signed_in(other).get(f"/a/{guarded.id}").content.decode()
    assert signed_in(other).get(f"/a/{guarded.id}?tab=downloads").status_code == 403
    assert signed_in(other).post(f"/a/{guarded.id}/monitor", {"do": "remove"}).status_code == 403


def test_page_when_a_button_is_pressed_then_set_tried_or_removed(model, judge, uploader, api):
    client, path = signed_in(uploader), f"/a/{model.id}/monitor?tab=downloads"
    assert client.post(path, {"do": "set", "program": "1\r\n2"}).status_code == 302
    assert api.get(f"/artifact/model/{model.id}/monitor").json()["program"] == "1\n2"
    judge.refuse("not today")
    tried = client.post(path, {"do": "try", "program": "3"})
    assert (tried.status_code, b"not today" in tried.content) == (200, True)
    wrong = client.post(path, {"do": "set", "program": ""})
    assert (wrong.status_code, b"The program is empty" in wrong.content) == (400, True)
    assert client.post(path, {"do": "remove"}).status_code == 302
    assert not api.get(f"/artifact/model/{model.id}/monitor").json()["is_set"]


def test_page_when_hosts_are_allowed_then_which_and_what_was_asked(
    model, judge, uploader, settings
):
    client, path = signed_in(uploader), f"/a/{model.id}/monitor?tab=downloads"
    asked = (
        ProgramRequest("policy.example.com:443", "POST", 200, 13, 17),
        ProgramRequest("policy.example.com:443", "GET", None, 0, 0),
    )
    judge.verdict = Judged(MonitorVerdict.ALLOWED, 0, "welcome", requests=asked)
    settings.REGISTRY_MONITOR_HOSTS = ("policy.example.com:443", "b.example:8443")
    tried = client.post(path, {"do": "try", "program": "3"}).content.decode()
    hosts = "<code>policy.example.com:443</code>, <code>b.example:8443</code>, which the operator"
    assert hosts in tried
    assert "POST <code>policy.example.com:443</code>: 200, 13 bytes sent, 17 received" in tried
    assert "GET <code>policy.example.com:443</code>: no answer, 0 bytes sent, 0 received" in tried
    settings.REGISTRY_MONITOR_HOSTS = ()
    assert "has no network" in client.get(f"/a/{model.id}?tab=downloads").content.decode()
