import pytest

from registry_site.settings.arns import Arn, parse_arn

ACCOUNT = "123456789012"


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
def test_arn_when_it_is_one_then_its_parts(partition):
    found = parse_arn(f"arn:{partition}:ssm:eu-central-1:{ACCOUNT}:parameter/a:b")
    assert found == Arn(partition, "ssm", "eu-central-1", ACCOUNT, "parameter/a:b")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "registry",
        f"arn:aws:iam::{ACCOUNT}",
        f"urn:aws:iam::{ACCOUNT}:role/registry",
        f"arn:other:iam::{ACCOUNT}:role/registry",
        "arn:aws:iam::12345678901:role/registry",
        "arn:aws:iam::12345678901x:role/registry",
        "arn:aws:iam::\u0661\u0662\u0663456789012:role/registry",
        f"arn:aws:iam::{ACCOUNT}:role/the registry",
        f"arn:aws:iam::{ACCOUNT}:role/registry\n",
    ],
)
def test_arn_when_it_is_none_then_none(text):
    assert parse_arn(text) is None
