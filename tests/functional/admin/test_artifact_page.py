"""The page of an artifact: its panels, and what staff can do there."""

import pytest
from django.urls import reverse

from artifacts.enums import ContentState
from artifacts.exceptions import ArtifactNotFound
from artifacts.middleware import PAGE_POLICY
from artifacts.models import Artifact, Revision, Task
from tests.factories.artifacts import make_artifact
from tests.factories.ratings import make_edge, make_rating
from tests.functional.admin.pages import page
from tests.functional.web.structure import faults, read, skipped_levels

pytestmark = pytest.mark.django_db
PANELS = (
    "verdict", "facts", "decisions", "scores", "lineage", "files", "revisions", "tasks", "trail",
    "card",
)  # fmt: skip


def address(artifact: Artifact) -> str:
    return reverse("admin:artifacts_artifact_change", args=[artifact.id])


def offered(shown: str) -> list[str]:
    return [each for each in ("rate_again", "mirror_again") if f'value="{each}"' in shown]


def test_page_when_opened_then_has_every_panel_and_leads_to_it(staff):
    artifact = make_artifact(readme="# Robot")
    make_rating(artifact)
    make_edge(artifact, make_artifact("mother", number=2))
    shown = page(staff, "artifacts_artifact_change", artifact.id)
    assert [each for each in read(shown).ids if each.startswith("panel-")] == [
        f"panel-{name}" for name in PANELS
    ]
    assert faults(shown) == []
    assert skipped_levels(shown) == []
    assert "#panel-card" in read(shown).anchors


def test_page_when_opened_then_needs_nothing_that_the_policy_refuses(staff):
    answer = staff.get(address(make_artifact()))
    assert answer["Content-Security-Policy"] == PAGE_POLICY
    assert "style=" not in answer.content.decode().partition('id="content-main"')[2]


@pytest.mark.parametrize(
    ("kind", "visible", "actions"),
    [
        ("model", True, ["rate_again", "mirror_again"]),
        ("dataset", True, ["mirror_again"]),
        ("model", False, []),
    ],
)
def test_page_when_opened_then_offers_what_can_be_done(staff, kind, visible, actions):
    artifact = make_artifact(kind=kind, visible=visible)
    shown = page(staff, "artifacts_artifact_change", artifact.id)
    assert offered(shown) == actions
    assert reverse("admin:artifacts_artifact_delete", args=[artifact.id]) in shown


def test_button_when_pressed_on_the_page_then_done_and_back_on_the_page(staff):
    artifact = make_artifact()
    Revision.objects.update(content_state=ContentState.FAILED)
    answer = staff.post(
        reverse("admin:artifacts_artifact_changelist"),
        {"action": "mirror_again", "_selected_action": artifact.id, "from_page": artifact.id},
    )
    assert answer["Location"] == address(artifact)
    assert Task.objects.get().name == "mirror_revision"
    assert "1 artifact is being mirrored again." in staff.get(address(artifact)).content.decode()


@pytest.mark.parametrize("from_page", ["", "//evil.example", "model-9-9", "\x00"])
def test_button_when_the_page_it_names_is_none_of_ours_then_the_list(staff, from_page):
    artifact = make_artifact()
    url = reverse("admin:artifacts_artifact_changelist")
    answer = staff.post(
        url, {"action": "mirror_again", "_selected_action": artifact.id, "from_page": from_page}
    )
    assert answer["Location"] == url


def test_page_when_the_name_turns_the_direction_of_writing_then_it_is_spelt_out(staff):
    shown = page(staff, "artifacts_artifact_change", make_artifact("\u202egpj.exe").id)
    assert "<h1>[U+202E]gpj.exe</h1>" in shown
    assert "\u202e" not in shown.partition("<title>")[2].partition("Source")[0]


def test_page_when_the_artifact_goes_meanwhile_then_the_refusal_is_shown(staff, monkeypatch):
    def gone(artifact_id, **_given):
        raise ArtifactNotFound("artifact", artifact_id)

    artifact = make_artifact()
    monkeypatch.setattr("artifacts.admin.artifact.get_overview", gone)
    answer = staff.get(address(artifact), follow=True)
    assert "There is no artifact" in str(next(iter(answer.context["messages"])))


def test_list_when_a_model_is_rated_then_shows_its_badge(staff):
    make_rating(make_artifact(), gate="failed", is_incomplete=True)
    make_artifact("tea", "code", number=2)
    shown = page(staff, "artifacts_artifact_changelist")
    assert "Undecided" in shown
    assert "Not rated" in shown
    assert "(incomplete)" in shown
