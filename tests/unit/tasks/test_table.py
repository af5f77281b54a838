"""The table has a row for each job, and what is scheduled fits it."""

import ast
import inspect
from collections.abc import Iterator

import pytest

from artifacts.tasks.table import TABLE, Row
from artifacts.work.jobs import GONE_WHEN_GIVEN_UP, Job
from tests.modules import list_modules, parse_where

SCHEDULES = ("schedule", "schedule_next", "schedule_once", "schedule_later")
# Says when, and is no argument of the job.
OF_QUEUE = {"delay_s"}


def list_calls(tree: ast.AST) -> Iterator[tuple[Job, set[str]]]:
    """Yield the job and the names of the arguments of each call that schedules one."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(ast.Attribute(ast.Name("queue"), name), [job], keywords) if (
                name in SCHEDULES
            ):
                assert isinstance(job, ast.Attribute), ast.unparse(node)
                names = {str(each.arg) for each in keywords} - OF_QUEUE
                yield Job[job.attr], names


CALLS = [
    pytest.param(job, names, id=f"{path.stem}-{job}")
    for path, tree in parse_where(["queue"], list_modules("artifacts"))
    for job, names in list_calls(tree)
]


def check_fits(row: Row, names: set[str]) -> None:
    """See that a task with arguments of these names is one that its row can do.

    Raises:
        TypeError: an argument lacks, or is too many.
    """
    arguments = dict.fromkeys(names - {"artifact_id"})
    about = {"artifact_id": None} if row.takes_artifact_id else {}
    inspect.signature(row.run).bind(**about, **arguments)
    if row.give_up:
        inspect.signature(row.give_up.run).bind(artifact_id=None, reason=None, **arguments)


def test_table_when_read_then_has_a_row_for_each_job():
    assert set(TABLE) == set(Job)


def test_table_when_a_job_is_given_up_then_by_an_event_of_its_own():
    events = [row.give_up.event for row in TABLE.values() if row.give_up]
    assert sorted(events) == [
        "large_file.refused", "mirror.failed", "registration.dropped", "upload.refused",
    ]  # fmt: skip


def test_table_when_a_job_is_given_up_then_it_is_known_what_a_retry_of_it_does():
    """Either nothing, and it is refused, or its work; test_mirror.py shows the latter."""
    given_up = {job for job, row in TABLE.items() if row.give_up}
    assert given_up == GONE_WHEN_GIVEN_UP | {Job.MIRROR_REVISION}


def test_calls_when_listed_then_each_job_is_scheduled_somewhere():
    assert {each.values[0] for each in CALLS} == set(Job)


@pytest.mark.parametrize(("job", "names"), CALLS)
def test_job_when_scheduled_then_its_arguments_fit_what_runs_it_and_gives_it_up(job, names):
    check_fits(TABLE[job], names)
    if TABLE[job].takes_artifact_id:
        assert "artifact_id" in names


@pytest.mark.parametrize(
    "call",
    [
        "queue.schedule(Job.MIRROR_REVISION, artifact_id=artifact.id)",
        "queue.schedule(Job.MIRROR_REVISION, artifact_id=artifact.id, revision_id=1, url=url)",
        "queue.schedule_once(Job.RATE_MODEL, artifact_id=artifact.id, **arguments)",
    ],
    ids=["lacks-one", "one-too-many", "unreadable"],
)
def test_call_when_its_arguments_do_not_fit_then_found(call):
    ((job, names),) = list_calls(ast.parse(call))
    with pytest.raises(TypeError):
        check_fits(TABLE[job], names)
