"""Calls are decided as AWS decides them; what the judge does not know is an error."""

import json

import pytest

from tests.rehearsal.iam.policies import Call, Policy, PolicyError, judge, without

ROLE = "arn:aws:iam::123456789012:role/runs"
OBJECT = "arn:aws:s3:::bytes/a/b"


def policy(*statements, name="role", of_resource=False):
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return Policy(name, json.dumps(document), of_resource)


def allow(action="s3:GetObject", resource="arn:aws:s3:::bytes/*", **more):
    return {"Sid": "Read", "Effect": "Allow", "Action": action, "Resource": resource, **more}


def call(action="s3:GetObject", resource=OBJECT, **context):
    pairs = tuple((name.replace("__", ":"), value) for name, value in context.items())
    return Call(ROLE, action, resource, pairs)


def test_call_when_nobody_allows_it_then_it_is_refused():
    assert not judge(call(), []).allowed
    assert not judge(call("s3:PutObject"), [policy(allow())]).allowed


def test_call_when_a_statement_allows_it_then_that_is_named():
    verdict = judge(call(), [policy(allow())])
    assert (verdict.allowed, verdict.policy, verdict.sid) == (True, "role", "Read")


def test_call_when_one_denies_then_no_allow_helps():
    denial = {**allow(), "Sid": "Never", "Effect": "Deny"}
    for documents in ([policy(allow(), denial)], [policy(denial), policy(allow())]):
        verdict = judge(call(), documents)
        assert (verdict.allowed, verdict.sid) == (False, "Never")


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("s3:Get*", "*", True),
        ("S3:getobject", "arn:aws:s3:::bytes/*", True),
        ("s3:GetObject", "arn:aws:s3:::bytes/a/?", True),
        ("s3:GetObject", "arn:aws:s3:::bytes/a/", False),
        ("s3:GetObject", "arn:aws:s3:::BYTES/*", False),
        ("s3:GetObject", "arn:aws:s3:::bytes", False),
        ("s3:GetObjectVersion", "*", False),
        ("lambda:*", "*", False),
    ],
)
def test_pattern_when_compared_then_actions_ignore_case_and_resources_do_not(
    action, resource, allowed
):
    assert judge(call(), [policy(allow(action, resource))]).allowed is allowed


def test_exceptions_when_named_then_all_others_are_meant():
    statement = allow()
    statement["NotAction"] = [statement.pop("Action")]
    assert judge(call("s3:PutObject"), [policy(statement)]).allowed
    assert not judge(call(), [policy(statement)]).allowed
    statement = allow()
    statement["NotResource"] = statement.pop("Resource")
    assert judge(call(resource="arn:aws:s3:::other/a"), [policy(statement)]).allowed
    assert not judge(call(), [policy(statement)]).allowed


@pytest.mark.parametrize(
    ("operator", "value", "found", "holds"),
    [
        ("StringEquals", "lambda", "lambda", True),
        ("StringEquals", ["events", "lambda"], "lambda", True),
        ("StringEquals", "lambda", "Lambda", False),
        ("StringEquals", "lambda", None, False),
        ("StringEqualsIfExists", "lambda", None, True),
        ("StringNotEquals", ["events", "lambda"], "lambda", False),
        ("StringNotEquals", "lambda", None, True),
        ("StringLike", "s3.*.amazonaws.com*", "s3.eu-west-1.amazonaws.com", True),
        ("StringNotLike", "s3.*", "s3.eu-west-1", False),
        ("ArnLike", "arn:aws:iam::*:role/r*", ROLE, True),
        ("ArnLike", "arn:aws:*:role/runs", ROLE, False),
        ("ArnEquals", ROLE, ROLE, True),
        ("ArnNotLike", ["arn:aws:iam::123456789012:role/other", ROLE], ROLE, False),
        ("ArnNotLike", "arn:aws:iam::123456789012:role/other", ROLE, True),
        ("ArnNotEquals", ROLE, ROLE, False),
        ("Bool", "false", "false", True),
        ("Bool", "false", "true", False),
        ("Bool", "false", None, False),
        ("Null", "true", None, True),
        ("Null", "true", "there", False),
        ("Null", "false", "there", True),
    ],
)
def test_condition_when_looked_at_then_it_holds_or_not(operator, value, found, holds):
    statement = allow(Condition={operator: {"aws:Key": value}})
    context = {} if found is None else {"aws__key": found}
    assert judge(call(**context), [policy(statement)]).allowed is holds


def test_conditions_when_there_are_several_then_all_have_to_hold():
    statement = allow(Condition={"StringEquals": {"k:a": "1", "k:b": "2"}, "Bool": {"k:c": "true"}})
    assert judge(call(k__a="1", k__b="2", k__c="true"), [policy(statement)]).allowed
    assert not judge(call(k__a="1", k__b="0", k__c="true"), [policy(statement)]).allowed
    assert not judge(call(k__a="1", k__b="2", k__c="false"), [policy(statement)]).allowed


def test_variable_when_in_a_resource_then_the_request_fills_it():
    statement = allow(resource="arn:aws:s3:::${aws:Owner}/*")
    assert judge(call(aws__owner="bytes"), [policy(statement)]).allowed
    assert not judge(call(), [policy(statement)]).allowed


@pytest.mark.parametrize(
    "statement",
    [
        allow(Condition={"NumericLessThan": {"s3:max-keys": "10"}}),
        allow(Condition={"ForAllValues:StringEquals": {"aws:TagKeys": "a"}}),
        allow(When="tracing"),
        allow(Principal="*"),
        {**allow(), "Effect": "Perhaps"},
    ],
)
def test_policy_when_it_says_what_nobody_knows_then_that_is_an_error(statement):
    with pytest.raises(PolicyError):
        judge(call(), [policy(statement)])


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [
        ("*", True),
        ({"AWS": "*"}, True),
        ({"AWS": ROLE}, True),
        ({"AWS": ["arn:aws:iam::123456789012:root"]}, True),
        ({"AWS": "123456789012"}, True),
        ({"AWS": "arn:aws:iam::210987654321:root"}, False),
        ({"Service": "lambda.amazonaws.com"}, False),
    ],
)
def test_policy_of_a_resource_when_it_allows_then_that_is_enough(principal, allowed):
    statement = allow(Principal=principal)
    assert judge(call(), [policy(statement, of_resource=True)]).allowed is allowed


def test_policy_when_an_action_is_taken_away_then_the_rest_stays():
    both = policy(allow(["s3:GetObject", "s3:PutObject"]))
    fewer = without(both, "Read", "s3:getObject")
    assert not judge(call(), [fewer]).allowed
    assert judge(call("s3:PutObject"), [fewer]).allowed
    assert judge(call(), [both]).allowed
