"""Whoever deploys may bring this stage live, and touch nothing else. What Zappa and our commands
ask for is tried by the rehearsal, call by call; here stands what must not be allowed.
"""

import json

import pytest

from deployment.policy import render
from tests.rehearsal.iam.policies import Call, Policy, judge

ACCOUNT = "123456789012"
NAMES = {
    "function": "trustworthy-registry-production",
    "region": "eu-central-1",
    "account": ACCOUNT,
    "bucket": "registry-content-of-an-organisation-with-a-name",
    "deployment_bucket": "registry-packages-of-an-organisation-with-a-name",
    "role": "registry-production",
}
# IAM's quota for a managed policy, in characters that are no white space.
MANAGED_POLICY_MAX_CHARS = 6_144
FUNCTION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:trustworthy-registry-production"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/registry-production"
RULES = f"arn:aws:events:eu-central-1:{ACCOUNT}:rule"
# As Zappa 0.63 named them on two stages.
OWN_RULE = "0c436301602-due_tasks-registry_site.lambda_handler.run_due_tasks"
RULE_OF_DEV = "f71a8714356-due_tasks-registry_site.lambda_handler.run_due_tasks"


def document(**more):
    return render("operator", **NAMES, **more)


def may(action, resource, *, passed_to=""):
    context = (("iam:passedtoservice", passed_to),) if passed_to else ()
    call = Call(f"arn:aws:iam::{ACCOUNT}:user/operator", action, resource, context)
    return judge(call, [Policy("operator", json.dumps(document()))]).allowed


def test_policy_when_everything_is_used_then_it_fits_into_one_that_iam_takes():
    every = document(function_url=True, private_network=True, programs_role="registry-programs")
    text = json.dumps(every, separators=(",", ":"))
    assert len(text) < MANAGED_POLICY_MAX_CHARS


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("lambda:UpdateFunctionCode", FUNCTION, True),
        ("lambda:DeleteFunction", f"{FUNCTION}:7", True),
        ("lambda:CreateFunction", f"{FUNCTION}-migrate", True),
        ("lambda:UpdateFunctionCode", f"{FUNCTION}2", False),
        ("lambda:AddPermission", f"{FUNCTION}-migrate", False),
        ("lambda:CreateFunction", f"{FUNCTION}-programs", False),
        ("lambda:CreateFunctionUrlConfig", FUNCTION, False),
        ("cloudformation:DeleteStack", f"arn:aws:cloudformation:eu-central-1:{ACCOUNT}:stack/o/1",
         False),
        ("apigateway:POST", "arn:aws:apigateway:eu-central-1::/restapis", True),
        ("apigateway:POST", "arn:aws:apigateway:eu-central-1::/domainnames", False),
        ("s3:GetObject", f"arn:aws:s3:::{NAMES['bucket']}/a", False),
        ("s3:PutBucketPolicy", f"arn:aws:s3:::{NAMES['deployment_bucket']}", False),
        ("events:DeleteRule", f"{RULES}/{OWN_RULE}", True),
        ("events:DeleteRule", f"{RULES}/{RULE_OF_DEV}", False),
        ("iam:PutRolePolicy", ROLE, False),
        ("iam:UpdateAssumeRolePolicy", ROLE, False),
    ],
)  # fmt: skip
def test_operator_when_he_works_then_on_this_stage_only(action, resource, allowed):
    assert may(action, resource) is allowed


@pytest.mark.parametrize(
    ("role", "service", "allowed"),
    [
        (ROLE, "lambda.amazonaws.com", True),
        (ROLE, "apigateway.amazonaws.com", True),
        (ROLE, "events.amazonaws.com", True),
        (ROLE, "ec2.amazonaws.com", False),
        (ROLE, "", False),
        (f"{ROLE}-of-others", "lambda.amazonaws.com", False),
    ],
)
def test_role_when_handed_over_then_it_is_this_one_to_these_services(role, service, allowed):
    assert may("iam:PassRole", role, passed_to=service) is allowed


def test_policy_when_read_then_each_statement_has_a_name_of_its_own_and_no_action_is_a_pattern():
    statements = document(
        function_url=True, private_network=True, programs_role="registry-programs"
    )["Statement"]
    assert len({each["Sid"] for each in statements}) == len(statements)
    assert not [action for each in statements for action in each["Action"] if "*" in action]


@pytest.mark.parametrize(
    ("action", "resource", "service", "allowed"),
    [
        ("lambda:CreateFunction", f"{FUNCTION}-programs", "", True),
        ("lambda:InvokeFunction", f"{FUNCTION}-programs:code-1", "", True),
        ("lambda:AddPermission", f"{FUNCTION}-programs", "", False),
        ("lambda:CreateFunction", f"{FUNCTION}-programs2", "", False),
        ("iam:PassRole", f"{ROLE}-programs", "lambda.amazonaws.com", True),
        ("iam:PassRole", f"{ROLE}-programs", "events.amazonaws.com", False),
        ("iam:PutRolePolicy", f"{ROLE}-programs", "", False),
    ],
)
def test_operator_when_programs_are_run_then_their_function_and_its_role(
    action, resource, service, allowed
):
    context = (("iam:passedtoservice", service),) if service else ()
    call = Call(f"arn:aws:iam::{ACCOUNT}:user/operator", action, resource, context)
    text = json.dumps(document(programs_role="registry-production-programs"))
    assert judge(call, [Policy("operator", text)]).allowed is allowed
