import pytest

from deployment.steps import DeploymentFailed
from deployment.variables import (
    FILE_VARIABLE,
    function_environment,
    missing_names,
    read_variables,
    tools_environment,
)
from registry_site.settings.variables import DEMANDED, DEMANDED_WITH_S3

EVERYTHING = dict.fromkeys((*DEMANDED, *DEMANDED_WITH_S3), "x")


def test_function_when_deployed_then_has_every_variable_that_production_demands_with_a_bucket():
    found = function_environment({**EVERYTHING, "HOME": "/root"}, {"REGISTRY_STORAGE": "s3"})
    assert found == {**EVERYTHING, "REGISTRY_STORAGE": "s3"}


def test_function_when_variables_are_missing_then_all_of_them_are_named():
    given = {"SECRET_KEY": "x", "DATABASE_URL_SECRET_ARN": "arn"}
    missing = missing_names(given, {"REGISTRY_ROLE_ARN": "arn"})
    assert missing == [
        "DJANGO_ALLOWED_HOSTS", "AWS_STORAGE_BUCKET_NAME", "REGISTRY_DEPLOYMENT_BUCKET",
    ]  # fmt: skip


def test_function_when_secrets_are_kept_elsewhere_then_it_is_told_where():
    given = EVERYTHING | {"HF_TOKEN_SECRET_ARN": "arn"}
    assert function_environment(given, {})["HF_TOKEN_SECRET_ARN"] == "arn"


def test_tools_when_run_for_no_stage_then_they_know_nothing_of_one(monkeypatch):
    for name in ("DATABASE_URL_SECRET_ARN", "REGISTRY_GATE", "SECRET_KEY"):
        monkeypatch.setenv(name, "hidden")
    found = tools_environment(REGISTRY_STATIC_ROOT="/static")
    assert "hidden" not in found.values()
    assert (found["REGISTRY_STATIC_ROOT"], "PATH" in found) == ("/static", True)


def test_variables_when_no_file_is_named_then_from_the_environment(monkeypatch):
    monkeypatch.delenv(FILE_VARIABLE, raising=False)
    monkeypatch.setenv("SECRET_KEY", "mine")
    assert read_variables()["SECRET_KEY"] == "mine"


def test_variables_when_a_file_is_named_then_from_there_alone(monkeypatch, tmp_path):
    file = tmp_path / "stage.env"
    file.write_text("# the stage\n\nDATABASE_URL = postgres://u:p=q@h/d \nLOG_LEVEL=\n", "utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    assert read_variables() == {"DATABASE_URL": "postgres://u:p=q@h/d", "LOG_LEVEL": ""}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("SECRET KEY=x", "line 1"),
        ("A=1\nnonsense", "line 2"),
        ("SECRET_KEY=old\n# the new one\nSECRET_KEY = new", "line 3, gives SECRET_KEY again"),
        ("SECRET_KEY='of before'", "line 1, has SECRET_KEY in quotes"),
        ('A=1\nSECRET_KEY = "of before" ', "line 2, has SECRET_KEY in quotes"),
    ],
)
def test_variables_when_a_line_of_the_file_is_none_then_says_which(
    monkeypatch, tmp_path, text, complaint
):
    file = tmp_path / "stage.env"
    file.write_text(text, "utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    with pytest.raises(DeploymentFailed, match=complaint) as caught:
        read_variables()
    assert "of before" not in str(caught.value)


def test_variables_when_the_file_is_no_text_then_says_so(monkeypatch, tmp_path):
    file = tmp_path / "stage.env"
    file.write_bytes("SECRET_KEY=\xfcber".encode("latin-1"))
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    with pytest.raises(DeploymentFailed, match="cannot be read"):
        read_variables()


def test_variables_when_the_file_is_not_there_then_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "none.env"))
    with pytest.raises(DeploymentFailed, match="cannot be read"):
        read_variables()
