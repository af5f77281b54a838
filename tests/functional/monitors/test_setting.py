"""Who sets a model's program, what of it is kept, and trying one out."""

import pytest

from artifacts.enums import DecisionState, MonitorVerdict
from artifacts.exceptions import PermissionMissing
from artifacts.models import Artifact, AuditEntry, MonitorChange, MonitorRun, User
from artifacts.sandbox.slots import trial_slot
from artifacts.sandbox.watching import ProgramRequest
from artifacts.services.content.monitor_runs import Judged
from artifacts.services.content.monitors import remove_monitor, set_monitor
from artifacts.services.trust.decisions import decide
from artifacts.services.upkeep.rebuild import rebuild_index
from tests.clients import ApiClient, message_of
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db
PROGRAM = {"program": "console.log('é');\nprocess.exit(0)"}


def path(artifact: Artifact, rest: str = "monitor") -> str:
    return f"/artifact/model/{artifact.id}/{rest}"


def test_monitor_when_set_by_the_uploader_then_it_is_in_force_with_its_history(api, model, judge):
    assert api.get(path(model)).status_code == 404
    answer = api.put(path(model), PROGRAM)
    assert answer.status_code == 200
    api.put(path(model), {"program": "process.exit(1)"})
    found = api.get(path(model)).json()
    assert (found["is_set"], found["program"]) == (True, "process.exit(1)")
    assert [each["program"] for each in found["changes"]] == [
        "process.exit(1)",
        PROGRAM["program"],
    ]
    assert {each["user_name"] for each in found["changes"]} == {"ursula"}
    notes = AuditEntry.objects.filter(action="MONITOR").values_list("note", flat=True)
    assert list(notes) == [f"sha256:{each['sha256']}" for each in reversed(found["changes"])]
    shown = [each["action"] for each in api.get(path(model, "audit")).json()]
    assert "MONITOR" not in shown


def test_monitor_when_removed_then_the_history_remains(admin_api, guarded):
    answer = admin_api.delete(path(guarded))
    assert (answer.status_code, answer.json()["is_set"]) == (200, False)
    assert [each["user_name"] for each in answer.json()["changes"]] == ["ada", "ursula"]
    assert admin_api.delete(path(guarded)).json()["error"]["code"] == "monitor_not_found"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_monitor_when_asked_for_by_others_then_refused(guarded, method):
    other = User.objects.create_user(
        "mallory", "a-long-password-3", can_upload=True, can_search=True, can_download=True
    )
    answer = ApiClient(other).send(method, path(guarded), PROGRAM if method == "PUT" else None)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "monitor_not_yours")
    for rest in ("downloads", "monitor/dry-run"):
        verb = "GET" if rest == "downloads" else "POST"
        assert ApiClient(other).send(verb, path(guarded, rest), {}).status_code == 403
    assert MonitorChange.objects.count() == 1


@pytest.mark.parametrize(
    ("method", "rest"),
    [
        ("GET", "monitor"), ("PUT", "monitor"), ("DELETE", "monitor"),
        ("POST", "monitor/dry-run"), ("GET", "downloads"),
    ],
)  # fmt: skip
def test_monitor_when_the_model_is_in_quarantine_then_hidden_as_the_model_is(
    api, admin_api, guarded, judge, method, rest
):
    dora = User.objects.create(username="dora", can_decide=True)
    state = DecisionState.QUARANTINED
    decide(revision=guarded.current_revision, state=state, reason="It calls home.", by=dora)
    hidden = api.get(f"/artifacts/model/{guarded.id}")
    answer = api.send(method, path(guarded, rest), PROGRAM if method in ("PUT", "POST") else None)
    for each in (hidden, answer):
        assert (each.status_code, each.json()["error"]["code"]) == (404, "artifact_quarantined")
    assert judge.asked == []
    assert MonitorChange.objects.count() == 1
    assert admin_api.get(path(guarded)).status_code == 200


@pytest.mark.parametrize(
    ("program", "status"), [("", 400), (" \n", 400), ("a\x00b", 400), ("x" * 20_001, 413)]
)
def test_monitor_when_it_is_no_program_then_refused(api, model, judge, program, status):
    assert api.put(path(model), {"program": program}).status_code == status
    assert not MonitorChange.objects.exists()


@pytest.mark.parametrize(
    "letter", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\x1b", "\u2028", "\u3164"]
)
def test_monitor_when_readers_would_not_see_what_it_says_then_refused(api, model, judge, letter):
    answer = api.put(path(model), {"program": f"let a = 1;\n// x{letter} y"})
    assert answer.status_code == 400
    assert message_of(answer).startswith("Line 2 of the program holds ")
    assert not MonitorChange.objects.exists()


def test_monitor_when_it_has_other_scripts_tabs_and_ends_of_lines_then_it_is_set(api, model, judge):
    program = "\tconsole.log('\u4e00\u05d0 \u2764\ufe0f');\r\n// \u00e9\n"
    assert api.put(path(model), {"program": program}).status_code == 200


