import json

import boto3
import pytest
from moto import mock_aws

from deployment.observing import ACCESS_LOG_FORMAT, Wanted, keep_logs, observe_gateway
from deployment.steps import DeploymentFailed

pytestmark = pytest.mark.slow

REGION = "us-east-1"
LOG_ARN = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/registry"
ALL = {
    "log_retention_days": 90,
    "access_log": True,
    "xray_tracing": True,
    "throttle_rate_per_s": 50,
    "throttle_burst": 100,
}


@pytest.fixture
def session():
    with mock_aws():
        yield boto3.Session("key", "secret", region_name=REGION)


@pytest.fixture
def gateway(session):
    client = session.client("apigateway")
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": "arn:aws:iam::1:role/logs"}
    client.update_account(patchOperations=[change])
    return client


@pytest.fixture
def api(gateway):
    found = gateway.create_rest_api(name="registry")["id"]
    root = gateway.get_resources(restApiId=found)["items"][0]["id"]
    gateway.put_method(restApiId=found, resourceId=root, httpMethod="ANY", authorizationType="NONE")
    gateway.put_integration(restApiId=found, resourceId=root, httpMethod="ANY", type="MOCK")
    gateway.create_deployment(restApiId=found, stageName="dev")
    return found


def observe(gateway, api, settings) -> str:
    wanted = Wanted.of(settings)
    return observe_gateway(gateway, api=api, stage="dev", wanted=wanted, log_arn=LOG_ARN)


def test_logs_when_lambda_has_made_none_yet_then_made_with_their_end(session):
    logs = session.client("logs")
    assert keep_logs(logs, "/aws/lambda/registry", 30).endswith(":/aws/lambda/registry")
    keep_logs(logs, "/aws/lambda/registry", 90)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 90


def test_logs_when_another_group_begins_alike_then_that_stays_as_it_is(session):
    logs = session.client("logs")
    logs.create_log_group(logGroupName="/aws/lambda/registry-migrate")
    keep_logs(logs, "/aws/lambda/registry", 30)
    found = {each["logGroupName"]: each for each in logs.describe_log_groups()["logGroups"]}
    assert "retentionInDays" not in found["/aws/lambda/registry-migrate"]


def test_gateway_when_all_is_wanted_then_its_stage_has_it(gateway, api):
    assert (
        observe(gateway, api, ALL)
        == "access log on, tracing on, throttled at 50 a second, 100 at once"
    )
    stage = gateway.get_stage(restApiId=api, stageName="dev")
    assert stage["accessLogSettings"] == {"destinationArn": LOG_ARN, "format": ACCESS_LOG_FORMAT}
    assert stage["tracingEnabled"]
    every = stage["methodSettings"]["*/*"]
    assert (every["throttlingRateLimit"], every["throttlingBurstLimit"]) == (50.0, 100)


def test_gateway_when_the_log_is_not_wanted_any_more_then_it_ends(gateway, api):
    observe(gateway, api, ALL)
    assert observe(gateway, api, {}).startswith("access log off, tracing off")
    assert "accessLogSettings" not in gateway.get_stage(restApiId=api, stageName="dev")


def test_gateway_when_it_may_not_write_logs_then_says_so_and_does_the_rest(gateway, api):
    change = {"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}
    gateway.update_account(patchOperations=[change])
    assert observe(gateway, api, ALL).startswith("no access log, for API Gateway has no role")
    stage = gateway.get_stage(restApiId=api, stageName="dev")
    assert "accessLogSettings" not in stage
    assert stage["tracingEnabled"]


def test_access_log_when_written_then_one_line_of_json_without_any_address_of_a_request():
    fields = json.loads(ACCESS_LOG_FORMAT)
    assert "\n" not in ACCESS_LOG_FORMAT
    # `path`, `resourcePath` and `protocol` would be: a path may hold a signed link.
    assert not [each for each in fields.values() if "ath" in each or "header" in each.lower()]


@pytest.mark.parametrize(
    "settings",
    [{"log_retention_days": 31}, {"throttle_rate_per_s": 5}, {"throttle_burst": 5}],
)
def test_settings_when_they_cannot_be_then_refused(settings):
    with pytest.raises(DeploymentFailed):
        Wanted.of(settings)
