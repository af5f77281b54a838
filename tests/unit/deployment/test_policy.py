"""The function may do what its code calls, with its own things, and nothing else."""

import ast
import json
from pathlib import Path

import boto3
import pytest

from deployment.policy import main, policy_for

ROOT = Path(__file__).resolve().parents[3]
# Source: Amazon's Service Authorization Reference, which right each call needs.
RIGHTS = {
    "abort_multipart_upload": {"s3:AbortMultipartUpload"},
    "complete_multipart_upload": {"s3:PutObject"},
    "copy_object": {"s3:GetObject", "s3:PutObject"},
    "create_multipart_upload": {"s3:PutObject"},
    "delete_object": {"s3:DeleteObject"},
    "delete_objects": {"s3:DeleteObject"},
    "get_object": {"s3:GetObject"},
    "head_bucket": {"s3:ListBucket"},
    "head_object": {"s3:GetObject"},
    "list_multipart_uploads": {"s3:ListBucketMultipartUploads"},
    "list_objects_v2": {"s3:ListBucket"},
    "list_parts": {"s3:ListMultipartUploadParts"},
    "put_object": {"s3:PutObject"},
    "upload_part": {"s3:PutObject"},
    "upload_part_copy": {"s3:GetObject", "s3:PutObject"},
    "invoke": {"lambda:InvokeFunction"},
}
LOGGING = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
CALLS = {
    name
    for service in ("s3", "lambda")
    for name in boto3.client(service, region_name="us-east-1").meta.method_to_api_mapping
}


def calls_of(source: str) -> set[str]:
    """What of boto3 a module calls or signs: by attribute, or by name as in presigned URLs."""
    named = {
        node.attr if isinstance(node, ast.Attribute) else node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    }
    return named & CALLS


def all_calls() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "artifacts").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "storage" in path.parts or "import boto3" in source:
            found |= calls_of(source)
    return found


def statements() -> dict[str, dict]:
    document = policy_for(
        function="registry-dev", bucket="bytes", region="eu-west-1", account="123456789012"
    )
    return {each["Sid"]: each for each in document["Statement"]}


def test_calls_are_found():
    assert {"put_object", "list_objects_v2", "upload_part_copy"} <= all_calls()


def test_policy_when_compared_with_the_code_then_each_needs_the_other():
    needed = set().union(*(RIGHTS[name] for name in all_calls()))
    allowed = {action for each in statements().values() for action in each["Action"]}
    assert allowed - LOGGING == needed


def test_policy_when_read_then_no_right_reaches_beyond_its_own_things():
    resources = [each["Resource"] for each in statements().values()]
    assert sorted(resources) == [
        "arn:aws:lambda:eu-west-1:123456789012:function:registry-dev",
        "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/registry-dev*",
        "arn:aws:s3:::bytes",
        "arn:aws:s3:::bytes/*",
    ]
    assert all(each["Effect"] == "Allow" for each in statements().values())


@pytest.mark.parametrize("sid", sorted(statements()))
def test_policy_when_read_then_no_action_is_a_pattern(sid):
    actions = statements()[sid]["Action"]
    assert isinstance(actions, list)
    assert not [action for action in actions if "*" in action]


def test_policy_when_printed_then_it_is_json_with_the_names_in_it(capsys):
    assert main(["registry-dev", "bytes"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert "arn:aws:s3:::bytes" in json.dumps(printed)
    assert "${" not in json.dumps(printed)


def test_trust_when_read_then_only_lambda_takes_the_role():
    trust = json.loads((ROOT / "deployment/trust.json").read_text(encoding="utf-8"))
    [statement] = trust["Statement"]
    assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}
