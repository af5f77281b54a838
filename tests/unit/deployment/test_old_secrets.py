"""Versions that hold secrets of before a rotation, in moto's Lambda."""

import io
import json
import zipfile
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import LambdaStorage

from deployment import function as function_module
from deployment.client import Answer
from deployment.function import Function
from deployment.old_secrets import find_old_versions, look, main
from deployment.steps import DeploymentFailed
from tests.rehearsal.version_numbers import number_versions_as_lambda_does
from tests.unit.deployment.fake_registry import RECORD

pytestmark = pytest.mark.slow

NAME = "registry-dev"
LIVE = {"SECRET_KEY": "value-new", "DATABASE_URL": "value-same", "LOG_LEVEL": "debug"}
OLD = {"SECRET_KEY": "value-old", "DATABASE_URL": "value-same", "LOG_LEVEL": "info"}


@pytest.fixture
def stage(monkeypatch):
    """A stage whose function was never deployed; its code is always of one release."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setattr(LambdaStorage, "publish_version", LambdaStorage.publish_version)
    number_versions_as_lambda_does()
    monkeypatch.setattr(
        function_module, "exchange", lambda *_: Answer("", 200, {}, package(commit="c1"))
    )
    with mock_aws():
        client = boto3.client("lambda", region_name="us-east-1")
        yield SimpleNamespace(name="dev", function=Function(NAME, client))


def package(**record: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("release.json", json.dumps(RECORD | record))
    return target.getvalue()


def create(stage, variables):
    iam = boto3.client("iam", region_name="us-east-1")
    role = iam.create_role(RoleName="registry", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    stage.function.client.create_function(
        FunctionName=NAME,
        Role=role,
        Code={"ZipFile": package(commit="c1")},
        Publish=True,
        Runtime="python3.11",
        Handler="handler.handler",
        Environment={"Variables": variables},
    )


def update(stage, variables, *, commit):
    """As Zappa does: the code is published first, then the variables change."""
    client = stage.function.client
    client.update_function_code(FunctionName=NAME, ZipFile=package(commit=commit), Publish=True)
    client.update_function_configuration(FunctionName=NAME, Environment={"Variables": variables})


@pytest.fixture
def rotated(stage):
    """Versions 1 and 2 have the old key, and so has 3, whose code is live with the new one."""
    create(stage, OLD)
    update(stage, OLD, commit="c2")
    update(stage, LIVE, commit="c3")
    return stage


def numbers(stage) -> list[int]:
    return [version.number for version in stage.function.list_versions()]


def test_versions_when_a_secret_was_rotated_then_those_that_hold_the_old_value(rotated):
    found = find_old_versions(rotated.function)
    assert [(each.number, each.names) for each in found] == [
        (1, ("SECRET_KEY",)), (2, ("SECRET_KEY",)), (3, ("SECRET_KEY",)),
    ]  # fmt: skip


def test_versions_when_nothing_was_rotated_then_none(stage, capsys):
    create(stage, OLD)
    update(stage, OLD | {"LOG_LEVEL": "debug"}, commit="c2")
    assert find_old_versions(stage.function) == []
    look(stage, is_removing=True)
    assert "No version" in capsys.readouterr().out
    assert numbers(stage) == [2, 1]


def test_versions_when_a_secret_is_kept_elsewhere_now_then_its_old_value_is_found(stage):
    create(stage, OLD)
    update(stage, {"SECRET_KEY_SECRET_ARN": "arn"}, commit="c2")
    assert {each.names for each in find_old_versions(stage.function)} == {
        ("SECRET_KEY", "DATABASE_URL")
    }


def test_look_when_not_told_to_remove_then_names_alone_and_nothing_changes(rotated, capsys):
    look(rotated, is_removing=False)
    said = capsys.readouterr().out
    assert said.count("SECRET_KEY") == 3
    assert "REMOVE=1" in said
    assert "value-" not in said
    assert numbers(rotated) == [3, 2, 1]


def test_look_when_told_to_remove_then_what_is_live_is_published_anew_and_the_rest_is_gone(
    rotated, capsys
):
    before = rotated.function.find_configuration()
    look(rotated, is_removing=True)
    assert numbers(rotated) == [4]
    assert find_old_versions(rotated.function) == []
    after = rotated.function.find_configuration()
    assert after["CodeSha256"] == before["CodeSha256"]
    assert after["Environment"] == before["Environment"] == {"Variables": LIVE}
    assert rotated.function.list_versions()[0].code_sha256 == before["CodeSha256"]
    said = capsys.readouterr().out
    assert "make rollback reaches nothing" in said
    assert "value-" not in said


def test_look_when_newer_versions_have_the_new_value_then_they_can_be_rolled_back_to(
    rotated, capsys
):
    update(rotated, LIVE, commit="c4")
    update(rotated, LIVE, commit="c5")
    look(rotated, is_removing=True)
    assert numbers(rotated) == [5, 4]
    said = capsys.readouterr().out
    assert "N=1" in said
    assert "reaches nothing" not in said


def test_look_when_an_alias_leads_to_what_is_live_then_it_follows(rotated):
    client = rotated.function.client
    client.create_alias(FunctionName=NAME, Name="snapstart", FunctionVersion="3")
    look(rotated, is_removing=True)
    assert client.get_alias(FunctionName=NAME, Name="snapstart")["FunctionVersion"] == "4"
    assert numbers(rotated) == [4]


def test_look_when_an_alias_leads_to_an_older_version_then_that_stays_and_is_told(rotated, capsys):
    client = rotated.function.client
    client.create_alias(FunctionName=NAME, Name="mine", FunctionVersion="1")
    look(rotated, is_removing=True)
    assert numbers(rotated) == [4, 1]
    assert "they stay: 1" in capsys.readouterr().out


def test_versions_when_nothing_was_deployed_then_says_so(stage):
    with pytest.raises(DeploymentFailed, match="never been deployed"):
        find_old_versions(stage.function)


def test_versions_when_their_variables_cannot_be_read_then_nothing_is_called_clean(
    rotated, monkeypatch
):
    sealed = {"Version": "1", "LastModified": "", "Environment": {"Error": {"ErrorCode": "KMS"}}}
    monkeypatch.setattr("deployment.old_secrets._list_versions", lambda _: [sealed])
    with pytest.raises(DeploymentFailed, match=r"cannot be read \(KMS\)"):
        find_old_versions(rotated.function)


def test_main_when_the_stage_is_none_then_says_so_and_ends_with_one(monkeypatch, capsys):
    def refuse(*_args, **_options):
        raise DeploymentFailed("There is no such stage.", "Name one.")

    monkeypatch.setattr("deployment.old_secrets.Stage", refuse)
    assert main(["none"]) == 1
    assert "no such stage" in capsys.readouterr().out
