from datetime import timedelta

import pytest
from django.utils import timezone

from artifacts.enums import AuditAction, DecisionState, GateVerdict
from artifacts.exceptions import InvalidRequest, PermissionMissing
from artifacts.models import Artifact, AuditEntry, Decision, Listing, Rating, Revision, User
from artifacts.selectors.trust.decisions import find_state
from artifacts.services.trust.decisions import decide, quarantine
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db

APPROVED, REJECTED = DecisionState.APPROVED, DecisionState.REJECTED
QUARANTINED, UNDECIDED = DecisionState.QUARANTINED, DecisionState.UNDECIDED


@pytest.fixture
def revision() -> Revision:
    return make_artifact(user="ursula").current_revision


def person(name: str, **flags: bool) -> User:
    return User.objects.create(username=name, **({"can_decide": True} | flags))


def state_of(revision: Revision) -> DecisionState:
    revision.refresh_from_db()
    return find_state(revision)


def say(revision, state, by, **named):
    return decide(revision=revision, state=state, reason="We looked at it.", by=by, **named)


def test_decide_when_somebody_else_approves_then_it_holds(revision):
    made = say(revision, APPROVED, person("dora"))
    assert made.is_effective
    assert state_of(revision) == APPROVED


@pytest.mark.parametrize("is_admin", [False, True])
def test_decide_when_the_registrar_approves_alone_then_it_waits(revision, is_admin):
    made = say(revision, APPROVED, person("ursula", is_admin=is_admin))
    assert not made.is_effective
    assert state_of(revision) == UNDECIDED


def test_decide_when_a_second_person_agrees_with_the_registrar_then_it_holds(revision):
    say(revision, APPROVED, person("ursula"))
    made = say(revision, APPROVED, person("dora"))
    assert (made.is_effective, made.seconds) == (True, "ursula")
    assert state_of(revision) == APPROVED


def test_decide_when_two_are_needed_then_the_first_alone_is_not_enough(revision, settings):
    settings.REGISTRY_DECISIONS_BY = "two"
    dora = person("dora")
    say(revision, APPROVED, dora)
    say(revision, APPROVED, dora)
    assert state_of(revision) == UNDECIDED
    assert say(revision, APPROVED, person("emil")).seconds == "dora"
    assert state_of(revision) == APPROVED


def test_decide_when_rejected_meanwhile_then_the_first_word_counts_no_more(revision, settings):
    settings.REGISTRY_DECISIONS_BY = "two"
    dora, emil = person("dora"), person("emil")
    say(revision, APPROVED, dora)
    say(revision, REJECTED, emil)
    assert not say(revision, APPROVED, emil).is_effective
    assert state_of(revision) == REJECTED


def test_decide_when_the_second_names_no_end_then_the_first_ones_holds(revision, settings):
    settings.REGISTRY_DECISIONS_BY = "two"
    end = timezone.now() + timedelta(days=3)
    say(revision, APPROVED, person("dora"), expires_at=end)
    assert say(revision, APPROVED, person("emil")).expires_at == end


@pytest.mark.parametrize("state", [REJECTED, QUARANTINED])
def test_decide_when_bytes_are_kept_back_then_one_is_enough_and_a_lift_is_not(
    revision, state, settings
):
    settings.REGISTRY_DECISIONS_BY = "two"
    ursula = person("ursula")
    assert say(revision, state, ursula).is_effective
    assert not say(revision, UNDECIDED, ursula).is_effective
    assert state_of(revision) == state
    say(revision, UNDECIDED, person("dora"))
    assert state_of(revision) == UNDECIDED


@pytest.mark.parametrize("by_how_many", ["one", "two"])
def test_decide_when_the_registrar_rejects_what_is_in_quarantine_then_it_waits(
    revision, settings, by_how_many
):
    settings.REGISTRY_DECISIONS_BY = by_how_many
    ursula = person("ursula")
    quarantine(revision=revision, reason="os.system", found_by="scan")
    assert not say(revision, REJECTED, ursula).is_effective
    assert state_of(revision) == QUARANTINED
    assert say(revision, REJECTED, person("dora")).seconds == "ursula"
    assert state_of(revision) == REJECTED


