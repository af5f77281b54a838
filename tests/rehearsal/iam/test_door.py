"""Who may not reach a bucket is told so at its door; all else passes as it is."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.core.models import DEFAULT_ACCOUNT_ID

from deployment.policy import render
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.iam.answers import answer_of
from tests.rehearsal.iam.door import Door
from tests.rehearsal.iam.guard import Guard


@pytest.fixture
def content(cloud, names, role):
    """Clients of the function's bucket, through the door: by the function, and by another."""
    # A guard of the door's own: what is behind it lets everybody in.
    guard = Guard(REGION)
    guard.of_buckets = cloud.server.guard.of_buckets
    cloud.client("s3").create_bucket(Bucket=names["bucket"])
    guard.callers["function"] = ("function", role())
    guard.callers["caretaker"] = ("other", f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:user/caretaker")
    iam = cloud.client("iam")
    iam.create_user(UserName="caretaker")
    everything = {"Sid": "All", "Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [everything]})
    iam.put_user_policy(UserName="caretaker", PolicyName="all", PolicyDocument=document)
    door = Door(cloud.server.server.server_port, guard)

    def client(key):
        return boto3.client(
            "s3",
            endpoint_url=door.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=key,
        )

    yield client
    door.close()
    iam.delete_user_policy(UserName="caretaker", PolicyName="all")
    iam.delete_user(UserName="caretaker")
    guard.of_buckets.clear()


def test_function_when_it_uses_its_bucket_then_bytes_pass_as_they_are(content, names):
    client, bucket = content("function"), names["bucket"]
    data = bytes(range(256)) * 4_000
    client.put_object(Bucket=bucket, Key="a b/ü", Body=data)
    assert client.get_object(Bucket=bucket, Key="a b/ü")["Body"].read() == data
    assert client.list_objects_v2(Bucket=bucket)["KeyCount"] == 1
    link = client.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "a b/ü"})
    assert answer_of(link) == (200, data)
    deleted = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "a b/ü"}]})
    assert len(deleted["Deleted"]) == 1


@pytest.mark.parametrize(
    "call",
    [
        lambda client, bucket: client.get_bucket_policy(Bucket=bucket),
        lambda client, bucket: client.delete_object(Bucket=bucket, Key="a", VersionId="1"),
        lambda client, bucket: client.put_object(Bucket="other", Key="a", Body=b"x" * 3_000_000),
        lambda client, bucket: client.delete_objects(
            Bucket=bucket, Delete={"Objects": [{"Key": "a", "VersionId": "1"}]}
        ),
    ],
)
def test_function_when_it_wants_more_of_a_bucket_then_it_is_refused(content, names, call):
    with pytest.raises(ClientError, match="not authorized to perform"):
        call(content("function"), names["bucket"])


def test_link_when_its_signer_may_not_then_whoever_follows_it_is_refused(content, names):
    link = content("function").generate_presigned_url(
        "get_object", Params={"Bucket": "other", "Key": "a"}
    )
    status, body = answer_of(link)
    assert (status, b"AccessDenied" in body) == (403, True)


def test_bucket_when_its_policy_names_the_role_then_nobody_else_reads_it(cloud, content, names):
    other = content("caretaker")
    other.put_object(Bucket=names["bucket"], Key="a", Body=b"before")
    only = json.dumps(render("bucket", **names, allowed=["arn:aws:iam::123456789012:role/other"]))
    cloud.client("s3").put_bucket_policy(Bucket=names["bucket"], Policy=only)
    assert content("function").get_object(Bucket=names["bucket"], Key="a")["Body"].read()
    with pytest.raises(ClientError, match="s3:GetObject"):
        other.get_object(Bucket=names["bucket"], Key="a")
    # Whoever may change the policy still may: nobody locks the account out.
    assert json.loads(other.get_bucket_policy(Bucket=names["bucket"])["Policy"])["Statement"]
    other.delete_bucket_policy(Bucket=names["bucket"])
    assert other.get_object(Bucket=names["bucket"], Key="a")["Body"].read() == b"before"
