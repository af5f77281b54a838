"""One address for all of AWS, with the registry's bucket on another server."""

import json

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.fakes import seaweed
from tests.rehearsal.aws_server import AwsServer
from tests.rehearsal.s3_forwarding import forward_to

HERE, ELSEWHERE = "packages", "content"


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    with seaweed.serve(tmp_path_factory.mktemp("bucket") / "kept") as kept:
        aws = AwsServer()
        aws.buckets_elsewhere[ELSEWHERE] = forward_to(
            kept.url,
            moto=aws.moto,
            access_key=seaweed.ACCESS_KEY,
            secret_key=seaweed.SECRET_KEY,
            region=seaweed.REGION,
        )
        operators = boto3.client(
            "s3",
            endpoint_url=aws.url,
            region_name=seaweed.REGION,
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
        )
        for bucket in (HERE, ELSEWHERE):
            operators.create_bucket(Bucket=bucket)
        yield operators, kept.client()
        aws.close()


def test_bucket_when_another_server_keeps_it_then_it_is_made_and_written_there(servers):
    operators, kept = servers
    operators.put_object(Bucket=ELSEWHERE, Key="a folder/n\u00e4me+1", Body=b"x" * 100_000)
    found = kept.get_object(Bucket=ELSEWHERE, Key="a folder/n\u00e4me+1")
    assert found["Body"].read() == b"x" * 100_000
    assert (
        operators.head_object(Bucket=ELSEWHERE, Key="a folder/n\u00e4me+1")["ContentLength"]
        == 100_000
    )


def test_bucket_when_none_keeps_it_then_it_stays_here(servers):
    operators, kept = servers
    operators.put_object(Bucket=HERE, Key="key", Body=b"package")
    assert [each["Name"] for each in kept.list_buckets()["Buckets"]] == [ELSEWHERE]


def test_buckets_when_listed_then_both(servers):
    operators, _kept = servers
    # moto's are one process's, so another test's may be among them.
    assert {each["Name"] for each in operators.list_buckets()["Buckets"]} >= {HERE, ELSEWHERE}


def test_object_when_there_is_none_then_the_other_servers_refusal(servers):
    operators, _kept = servers
    with pytest.raises(ClientError, match="NoSuchKey"):
        operators.get_object(Bucket=ELSEWHERE, Key="none")


def test_question_when_the_other_server_does_not_know_it_then_answered_here(servers):
    operators, _kept = servers
    wanted = {
        "BlockPublicAcls": True,
        "IgnorePublicAcls": True,
        "BlockPublicPolicy": True,
        "RestrictPublicBuckets": True,
    }
    operators.put_public_access_block(Bucket=ELSEWHERE, PublicAccessBlockConfiguration=wanted)
    found = operators.get_public_access_block(Bucket=ELSEWHERE)
    assert found["PublicAccessBlockConfiguration"] == wanted


def test_policy_when_put_on_a_bucket_elsewhere_then_it_is_judged_here(servers):
    operators, kept = servers
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:role/registry"},
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{ELSEWHERE}/*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    operators.put_bucket_policy(Bucket=ELSEWHERE, Policy=policy)
    assert json.loads(operators.get_bucket_policy(Bucket=ELSEWHERE)["Policy"]) == json.loads(policy)
    with pytest.raises(ClientError, match="NoSuchBucketPolicy"):
        kept.get_bucket_policy(Bucket=ELSEWHERE)
