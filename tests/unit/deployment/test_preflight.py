"""What is wrong with what an operator gives is told before anything is uploaded, all at once."""

import json
import re
from typing import Any

import pytest

from deployment import preflight
from deployment.forms import is_bucket, is_loopback, is_role
from deployment.preflight import Given, find_faults, look
from deployment.steps import DeploymentFailed
from registry_site.settings.variables import OPERATORS, VARIABLES

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/registry"
ARN = f"arn:aws:secretsmanager:us-east-1:{ACCOUNT}:secret:registry-AbCdEf"
FUNCTION = {
    "SECRET_KEY": "hidden-key",
    "DATABASE_URL": "postgres://u:hidden-word@db.example/registry",
    "DJANGO_ALLOWED_HOSTS": "registry.example, .amazonaws.com [::2]",
    "AWS_STORAGE_BUCKET_NAME": "registry-models",
}
OWN = {"REGISTRY_ROLE_ARN": ROLE, "REGISTRY_DEPLOYMENT_BUCKET": "registry-packages"}
KEPT = {"REGISTRY_STORAGE": "s3", "REGISTRY_TASKS": "lambda"}


def faults(*, without: str = "", own: dict[str, str] | None = None, **changes: Any) -> list[str]:
    """What is said of a file with changes."""
    function = {name: value for name, value in (FUNCTION | changes).items() if name != without}
    found = find_faults(Given(function, OWN | (own or {}), KEPT, has_file=True))
    assert not [fault for fault in found if "hidden" in fault]
    return found


def given(name: str) -> dict[str, Any]:
    """A variable of this name, as a keyword."""
    return {name: "x"}


def only(found: list[str]) -> str:
    assert len(found) == 1, found
    return found[0]


def test_faults_when_all_is_well_then_none():
    assert faults() == []
    assert faults(REGISTRY_BASE_URL="https://registry.example", LOG_LEVEL="debug") == []


def test_faults_when_there_are_several_then_all_are_told():
    found = faults(
        without="SECRET_KEY",
        own={"REGISTRY_SUBNET_IDS": "subnet-1", "REGISTRY_ROLE_ARN": "registry"},
        REGISTRY_MIROR="never",
        REGISTRY_SMOKE_PASSWORD="hidden",
        REGISTRY_BASE_URL="https://other.example",
        LOG_LEVEL="loud",
    )
    words = (
        "REGISTRY_MIRROR", "REGISTRY_SMOKE_PASSWORD", "SECRET_KEY is missing", "role/NAME",
        "REGISTRY_SECURITY_GROUP_IDS is not", "other.example", "LOG_LEVEL is 'loud'",
    )  # fmt: skip
    assert len(found) == len(words)
    assert [word for word in words if word not in "\n".join(found)] == []


@pytest.mark.parametrize("name", ["DATABASE_ULR", "REGISTRY_GATES", "HF_TOKNE"])
def test_name_when_nobody_reads_it_then_told_wherever_it_stands(name):
    assert f"{name} is no variable" in only(faults(**given(name)))
    in_environment = find_faults(Given(FUNCTION | {name: "x"}, OWN | {name: "x"}, KEPT))
    assert bool(in_environment) == name.startswith("REGISTRY_")


@pytest.mark.parametrize(
    "name", [name for name, is_for_file in OPERATORS.items() if not is_for_file]
)
def test_name_when_it_is_for_whoever_deploys_then_not_in_the_file(name):
    assert f"{name} is for whoever deploys" in only(faults(**given(name)))
    assert faults(own={name: "x"}) == []