def test_monitor_when_changed_too_often_then_it_can_only_be_removed(api, guarded, set_limits):
    set_limits(MONITOR_CHANGES_MAX=1)
    answer = api.put(path(guarded), PROGRAM)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "too_many_monitor_changes")
    assert api.delete(path(guarded)).status_code == 200


def test_monitor_when_of_a_data_set_then_404(api, uploader, judge):
    artifact = make_artifact(kind="dataset")
    assert api.put(path(artifact), PROGRAM).status_code == 404


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("REGISTRY_NODE", "/nowhere/node", "There is no Node.js here at /nowhere/node"),
        ("REGISTRY_NODE", "/bin/true", "is no Node.js"),
        ("AWS_LAMBDA_FUNCTION_NAME", "registry", "of their own, and none is named"),
    ],
)
def test_monitor_when_programs_cannot_be_run_then_none_is_set(
    api, model, settings, setting, value, words
):
    setattr(settings, setting, value)
    answer = api.put(path(model), PROGRAM)
    assert answer.status_code == 503
    assert words in answer.json()["error"]["message"]
    assert not MonitorChange.objects.exists()


def test_monitor_when_the_rows_are_lost_then_a_rebuild_brings_it_back(guarded, uploader):
    set_monitor(artifact_id=guarded.id, program="process.exit(1)", user=uploader)
    kept = list(MonitorChange.objects.order_by("id").values_list("program", "created_at"))
    Artifact.objects.all().delete()
    assert not MonitorChange.objects.exists()
    rebuild_index()
    assert list(MonitorChange.objects.order_by("id").values_list("program", "created_at")) == kept
    rebuild_index()
    assert MonitorChange.objects.count() == 2
    assert AuditEntry.objects.filter(action="MONITOR").count() == 2


def test_monitor_when_only_the_last_change_is_lost_then_it_comes_back(guarded, uploader):
    remove_monitor(artifact_id=guarded.id, user=uploader)
    MonitorChange.objects.filter(program="").delete()
    rebuild_index()
    latest = MonitorChange.objects.order_by("-created_at").first()
    assert (latest.program, latest.sha256) == ("", "")


def test_change_when_written_again_then_an_error(guarded):
    with pytest.raises(TypeError):
        MonitorChange.objects.get().save()


def test_trial_when_asked_for_then_the_end_of_the_program_and_nothing_kept(api, guarded, judge):
    judge.refuse("no\nway")
    answer = api.post(path(guarded, "monitor/dry-run"), PROGRAM)
    assert answer.json() == {
        "verdict": "refused",
        "exit_status": 3,
        "output": "no\nway",
        "reason": "It refused this one.",
    }
    task = judge.tasks[-1]
    assert (task.program, task.model_name) == (PROGRAM["program"], "robot")
    assert (task.uploader_name, task.downloader_name) == ("ursula", "ursula")
    assert api.post(path(guarded, "monitor/dry-run"), {}).status_code == 200
    assert judge.tasks[-1].program == "process.exit(0)"
    assert not MonitorRun.objects.exists()


def test_trial_when_hosts_were_asked_then_which_and_what_came_of_it(api, guarded, judge):
    asked = (
        ProgramRequest("policy.example.com:443", "POST", 200, 13, 17),
        ProgramRequest("policy.example.com:443", "GET", None, 0, 0),
    )
    judge.verdict = Judged(MonitorVerdict.ALLOWED, 0, "welcome", requests=asked)
    first = {
        "host": "policy.example.com:443",
        "method": "POST",
        "status": 200,
        "sent_bytes": 13,
        "received_bytes": 17,
    }
    second = {**first, "method": "GET", "sent_bytes": 0, "received_bytes": 0}
    del second["status"]
    answer = api.post(path(guarded, "monitor/dry-run"), {}).json()
    assert (answer["output"], answer["requests"]) == ("welcome", [first, second])
    judge.verdict = Judged(MonitorVerdict.ALLOWED, 0, "welcome", requests=())
    assert api.post(path(guarded, "monitor/dry-run"), {}).json()["requests"] == []


def test_trial_when_there_is_no_program_or_no_permission_then_refused(api, model, judge, uploader):
    assert api.post(path(model, "monitor/dry-run"), {}).status_code == 404
    User.objects.filter(pk=uploader.pk).update(can_download=False)
    answer = api.post(path(model, "monitor/dry-run"), PROGRAM)
    assert (answer.status_code, judge.tasks) == (403, [])


def test_monitor_when_demoted_meanwhile_then_nothing_is_set(model, judge, administrator):
    stale = User.objects.get(pk=administrator.pk)
    User.objects.filter(pk=administrator.pk).update(is_admin=False)
    with pytest.raises(PermissionMissing, match="administrator"):
        set_monitor(artifact_id=model.id, program="1", user=stale)
    assert not MonitorChange.objects.exists()


def test_trial_when_another_one_runs_then_503_and_a_download_goes_on(api, guarded, judge):
    with trial_slot():
        answer = api.post(path(guarded, "monitor/dry-run"), {})
        assert (answer.status_code, answer["Retry-After"]) == (503, "3")
        assert judge.asked == []
        assert api.get(f"/artifacts/model/{guarded.id}/download").status_code == 302
