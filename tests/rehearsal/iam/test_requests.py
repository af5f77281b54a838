"""What requests ask IAM for, in the words of the Service Authorization Reference."""

import json

import pytest

from tests.rehearsal.iam import s3, stacks
from tests.rehearsal.iam.requests import Asked, Request, UnknownRequest, asked, signer_of

ACCOUNT = "123456789012"
FUNCTION = f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:f"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/r"
FORM = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}


def request(service, method="POST", path="/", query=None, headers=None, body=b""):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Request("k", "eu-west-1", service, method, path, query or {}, headers or {}, data)


@pytest.mark.parametrize(
    ("method", "path", "action", "resource"),
    [
        ("GET", "/2015-03-31/functions/f/configuration", "GetFunctionConfiguration", FUNCTION),
        ("GET", "/2015-03-31/functions/function:f:3", "GetFunction", f"{FUNCTION}:3"),
        ("GET", f"/2015-03-31/functions/{FUNCTION}/versions", "ListVersionsByFunction", FUNCTION),
        ("POST", "/2015-03-31/functions/f/invocations", "InvokeFunction", FUNCTION),
        ("DELETE", "/2015-03-31/functions/f/policy/sid", "RemovePermission", FUNCTION),
        ("DELETE", "/2015-03-31/functions/f/", "DeleteFunction", FUNCTION),
        ("GET", "/2015-03-31/functions/", "ListFunctions", "*"),
    ],
)
def test_lambda_when_asked_then_the_function_is_the_resource(method, path, action, resource):
    operation, found = asked(request("lambda", method, path), ACCOUNT)
    assert found == [Asked(f"lambda:{action}", resource)]
    assert operation in {action, "Invoke"}


def test_lambda_when_a_version_is_named_beside_then_it_is_meant():
    _, found = asked(
        request("lambda", "DELETE", "/2015-03-31/functions/f", {"Qualifier": "7"}), ACCOUNT
    )
    assert found == [Asked("lambda:DeleteFunction", f"{FUNCTION}:7")]


def test_function_when_made_then_its_role_is_handed_over_and_its_code_fetched():
    body = {
        "FunctionName": "f",
        "Role": ROLE,
        "Code": {"S3Bucket": "packages", "S3Key": "f.zip"},
        "Tags": {"a": "b"},
        "VpcConfig": {"SubnetIds": ["s"]},
    }
    _, found = asked(request("lambda", path="/2015-03-31/functions", body=body), ACCOUNT)
    assert {each.action for each in found} == {
        "lambda:CreateFunction", "iam:PassRole", "s3:GetObject", "lambda:TagResource",
        "ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
    }  # fmt: skip
    assert Asked("iam:PassRole", ROLE, "lambda.amazonaws.com") in found
    assert Asked("s3:GetObject", "arn:aws:s3:::packages/f.zip") in found


