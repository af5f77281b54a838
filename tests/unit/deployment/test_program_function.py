"""The function for programs as deployments provide it, on a client that notes what it is asked."""

import io
import json
from types import SimpleNamespace
from typing import Any

import pytest

from artifacts.sandbox.function import code_version
from deployment import programs
from deployment.program_function import STANDING, ProgramFunction, name_for
from deployment.steps import DeploymentFailed

ROLE = "arn:aws:iam::123456789012:role/programs"


class Lambda:
    """Lambda's interface; `there` has the role of each version, by what leads to it."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def __init__(self, **there: str) -> None:
        self.there = there
        self.asked: list[str] = []
        self.answer: dict[str, Any] = {"exit_status": 0, "output": STANDING}

    def __getattr__(self, operation: str) -> Any:
        def note(**given: Any) -> dict[str, Any]:
            assert given["FunctionName"] == "registry-dev-programs"
            self.asked.append(operation)
            self.given = given
            return {"Version": "7"}

        return note

    def get_function_configuration(self, *, FunctionName: str, Qualifier: str = "latest"):  # noqa: N803
        return {"Role": self.there[Qualifier]}

    def get_waiter(self, state: str):
        return SimpleNamespace(wait=lambda **_given: self.asked.append(state))

    def invoke(self, *, FunctionName: str, Qualifier: str, Payload: bytes):  # noqa: N803
        assert (FunctionName, Qualifier) == ("registry-dev-programs", code_version())
        assert "net.createServer" in json.loads(Payload)["program"]
        self.told = json.loads(Payload)["asking"]["hosts"]
        whole = {"is_started": True, "signal": "", "is_timed_out": False, "is_too_long": False}
        whole["requests"] = None
        body = json.dumps({**whole, **self.answer}).encode()
        failed = {"FunctionError": "Unhandled"} if "errorType" in self.answer else {}
        return {"Payload": io.BytesIO(body), **failed}


def function(client: Lambda, role_arn: str = ROLE) -> ProgramFunction:
    return ProgramFunction(name_for("registry-dev"), client, role_arn=role_arn)


@pytest.mark.parametrize(("may_ask", "hosts"), [(False, []), (True, ["localhost:443"])])
def test_function_when_programs_may_ask_hosts_then_that_is_tried_as_well(may_ask, hosts):
    client = Lambda()
    tried = ProgramFunction(name_for("registry-dev"), client, role_arn=ROLE, may_ask=may_ask)
    tried.try_out()
    assert client.told == hosts


def test_function_when_there_is_none_then_created_published_and_led_to():
    client = Lambda()
    assert "is new" in function(client).provide()
    assert client.asked == [
        "create_function", "function_active", "publish_version", "published_version_active",
        "create_alias",
    ]  # fmt: skip
    assert client.given["Name"] == code_version()


def test_function_when_another_code_is_there_then_updated():
    client = Lambda(latest=ROLE)
    function(client).provide()
    assert client.asked == [
        "update_function_configuration", "function_updated", "update_function_code",
        "function_updated", "publish_version", "published_version_active", "create_alias",
    ]  # fmt: skip


def test_function_when_this_code_is_there_then_it_is_only_tried():
    client = Lambda(**{"latest": ROLE, code_version(): ROLE})
    assert "was there" in function(client).provide()
    assert client.asked == []
    client.answer = {"exit_status": 1, "output": "not walled off: the network"}
    with pytest.raises(DeploymentFailed, match="not walled off: the network"):
        function(client).provide()


def test_function_when_its_role_was_another_then_its_alias_leads_to_one_with_this():
    client = Lambda(**{"latest": ROLE, code_version(): f"{ROLE}-old"})
    function(client).provide()
    assert client.asked[-1] == "update_alias"


@pytest.mark.parametrize(
    "answer",
    [
        {"exit_status": 0, "output": ""},
        {"exit_status": 0, "output": STANDING, "is_started": False},
        {"exit_status": 0, "output": STANDING, "errorType": "Error"},
        {"exit_status": None, "output": STANDING, "signal": "SIGSYS"},
    ],
)
def test_function_when_the_trial_ends_otherwise_then_the_deployment_fails(answer):
    client = Lambda(**{code_version(): ROLE})
    client.answer = answer
    with pytest.raises(DeploymentFailed, match="does not confine"):
        function(client).try_out()


def test_function_when_no_role_is_given_then_nothing_is_asked():
    client = Lambda()
    assert function(client, "").provide() == ""
    assert client.asked == []


@pytest.mark.parametrize(
    ("words", "asked", "said"),
    [
        (["dev"], [], f"registry-dev-programs: {STANDING}."),
        (["dev", "--remove"], ["delete_function"], "registry-dev-programs was removed."),
    ],
)
def test_command_when_given_then_it_tries_or_removes(monkeypatch, capsys, words, asked, said):
    client = Lambda(**{"latest": ROLE, code_version(): ROLE})
    monkeypatch.setattr(programs, "Stage", lambda *_words, **_given: SimpleNamespace(cli=None))
    monkeypatch.setattr(programs, "of_cli", lambda _cli: function(client))
    assert programs.main(words) == 0
    assert client.asked == asked
    assert said in capsys.readouterr().out


def test_command_when_there_is_nothing_to_remove_then_it_says_so():
    assert function(Lambda()).remove() == "There is no function registry-dev-programs."
