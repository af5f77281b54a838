"""Who signs in for the smoke test where the administrator's password is kept elsewhere."""

import boto3
import pytest
from moto import mock_aws

from deployment.rollback import sign_in_as
from deployment.smoke import DEFAULT_USER, Credentials
from deployment.steps import DeploymentFailed
from registry_site.settings.variables import OPERATORS, VARIABLES

PASSWORD = "a-long-password-1"
ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf"
ARN_NAME = "REGISTRY_ADMIN_PASSWORD_SECRET_ARN"


@pytest.fixture
def operator(monkeypatch):
    for name in (*VARIABLES, *OPERATORS):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    with mock_aws():
        yield monkeypatch


def test_password_when_kept_elsewhere_then_read_with_the_operators_rights(operator):
    client = boto3.client("secretsmanager", region_name="eu-central-1")
    arn = client.create_secret(Name="admin", SecretString=f"{PASSWORD}\n")["ARN"]
    assert sign_in_as({ARN_NAME: arn}) == Credentials(DEFAULT_USER, PASSWORD)


def test_password_when_it_cannot_be_read_then_says_what_else_there_is(operator):
    with pytest.raises(DeploymentFailed) as caught:
        sign_in_as({ARN_NAME: ARN})
    assert f"{ARN_NAME} names {ARN}" in caught.value.reason
    assert "REGISTRY_SMOKE_PASSWORD" in caught.value.advice


@pytest.mark.parametrize("name", ["REGISTRY_SMOKE_PASSWORD", "REGISTRY_ADMIN_PASSWORD"])
def test_password_when_the_operator_names_one_then_nothing_is_read(operator, name):
    operator.setenv(name, PASSWORD)
    assert sign_in_as({ARN_NAME: ARN}).password == PASSWORD


def test_password_when_the_function_has_it_then_that(operator):
    operator.setenv("REGISTRY_ADMIN_PASSWORD", "the operator's own")
    assert sign_in_as({"REGISTRY_ADMIN_PASSWORD": PASSWORD}).password == PASSWORD
