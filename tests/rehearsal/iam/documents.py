"""The policies that hang at users, roles, functions and buckets of the stand-in."""

import json
from collections.abc import Iterable
from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends
from moto.cloudformation.models import cloudformation_backends
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from tests.rehearsal.iam.policies import Policy

# What AddPermission takes as words of its own, and the condition that each becomes.
CONDITIONS = {
    "FunctionUrlAuthType": ("StringEquals", "lambda:FunctionUrlAuthType"),
    "InvokedViaFunctionUrl": ("Bool", "lambda:InvokedViaFunctionUrl"),
}


def of_caller(arn: str) -> Iterable[Policy]:
    """Yield the policies of a user or a role; they are told as `role`, users' by their name."""
    backend = iam_backends[DEFAULT_ACCOUNT_ID]["aws"]
    kind, _, name = arn.rpartition(":")[2].partition("/")
    found: Any
    if kind == "role":
        found = next((each for each in backend.roles.values() if each.arn == arn), None)
        word = "role"
    else:
        found, word = backend.users.get(name), name
    if found is None:
        return
    for text in found.policies.values():
        yield Policy(word, text)
    for managed in found.managed_policies.values():
        for version in managed.versions:
            if version.version_id == managed.default_version_id:
                yield Policy(word, version.document)


def of_trust(role: str) -> Iterable[Policy]:
    """Yield what says who may take a role on."""
    for each in iam_backends[DEFAULT_ACCOUNT_ID]["aws"].roles.values():
        if each.arn == role:
            yield Policy("trust", each.assume_role_policy_document, is_of_resource=True)


def of_function(arn: str) -> Iterable[Policy]:
    """Yield the policy of a function, in the words of IAM."""
    region, name = arn.split(":")[3], arn.split(":")[6]
    try:
        function = lambda_backends[DEFAULT_ACCOUNT_ID][region].get_function(name)
    except UnknownFunctionException:
        return
    if function.policy is None or not function.policy.statements:
        return
    statements = [_in_words_of_iam(each, arn) for each in function.policy.statements]
    document = {"Version": "2012-10-17", "Statement": statements}
    yield Policy("function", json.dumps(document), is_of_resource=True)


def _in_words_of_iam(statement: dict[str, Any], arn: str) -> dict[str, Any]:
    # A name that Zappa makes up anew each time would hide that it is the same statement.
    service = statement["Principal"].get("Service") if statement["Principal"] != "*" else None
    changed = {**statement, "Sid": service or statement["Sid"], "Resource": arn}
    conditions = {operator: dict(keys) for operator, keys in statement.get("Condition", {}).items()}
    for word, (operator, key) in CONDITIONS.items():
        if word in changed:
            conditions.setdefault(operator, {})[key] = str(changed.pop(word)).lower()
    if "StringEquals" in conditions and "lambda:FunctionUrlAuthType" in conditions["StringEquals"]:
        conditions["StringEquals"]["lambda:FunctionUrlAuthType"] = "NONE"
    return {**changed, "Condition": conditions}


def object_in(bucket: str, key: str) -> bytes:
    """Return what lies in a bucket that the stand-in keeps."""
    content: bytes = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].get_object(bucket, key).value
    return content


def template_of(stack: str, region: str) -> dict[str, Any]:
    """Return the template of a stack; without resources when there is no such stack."""
    for each in cloudformation_backends[DEFAULT_ACCOUNT_ID][region].stacks.values():
        if stack in {each.name, each.stack_id} and each.status != "DELETE_COMPLETE":
            found: dict[str, Any] = json.loads(str(each.template))
            return found
    return {"Resources": {}}


def role_of(function: str, region: str) -> str:
    """Return the ARN of the role that a function runs as."""
    return str(lambda_backends[DEFAULT_ACCOUNT_ID][region].get_function(function).role)
