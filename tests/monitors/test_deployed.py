"""The function for programs, brought to a cloud on this machine as a deployment brings it."""

import json
from collections.abc import Iterator

import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from artifacts.sandbox import function as code
from artifacts.sandbox.function import RUNTIME, code_version
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.remote import describe_task, read_answer
from deployment.contents import ROOT
from deployment.policy import render
from deployment.program_function import ProgramFunction
from deployment.steps import DeploymentFailed
from tests.monitors.node import installed_node, needs_node
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.cloud import Cloud, provide_role, remove_folder
from tests.rehearsal.runtime import NodeRuntime

pytestmark = [pytest.mark.slow, needs_node]
NAME = "registry-dev-programs"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("cloud")
    with Cloud(folder, others=[NodeRuntime(RUNTIME, installed_node())]) as made:
        yield made
    remove_folder(folder)


@pytest.fixture(scope="module")
def roles(cloud) -> list[str]:
    trust = (ROOT / "deployment/programs_trust.json").read_text(encoding="utf-8")
    names = {"function": "registry-dev", "region": REGION, "account": DEFAULT_ACCOUNT_ID}
    policy = json.dumps(render("programs-role", **names))
    return [
        provide_role(cloud, name, trust=trust, policy=policy) for name in ("programs", "others")
    ]


@pytest.fixture
def function(cloud, roles) -> Iterator[ProgramFunction]:
    made = ProgramFunction(NAME, cloud.client("lambda"), role_arn=roles[0])
    yield made
    made.remove()
    code.code_version.cache_clear()


def versions(cloud) -> list[str]:
    listed = cloud.client("lambda").list_versions_by_function(FunctionName=NAME)["Versions"]
    return [each["Version"] for each in listed if each["Version"] != "$LATEST"]


def run(cloud, version: str, program: str) -> str:
    event = describe_task(MonitorTask(program, "", "", ""), zip_url="", zip_size_bytes=0)
    answer = cloud.client("lambda").invoke(FunctionName=NAME, Qualifier=version, Payload=event)
    found = read_answer(answer["Payload"].read())
    assert found.exit_status == 0, found.output
    return found.output


def test_function_when_provided_then_it_runs_and_again_is_the_same_version(cloud, function, roles):
    assert function.provide() == f"{code_version()} is new, and the walls stand"
    assert function.provide() == f"{code_version()} was there, and the walls stand"
    assert versions(cloud) == ["1"]
    assert run(cloud, code_version(), "console.log('hello')") == "hello"
    found = cloud.client("lambda").get_function_configuration(FunctionName=NAME)
    assert (found["Role"], found["Runtime"]) == (roles[0], "nodejs24.x")
    assert (found["MemorySize"], found["Timeout"]) == (2_560, 22)
    assert found["EphemeralStorage"] == {"Size": 1_024}


def change_handler(monkeypatch, before: str, after: str) -> None:
    """Make a release whose function is another."""
    files = code._files()
    handler, mode = files["handler.mjs"]
    text = handler.decode()
    assert before in text
    changed = text.replace(before, after).encode()
    monkeypatch.setattr(code, "_files", lambda: {**files, "handler.mjs": (changed, mode)})
    code.code_version.cache_clear()


def test_function_when_its_code_changes_then_each_release_finds_its_own(
    cloud, function, monkeypatch
):
    function.provide()
    first = code_version()
    change_handler(monkeypatch, 'output.toString("utf8")', 'output.toString("utf8").toUpperCase()')
    with pytest.raises(DeploymentFailed, match="THE WALLS STAND"):
        function.provide()
    assert code_version() != first
    assert versions(cloud) == ["1", "2"]
    said = [run(cloud, each, "console.log('runs')") for each in (first, code_version())]
    assert said == ["runs", "RUNS"]


def test_function_when_its_role_is_another_then_its_alias_leads_to_a_new_version(
    cloud, function, roles
):
    function.provide()
    ProgramFunction(NAME, function.client, role_arn=roles[1]).provide()
    found = function.client.get_function_configuration(FunctionName=NAME, Qualifier=code_version())
    assert found["Role"] == roles[1]


PERMISSIONS = '"--permission", `--allow-fs-read=${program}`, `--allow-fs-read=${zip}`,'
UNWALLED = '"/bin/sh", ["-c", `printf "\\\\0started\\\\0"; exec "$0" "$@"`, process.execPath,'


@pytest.mark.parametrize(
    ("before", "after", "hole"),
    [
        (PERMISSIONS, "", "files"),
        ("WALL,\n      [\n        process.execPath,", UNWALLED, "processes"),
        ('env: { PATH: "/usr/bin:/bin", ', "env: { ...process.env, ", "the environment"),
    ],
)
def test_function_when_a_wall_is_missing_then_the_deployment_fails(
    function, monkeypatch, before, after, hole
):
    change_handler(monkeypatch, before, after)
    with pytest.raises(DeploymentFailed, match=f"not walled off: {hole}"):
        function.provide()


def test_function_when_programs_may_ask_hosts_then_that_is_tried_as_well(
    function, roles, monkeypatch
):
    asking = ProgramFunction(NAME, function.client, role_arn=roles[0], may_ask=True)
    assert asking.provide().endswith("and the walls stand")
    change_handler(
        monkeypatch,
        "carry(child.stdio[3], task.asking)",
        "carry(child.stdio[3], { ...task.asking, mayLoop: true })",
    )
    with pytest.raises(DeploymentFailed, match="localhost:443 could not be asked"):
        asking.provide()


def test_function_when_removed_then_gone(cloud, function):
    function.provide()
    assert function.remove() == f"{NAME} was removed."
    assert function.remove() == f"There is no function {NAME}."


def test_function_when_no_role_is_given_then_there_is_none(cloud):
    function = ProgramFunction(NAME, cloud.client("lambda"))
    assert function.provide() == ""
    assert function.remove() == f"There is no function {NAME}."
