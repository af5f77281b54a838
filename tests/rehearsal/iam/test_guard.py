"""The stand-in refuses what AWS would refuse, to the operator, the function and the services."""

import io
import json
import zipfile
from hashlib import sha1
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID

from deployment.function_url import PERMISSION, narrow
from deployment.policy import render
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.iam.answers import answer_of
from tests.rehearsal.iam.ledger import find_needless, find_unused
from tests.rehearsal.iam.policies import Policy
from tests.rehearsal.runtime import OWN_RUNTIME

# What the role trusted before: Zappa gives it to two more.
FORMER = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "LambdaRunsTheFunction",
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ],
}
TRUST = Path(__file__).resolve().parents[3] / "deployment/trust.json"
NOW = json.loads(TRUST.read_text(encoding="utf-8"))
CODE = "def lambda_handler(event, context):\n    return {'statusCode': 200, 'body': 'here'}\n"


def create(client, names, role):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("entry.py", CODE)
    return client.create_function(
        FunctionName=names["function"],
        Runtime=OWN_RUNTIME,
        Role=role,
        Handler="entry.lambda_handler",
        Code={"ZipFile": package.getvalue()},
    )["FunctionArn"]


def rule(client, role, names):
    # As Zappa begins the names of a function's rules.
    begin = sha1(names["function"].encode(), usedforsecurity=False).hexdigest()[:11]
    return client.put_rule(
        Name=f"{begin}-due_tasks-registry_site.lambda_handler.run_due_tasks",
        ScheduleExpression="rate(1 minute)",
        RoleArn=role,
    )


def test_rule_when_its_role_trusts_lambda_only_then_it_is_refused(operator, role, names):
    with pytest.raises(ClientError, match=r"cannot be assumed by principal 'events\.amazonaws"):
        rule(operator("events"), role(trust=FORMER), names)


def test_rule_when_its_role_is_ours_then_it_is_put(operator, role, names):
    assert "RuleArn" in rule(operator("events"), role(), names)


def test_function_when_its_role_does_not_trust_lambda_then_it_is_refused(operator, names, role):
    others = {**NOW, "Statement": NOW["Statement"][1:]}
    with pytest.raises(ClientError, match="cannot be assumed by Lambda"):
        create(operator("lambda"), names, role(trust=others))


def test_role_when_it_is_not_the_operators_to_give_then_the_function_is_refused(operator, names):
    other = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/administrator"
    with pytest.raises(ClientError, match="iam:PassRole"):
        create(operator("lambda"), names, other)


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("lambda", lambda client: client.list_functions()),
        ("lambda", lambda client: client.delete_function(FunctionName="others")),
        ("iam", lambda client: client.list_roles()),
        ("events", lambda client: client.list_rules()),
        ("cloudformation", lambda client: client.delete_stack(StackName="others")),
        ("apigateway", lambda client: client.get_domain_names()),
        ("s3", lambda client: client.list_objects_v2(Bucket="others")),
    ],
)
def test_operator_when_he_asks_for_more_then_he_is_refused(operator, service, call):
    with pytest.raises(ClientError, match="not authorized to perform") as refused:
        call(operator(service))
    assert refused.value.response["Error"]["Code"].startswith("AccessDenied")


def test_operator_when_his_calls_are_written_then_each_right_is_needed(
    cloud, operator, names, role
):
    cloud.server.guard.ledger.entries.clear()
    given = role()
    create(operator("lambda"), names, given)
    rule(operator("events"), given, names)
    ledger = cloud.server.guard.ledger
    assert not ledger.refused
    used = {"/".join(each) for each in ledger.used()}
    assert {
        "operator/ChangeTheFunctions/lambda:CreateFunction",
        "operator/HandTheRoleOver/iam:PassRole",
        "operator/KeepTheSchedule/events:PutRule",
        "trust/EventBridgeKeepsItsRules/sts:AssumeRole",
    } <= used
    assert find_needless(ledger) == []
    unused = find_unused(ledger, [Policy("operator", json.dumps(render("operator", **names)))])
    assert "nothing uses operator/ReadTheNumbers/cloudwatch:GetMetricStatistics" in unused
    assert not [each for each in unused if "PutRule" in each]


def stand_a_gateway_before(cloud, names, role, function):
    client = cloud.client("apigateway")
    api = client.create_rest_api(name=names["function"])["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    where = {"restApiId": api, "resourceId": root, "httpMethod": "ANY"}
    client.put_method(**where, authorizationType="NONE")
    address = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{function}/invocations"
    client.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=address,
        credentials=role,
    )
    client.create_deployment(restApiId=api, stageName="s")
    return cloud.open_gateway(names["function"], "rest", stage="s")


LOGS_ONLY = {
    "Version": "2012-10-17",
    "Statement": [{"Sid": "Log", "Effect": "Allow", "Action": ["logs:*"], "Resource": "*"}],
}


@pytest.mark.parametrize(
    ("trust", "policy", "status"),
    [(NOW, None, 200), (FORMER, None, 500), (NOW, LOGS_ONLY, 500)],
    ids=["ours", "trusts Lambda only", "may not invoke"],
)
def test_gateway_when_its_role_is_not_enough_then_it_answers_500(
    cloud, names, role, trust, policy, status
):
    given = role(trust, policy)
    function = create(cloud.client("lambda"), names, given)
    gateway = stand_a_gateway_before(cloud, names, given, function)
    found, body = answer_of(gateway.url)
    assert found == status
    assert (b"here" in body) is (status == 200)


def test_integration_when_a_stack_makes_it_then_it_keeps_its_role(cloud, names, role):
    given = role()
    address = f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/arn:f/invocations"
    integration = {
        "Type": "AWS_PROXY",
        "IntegrationHttpMethod": "POST",
        "Uri": address,
        "Credentials": given,
    }
    api = {"Type": "AWS::ApiGateway::RestApi", "Properties": {"Name": names["function"]}}
    method = {
        "RestApiId": {"Ref": "Api"},
        "ResourceId": {"Fn::GetAtt": ["Api", "RootResourceId"]},
        "HttpMethod": "ANY",
        "AuthorizationType": "NONE",
        "Integration": integration,
    }
    resources = {"Api": api, "Any": {"Type": "AWS::ApiGateway::Method", "Properties": method}}
    cloud.client("cloudformation").create_stack(
        StackName=names["function"], TemplateBody=json.dumps({"Resources": resources})
    )
    assert cloud.server.integrations(names["function"]) == {(given, address)}


def test_strangers_when_an_address_is_opened_then_they_come_in_by_that_only(cloud, names, role):
    client = cloud.client("lambda")
    function = create(client, names, role())
    guard = cloud.server.guard
    assert not guard.strangers_may(function, by_url=True)
    public = {"FunctionName": names["function"], "Principal": "*"}
    client.add_permission(
        **public,
        StatementId="url",
        Action="lambda:InvokeFunctionUrl",
        FunctionUrlAuthType="NONE",
    )
    assert not guard.strangers_may(function, by_url=False)
    client.add_permission(**public, StatementId=PERMISSION, Action="lambda:InvokeFunction")
    assert guard.strangers_may(function, by_url=True)
    assert guard.strangers_may(function, by_url=False), "as Zappa leaves it"
    cli = SimpleNamespace(
        use_function_url=True,
        function_url_config={"authorizer": "NONE"},
        lambda_name=names["function"],
        zappa=SimpleNamespace(lambda_client=client),
    )
    narrow(cli)
    assert guard.strangers_may(function, by_url=True)
    assert not guard.strangers_may(function, by_url=False)
