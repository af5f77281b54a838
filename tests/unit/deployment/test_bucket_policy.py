"""Who reaches the buckets, and the rights that go with their encryption, judged as AWS would."""

import json

import pytest

from deployment.policy import render
from tests.rehearsal.iam.policies import Call, Policy, judge

ACCOUNT = "123456789012"
IAM = f"arn:aws:iam::{ACCOUNT}"
NAMES = {
    "function": "registry-dev",
    "region": "eu-west-1",
    "account": ACCOUNT,
    "bucket": "content",
    "deployment_bucket": "packages",
    "role": "registry-dev",
}
ALLOWED = [f"{IAM}:role/administrators/*", f"{IAM}:user/operator"]
OBJECT = "arn:aws:s3:::{}/a/b"
# Whatever his own policies say: all of it.
EVERYTHING = Policy(
    "own",
    json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
        }
    ),
)


def may(kind, caller, action, resource, *, is_encrypted="true"):
    document = json.dumps(render(kind, **NAMES, allowed=ALLOWED))
    context = (("aws:principalarn", caller), ("aws:securetransport", is_encrypted))
    call = Call(caller, action, resource, context)
    return judge(call, [EVERYTHING, Policy("bucket", document, is_of_resource=True)]).allowed


@pytest.mark.parametrize(
    ("kind", "caller", "allowed"),
    [
        # Links that the function signed act as its role: the ARN is the role's, not a session's.
        ("bucket", f"{IAM}:role/registry-dev", True),
        ("bucket", f"{IAM}:role/administrators/anna", True),
        ("bucket", f"{IAM}:user/operator", True),
        ("bucket", f"{IAM}:role/another-function", False),
        ("bucket", f"{IAM}:user/somebody", False),
        ("bucket", f"{IAM}:root", False),
        ("deployment-bucket", f"{IAM}:user/operator", True),
        ("deployment-bucket", f"{IAM}:role/registry-dev", False),
    ],
)
@pytest.mark.parametrize("action", ["GetObject", "PutObject", "DeleteObject", "GetObjectVersion"])
def test_content_when_asked_for_then_it_is_for_the_named_only(kind, caller, allowed, action):
    bucket = "content" if kind == "bucket" else "packages"
    assert may(kind, caller, f"s3:{action}", OBJECT.format(bucket)) is allowed


@pytest.mark.parametrize("caller", [f"{IAM}:role/registry-dev", f"{IAM}:user/operator"])
def test_content_when_asked_for_in_plain_http_then_nobody_gets_it(caller):
    resource = OBJECT.format("content")
    assert may("bucket", caller, "s3:GetObject", resource)
    assert not may("bucket", caller, "s3:GetObject", resource, is_encrypted="false")


@pytest.mark.parametrize("action", ["PutBucketPolicy", "DeleteBucketPolicy", "GetBucketPolicy"])
def test_policy_when_it_is_wrong_then_who_owns_the_account_can_mend_it(action):
    assert may("bucket", f"{IAM}:root", f"s3:{action}", "arn:aws:s3:::content")


KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"


@pytest.mark.parametrize(
    ("key", "via", "allowed"),
    [
        (KEY, "s3.eu-west-1.amazonaws.com", True),
        (KEY, "s3.eu-west-1.amazonaws.com.cn", True),
        (KEY, "secretsmanager.eu-west-1.amazonaws.com", False),
        (KEY, "s3.us-east-1.amazonaws.com", False),
        (f"{KEY}2", "s3.eu-west-1.amazonaws.com", False),
    ],
)
def test_key_when_its_bucket_is_encrypted_then_the_function_uses_it_by_s3_only(key, via, allowed):
    role = Policy("role", json.dumps(render("role", **NAMES, kms_key=KEY)))
    for action in ("kms:Decrypt", "kms:GenerateDataKey"):
        call = Call(f"{IAM}:role/registry-dev", action, key, (("kms:viaservice", via),))
        assert judge(call, [role]).allowed is allowed
    plain = Policy("role", json.dumps(render("role", **NAMES)))
    assert not judge(Call(f"{IAM}:role/registry-dev", "kms:Decrypt", KEY), [plain]).allowed