def test_rule_when_put_then_its_role_is_handed_over():
    headers = {"x-amz-target": "AWSEvents.PutRule"}
    _, found = asked(
        request("events", headers=headers, body={"Name": "r", "RoleArn": ROLE}), ACCOUNT
    )
    assert found == [
        Asked("events:PutRule", f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/r"),
        Asked("iam:PassRole", ROLE, "events.amazonaws.com"),
    ]


@pytest.mark.parametrize(
    ("service", "target", "name", "arn"),
    [
        ("secretsmanager", "secretsmanager.GetSecretValue", "SecretId",
         f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:key-AbCdEf"),
        ("ssm", "AmazonSSM.GetParameter", "Name",
         f"arn:aws:ssm:eu-west-1:{ACCOUNT}:parameter/key"),
    ],
)  # fmt: skip
def test_secret_when_asked_for_then_its_arn_is_the_resource(service, target, name, arn):
    headers = {"x-amz-target": target}
    _, found = asked(request(service, headers=headers, body={name: arn}), ACCOUNT)
    assert [each.resource for each in found] == [arn]
    _, found = asked(request(service, headers=headers, body={name: "key"}), ACCOUNT)
    assert [each.resource for each in found] == ["*"]


def test_gateway_when_asked_then_method_and_path_are_action_and_resource():
    path = "/restapis/abc/resources/def/methods/ANY/integration"
    _, found = asked(request("apigateway", "PUT", path, body={"credentials": ROLE}), ACCOUNT)
    assert found == [
        Asked("apigateway:PUT", f"arn:aws:apigateway:eu-west-1::{path}"),
        Asked("iam:PassRole", ROLE, "apigateway.amazonaws.com"),
    ]


def test_stack_when_tagged_then_that_is_asked_too():
    body = b"Action=CreateStack&StackName=s&Tags.member.1.Key=a&Tags.member.1.Value=b"
    operation, found = asked(request("cloudformation", headers=FORM, body=body), ACCOUNT)
    arn = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/s/-"
    assert operation == "CreateStack"
    assert [each.action for each in found] == [
        "cloudformation:CreateStack",
        "cloudformation:TagResource",
    ]
    assert {each.resource for each in found} == {arn}


def test_services_when_asked_in_other_protocols_then_their_operations_are_found():
    path = "/service/GraniteServiceVersion20100801/operation/GetMetricStatistics"
    assert asked(request("monitoring", path=path), ACCOUNT)[1] == [
        Asked("cloudwatch:GetMetricStatistics", "*")
    ]
    who = b"Action=GetCallerIdentity"
    assert asked(request("sts", headers=FORM, body=who), ACCOUNT)[1] == []


def test_request_when_nothing_describes_it_then_that_is_an_error():
    with pytest.raises(UnknownRequest):
        asked(request("lambda", "PATCH", "/2015-03-31/functions/f"), ACCOUNT)


def test_signature_when_in_headers_or_address_then_key_region_and_service_are_read():
    credential = "AK/20261129/eu-west-1/s3/aws4_request"
    header = {"authorization": f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host"}
    assert signer_of(header, {}) == ("AK", "eu-west-1", "s3")
    assert signer_of({}, {"X-Amz-Credential": credential}) == ("AK", "eu-west-1", "s3")
    assert signer_of({}, {"AWSAccessKeyId": "AK", "Signature": "s"}) == ("AK", "", "s3")
    assert signer_of({}, {}) is None


B = "arn:aws:s3:::b"


@pytest.mark.parametrize(
    ("method", "path", "query", "headers", "found"),
    [
        ("HEAD", "/b", "", {}, [("ListBucket", B)]),
        ("GET", "/b/", "list-type=2&prefix=a", {}, [("ListBucket", B)]),
        ("GET", "/b", "uploads&prefix=a", {}, [("ListBucketMultipartUploads", B)]),
        ("GET", "/b", "versions", {}, [("ListBucketVersions", B)]),
        ("GET", "/b", "versioning", {}, [("GetBucketVersioning", B)]),
        ("PUT", "/b", "lifecycle", {}, [("PutLifecycleConfiguration", B)]),
        ("PUT", "/b", "", {}, [("CreateBucket", B)]),
        ("GET", "/", "", {}, [("ListAllMyBuckets", "*")]),
        ("GET", "/b/k/l", "response-content-type=a", {}, [("GetObject", f"{B}/k/l")]),
        ("GET", "/b/k", "versionId=1", {}, [("GetObjectVersion", f"{B}/k")]),
        ("HEAD", "/b/k", "partNumber=1", {}, [("GetObject", f"{B}/k")]),
        ("PUT", "/b/k", "x-id=PutObject", {}, [("PutObject", f"{B}/k")]),
        ("PUT", "/b/k", "", {"if-match": "e"}, [("PutObject", f"{B}/k"), ("GetObject", f"{B}/k")]),
        ("PUT", "/b/k", "partNumber=1&uploadId=u", {}, [("PutObject", f"{B}/k")]),
        (
            "PUT", "/b/k", "partNumber=1&uploadId=u", {"x-amz-copy-source": "b/o%20p?versionId=1"},
            [("PutObject", f"{B}/k"), ("GetObject", f"{B}/o p")],
        ),
        ("POST", "/b/k", "uploads", {}, [("PutObject", f"{B}/k")]),
        ("POST", "/b/k", "uploadId=u", {}, [("PutObject", f"{B}/k")]),
        ("GET", "/b/k", "uploadId=u&max-parts=3", {}, [("ListMultipartUploadParts", f"{B}/k")]),
        ("DELETE", "/b/k", "uploadId=u", {}, [("AbortMultipartUpload", f"{B}/k")]),
        ("DELETE", "/b/k", "", {}, [("DeleteObject", f"{B}/k")]),
        ("DELETE", "/b/k", "versionId=1", {}, [("DeleteObjectVersion", f"{B}/k")]),
    ],
)  # fmt: skip
def test_bucket_when_asked_then_its_actions_are_named(method, path, query, headers, found):
    words = dict(pair.partition("=")[::2] for pair in query.split("&") if pair)
    actions = [(f"s3:{action}", resource) for action, resource in found]
    assert s3.asked(method, path, words, headers, b"") == actions


def test_bucket_when_several_are_deleted_then_each_is_asked_for():
    body = (
        b"<Delete><Object><Key>a</Key></Object>"
        b"<Object><Key>b</Key><VersionId>1</VersionId></Object></Delete>"
    )
    assert s3.asked("POST", "/b", {"delete": ""}, {}, body) == [
        ("s3:DeleteObject", f"{B}/a"),
        ("s3:DeleteObjectVersion", f"{B}/b"),
    ]


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("GET", "/b", {"inventory": ""}),
        ("GET", "/b/k", {"torrent": ""}),
        ("PATCH", "/b/k", {}),
        ("POST", "/b", {"delete": ""}),
    ],
)
def test_bucket_when_asked_for_the_unknown_then_that_is_an_error(method, path, query):
    with pytest.raises(s3.UnknownRequest):
        s3.asked(method, path, query, {}, b"")


def test_stack_when_it_holds_the_unknown_then_that_is_an_error():
    template = {"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}
    with pytest.raises(stacks.UnknownResource, match="Queue"):
        stacks.asked("CreateStack", template, "eu-west-1")
