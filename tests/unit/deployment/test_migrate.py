"""The new package migrates in a function of its own, which is gone afterwards."""

import base64
import io
import json
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from deployment.function import Function
from deployment.limits import MIGRATION_TIMEOUT_S
from deployment.migrate import COMMANDS, migrate
from deployment.steps import DeploymentFailed

NAME = "registry-dev-migrate"


class Absent(Exception):
    """What the client raises where there is no such function."""


class FakeLambda:
    """Boto3's client for Lambda: functions by name; `failing` names a command that fails."""

    exceptions = SimpleNamespace(ResourceNotFoundException=Absent)
    meta = SimpleNamespace(region_name="us-east-1")

    def __init__(self) -> None:
        self.functions: dict[str, dict] = {}
        self.ran: list[str] = []
        self.failing = ""

    def get_function_configuration(self, FunctionName):  # noqa: N803  (boto3's)
        if FunctionName not in self.functions:
            raise Absent
        return self.functions[FunctionName]

    def delete_function(self, FunctionName):  # noqa: N803
        del self.functions[FunctionName]

    def invoke(self, FunctionName, Payload, LogType):  # noqa: N803
        assert FunctionName in self.functions
        assert LogType == "Tail"
        command = json.loads(Payload)["manage"]
        self.ran.append(command)
        if command != self.failing:
            return {"Payload": io.BytesIO(b"{}")}
        error = {"errorType": "ProgrammingError", "errorMessage": "column exists"}
        return {
            "FunctionError": "Unhandled",
            "Payload": io.BytesIO(json.dumps(error).encode()),
            "LogResult": base64.b64encode(b"the end of the log").decode(),
        }


class FakeStage:
    """A stage whose functions are made in a `FakeLambda`."""

    def __init__(self, client: FakeLambda) -> None:
        self.client = client
        self.made: dict = {}
        self.environment = {"SECRET_KEY": "x"}
        self.function = Function("registry-dev", client)
        zappa = SimpleNamespace(
            create_lambda_function=self.create,
            boto_session=SimpleNamespace(client=lambda *_, **__: client),
        )
        self.cli = SimpleNamespace(
            zappa=zappa,
            lambda_handler="registry_site.lambda_handler.lambda_handler",
            vpc_config={"SubnetIds": ["s"]},
            memory_size=1769,
            runtime="python3.11",
            layers=None,
        )

    def create(self, **options) -> None:
        self.made = options
        self.client.functions[options["function_name"]] = {}


@pytest.fixture
def stage():
    return FakeStage(FakeLambda())


@pytest.fixture
def package(tmp_path):
    path = tmp_path / "dev.zip"
    path.write_bytes(b"the package")
    return path


def test_migrate_when_all_goes_well_then_the_new_package_did_it_and_nothing_is_left(stage, package):
    migrate(stage, package)
    assert tuple(stage.client.ran) == COMMANDS
    assert stage.made["local_zip"] == b"the package"
    assert stage.made["aws_environment_variables"] == stage.environment
    assert stage.made["vpc_config"] == {"SubnetIds": ["s"]}
    assert stage.made["timeout"] == MIGRATION_TIMEOUT_S
    assert stage.client.functions == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_migrate_when_a_command_fails_then_it_ends_there_with_the_reason_and_the_log(
    stage, package, command
):
    stage.client.failing = command
    with pytest.raises(DeploymentFailed) as caught:
        migrate(stage, package)
    assert "ProgrammingError: column exists" in caught.value.reason
    assert "the end of the log" in caught.value.reason
    assert stage.client.ran[-1] == command
    assert stage.client.functions == {}


def leave(stage, *, age: timedelta) -> None:
    stage.client.functions[NAME] = {"LastModified": (datetime.now(UTC) - age).isoformat()}


def test_migrate_when_another_deployment_is_at_it_then_its_function_is_left_alone(stage, package):
    leave(stage, age=timedelta(minutes=5))
    with pytest.raises(DeploymentFailed, match="since 5 minutes"):
        migrate(stage, package)
    assert NAME in stage.client.functions
    assert stage.client.ran == []


def test_migrate_when_a_deployment_was_killed_long_ago_then_its_function_is_removed(stage, package):
    leave(stage, age=timedelta(hours=2))
    migrate(stage, package)
    assert tuple(stage.client.ran) == COMMANDS


def test_migrate_when_somebody_else_was_faster_then_their_function_is_left_alone(stage, package):
    def create(**options):
        stage.client.functions[options["function_name"]] = {}
        raise RuntimeError("it exists")

    stage.cli.zappa.create_lambda_function = create
    with pytest.raises(RuntimeError, match="it exists"):
        migrate(stage, package)
    assert NAME in stage.client.functions
