"""The queue of suspects: both side by side, and what is decided about them."""

from datetime import UTC, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from artifacts.enums import DecisionState
from artifacts.models import Artifact, ArtifactSearch, LookAlike
from artifacts.services.trust.look_alikes import audit_names
from tests.factories.look_alikes import KNOWN, SUSPECT, make_look_alike
from tests.functional.admin.pages import page
from tests.functional.web.structure import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> LookAlike:
    return make_look_alike()


def settle(staff, what: str, pair: LookAlike, reason: str) -> list[str]:
    url = reverse(f"admin:artifacts_lookalike_{what}", args=[pair.pk])
    answer = staff.post(url, {"reason": reason}, follow=True)
    assert answer.status_code == 200
    return [str(each) for each in answer.context["messages"]]


def test_page_when_a_pair_is_opened_then_both_stand_side_by_side(staff, pair):
    text = page(staff, "artifacts_lookalike_change", pair.pk)
    assert faults(text) == []
    for words in (KNOWN, SUSPECT, "A letter is left out: e.", "1,000,000 downloads", "3 downloads"):
        assert words in text


def test_page_when_somebody_searched_for_one_then_it_says_how_many_and_how_often(
    staff, pair, administrator
):
    assert page(staff, "artifacts_lookalike_change", pair.pk).count("none in 30 days") == 2
    today = timezone.now().astimezone(UTC).date()
    for days in (0, 1):
        ArtifactSearch.objects.create(
            artifact=pair.other, user=administrator, day=today - timedelta(days=days)
        )
    text = page(staff, "artifacts_lookalike_change", pair.pk)
    assert "1 user, 2 times in 30 days" in text
    assert text.count("none in 30 days") == 1


def test_clear_when_a_reason_is_given_then_it_is_remembered_with_who_and_when(
    staff, pair, administrator
):
    assert settle(staff, "clear", pair, "Ours, by agreement.") == [
        "It is remembered that these two are fine."
    ]
    pair.refresh_from_db()
    assert (pair.cleared_by, pair.reason) == (administrator.username, "Ours, by agreement.")
    assert pair.cleared_at is not None
    audit_names()
    assert LookAlike.objects.filter(cleared_at=None).count() == 0
    assert "Ours, by agreement." in page(staff, "artifacts_lookalike_change", pair.pk)
    listed = reverse("admin:artifacts_lookalike_changelist")
    assert "bert-base-uncasd" not in staff.get(listed).content.decode()
    assert "bert-base-uncasd" in staff.get(f"{listed}?cleared=yes").content.decode()


def test_clear_when_no_reason_is_given_then_refused(staff, pair):
    assert settle(staff, "clear", pair, " ")[0].startswith("Give the reason")
    assert LookAlike.objects.get().cleared_at is None


def test_clear_when_somebody_was_faster_then_says_so(staff, pair):
    settle(staff, "clear", pair, "Fine.")
    assert "was cleared already" in settle(staff, "clear", pair, "Fine, too.")[0]
    assert LookAlike.objects.get().reason == "Fine."


def test_quarantine_when_a_reason_is_given_then_nobody_finds_the_suspect(staff, pair):
    assert settle(staff, "quarantine", pair, "An imitation.") == ["The suspect is in quarantine."]
    suspect = Artifact.objects.get(pk=pair.suspect_id)
    assert suspect.current_revision.decision == DecisionState.QUARANTINED
    assert suspect not in Artifact.objects.shown()
    assert "nothing left to decide" in page(staff, "artifacts_lookalike_change", pair.pk)


def test_quarantine_when_no_reason_is_given_then_refused(staff, pair):
    assert "needs a reason" in settle(staff, "quarantine", pair, "")[0]
    assert Artifact.objects.shown().count() == 2


def test_decisions_when_only_looked_at_then_405(staff, pair):
    for what in ("clear", "quarantine"):
        url = reverse(f"admin:artifacts_lookalike_{what}", args=[pair.pk])
        assert staff.get(url).status_code == 405
