"""What Zappa calls. Its command line is a stand-in here; the rehearsal runs the real one."""

import os
import sys
import zipfile
from types import SimpleNamespace

import pytest

from deployment import callbacks
from deployment.package import Size
from deployment.steps import DeploymentFailed

COMPLETE = {
    "SECRET_KEY": "secret",
    "DATABASE_URL": "postgres://u@h/d",
    "DJANGO_ALLOWED_HOSTS": "registry.example",
    "AWS_STORAGE_BUCKET_NAME": "models",
    "REGISTRY_ADMIN_PASSWORD": "password",
    "REGISTRY_ROLE_ARN": "arn:aws:iam::1:role/registry",
    "REGISTRY_DEPLOYMENT_BUCKET": "packages",
}


@pytest.fixture
def operator(monkeypatch, tmp_path):
    """The operator's environment, complete; gives the means to change it."""
    for name in ("REGISTRY_ENV_FILE", "REGISTRY_SUBNET_IDS", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VIRTUAL_ENV", "before")
    monkeypatch.setattr(callbacks, "provide_libraries", lambda: tmp_path / "libraries")
    return monkeypatch


def zappa(command: str) -> SimpleNamespace:
    return SimpleNamespace(
        command=command,
        runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
        aws_environment_variables={"REGISTRY_STORAGE": "s3"},
        zappa=SimpleNamespace(credentials_arn=None),
        s3_bucket_name="zappa-random",
        vpc_config={},
    )


@pytest.mark.parametrize("command", ["deploy", "update"])
def test_prepare_when_the_function_is_configured_then_with_what_the_operator_has(operator, command):
    cli = zappa(command)
    callbacks.prepare(cli)
    assert cli.aws_environment_variables["SECRET_KEY"] == "secret"
    assert cli.aws_environment_variables["REGISTRY_STORAGE"] == "s3"
    assert "REGISTRY_ROLE_ARN" not in cli.aws_environment_variables
    assert cli.zappa.credentials_arn == COMPLETE["REGISTRY_ROLE_ARN"]
    assert cli.s3_bucket_name == "packages"
    assert cli.vpc_config == {}
    assert os.environ["VIRTUAL_ENV"].endswith("libraries")


def test_prepare_when_there_is_a_file_then_the_function_gets_nothing_of_the_operators_own(
    operator, tmp_path
):
    operator.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:5555")
    operator.setenv("LOG_LEVEL", "debug")
    lines = [f"{name}={value}" for name, value in COMPLETE.items()]
    file = tmp_path / "registry.env"
    file.write_text("# of the stage\n\n" + "\n".join(lines), encoding="utf-8")
    operator.setenv("REGISTRY_ENV_FILE", str(file))
    cli = zappa("update")
    callbacks.prepare(cli)
    assert {"AWS_ENDPOINT_URL", "LOG_LEVEL"}.isdisjoint(cli.aws_environment_variables)
    assert cli.aws_environment_variables["DATABASE_URL"] == COMPLETE["DATABASE_URL"]


def test_prepare_when_a_private_network_is_named_then_the_function_is_in_it(operator):
    operator.setenv("REGISTRY_SUBNET_IDS", "subnet-1 subnet-2")
    operator.setenv("REGISTRY_SECURITY_GROUP_IDS", "sg-1")
    cli = zappa("deploy")
    callbacks.prepare(cli)
    assert cli.vpc_config == {
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }


def test_prepare_when_nothing_is_configured_then_nothing_is_demanded(operator):
    for name in COMPLETE:
        operator.delenv(name)
    for command in ("package", "rollback", "status", "undeploy", "manage"):
        cli = zappa(command)
        callbacks.prepare(cli)
        assert cli.s3_bucket_name == "zappa-random"


@pytest.mark.parametrize("name", sorted(set(COMPLETE) - {"REGISTRY_ADMIN_PASSWORD"}))
def test_prepare_when_a_variable_is_missing_then_ends_with_its_name(operator, name):
    operator.delenv(name)
    with pytest.raises(SystemExit, match=name):
        callbacks.prepare(zappa("deploy"))


def test_prepare_when_the_published_password_stays_then_says_so(operator, capsys):
    callbacks.prepare(zappa("update"))
    assert capsys.readouterr().out == ""
    operator.delenv("REGISTRY_ADMIN_PASSWORD")
    callbacks.prepare(zappa("update"))
    assert "published password" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["deploy", "package", "update"])
def test_prepare_when_the_stage_runs_on_another_python_then_ends_before_anything_is_built(
    operator, command
):
    cli = zappa(command)
    cli.runtime = "python2.7"
    with pytest.raises(SystemExit, match=r"python2\.7"):
        callbacks.prepare(cli)
    assert os.environ["VIRTUAL_ENV"] == "before"


@pytest.fixture
def zipped(tmp_path):
    path = tmp_path / "zappa.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("zappa_settings.py", "APP_MODULE = 'ours'\n")
    return SimpleNamespace(zip_path=str(path))


def test_pack_when_zappa_made_its_zip_then_its_settings_are_in_ours_and_the_size_is_shown(
    zipped, monkeypatch, capsys
):
    built = []

    def build_package(path, settings):
        built.append((str(path), settings))
        return Size(20_000_000, 60_000_000, (("django", 12_000_000),))

    monkeypatch.setattr(callbacks, "build_package", build_package)
    callbacks.pack(zipped)
    assert built == [(zipped.zip_path, b"APP_MODULE = 'ours'\n")]
    assert "20.0 MB zipped" in capsys.readouterr().out


def test_pack_when_the_package_cannot_be_built_then_zappa_ends(zipped, monkeypatch):
    def build_package(_path, _settings):
        raise DeploymentFailed("The package is too large.", "Leave something out.")

    monkeypatch.setattr(callbacks, "build_package", build_package)
    with pytest.raises(SystemExit, match="Leave something out"):
        callbacks.pack(zipped)
