"""The stack of alarms, made by moto's CloudFormation as AWS's makes it."""

from typing import Any

import boto3
import pytest
import yaml
from botocore.exceptions import WaiterError
from moto import mock_aws

from deployment import alarms
from deployment.alarms import TEMPLATE, AlarmStack, apply
from deployment.observing import Wanted
from deployment.steps import DeploymentFailed, Steps
from tests.rehearsal.templates import know_what_alarms_are_made_of

pytestmark = pytest.mark.slow

FUNCTION = "trustworthy-registry-dev"
RESOURCES = yaml.safe_load(TEMPLATE.read_text(encoding="utf-8"))["Resources"]


def number_of(kind: str) -> int:
    return sum(each["Type"] == kind for each in RESOURCES.values())


@pytest.fixture
def session():
    know_what_alarms_are_made_of(may_leave=lambda _function, _queue: True)
    with mock_aws():
        found = boto3.Session("key", "secret", region_name="us-east-1")
        trust = {"RoleName": "registry", "AssumeRolePolicyDocument": "{}"}
        role = found.client("iam").create_role(**trust)["Role"]["Arn"]
        found.client("lambda").create_function(
            FunctionName=FUNCTION,
            Runtime="python3.11",
            Role=role,
            Handler="a.b",
            Code={"ZipFile": b"zip"},
        )
        yield found


def apply_to(session, **given: str) -> dict[str, str]:
    return apply(
        function=FUNCTION,
        stage="dev",
        api="",
        wanted=Wanted.of({}),
        given=given,
        session=session,
        steps=Steps(),
    )


def alarms_of(session) -> dict[str, dict]:
    pages = session.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return {each["AlarmName"]: each for page in pages for each in page["MetricAlarms"]}


def test_apply_when_new_then_everything_of_the_template_is_there(session):
    outputs = apply_to(session, DatabaseInstance="registry-db", DatabaseConnectionsWarning="64")
    found = alarms_of(session)
    assert len(found) == number_of("AWS::CloudWatch::Alarm")
    assert all(name.startswith(f"{FUNCTION}-") for name in found)
    connections = found[f"{FUNCTION}-database-connections"]
    assert connections["Threshold"] == 64
    assert connections["AlarmActions"] == [outputs["PageTopic"]]
    filters = session.client("logs").describe_metric_filters(
        logGroupName=f"/aws/lambda/{FUNCTION}"
    )["metricFilters"]
    assert len(filters) == number_of("AWS::Logs::MetricFilter")
    after = session.client("lambda").get_function_event_invoke_config(FunctionName=FUNCTION)
    destination = after["DestinationConfig"]["OnFailure"]["Destination"]
    assert destination.endswith(f":{FUNCTION}-failed-events")
    assert outputs["FailedEventsQueue"].endswith(f"/{FUNCTION}-failed-events")


def test_apply_when_there_is_no_database_of_rds_then_its_alarm_is_left_out(session):
    apply_to(session)
    assert f"{FUNCTION}-database-connections" not in alarms_of(session)


def test_apply_when_done_before_then_what_is_not_named_stays(session, capsys):
    topic = apply_to(session, PageEmail="night@example.com", ConcurrencyWarning="8")["PageTopic"]
    before = alarms_of(session)
    apply_to(session, DatabaseInstance="registry-db")
    after = alarms_of(session)
    assert set(after) - set(before) == {f"{FUNCTION}-database-connections"}
    assert after[f"{FUNCTION}-function-concurrency"]["Threshold"] == 8
    found = session.client("sns").list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    assert [each["Endpoint"] for each in found] == ["night@example.com"]
    said = capsys.readouterr().out
    assert "made" in said
    assert "brought up to date" in said


def test_apply_when_nothing_changes_then_says_so(session, monkeypatch):
    stack, sent = AlarmStack(FUNCTION, session), []
    apply_to(session, ConcurrencyWarning="8")

    def refuse(**change):
        sent.extend(change["Parameters"])
        raise stack.client.exceptions.ClientError(
            {"Error": {"Code": "ValidationError", "Message": "No updates are to be performed."}},
            "UpdateStack",
        )

    monkeypatch.setattr(stack.client, "update_stack", refuse)
    assert stack.apply({}) == "unchanged"
    # What is not sent, AWS would put back to what the template says; moto keeps it.
    assert {"ParameterKey": "ConcurrencyWarning", "ParameterValue": "8"} in sent


def test_remove_when_called_then_nothing_is_left_but_the_lines(session):
    apply_to(session)
    AlarmStack(FUNCTION, session).remove()
    assert alarms_of(session) == {}
    assert session.client("sqs").list_queues().get("QueueUrls", []) == []
    logs = session.client("logs")
    assert logs.describe_metric_filters()["metricFilters"] == []
    assert len(logs.describe_log_groups()["logGroups"]) == 1


def test_apply_when_cloudformation_fails_then_its_reasons_are_told(session, monkeypatch):
    stack = AlarmStack(FUNCTION, session)

    class Failing:
        def wait(self, **_given):
            raise WaiterError("StackCreateComplete", "it failed", {})

    reason = {"ResourceStatus": "CREATE_FAILED", "LogicalResourceId": "AfterFailure"}
    events = [reason | {"ResourceStatusReason": "may not call SendMessage"}]
    monkeypatch.setattr(stack.client, "get_waiter", lambda _name: Failing())
    monkeypatch.setattr(
        stack.client, "describe_stack_events", lambda **_given: {"StackEvents": events}
    )
    monkeypatch.setattr(stack.client, "create_stack", lambda **_given: None)
    with pytest.raises(DeploymentFailed, match="AfterFailure: may not call SendMessage") as raised:
        stack.apply({"FunctionName": FUNCTION, "ApiStage": "dev"})
    assert "--dead-letter-queue" in raised.value.advice


class FakeStage:
    """What `deployment.stage.Stage` is to the command."""

    def __init__(self, session, *, is_deployed: bool = True) -> None:
        self.cli = self
        self.zappa, self.boto_session = self, session
        self.stage_config = {"log_retention_days": 7}
        self.use_apigateway = False
        self.function, self.name = self, FUNCTION
        self.find_configuration: Any = lambda: {} if is_deployed else None


def test_command_when_called_then_made_and_removed_again(session, monkeypatch, capsys):
    monkeypatch.setattr(alarms, "Stage", lambda *_given, **_named: FakeStage(session))
    assert alarms.main(["dev", "--morning-email", "ops@example.com"]) == 0
    said = capsys.readouterr().out
    assert f"PageTopic: arn:aws:sns:us-east-1:123456789012:{FUNCTION}-page" in said
    assert "for 7 days" in said
    assert alarms_of(session)
    assert alarms.main(["dev", "--remove"]) == 0
    assert alarms_of(session) == {}


def test_command_when_nothing_is_deployed_then_says_what_comes_first(session, monkeypatch, capsys):
    stage = FakeStage(session, is_deployed=False)
    monkeypatch.setattr(alarms, "Stage", lambda *_given, **_named: stage)
    assert alarms.main(["dev"]) == 1
    assert "make deploy STAGE=dev" in capsys.readouterr().out