def test_decide_when_the_first_approval_has_ended_then_it_counts_no_more(revision, settings):
    settings.REGISTRY_DECISIONS_BY = "two"
    end = timezone.now() + timedelta(days=3)
    say(revision, APPROVED, person("dora"), expires_at=end)
    Decision.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not say(revision, APPROVED, person("emil")).is_effective
    assert state_of(revision) == UNDECIDED


def test_decide_when_the_approval_has_ended_then_undecided(revision):
    say(revision, APPROVED, person("dora"), expires_at=timezone.now() + timedelta(hours=1))
    Revision.objects.update(approved_until=timezone.now() - timedelta(seconds=1))
    assert state_of(revision) == UNDECIDED


def test_decide_when_not_permitted_then_refused(revision):
    with pytest.raises(PermissionMissing):
        say(revision, REJECTED, person("otto", can_decide=False, can_upload=True))
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"reason": "  "},
        {"reason": "x" * 2_001},
        {"state": REJECTED, "expires_at": timezone.now() + timedelta(days=1)},
        {"expires_at": timezone.now() - timedelta(days=1)},
        {"expires_at": timezone.now() + timedelta(days=4_000)},
        {"waived": ["license"]},
        {"state": REJECTED, "waived": ["license"]},
    ],
    ids=["no reason", "long", "rejection that ends", "past", "far", "nothing to waive", "waives"],
)
def test_decide_when_something_does_not_fit_then_refused(revision, given):
    named = {"state": APPROVED, "reason": "Fine."} | given
    with pytest.raises(InvalidRequest):
        decide(revision=revision, by=person("dora"), **named)
    assert state_of(revision) == UNDECIDED


def test_decide_when_the_gate_fails_then_each_failure_is_waived_by_name(revision):
    revision.current_rating = Rating.objects.create(
        revision=revision, created_at=timezone.now(), created_by="ursula", rules_version=9,
        category="other", net_score=0.4, tree_score=0.4, gate=GateVerdict.FAILED,
        results={
            "license": {
                "score": 0.1, "reason": "None.", "facts": [], "parts": {}, "latency_s": 0,
                "is_applicable": True, "try_later": False,
            }
        },
    )  # fmt: skip
    revision.save()
    dora = person("dora")
    with pytest.raises(InvalidRequest, match="license"):
        say(revision, APPROVED, dora)
    assert say(revision, APPROVED, dora, waived=["license"]).waived == ["license"]


def test_decide_when_done_then_the_trail_has_it_without_the_reason(revision):
    say(revision, QUARANTINED, person("dora"))
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.user_name) == (AuditAction.DECIDE, "dora")
    assert entry.note == "revision=1 quarantined"


def test_quarantine_when_found_by_a_scan_then_hidden_and_back_when_lifted(revision):
    assert Listing.objects.count() == Artifact.objects.shown().count() == 1
    made = quarantine(revision=revision, reason="os.system in a pickle", found_by="scan")
    assert (made.decided_by, made.found_by) == ("", "scan")
    assert AuditEntry.objects.latest("id").user_name == "registry"
    assert Listing.objects.count() == Artifact.objects.shown().count() == 0
    say(revision, UNDECIDED, person("dora"))
    assert Listing.objects.count() == Artifact.objects.shown().count() == 1


def test_quarantine_when_a_person_lifted_it_then_the_same_finding_does_not_return(revision):
    quarantine(revision=revision, reason="os.system", found_by="scan")
    say(revision, UNDECIDED, person("dora"))
    assert quarantine(revision=revision, reason="os.system", found_by="scan") is None
    assert state_of(revision) == UNDECIDED
    assert quarantine(revision=revision, reason="eval", found_by="scan") is not None


def test_decision_when_written_then_never_changed(revision):
    made = say(revision, REJECTED, person("dora"))
    with pytest.raises(TypeError):
        made.save()