@pytest.mark.parametrize(
    "name", ["PORT", "REGISTRY_DATA_DIR", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"]
)
def test_name_when_no_function_is_given_it_then_not_in_the_file(name):
    assert f"{name} is nothing that a function is given" in only(faults(**given(name)))


def test_name_when_the_stage_sets_it_then_the_file_may_only_say_the_same():
    assert faults(REGISTRY_STORAGE="s3") == []
    assert "set by zappa_settings.json" in only(faults(REGISTRY_STORAGE="local"))


@pytest.mark.parametrize("name", FUNCTION)
def test_variable_when_missing_then_named(name):
    assert only(faults(without=name)).startswith(f"{name} is missing")


@pytest.mark.parametrize("name", OWN)
def test_operators_variable_when_missing_then_named(name):
    assert f"{name} is missing" in only(faults(own={name: " "}))
    assert faults(own={name: ""}, **{name: OWN[name]}) == []


def test_secret_when_kept_elsewhere_then_it_is_not_missing():
    assert faults(without="SECRET_KEY", SECRET_KEY_SECRET_ARN=f"{ARN}#key") == []
    assert faults(without="DATABASE_URL", DATABASE_URL_SECRET_ARN=ARN) == []


def test_secret_when_given_twice_then_both_are_named():
    assert "SECRET_KEY and SECRET_KEY_SECRET_ARN" in only(faults(SECRET_KEY_SECRET_ARN=ARN))


def test_secret_when_its_arn_is_none_or_of_elsewhere_then_told():
    assert "HF_TOKEN_SECRET_ARN must be" in only(faults(HF_TOKEN_SECRET_ARN="hidden"))
    other = ARN.replace("arn:aws:", "arn:aws-cn:")
    assert "another partition" in only(faults(HF_TOKEN_SECRET_ARN=other))


def test_database_when_its_login_stands_twice_then_told():
    found = faults(DATABASE_CREDENTIALS_SECRET_ARN=ARN)
    assert "DATABASE_URL must name no user" in only(found)


@pytest.mark.parametrize(
    ("own", "word"),
    [
        ({"REGISTRY_SUBNET_IDS": "subnet-1"}, "REGISTRY_SECURITY_GROUP_IDS is not"),
        ({"REGISTRY_SECURITY_GROUP_IDS": "sg-1"}, "REGISTRY_SUBNET_IDS is not"),
        ({"REGISTRY_SUBNET_IDS": "subnet-1", "REGISTRY_SECURITY_GROUP_IDS": "subnet-1"}, "sg-"),
        ({"REGISTRY_SUBNET_IDS": "a", "REGISTRY_SECURITY_GROUP_IDS": "sg-1"}, "subnet-"),
        ({"REGISTRY_ROLE_ARN": "arn:aws:iam::12:role/registry"}, "role/NAME"),
        ({"REGISTRY_DEPLOYMENT_BUCKET": "Registry_Packages"}, "no bucket"),
        ({"REGISTRY_DEPLOYMENT_BUCKET": FUNCTION["AWS_STORAGE_BUCKET_NAME"]}, "one bucket"),
    ],
)
def test_form_when_it_cannot_be_then_told(own, word):
    assert word in only(faults(own=own))


def test_variables_when_more_than_lambda_keeps_then_told():
    hosts = " ".join(f"host-{number}.example" for number in range(300))
    assert "Lambda takes 4,096" in only(faults(REGISTRY_ALLOWED_HOSTS=hosts))


def test_variables_when_at_the_edge_then_counted_as_lambda_does():
    # As in its refusal: "String measured: {"SECRET_KEY":"...","DATABASE_URL":"..."}".
    def given(letters: int) -> dict[str, str]:
        return FUNCTION | {"REGISTRY_ALLOWED_HOSTS": "h" * letters}

    empty = json.dumps(given(0) | KEPT, separators=(",", ":"))
    room = 4_096 - len(empty)
    assert list(preflight._size(Given(given(room), OWN, KEPT))) == []
    assert "4,097 bytes" in only(preflight._size(Given(given(room + 1), OWN, KEPT)))


def test_network_when_whole_then_well():
    both = {"REGISTRY_SUBNET_IDS": "subnet-1 subnet-2", "REGISTRY_SECURITY_GROUP_IDS": "sg-1"}
    assert faults(own=both) == []


@pytest.mark.parametrize(
    ("base", "is_well"),
    [
        ("https://registry.example", True),
        ("https://x1.execute-api.eu-central-1.amazonaws.com/production", True),
        ("https://REGISTRY.example:8443/x", True),
        ("https://www.registry.example", False),
        ("https://amazonaws.com.example", False),
        ("http://[::2]:8000", True),
    ],
)
def test_host_when_the_public_address_has_another_then_told(base, is_well):
    found = faults(REGISTRY_BASE_URL=base)
    assert found == [] if is_well else "DJANGO_ALLOWED_HOSTS lacks" in only(found)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:5432", "[::1]", ""])
def test_database_when_on_the_machine_of_whoever_deploys_then_told(host):
    url = f"postgres://u:hidden@{host}/registry"
    assert "DATABASE_URL names" in only(faults(DATABASE_URL=url))
    assert faults(own={"AWS_ENDPOINT_URL": "http://127.0.0.1:5555"}, DATABASE_URL=url) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgres://u:pa#hidden@db.example/registry"),
        ("DATABASE_URL", "sqlite:////data/hidden.db"),
        ("REGISTRY_GATE", "1"),
        ("REGISTRY_BASE_URL", "https://[::1"),
        ("DATABASE_URL", "postgres://u:hidden@[::1/registry"),
        ("DJANGO_ALLOWED_HOSTS", "https://a.example"),
        ("HF_TOKEN", "hidden word"),
    ],
)
def test_value_when_no_function_would_start_with_it_then_told_as_its_start_would(name, value):
    line = only(faults(**{name: value}))
    assert line.startswith(name)


