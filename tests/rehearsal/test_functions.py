import base64
import hashlib
import io
import json
import threading
import time
import zipfile

import pytest

from tests.rehearsal import functions as service
from tests.rehearsal.functions import Functions, NoSuchFunction
from tests.rehearsal.instance import Deployment

CODE = """
import os, time
calls = []

def lambda_handler(event, context):
    calls.append(event)
    time.sleep(event.get("sleep_s", 0))
    if event.get("fail_at") == len(calls):
        raise ValueError("wrong")
    return {"release": RELEASE, "process": os.getpid(), "calls": len(calls)}
"""


class Deployed:
    """One function, of which releases can be made."""

    def __init__(self):
        self.release(1)

    def release(self, number):
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr("entry.py", f"RELEASE = {number}\n{CODE}")
        self.code = target.getvalue()
        self.deployment = Deployment(
            name="f",
            version="$LATEST",
            arn="arn:aws:lambda:us-east-1:123456789012:function:f",
            handler="entry.lambda_handler",
            timeout_s=10.0,
            memory_mb=128,
            environment=(),
            code_sha256=base64.b64encode(hashlib.sha256(self.code).digest()).decode(),
        )

    def find(self, name, _qualifier):
        return (self.deployment, self.code) if name == "f" else None


@pytest.fixture
def deployed():
    return Deployed()


@pytest.fixture
def functions(tmp_path, deployed, monkeypatch):
    monkeypatch.setattr(service, "RETRY_AFTER_S", (0.01, 0.01))
    functions = Functions(tmp_path, deployed.find, keys={}, instances_max=2)
    yield functions
    functions.stop()


def run(functions, **event):
    return functions.invoke("f", "", json.dumps(event).encode()).value


def test_instance_when_free_then_used_again(functions):
    first, second = run(functions), run(functions)
    assert (first["process"], second["calls"]) == (second["process"], 2)
    assert len(functions.started) == 1


def test_instances_when_all_are_busy_then_the_next_one_waits(functions):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(run(functions, sleep_s=0.3)))
        for _ in range(5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 5
    assert len({result["process"] for result in results}) == 2
    assert len(functions.started) == 2


def test_instances_when_all_are_busy_then_who_came_first_is_served_first(functions):
    functions.instances_max = 1
    results = []

    def wait(number):
        results.append((number, run(functions)["calls"]))

    first = threading.Thread(target=lambda: run(functions, sleep_s=0.5))
    first.start()
    threads = [threading.Thread(target=wait, args=(number,)) for number in range(6)]
    for number, thread in enumerate(threads):
        while len(functions._lines["f"]) < number or not functions.started:
            time.sleep(0.01)
        thread.start()
    for thread in [first, *threads]:
        thread.join(20)
    assert sorted(results) == [(number, number + 2) for number in range(6)]
    assert functions._lines["f"] == []


def test_code_when_released_anew_then_new_instances_run_it_and_the_old_ones_end(
    functions, deployed
):
    assert run(functions)["release"] == 1
    deployed.release(2)
    assert run(functions)["release"] == 2
    assert [instance.is_alive for instance in functions.started] == [False, True]


def test_instances_when_recycled_then_the_next_call_starts_one(functions):
    before = run(functions)["process"]
    functions.recycle()
    assert run(functions)["process"] != before


def test_package_when_unpacked_then_read_only(functions, deployed):
    task = functions.unpacked(deployed.deployment, deployed.code)
    assert (task / "entry.py").stat().st_mode & 0o222 == 0
    assert task.stat().st_mode & 0o222 == 0


def test_event_when_queued_then_run_once(functions):
    functions.invoke_later("f", "", b"{}")
    assert functions.settle(10)
    [(event, outcome)] = functions.outcomes
    assert (event, outcome.error, outcome.value["calls"]) == ("{}", "", 1)


@pytest.mark.parametrize("fail_at", [1, 2])
def test_event_when_it_fails_then_tried_again(functions, fail_at):
    if fail_at == 2:
        run(functions)
    functions.invoke_later("f", "", json.dumps({"fail_at": fail_at}).encode())
    assert functions.settle(10)
    [(_, outcome)] = functions.outcomes
    assert (outcome.error, outcome.value["calls"]) == ("", fail_at + 1)


def test_function_when_there_is_none_then_said_so(functions):
    with pytest.raises(NoSuchFunction):
        functions.invoke("g", "", b"{}")
    with pytest.raises(NoSuchFunction):
        functions.invoke_later("g", "", b"{}")
