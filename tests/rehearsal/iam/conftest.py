"""A cloud, the names of one stage in it, its role, and whoever deploys it."""

import json
import uuid
from pathlib import Path

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID

from deployment.policy import render
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.cloud import Cloud, provide_operator, provide_role, remove_folder

TRUST = Path(__file__).resolve().parents[3] / "deployment/trust.json"
NOW = json.loads(TRUST.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cloud")
    with Cloud(folder, instances_max=2) as cloud:
        yield cloud
    remove_folder(folder)


@pytest.fixture
def names():
    one = uuid.uuid4().hex[:8]
    return {
        "function": f"registry-{one}",
        "region": REGION,
        "account": DEFAULT_ACCOUNT_ID,
        "bucket": f"content-{one}",
        "deployment_bucket": f"packages-{one}",
        "role": f"role-{one}",
    }


@pytest.fixture
def role(cloud, names):
    def make(trust=NOW, policy=None):
        document = policy or render("role", **names)
        return provide_role(
            cloud, names["role"], trust=json.dumps(trust), policy=json.dumps(document)
        )

    return make


@pytest.fixture
def operator(cloud, names):
    """Clients of whoever deploys."""
    arn = provide_operator(cloud, policy=json.dumps(render("operator", **names)))

    def client(service):
        return boto3.client(
            service,
            endpoint_url=cloud.server.url,
            region_name=REGION,
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
        )

    yield client
    del cloud.server.guard.callers["operator"]
    iam = cloud.client("iam")
    policy = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:policy/operator"
    iam.detach_user_policy(UserName="operator", PolicyArn=policy)
    iam.delete_user(UserName=arn.rpartition("/")[2])
    iam.delete_policy(PolicyArn=policy)
