"""What AWS has of a function, asked of a stand-in."""

import io
import json
import zipfile
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, NoRegionError
from moto import mock_aws
from moto.awslambda.models import LambdaStorage

from deployment import function as module
from deployment.client import Answer
from deployment.function import Function, told_plainly
from deployment.release import Release
from deployment.rollback import require_code
from deployment.steps import DeploymentFailed
from tests.rehearsal.version_numbers import number_versions_as_lambda_does
from tests.unit.deployment.fake_registry import RECORD

pytestmark = pytest.mark.slow

NAME = "registry-dev"


@pytest.fixture
def function(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        yield Function(NAME, boto3.client("lambda", region_name="us-east-1"))


def package_of(**record: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        # A date of its own: the same code is the same bytes, whenever it is packed.
        archive.writestr(zipfile.ZipInfo("release.json"), json.dumps(RECORD | record))
    return target.getvalue()


def make(function, **options):
    iam = boto3.client("iam", region_name="us-east-1")
    role = iam.create_role(RoleName="registry", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    settings = {
        "Runtime": "python3.11",
        "Handler": "handler.handler",
        "Environment": {"Variables": {"KEPT": "1", "OLD": "2"}},
        "Timeout": 30,
    }
    function.client.create_function(
        FunctionName=NAME,
        Role=role,
        Code={"ZipFile": package_of(commit="c1")},
        Publish=True,
        **settings | options,
    )


def update(function, **record):
    package = package_of(**record)
    function.client.update_function_code(FunctionName=NAME, ZipFile=package, Publish=True)


def test_configuration_when_nothing_was_deployed_then_none(function):
    assert function.find_configuration() is None
    assert function.live_environment() == {}


def test_versions_when_several_were_published_then_the_newest_is_first(function):
    make(function)
    update(function, commit="c2")
    found = function.list_versions()
    assert [version.number for version in found] == [2, 1]
    assert found[0].code_sha256 == function.find_configuration()["CodeSha256"]
    assert found[0].code_sha256 != found[1].code_sha256


def test_alias_when_variables_were_removed_after_zappa_published_then_it_means_what_is_live(
    function,
):
    make(function)
    function.client.create_alias(FunctionName=NAME, Name="snapstart", FunctionVersion="1")
    function.keep_only_variables({"KEPT": "1"})
    function.publish_as("snapstart")
    alias = function.client.get_alias(FunctionName=NAME, Name="snapstart")
    assert alias["FunctionVersion"] == "2"
    found = function.client.get_function_configuration(FunctionName=NAME, Qualifier="2")
    assert found["Environment"]["Variables"] == {"KEPT": "1"}


def test_versions_when_forgotten_then_the_live_code_is_kept_once_and_the_rejected_not_at_all(
    function,
):
    make(function)
    for commit in ("c2", "c3", "c1", "c2"):
        update(function, commit=commit)
    rejected = function.list_versions()[2].code_sha256
    function.forget_versions(rejected_sha256=rejected)
    assert [version.number for version in function.list_versions()] == [5, 4, 1]
    function.forget_versions()
    assert [version.number for version in function.list_versions()] == [5, 4, 1]


def test_release_when_a_version_is_looked_into_then_it_is_the_one_of_its_own_code(
    function, monkeypatch
):
    make(function)
    monkeypatch.setattr(
        module, "exchange", lambda _method, url: Answer(url, 200, {}, package_of(commit="c1"))
    )
    [version] = function.list_versions()
    assert function.read_version_release(version).commit == "c1"


def test_configuration_when_it_is_restored_then_all_of_it_is_as_before(function):
    make(function)
    former = function.find_configuration()
    function.client.update_function_configuration(
        FunctionName=NAME, Timeout=10, Handler="other.handler", Environment={"Variables": {}}
    )
    function.restore_configuration(former)
    now = function.find_configuration()
    for name in ("Timeout", "Handler", "Environment", "Role", "Runtime", "MemorySize"):
        assert now[name] == former[name]


def test_variables_when_some_are_not_given_any_more_then_they_are_removed(function):
    make(function)
    assert function.keep_only_variables({"KEPT": "1"}) == ["OLD"]
    assert function.live_environment() == {"KEPT": "1"}
    assert function.keep_only_variables({"KEPT": "1"}) == []


def test_delete_when_done_then_it_is_gone(function):
    make(function)
    function.delete()
    assert function.find_configuration() is None


def test_require_code_when_another_code_is_live_then_it_says_so(function):
    make(function)
    [version] = function.list_versions()
    stage: Any = type("Stage", (), {"name": "dev", "function": function})
    require_code(stage, version)
    update(function, commit="c2")
    with pytest.raises(DeploymentFailed, match="version 1 is not live"):
        require_code(stage, version)


@pytest.mark.parametrize(
    "error", [ClientError({"Error": {"Code": "AccessDenied"}}, "GetFunction"), NoRegionError()]
)
def test_aws_when_it_refuses_then_the_operator_is_told_what_to_look_at(error):
    with pytest.raises(DeploymentFailed, match="AWS refused") as caught, told_plainly():
        raise error
    assert "rights" in caught.value.advice


def test_interruption_when_it_comes_then_it_is_a_failure_like_any_other():
    with pytest.raises(DeploymentFailed, match="interrupted"), told_plainly():
        raise KeyboardInterrupt


# ------------------------------------------------------------------ releases


def test_release_when_a_package_has_no_record_then_it_says_how_to_build_one():
    with pytest.raises(DeploymentFailed, match=r"release\.json") as caught:
        Release.of_package(b"no zip")
    assert "make package" in caught.value.advice


@pytest.mark.parametrize(
    ("expected", "fits"),
    [
        (Release(), True),
        (Release(commit="c0ffee"), True),
        (Release.of_record(RECORD), True),
        (Release(commit="0ther"), False),
        (Release(version="0.1.0", commit="c0ffee"), False),
        (Release(migration="0005_more"), False),
        (Release(built_at="2026-11-25T12:00:01.000Z"), False),
    ],
)
def test_release_when_compared_then_only_what_is_described_counts(expected, fits):
    assert Release.of_record(RECORD).fits(expected) is fits


def test_release_when_its_tree_had_changes_then_its_name_says_so():
    shown = str(Release(version="0.2.0", commit=f"{'a' * 40}-dirty"))
    assert shown == "release 0.2.0 (aaaaaaaaaaaa-dirty)"


def test_stand_in_when_a_version_was_deleted_then_its_number_is_not_given_again(
    function, monkeypatch
):
    # Afterwards moto is as it was.
    monkeypatch.setattr(LambdaStorage, "publish_version", LambdaStorage.publish_version)
    number_versions_as_lambda_does()
    make(function)
    for commit in ("c2", "c3", "c4"):
        update(function, commit=commit)
    function.client.delete_function(FunctionName=NAME, Qualifier="2")
    update(function, commit="c5")
    assert [version.number for version in function.list_versions()] == [5, 4, 3, 1]
