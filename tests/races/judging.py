"""What writes about trust: decisions, scans, programs of sensitive models, look-alikes."""

from __future__ import annotations

from typing import Any

from artifacts.models import Revision
from artifacts.services.records.decision_records import store_decisions
from artifacts.services.records.global_records import store_globals
from artifacts.services.trust import searches
from artifacts.services.trust.look_alikes import audit_names
from artifacts.services.trust.rescanning import judge_scans, scan_again
from artifacts.services.trust.scans import scan_revision
from tests.races.operation import Operation, act_on, staff_page
from tests.races.sources import DANGEROUS_TOO, HUB, UNKNOWN_GLOBAL
from tests.races.world import World


def _decide(world: World, artifact_id: str, decision: str, **more: Any):
    body = {"decision": decision, "reason": "Looked at."} | more
    return world.judged.decider.put(f"/artifact/model/{artifact_id}/decision", body)


def _monitor(world: World, artifact_id: str, program: str):
    return world.api.put(f"/artifact/model/{artifact_id}/monitor", {"program": program})


def _search(world: World) -> None:
    # What it has written in an earlier round, this process would not write again.
    searches.begin()
    searches.note_search(world.judged.dora, [world.judged.sensitive.id, world.robot.id])
    searches.write_searches()


def _scan(world: World) -> None:
    for revision in Revision.objects.filter(artifact=world.judged.sensitive):
        scan_revision(revision_id=revision.pk)


JUDGING = (
    # Another revision fails by something else.
    Operation("approve", "PUT artifact-decision", lambda w: _decide(
        w, w.robot.id, "approved", revision=1, waived=w.judged.failing)),
    Operation("quarantine", "PUT artifact-decision", lambda w: _decide(
        w, w.robot.id, "quarantined")),
    Operation("lift", "PUT artifact-decision", lambda w: _decide(
        w, w.judged.hidden.id, "undecided")),
    Operation("reject", "PUT artifact-decision", lambda w: _decide(
        w, w.judged.sensitive.id, "rejected")),
    Operation("demote who decides", "PUT user-permissions", lambda w: w.admin.put(
        "/users/dora/permissions", {"permissions": ["search"]})),
    Operation("staff: decide", "staff artifact decide_on", lambda w: act_on(
        w, "artifact", "decide_on", w.robot.id, w.judged.sensitive.id,
        state="rejected", reason="Looked at.")),
    Operation("register what is dangerous", "POST artifact-create", lambda w: w.api.post(
        "/artifact/model", {"url": f"{HUB}{DANGEROUS_TOO}"})),
    Operation("set a program", "PUT artifact-monitor", lambda w: _monitor(
        w, w.judged.sensitive.id, "process.exit(1)")),
    Operation("set a first program", "PUT artifact-monitor", lambda w: _monitor(
        w, w.robot.id, "process.exit(1)")),
    Operation("remove the program", "DELETE artifact-monitor", lambda w: w.api.delete(
        f"/artifact/model/{w.judged.sensitive.id}/monitor")),
    Operation("try the program", "POST artifact-monitor-dry-run", lambda w: w.admin.post(
        f"/artifact/model/{w.judged.sensitive.id}/monitor/dry-run", {})),
    Operation("download a sensitive one", "GET artifact-download", lambda w: w.api.get(
        f"/artifacts/model/{w.judged.sensitive.id}/download")),
    Operation("download a sensitive file", "GET hub-models-resolve", lambda w: w.hub.get(
        "/bolt/robott/resolve/main/weights.pkl")),
    Operation("delete the sensitive one", "DELETE artifact", lambda w: w.api.delete(
        f"/artifacts/model/{w.judged.sensitive.id}")),
    Operation("staff: allow a global", "staff allowedglobal add", lambda w: staff_page(
        w, "artifacts_allowedglobal_add", name=UNKNOWN_GLOBAL, artifact="", reason="Ours.")),
    Operation("staff: forbid a global", "staff allowedglobal delete", lambda w: staff_page(
        w, "artifacts_allowedglobal_delete", w.judged.allowed.pk, post="yes")),
    Operation("staff: forbid globals", "staff allowedglobal delete_selected", lambda w: act_on(
        w, "allowedglobal", "delete_selected", w.judged.allowed.pk)),
    Operation("staff: clear a look-alike", "staff lookalike clear", lambda w: staff_page(
        w, "artifacts_lookalike_clear", w.judged.look_alike.pk, reason="Ours.")),
    Operation("staff: quarantine a look-alike", "staff lookalike quarantine", lambda w: staff_page(
        w, "artifacts_lookalike_quarantine", w.judged.look_alike.pk, reason="Evil.")),
    Operation("scan", "scan_revision", _scan),
    Operation("scan all", "scan_again", lambda _: scan_again(after_id=0)),
    Operation("judge what was found", "judge_scans", lambda _: judge_scans()),
    Operation("store decisions", "store_decisions",
              lambda w: store_decisions(w.judged.sensitive.id)),
    Operation("store globals", "store_globals", lambda _: store_globals()),
    Operation("audit names", "audit_names", lambda _: audit_names()),
    Operation("count searches", "searches", _search),
)  # fmt: skip
