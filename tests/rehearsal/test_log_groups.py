"""What instances write can be asked for as AWS's commands ask."""

import io
import json
import zipfile

import pytest

from tests.rehearsal.cloud import Cloud, provide_role, remove_folder
from tests.rehearsal.runtime import OWN_RUNTIME
from tests.rehearsal.test_aws_server import POLICY, TRUST

CODE = "def lambda_handler(event, context):\n    print(event)\n"


@pytest.fixture
def cloud(tmp_path):
    with Cloud(tmp_path / "cloud", instances_max=1) as cloud:
        yield cloud
    remove_folder(tmp_path / "cloud")


def test_log_when_a_function_has_run_then_its_group_holds_each_line_once(cloud):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("entry.py", CODE)
    role = provide_role(cloud, "talks", trust=json.dumps(TRUST), policy=json.dumps(POLICY))
    cloud.client("lambda").create_function(
        FunctionName="talks",
        Runtime=OWN_RUNTIME,
        Role=role,
        Handler="entry.lambda_handler",
        Code={"ZipFile": package.getvalue()},
    )
    for word in ("first", "second"):
        assert cloud.invoke("talks", {"word": word}).error == ""
    logs = cloud.client("logs")
    logs.put_retention_policy(logGroupName="/aws/lambda/talks", retentionInDays=30)
    found = logs.filter_log_events(logGroupName="/aws/lambda/talks")["events"]
    said = [each["message"] for each in found if "word" in each["message"]]
    assert said == ["{'word': 'first'}", "{'word': 'second'}"]
