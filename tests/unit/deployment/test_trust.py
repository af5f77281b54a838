"""Who takes the function's role on, judged as AWS would."""

import json
from pathlib import Path

import pytest

from tests.rehearsal.iam.policies import Call, Policy, judge

TRUST = Path(__file__).resolve().parents[3] / "deployment/trust.json"
# Source: Zappa 0.63, `policies/assume_policy.json`. It hands the function's role to Lambda
# (`create_lambda_function`), to API Gateway (`create_and_setup_methods`, Integration.Credentials)
# and to EventBridge (`schedule_events`, `put_rule(RoleArn=...)`).
GIVEN_BY_ZAPPA = ("apigateway.amazonaws.com", "events.amazonaws.com", "lambda.amazonaws.com")


def may_take_it_on(caller):
    trust = Policy("trust", TRUST.read_text(encoding="utf-8"), is_of_resource=True)
    role = "arn:aws:iam::123456789012:role/registry"
    return judge(Call(caller, "sts:AssumeRole", role), [trust]).allowed


@pytest.mark.parametrize("service", GIVEN_BY_ZAPPA)
def test_role_when_zappa_gives_it_to_a_service_then_it_trusts_that(service):
    assert may_take_it_on(service)


@pytest.mark.parametrize(
    "caller",
    ["ec2.amazonaws.com", "arn:aws:iam::123456789012:user/operator", "scheduler.amazonaws.com"],
)
def test_role_when_others_want_it_then_it_does_not_trust_them(caller):
    assert not may_take_it_on(caller)


def test_trust_when_read_then_each_service_has_a_statement_that_says_why():
    statements = json.loads(TRUST.read_text(encoding="utf-8"))["Statement"]
    assert len({each["Sid"] for each in statements}) == len(GIVEN_BY_ZAPPA)


def test_role_of_programs_when_read_then_lambda_alone_takes_it_on():
    text = TRUST.with_name("programs_trust.json").read_text(encoding="utf-8")
    trust = Policy("trust", text, is_of_resource=True)
    role = "arn:aws:iam::123456789012:role/programs"
    callers = [*GIVEN_BY_ZAPPA, "ec2.amazonaws.com"]
    taking = [
        each for each in callers if judge(Call(each, "sts:AssumeRole", role), [trust]).allowed
    ]
    assert taking == ["lambda.amazonaws.com"]
