import json

import pytest
from django.conf import settings

from deployment.preflight import look
from deployment.stage_settings import find_faults
from deployment.steps import DeploymentFailed

STAGES = json.loads((settings.BASE_DIR / "zappa_settings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["dev", "production"])
def test_stages_when_they_are_ours_then_nothing_is_wrong(name):
    assert find_faults(STAGES["base"] | STAGES[name]) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_type", "asgi"),
        ("authorizer", {"function": "ours.authorize"}),
        ("binary_support", False),
        ("environment_variables", {"A": "1"}),
        ("events", [{"function": "ours.f", "event_source": {"arn": "arn:aws:s3:::b"}}]),
        ("exception_handler", "ours.handle"),
        ("remote_env", "s3://bucket/file"),
        ("slim_handler", True),
    ],
)
def test_stage_when_it_asks_for_what_the_function_does_not_do_then_said(name, value):
    (fault,) = find_faults(STAGES["base"] | {name: value})
    assert fault.startswith(f"Take {name} out of zappa_settings.json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("authorizer", {"type": "AWS_IAM"}),
        ("base_path", "models"),
        ("binary_support", True),
        ("keep_warm", True),
    ],
)
def test_stage_when_the_function_does_it_then_nothing_is_wrong(name, value):
    assert find_faults(STAGES["base"] | {name: value}) == []


def test_deployment_when_a_stage_asks_for_that_then_nothing_is_uploaded():
    with pytest.raises(DeploymentFailed, match="Take slim_handler out"):
        look({}, kept={}, stage={"slim_handler": True})