@pytest.fixture
def operator(monkeypatch):
    for name in (*VARIABLES, *OPERATORS):
        monkeypatch.delenv(name, raising=False)
    for name, value in OWN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(preflight, "find_changes", lambda: ["a.py", "docs/b.md"])
    return monkeypatch


def test_tree_when_it_has_changes_then_a_stage_that_wants_none_refuses_them(operator):
    with pytest.raises(DeploymentFailed, match=r"a\.py, docs/b\.md"):
        look(FUNCTION, kept=KEPT, stage={"clean_tree": True})


def test_tree_when_it_has_changes_then_told_and_taken_where_the_stage_or_the_operator_allows_it(
    operator, capsys
):
    look(FUNCTION, kept=KEPT, stage={})
    operator.setenv("REGISTRY_DIRTY_TREE", "1")
    look(FUNCTION, kept=KEPT, stage={"clean_tree": True})
    assert capsys.readouterr().out.count("is recorded as dirty") == 2


@pytest.mark.parametrize("value", ["0", "off", "true"])
def test_tree_when_the_variable_says_anything_but_1_then_a_dirty_one_is_refused(operator, value):
    operator.setenv("REGISTRY_DIRTY_TREE", value)
    with pytest.raises(DeploymentFailed, match="REGISTRY_DIRTY_TREE=1"):
        look(FUNCTION, kept=KEPT, stage={"clean_tree": True})


def test_tree_when_nothing_is_changed_then_silent(operator, capsys):
    operator.setattr(preflight, "find_changes", list)
    look(FUNCTION, kept=KEPT, stage={"clean_tree": True})
    assert capsys.readouterr().out == ""


def test_tree_when_it_is_no_checkout_then_a_stage_that_wants_a_commit_refuses_it(operator):
    operator.setattr(preflight, "find_changes", lambda: None)
    with pytest.raises(DeploymentFailed, match="no git checkout"):
        look(FUNCTION, kept=KEPT, stage={"clean_tree": True})


def test_look_when_there_are_faults_then_each_has_a_line(operator):
    with pytest.raises(DeploymentFailed) as caught:
        look({"LOG_LEVEL": "loud"}, kept=KEPT, stage={})
    assert len(re.findall(r"^- ", caught.value.reason, re.MULTILINE)) == 5


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        (ROLE, True),
        (f"arn:aws-us-gov:iam::{ACCOUNT}:role/path/registry", True),
        (f"arn:aws:iam::{ACCOUNT}:user/registry", False),
        (f"arn:aws:iam::{ACCOUNT}:role/", False),
        (f"arn:aws:iam:eu-central-1:{ACCOUNT}:role/registry", False),
        ("arn:aws:iam::\u0661\u0662\u0663456789012:role/registry", False),
        ("registry", False),
    ],
)
def test_role_when_it_is_none_then_seen(value, is_one):
    assert is_role(value) == is_one


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("registry-1.models", True), ("abc", True), ("x" * 63, True),
        (f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/models", True),
        ("ab", False), ("x" * 64, False), ("Models", False), ("a_b", False), ("-abc", False),
        ("s3://models", False), ("mödels", False),
    ],
)  # fmt: skip
def test_bucket_when_aws_could_have_none_of_the_name_then_seen(name, is_one):
    assert is_bucket(name) == is_one


def test_loopback_when_named_in_any_way_then_seen():
    here = ("", "localhost", "127.0.0.1", "127.9.9.9", "::1", "/var/run/postgresql")
    assert all(map(is_loopback, here))
    assert not any(map(is_loopback, ("db.example", "10.0.0.1", "localhost.example")))
