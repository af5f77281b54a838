"""Which event goes where. The rehearsal sends what Zappa and AWS send, to the package."""

import gc
import importlib
import json
import sys
from io import StringIO
from types import ModuleType
from uuid import UUID

import pytest
from django.core.management import CommandError

from artifacts.tasks import events
from tests.rehearsal.events import Door, Request, to_event
from tests.secret_watch import lines_of_this_test

TASK = "6f1b0c3e-4d59-4f0a-9b7e-0d9a3f1c2b4d"
HANDLER = "registry_site.lambda_handler"


class Context:
    aws_request_id = "lambda-1"

    @staticmethod
    def get_remaining_time_in_millis():
        return 12_500


@pytest.fixture
def handler(monkeypatch):
    zappa = ModuleType("zappa_settings")
    vars(zappa).update(API_STAGE="dev", BASE_PATH="models")
    monkeypatch.setitem(sys.modules, "zappa_settings", zappa)
    yield importlib.import_module(HANDLER)
    gc.unfreeze()
    del sys.modules[HANDLER]


@pytest.fixture
def done(monkeypatch):
    """What was asked of the tasks."""
    done = []
    for name in ("run_task", "run_due", "keep_house"):
        monkeypatch.setattr(events, name, lambda *given, name=name: done.append((name, *given)))
    return done


def asked(path: str) -> dict:
    """A request by a domain of one's own."""
    return to_event(Request("GET", path, (("Host", "testserver"),)), Door("rest", "dev"))


def scheduled(function: str) -> dict:
    """What a rule of Zappa's sends."""
    rule = f"arn:aws:events:us-east-1:123456789012:rule/registry-dev-due_tasks-{function}"
    return {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "detail": {},
        "resources": [rule],
        "kwargs": {},
    }


@pytest.mark.django_db
def test_event_when_it_is_a_request_then_the_site_answers(handler, done):
    assert handler.lambda_handler(asked("/models/tracks"), Context)["statusCode"] == 200
    result = handler.lambda_handler(asked("/models/no-such-path"), Context)
    assert result["statusCode"] == 404
    assert json.loads(result["body"])["error"]["code"] == "not_found"
    assert done == []


def test_request_when_the_site_itself_breaks_then_500_and_one_line_without_values(
    handler, monkeypatch
):
    def broken(*_given):
        raise ValueError("invalid: '7f3k9q2'")

    monkeypatch.setattr(handler, "application", broken)
    result = handler.lambda_handler(asked("/health"), Context)
    assert result["statusCode"] == 500
    # In the form in which the request had its headers.
    assert result["multiValueHeaders"] == {"Content-Type": ["application/json"]}
    assert "headers" not in result
    error = json.loads(result["body"])["error"]
    assert error["request_id"] == "lambda-1"
    (line,) = [json.loads(line) for line in lines_of_this_test().splitlines()]
    assert (line["message"], line["lambda_request_id"]) == ("process.crashed", "lambda-1")
    assert "ValueError" in line["exc_info"]
    assert "7f3k9q2" not in lines_of_this_test()


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


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (f"{HANDLER}.run_due_tasks", [("run_due", 12.5)]),
        (f"{HANDLER}.keep_house", [("keep_house", 12.5)]),
        ("handler.keep_warm_callback", []),
    ],
)
def test_schedule_when_a_rule_names_a_function_then_that_is_called(
    handler, done, function, expected
):
    handler.lambda_handler(scheduled(function), Context)
    assert done == expected


@pytest.mark.parametrize("function", ["os.getcwd", f"{HANDLER}.lambda_handler", ""])
def test_schedule_when_a_rule_names_another_function_then_it_is_not_called(handler, done, function):
    with pytest.raises(handler.UnknownEvent, match="No schedule"):
        handler.lambda_handler(scheduled(function), Context)
    assert done == []


def test_command_when_sent_as_zappa_does_then_run_with_its_words(handler, capsys):
    assert handler.lambda_handler({"manage": "diffsettings  --all"}, Context) == {}
    assert "ROOT_URLCONF" in capsys.readouterr().out


def test_command_when_it_fails_then_lambda_is_told(handler, monkeypatch):
    monkeypatch.setattr(sys, "stderr", StringIO())
    with pytest.raises(CommandError, match="no_such_command"):
        handler.lambda_handler({"manage": "no_such_command"}, Context)


@pytest.mark.parametrize(
    "event",
    [{"raw_command": "raise SystemExit"}, {"command": "os.getcwd"}, {"Records": [{"s3": {}}]}, {}],
    ids=["code", "function", "records", "nothing"],
)
def test_event_when_nobody_sends_such_then_refused(handler, done, event):
    with pytest.raises(handler.UnknownEvent):
        handler.lambda_handler(event, Context)
    assert done == []
