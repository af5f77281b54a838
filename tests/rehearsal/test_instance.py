"""What deployed code meets: awslambdaric in a process of its own, on tiny functions."""

import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.rehearsal.instance import Deployment, Instance
from tests.rehearsal.runtime import provide_runtime

HANDLER = """
import os, sys, threading, time
started = time.monotonic()

def lambda_handler(event, context):
    return globals()[event["do"]](event, context)

def echo(event, context):
    return {"event": event, "left_ms": context.get_remaining_time_in_millis()}

def place(event, context):
    try:
        open(os.path.join(os.environ["LAMBDA_TASK_ROOT"], "new.txt"), "w")
        wrote = True
    except OSError:
        wrote = False
    with open(os.path.join(os.environ["TMPDIR"], "new.txt"), "w") as file:
        file.write("x")
    try:
        import django
        django = True
    except ImportError:
        django = False
    return {"path": sys.path, "wrote": wrote, "django": django, "environment": dict(os.environ)}

def fail(event, context):
    raise ValueError("wrong")

def hang(event, context):
    time.sleep(60)

def leave(event, context):
    os._exit(3)

beats = []
def beat():
    while True:
        beats.append(time.monotonic())
        time.sleep(0.01)

def start_beating(event, context):
    threading.Thread(target=beat, daemon=True).start()

def longest_pause(event, context):
    return max(second - first for first, second in zip(beats, beats[1:] + [time.monotonic()]))

def say(event, context):
    print("one line")
"""


@pytest.fixture(scope="module")
def runtime(tmp_path_factory):
    return provide_runtime(Path(sys.prefix), tmp_path_factory.mktemp("client"))


@pytest.fixture
def start(tmp_path, runtime):
    """Start an instance of some code; ended with the test."""
    instances: list[Any] = []

    def start(code=HANDLER, *, timeout_s=10.0, initialization="on-demand", **environment):
        task = tmp_path / f"task{len(instances)}"
        task.mkdir()
        (task / "entry.py").write_text(code)
        (task / "entry.py").chmod(0o444)
        task.chmod(0o555)
        deployment = Deployment(
            name="f",
            version="$LATEST",
            arn="arn:aws:lambda:us-east-1:123456789012:function:f",
            handler="entry.lambda_handler",
            timeout_s=timeout_s,
            memory_mb=512,
            environment=tuple(environment.items()),
            code_sha256="",
            initialization=initialization,
        )
        own = tmp_path / f"own{len(instances)}"
        keys = {"AWS_ACCESS_KEY_ID": "role"}
        instance = Instance(deployment, runtime=runtime, task=task, own=own, keys=keys)
        instances.append(instance)
        return instance

    yield start
    for instance in instances:
        instance.stop()


def run(instance, do, **more):
    return instance.invoke(json.dumps({"do": do, **more}).encode())


def test_event_when_run_then_its_result_and_the_time_left(start):
    outcome = run(start(timeout_s=10.0), "echo", text="é")
    assert outcome.error == ""
    assert outcome.value["event"]["text"] == "é"
    assert 0 < outcome.value["left_ms"] <= 10_000


def test_code_when_it_looks_around_then_sees_its_package_and_lambdas_variables_only(start, runtime):
    instance = start(OWN="yes")
    found = run(instance, "place").value
    task = str(instance.log.parents[1] / "task0")
    assert found["path"][0] == task
    assert found["path"][-1] == str(runtime.client)
    assert not [path for path in found["path"] if "site-packages" in path]
    assert (found["wrote"], found["django"]) == (False, False)
    environment = found["environment"]
    assert (environment["OWN"], environment["AWS_ACCESS_KEY_ID"]) == ("yes", "role")
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "f"
    assert environment["AWS_EXECUTION_ENV"] == f"AWS_Lambda_{runtime.name}"
    assert "HOME" not in environment
    assert "VIRTUAL_ENV" not in environment


def test_code_when_it_raises_then_an_error_and_the_instance_lives_on(start):
    instance = start()
    outcome = run(instance, "fail")
    assert outcome.error == "Unhandled"
    assert outcome.value["errorType"] == "ValueError"
    assert run(instance, "echo").error == ""
    assert instance.invocations == 2


def test_code_when_it_takes_too_long_then_killed(start):
    instance = start(timeout_s=1.0)
    run(instance, "echo")
    started_at = time.monotonic()
    outcome = run(instance, "hang")
    assert 1.0 <= time.monotonic() - started_at < 3
    assert outcome.value["errorType"] == "Sandbox.Timedout"
    assert not instance.is_alive


def test_process_when_it_ends_then_an_error_with_its_status(start):
    instance = start()
    outcome = run(instance, "leave")
    assert outcome.value["errorType"] == "Runtime.ExitError"
    assert "exit status 3" in outcome.value["errorMessage"]
    assert not instance.is_alive


def test_code_when_it_cannot_be_imported_then_the_error_of_the_start(start):
    outcome = run(start("import nowhere_to_be_found\n"), "echo")
    assert outcome.error == "Unhandled"
    assert outcome.value["errorType"] == "Runtime.ImportModuleError"


def test_thread_when_it_outlives_the_answer_then_frozen_with_the_instance(start):
    instance = start()
    run(instance, "start_beating")
    time.sleep(1.0)
    assert run(instance, "longest_pause").value > 0.8


def test_log_when_code_prints_then_comes_with_the_outcome(start):
    instance = start()
    run(instance, "echo")
    assert run(instance, "say").log == b"one line\n"


SNAPSHOT = """
from snapshot_restore_py import register_after_restore, register_before_snapshot
done = ["start"]
register_before_snapshot(done.append, "before")
register_after_restore(done.append, "after")

def lambda_handler(event, context):
    return done
"""


def test_start_when_it_is_frozen_for_a_snapshot_then_what_was_registered_is_called(start):
    assert run(start(SNAPSHOT, initialization="snap-start"), "").value == [
        "start", "before", "after",
    ]  # fmt: skip
    assert run(start(SNAPSHOT), "").value == ["start"]
