from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from artifacts.admin.groups import GROUPS
from artifacts.enums import TaskState
from artifacts.models import Artifact, Task
from artifacts.rules.identity import now_us
from artifacts.selectors.upkeep import front_page
from artifacts.services.upkeep import activity
from artifacts.work.queue import create_task
from tests.factories.activity import count_requests
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_rating
from tests.functional.admin.pages import page
from tests.functional.admin.test_staff_site import MODELS
from tests.functional.web.structure import faults, skipped_levels

pytestmark = pytest.mark.django_db
HOSTILE = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture(autouse=True)
def counts_wait(monkeypatch):
    # Counts of requests are written now and then, in the middle of whichever request comes next.
    monkeypatch.setattr(activity, "count", lambda *_counted: None)
    activity._failed.clear()
    front_page._known.clear()


def fill(number: int) -> None:
    for each in range(1, number + 1):
        make_artifact(HOSTILE, number=each, visible=False)
        artifact = make_artifact(HOSTILE * 8, number=1_000 + each)
        make_rating(artifact, gate="failed", gate_reasons=[HOSTILE])
        Artifact.objects.filter(id=artifact.id).update(created_us=now_us() - each)
        task = create_task("mirror_revision", artifact_id=artifact.id, arguments={})
        late = timezone.now() - timedelta(hours=1)
        state = TaskState.FAILED if each % 2 else TaskState.READY
        Task.objects.filter(id=task.id).update(state=state, error=HOSTILE * 100, due_at=late)


def test_front_page_when_all_is_well_then_says_so(staff):
    shown = page(staff, "index")
    assert "Nothing needs a hand." in shown
    assert "0 registered, 0 downloaded, 0 requests failed" in shown
    assert faults(shown) == []
    assert skipped_levels(shown) == []


def test_front_page_when_much_needs_a_hand_then_few_of_each_harmlessly(
    staff, django_assert_max_num_queries
):
    fill(12)
    minute = timezone.now().replace(second=0, microsecond=0)
    count_requests(minute, "GET /", 500, requests=1)
    with django_assert_max_num_queries(12):
        shown = page(staff, "index")
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    assert "<img" not in shown
    assert "\u202e" not in shown
    assert shown.count('name="action" value="rate_again"') == 5
    assert "1 request failed by our fault" in shown
    assert len(shown) < 100_000


def test_front_page_when_a_task_is_retried_there_then_due_and_back(staff):
    task = create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    Task.objects.update(state=TaskState.FAILED, error="The source is away.")
    assert "The source is away." in page(staff, "index")
    answer = staff.post(
        reverse("admin:artifacts_task_changelist"),
        {"action": "retry", "_selected_action": str(task.id), "from_page": "index"},
    )
    assert answer["Location"] == reverse("admin:index")
    assert Task.objects.get().state == TaskState.READY


def test_groups_when_listed_then_each_list_is_in_one(staff):
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(model.__name__ for model in MODELS)
    shown = page(staff, "app_list", "artifacts")
    for model in MODELS:
        assert reverse(f"admin:artifacts_{model._meta.model_name}_changelist") in shown


def test_pages_when_opened_then_in_the_frame_of_the_site(staff):
    for shown in (page(staff, "index"), page(staff, "artifacts_task_changelist")):
        assert 'class="brand"' in shown
        assert "registry/tokens" in shown
        assert reverse("health-dashboard") in shown
