import pytest

from artifacts.enums import SourceKind, TaskState
from artifacts.limits import CARD_SHOWN_MAX_CHARS, REVISIONS_SHOWN_MAX, TASKS_SHOWN_MAX
from artifacts.models import Revision, Task
from artifacts.rules.page_urls import only_web_url
from artifacts.selectors.catalogue.states import (
    get_card,
    get_revisions,
    get_tasks,
)
from artifacts.work.queue import create_task
from tests.factories.artifacts import make_artifact

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("http://example.org/a", "http://example.org/a"),
        ("javascript:alert(1)", ""),
        ("JavaScript:alert(1)", ""),
        (" https://example.org/", ""),
        ("data:text/html,x", ""),
        ("upload://1", ""),
        ("//example.org", ""),
        ("", ""),
    ],
)
def test_address_when_it_is_no_web_address_then_no_page_links_to_it(url, found):
    assert only_web_url(url) == found


def test_revisions_when_there_are_many_then_newest_first_cut_and_counted():
    artifact = make_artifact()
    first = artifact.current_revision
    Revision.objects.bulk_create(
        Revision(
            artifact=artifact, number=number, url="upload://1", source_kind=SourceKind.UPLOAD,
            repository="x", created_at=first.created_at, created_by="ada",
        )
        for number in range(2, REVISIONS_SHOWN_MAX + 2)
    )  # fmt: skip
    lines = get_revisions(artifact).lines
    assert (len(lines.rows), lines.count) == (REVISIONS_SHOWN_MAX, REVISIONS_SHOWN_MAX + 1)
    assert (lines.rows[0].number, lines.rows[0].is_current) == (REVISIONS_SHOWN_MAX + 1, False)
    assert lines.rows[0].web_url == ""


def test_revision_when_it_is_the_current_one_then_says_so():
    (line,) = get_revisions(make_artifact()).lines.rows
    assert (line.number, line.is_current, line.web_url) == (1, True, line.url)


def test_tasks_when_there_are_many_then_cut_and_counted():
    for _ in range(TASKS_SHOWN_MAX + 1):
        create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    lines = get_tasks("model-1-1").lines
    assert (len(lines.rows), lines.count) == (TASKS_SHOWN_MAX, TASKS_SHOWN_MAX + 1)


@pytest.mark.parametrize("state", TaskState)
def test_task_when_it_waits_then_says_until_when(state):
    create_task("mirror_revision", artifact_id="model-1-1", arguments={})
    Task.objects.update(state=state)
    (line,) = get_tasks("model-1-1").lines.rows
    assert (line.due_at is not None) == (state == TaskState.READY)


@pytest.mark.parametrize(
    ("readme", "shown", "left_out"),
    [
        ("", 0, 0),
        ("é" * CARD_SHOWN_MAX_CHARS, CARD_SHOWN_MAX_CHARS, 0),
        ("é" * (CARD_SHOWN_MAX_CHARS + 5), CARD_SHOWN_MAX_CHARS, 5),
    ],
    ids=["empty", "just fits", "too long"],
)
def test_card_when_it_is_long_then_cut_and_counted(readme, shown, left_out):
    artifact = make_artifact(readme=readme)
    card = get_card(artifact.id)
    assert (card.text, card.left_out_chars) == (readme[:shown], left_out)


def test_card_when_the_source_has_not_answered_then_empty():
    assert get_card("model-1-1").text == ""
