"""The function may do what its code calls, with its own things, and nothing else."""

import ast
import json
import re
from pathlib import Path

import boto3
import pytest

from deployment.policy import find_partition, main, render

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
# What this asks for is done on the machine of who cares for the content, with his rights.
BY_CARETAKER = "s3_versions.py"
LOGGING = {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"}
NAMES = {
    "function": "registry-dev",
    "region": "eu-west-1",
    "account": "123456789012",
    "bucket": "bytes",
}
COMMAND = ["role", "registry-dev", "--region=eu-west-1", "--account=1", "--bucket=bytes"]
CALLS = {
    name
    for client in (
        boto3.client("s3", region_name="us-east-1"),
        boto3.client("lambda", region_name="us-east-1"),
    )
    for name in client.meta.method_to_api_mapping
}


def calls_of(source: str) -> set[str]:
    """What of boto3 a module calls or signs: by attribute, or by name as in presigned URLs."""
    named = {
        node.attr if isinstance(node, ast.Attribute) else str(node.value)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        or (isinstance(node, ast.Constant) and isinstance(node.value, str))
    }
    return named & CALLS


def all_calls() -> set[str]:
    found: set[str] = set()
    for path in (ROOT / "artifacts").rglob("*.py"):
        if path.name == BY_CARETAKER:
            continue
        source = path.read_text(encoding="utf-8")
        if "storage" in path.parts or "import boto3" in source:
            found |= calls_of(source)
    return found


def statements() -> dict[str, dict]:
    document = render("role", **NAMES)
    return {each["Sid"]: each for each in document["Statement"]}


def test_calls_are_found():
    assert {"put_object", "list_objects_v2", "upload_part_copy"} <= all_calls()


def test_policy_when_compared_with_the_code_then_each_needs_the_other():
    needed = set().union(*(RIGHTS[name] for name in all_calls()))
    allowed = {action for each in statements().values() for action in each["Action"]}
    assert allowed - LOGGING == needed


def test_policy_when_read_then_no_right_reaches_beyond_its_own_things():
    resources = {sid: each["Resource"] for sid, each in statements().items()}
    log = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/registry-dev"
    function = "arn:aws:lambda:eu-west-1:123456789012:function:registry-dev"
    assert resources == {
        "WriteItsOwnLog": [log, f"{log}:*", f"{log}-migrate", f"{log}-migrate:*"],
        "FindWhatIsInItsBucket": "arn:aws:s3:::bytes",
        "KeepObjectsInItsBucket": "arn:aws:s3:::bytes/*",
        "GatewayAndFunctionCallIt": [function, f"{function}:*"],
    }
    assert all(each["Effect"] == "Allow" for each in statements().values())


@pytest.mark.parametrize("sid", sorted(statements()))
def test_policy_when_read_then_no_action_is_a_pattern(sid):
    actions = statements()[sid]["Action"]
    assert isinstance(actions, list)
    assert not [action for action in actions if "*" in action]


def test_policy_when_printed_then_it_is_json_with_the_names_in_it(capsys):
    assert main(COMMAND) == 0
    printed = json.loads(capsys.readouterr().out)
    assert "arn:aws:s3:::bytes" in json.dumps(printed)
    assert "${" not in json.dumps(printed)


def test_policy_when_a_name_is_missing_then_its_option_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["bucket", *COMMAND[1:], "--role", "registry-dev"])
    assert "--allow is needed" in capsys.readouterr().err


def test_policy_when_a_stage_uses_more_then_it_may_do_more():
    more = render("role", **NAMES, secrets=["arn:one", "arn:two"], kms_key="arn:key", tracing=True)
    added = {each["Sid"]: each for each in more["Statement"] if each["Sid"] not in statements()}
    assert set(added) == {"ReadItsSecrets", "UseTheKeyOfItsBucket", "SendTraces"}
    assert added["ReadItsSecrets"]["Resource"] == ["arn:one", "arn:two"]
    assert added["UseTheKeyOfItsBucket"]["Resource"] == "arn:key"


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_policy_when_the_region_is_of_a_partition_then_so_is_every_arn(region, partition):
    assert find_partition(region) == partition
    every = {"deployment_bucket": "packages", "role": "registry-dev", "allowed": ["arn:someone"]}
    for kind in ("role", "operator", "bucket", "deployment-bucket"):
        text = json.dumps(render(kind, **NAMES | {"region": region} | every))
        found = set(re.findall(r"arn:(aws[^:]*):", text))
        assert found == {partition}


def test_policy_when_programs_are_run_then_the_registry_calls_that_function_by_its_codes_alone():
    more = render("role", **NAMES, programs=True)["Statement"]
    (added,) = [each for each in more if each["Sid"] not in statements()]
    assert added["Action"] == ["lambda:InvokeFunction"]
    function = "arn:aws:lambda:eu-west-1:123456789012:function:registry-dev-programs"
    assert added["Resource"] == f"{function}:code-*"


def test_policy_when_of_the_function_for_programs_then_it_writes_its_log_and_no_more(capsys):
    command = ["programs-role", "registry-dev", "--region=eu-west-1", "--account=1"]
    assert main(command) == 0
    (only,) = json.loads(capsys.readouterr().out)["Statement"]
    assert set(only["Action"]) == LOGGING
    log = "arn:aws:logs:eu-west-1:1:log-group:/aws/lambda/registry-dev-programs"
    assert only["Resource"] == [log, f"{log}:*"]
