"""The services' interfaces as Zappa and the registry ask them, by boto3."""

import io
import json
import urllib.request
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal import lambda_limits
from tests.rehearsal.cloud import Cloud, provide_role, remove_folder

TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
POLICY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}],
}
CODE = "def lambda_handler(event, context):\n    print('line')\n    return [{number}, event]\n"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cloud")
    with Cloud(folder, instances_max=2) as made:
        cloud: Any = made
        cloud.role = provide_role(
            made, "runs-it", trust=json.dumps(TRUST), policy=json.dumps(POLICY)
        )
        yield cloud
    remove_folder(folder)


@pytest.fixture
def client(cloud):
    client = cloud.client("lambda")
    yield client
    for function in client.list_functions()["Functions"]:
        client.delete_function(FunctionName=function["FunctionName"])


def package(number):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        # Dated, or the same content packed two seconds later has other bytes.
        archive.writestr(zipfile.ZipInfo("entry.py"), CODE.format(number=number))
    return target.getvalue()


def fetched(function):
    url = function["Code"]["Location"]
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read()


@pytest.fixture
def create(client, cloud):
    def create(name="f", **more):
        return client.create_function(
            FunctionName=name,
            Runtime=cloud.functions.runtime.name,
            Role=cloud.role,
            Handler="entry.lambda_handler",
            Code={"ZipFile": package(1)},
            Publish=True,
            **more,
        )

    return create


def test_version_when_asked_for_as_zappa_does_then_its_own_code_can_be_fetched(client, create):
    create()
    client.update_function_code(FunctionName="f", ZipFile=package(2), Publish=True)
    found = client.get_function(FunctionName="function:f:1")
    assert fetched(found) == package(1)
    assert fetched(client.get_function(FunctionName="f")) == package(2)


def test_function_urls_when_listed_then_what_was_made(client, create, cloud):
    create()
    assert client.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"] == []
    assert not cloud.server.has_function_url("f")
    client.create_function_url_config(FunctionName="f", AuthType="NONE")
    [config] = client.list_function_url_configs(FunctionName="f")["FunctionUrlConfigs"]
    assert config["FunctionUrl"].startswith("https://")
    assert cloud.server.has_function_url("f")


def test_function_when_its_runtime_is_another_than_instances_have_then_refused(client, cloud):
    with pytest.raises(ClientError, match="at 'runtime' is none of"):
        client.create_function(
            FunctionName="f",
            Runtime="python2.7",
            Role=cloud.role,
            Handler="entry.lambda_handler",
            Code={"ZipFile": package(1)},
        )


def test_permission_when_added_then_201(client, create):
    create()
    answer = client.add_permission(
        FunctionName="f", StatementId="s", Action="lambda:InvokeFunction", Principal="*"
    )
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 201


def test_invocation_when_waited_for_then_result_and_log(client, create):
    create()
    answer = client.invoke(FunctionName="f", Payload=b'{"a": 1}', LogType="Tail")
    assert json.loads(answer["Payload"].read()) == [1, {"a": 1}]
    assert "FunctionError" not in answer
    assert answer["LogResult"]


def test_invocation_when_of_a_version_then_runs_its_code(client, create):
    create()
    client.update_function_code(FunctionName="f", ZipFile=package(2), Publish=True)
    versions = {
        qualifier: json.loads(
            client.invoke(FunctionName="f", Qualifier=qualifier)["Payload"].read()
        )[0]
        for qualifier in ("1", "2", "$LATEST")
    }
    assert versions == {"1": 1, "2": 2, "$LATEST": 2}


def test_event_when_sent_then_202_and_run_afterwards(client, create, cloud):
    create()
    answer = client.invoke(FunctionName="f", InvocationType="Event", Payload=b'{"later": 1}')
    assert answer["StatusCode"] == 202
    assert cloud.functions.settle(10)
    assert cloud.functions.outcomes.pop()[1].value == [1, {"later": 1}]


def test_event_when_the_service_loses_it_then_202_and_never_run(client, create, cloud):
    create()
    cloud.server.loses_events, cloud.server.lost_events = True, 0
    try:
        client.invoke(FunctionName="f", InvocationType="Event", Payload=b"{}")
    finally:
        cloud.server.loses_events = False
    assert cloud.server.lost_events == 1
    assert cloud.functions.settle(0)


def test_function_when_unknown_then_not_found(client):
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.invoke(FunctionName="nobody")


@pytest.mark.parametrize(
    "environment",
    [{"AWS_REGION": "x"}, {"AWS_ACCESS_KEY_ID": "x"}, {"LONG": "x" * 4_096}],
    ids=["a name of Lambda's", "credentials", "too long"],
)
def test_environment_when_lambda_would_refuse_it_then_refused(client, create, environment):
    create()
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        client.update_function_configuration(
            FunctionName="f", Environment={"Variables": environment}
        )
    with pytest.raises(client.exceptions.InvalidParameterValueException):
        create("g", Environment={"Variables": environment})


@pytest.mark.parametrize("limit", ["ZIP_MAX_BYTES", "UNZIPPED_MAX_BYTES"])
def test_package_when_larger_than_lambda_takes_then_refused(create, client, limit, monkeypatch):
    monkeypatch.setattr(lambda_limits, limit, 10)
    with pytest.raises(ClientError, match=r"larger|smaller"):
        create()


def test_rest_api_when_made_binary_as_zappa_does_then_known_as_such(cloud):
    gateway = cloud.client("apigateway")
    api_id = gateway.create_rest_api(name="f")["id"]
    assert cloud.server.rest_api("f")["takes_binary"] is False
    gateway.update_rest_api(
        restApiId=api_id, patchOperations=[{"op": "add", "path": "/binaryMediaTypes/*~1*"}]
    )
    assert cloud.server.rest_api("f") == {"id": api_id, "stages": [], "takes_binary": True}


def test_schedule_when_fired_then_the_event_of_its_rule_arrives(create, client, cloud):
    create()
    events = cloud.client("events")
    rule = events.put_rule(Name="f-work.every_minute", ScheduleExpression="rate(1 minute)")
    template = '{"time": <time>, "kwargs": {"a": 1}}'
    events.put_targets(
        Rule="f-work.every_minute",
        Targets=[
            {
                "Id": "1",
                "Arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
                "InputTransformer": {"InputPathsMap": {}, "InputTemplate": template},
            }
        ],
    )
    assert cloud.fire_schedules("f", "every_minute") == 0, "the function lets nobody in yet"
    client.add_permission(
        FunctionName="f",
        StatementId="1",
        Action="lambda:InvokeFunction",
        Principal="events.amazonaws.com",
        SourceArn=rule["RuleArn"],
    )
    assert cloud.fire_schedules("f", "every_day") == 0
    assert cloud.fire_schedules("f", "every_minute") == 1
    assert cloud.functions.settle(10)
    event = cloud.functions.outcomes.pop()[1].value[1]
    assert (event["detail-type"], event["resources"]) == ("Scheduled Event", [rule["RuleArn"]])
    assert event["kwargs"] == {"a": 1}
