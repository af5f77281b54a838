"""Which event goes where. The real handler of Zappa is run by the rehearsal."""

import importlib
import sys
from types import ModuleType
from uuid import UUID

import pytest

from artifacts.tasks import events

TASK = "6f1b0c3e-4d59-4f0a-9b7e-0d9a3f1c2b4d"


class Context:
    @staticmethod
    def get_remaining_time_in_millis():
        return 12_500


@pytest.fixture
def handler(monkeypatch):
    zappa = ModuleType("zappa.handler")

    class LambdaHandler:
        def lambda_handler(self, event, context):
            return {"zappa": event}

    zappa.LambdaHandler = LambdaHandler
    monkeypatch.setitem(sys.modules, "zappa", ModuleType("zappa"))
    monkeypatch.setitem(sys.modules, "zappa.handler", zappa)
    yield importlib.import_module("registry_site.lambda_handler")
    del sys.modules["registry_site.lambda_handler"]


@pytest.fixture
def done(monkeypatch):
    """What was asked of the tasks."""
    done = []
    for name in ("run_task", "run_due", "keep_house"):
        monkeypatch.setattr(events, name, lambda *given, name=name: done.append((name, *given)))
    return done


@pytest.mark.parametrize(
    "event",
    [{"httpMethod": "GET", "path": "/health"}, {"manage": "migrate"}, {}],
    ids=["request", "command", "nothing"],
)
def test_event_when_it_is_not_ours_then_zappas(handler, done, event):
    assert handler.lambda_handler(event, Context) == {"zappa": event}
    assert done == []


def test_event_when_it_names_a_task_then_that_is_done_within_the_time_left(handler, done):
    handler.lambda_handler({"registry_task": TASK}, Context)
    assert done == [("run_task", UUID(TASK), 12.5)]


def test_event_when_it_names_no_task_then_refused(handler, done):
    with pytest.raises(ValueError, match="UUID"):
        handler.lambda_handler({"registry_task": "../etc"}, Context)
    assert done == []


def test_event_when_there_is_work_then_what_is_due_is_done(handler, done):
    handler.lambda_handler({"registry_work": True}, Context)
    assert done == [("run_due", 12.5)]


def test_schedules_when_zappa_calls_what_the_settings_name_then_it_is_there(handler, done):
    handler.run_due_tasks({}, Context)
    handler.keep_house({}, Context)
    assert done == [("run_due", 12.5), ("keep_house", 12.5)]
