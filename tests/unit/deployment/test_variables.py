import pytest

from deployment.steps import DeploymentFailed
from deployment.variables import FILE_VARIABLE, function_environment, read_variables
from registry_site.settings.variables import DEMANDED, DEMANDED_WITH_S3

EVERYTHING = dict.fromkeys((*DEMANDED, *DEMANDED_WITH_S3), "x")


def test_function_when_deployed_then_has_every_variable_that_production_demands_with_a_bucket():
    found = function_environment({**EVERYTHING, "HOME": "/root"}, {"REGISTRY_STORAGE": "s3"})
    assert found == {**EVERYTHING, "REGISTRY_STORAGE": "s3"}


def test_function_when_variables_are_missing_then_all_of_them_are_named():
    with pytest.raises(DeploymentFailed) as caught:
        function_environment({"SECRET_KEY": "x"}, {})
    for name in ("DATABASE_URL", "DJANGO_ALLOWED_HOSTS", "AWS_STORAGE_BUCKET_NAME"):
        assert name in caught.value.reason


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
    ("text", "complaint"), [("SECRET KEY=x", "line 1"), ("A=1\nnonsense", "line 2")]
)
def test_variables_when_a_line_of_the_file_is_none_then_says_which(
    monkeypatch, tmp_path, text, complaint
):
    file = tmp_path / "stage.env"
    file.write_text(text, "utf-8")
    monkeypatch.setenv(FILE_VARIABLE, str(file))
    with pytest.raises(DeploymentFailed, match=complaint):
        read_variables()


def test_variables_when_the_file_is_not_there_then_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "none.env"))
    with pytest.raises(DeploymentFailed, match="cannot be read"):
        read_variables()
