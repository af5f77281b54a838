"""What Zappa calls. Its command line is a stand-in here; the rehearsal runs the real one."""

import json
import os
import sys
import zipfile
from types import SimpleNamespace

import pytest

from deployment import callbacks, preflight, program_function
from deployment.package import Size
from deployment.steps import DeploymentFailed
from registry_site.settings.variables import OPERATORS, SECRET_ARNS, VARIABLES

COMPLETE = {
    "SECRET_KEY": "secret",
    "DATABASE_URL": "postgres://u@h/d",
    "DJANGO_ALLOWED_HOSTS": "registry.example",
    "AWS_STORAGE_BUCKET_NAME": "models",
    "REGISTRY_ADMIN_PASSWORD": "password",
    "REGISTRY_ROLE_ARN": "arn:aws:iam::123456789012:role/registry",
    "REGISTRY_DEPLOYMENT_BUCKET": "packages",
}

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:registry-AbCdEf"


@pytest.fixture
def operator(monkeypatch, tmp_path):
    """The operator's environment, complete; gives the means to change it."""
    for name in (*VARIABLES, *OPERATORS):
        monkeypatch.delenv(name, raising=False)
    for name, value in COMPLETE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VIRTUAL_ENV", "before")
    monkeypatch.setattr(callbacks, "provide_libraries", lambda: tmp_path / "libraries")
    monkeypatch.setattr(preflight, "find_changes", list)
    return monkeypatch


LIVE = {"SECRET_KEY": "of before", "LOG_LEVEL": "debug", "REGISTRY_STORAGE": "local"}


def update_as_zappa_does(**given: object) -> dict[str, str]:
    """Return the variables that Zappa 0.63's update_lambda_configuration leaves a function with."""
    variables = given["aws_environment_variables"] or {}
    assert isinstance(variables, dict)
    for name, value in LIVE.items():
        if name not in variables:
            variables[name] = value
    return json.loads(json.dumps(variables))


def zappa(command: str) -> SimpleNamespace:
    return SimpleNamespace(
        command=command,
        runtime=f"python{sys.version_info.major}.{sys.version_info.minor}",
        aws_environment_variables={"REGISTRY_STORAGE": "s3"},
        zappa=SimpleNamespace(
            credentials_arn=None, update_lambda_configuration=update_as_zappa_does
        ),
        s3_bucket_name="zappa-random",
        lambda_name="trustworthy-registry-dev",
        vpc_config={},
        stage_config={},
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
    assert cli.vpc_config == {"SubnetIds": [], "SecurityGroupIds": []}
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
    operator.setenv("REGISTRY_SUBNET_IDS", "subnet-1, subnet-2")
    operator.setenv("REGISTRY_SECURITY_GROUP_IDS", "sg-1")
    cli = zappa("deploy")
    callbacks.prepare(cli)
    assert cli.vpc_config == {
        "SubnetIds": ["subnet-1", "subnet-2"],
        "SecurityGroupIds": ["sg-1"],
    }


@pytest.mark.parametrize(("value", "reserved"), [("20", 20), ("0", None), ("", None)])
def test_prepare_when_instances_are_bounded_then_zappa_reserves_as_many(operator, value, reserved):
    operator.setenv("REGISTRY_CONCURRENCY", value)
    cli = zappa("update")
    callbacks.prepare(cli)
    assert cli.lambda_concurrency == reserved
    assert cli.aws_environment_variables.get("REGISTRY_CONCURRENCY", "") == value


def test_prepare_when_the_bound_is_no_number_then_says_so(operator):
    operator.setenv("REGISTRY_CONCURRENCY", "many")
    with pytest.raises(SystemExit, match="REGISTRY_CONCURRENCY is 'many'"):
        callbacks.prepare(zappa("deploy"))


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
    operator.setenv("REGISTRY_ADMIN_PASSWORD_SECRET_ARN", ARN)
    callbacks.prepare(zappa("update"))
    assert capsys.readouterr().out == ""


def test_prepare_when_secrets_are_kept_elsewhere_then_the_function_learns_where_and_no_more(
    operator,
):
    for name in set(SECRET_ARNS) - {"DATABASE_CREDENTIALS"}:
        operator.delenv(name, raising=False)
        operator.setenv(SECRET_ARNS[name], ARN)
    cli = zappa("update")
    callbacks.prepare(cli)
    assert cli.aws_environment_variables["DATABASE_URL_SECRET_ARN"] == ARN
    assert set(SECRET_ARNS).isdisjoint(cli.aws_environment_variables)


def test_update_when_a_secret_moved_elsewhere_then_the_function_never_has_both(operator):
    operator.delenv("SECRET_KEY")
    operator.setenv("SECRET_KEY_SECRET_ARN", ARN)
    cli = zappa("update")
    callbacks.prepare(cli)
    left = cli.zappa.update_lambda_configuration(
        function_name="f", aws_environment_variables=cli.aws_environment_variables
    )
    assert left == cli.aws_environment_variables
    assert left["SECRET_KEY_SECRET_ARN"] == ARN
    assert left["REGISTRY_STORAGE"] == "s3"
    assert set(left).isdisjoint({"SECRET_KEY", "LOG_LEVEL"})


def test_prepare_when_several_things_are_wrong_then_zappa_ends_with_all_of_them(operator):
    operator.setenv("REGISTRY_SUBNET_IDS", "subnet-1")
    operator.setenv("REGISTRY_MIROR", "never")
    operator.setenv("REGISTRY_BASE_URL", "https://other.example")
    with pytest.raises(SystemExit, match=r"(?s)REGISTRY_MIRROR.*REGISTRY_SECURITY.*other\.example"):
        callbacks.prepare(zappa("deploy"))


def test_prepare_when_the_stage_wants_a_clean_tree_then_changes_end_it(operator):
    operator.setattr(preflight, "find_changes", lambda: ["changed.py"])
    cli = zappa("deploy")
    cli.stage_config = {"clean_tree": True}
    with pytest.raises(SystemExit, match=r"changed\.py"):
        callbacks.prepare(cli)


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
    return SimpleNamespace(zip_path=str(path), command="package")


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


@pytest.mark.parametrize(("command", "times"), [("deploy", 1), ("update", 1), ("package", 0)])
def test_pack_when_it_goes_live_next_then_the_function_for_programs_is_ready_before(
    zipped, monkeypatch, command, times
):
    zipped.command = command
    provided = []
    size = Size(1, 1, ())
    monkeypatch.setattr(callbacks, "build_package", lambda _path, _settings: size)
    ready = SimpleNamespace(provide=lambda: provided.append(command))
    monkeypatch.setattr(program_function, "of_cli", lambda _cli: ready)
    callbacks.pack(zipped)
    assert len(provided) == times


def test_prepare_when_a_role_for_programs_is_given_then_the_registry_knows_their_function(operator):
    role = "arn:aws:iam::123456789012:role/programs"
    operator.setenv("REGISTRY_MONITOR_ROLE_ARN", role)
    cli = zappa("update")
    callbacks.prepare(cli)
    assert cli.programs_role_arn == role
    found = cli.aws_environment_variables["REGISTRY_MONITOR_FUNCTION"]
    assert found == f"{cli.lambda_name}-programs"
    operator.delenv("REGISTRY_MONITOR_ROLE_ARN")
    cli = zappa("update")
    callbacks.prepare(cli)
    assert "REGISTRY_MONITOR_FUNCTION" not in cli.aws_environment_variables


def test_prepare_when_programs_would_have_the_registrys_role_then_refused(operator):
    operator.setenv("REGISTRY_MONITOR_ROLE_ARN", os.environ["REGISTRY_ROLE_ARN"])
    with pytest.raises(SystemExit, match="are one role"):
        callbacks.prepare(zappa("deploy"))


def test_prepare_when_the_role_for_programs_is_none_then_said(operator):
    operator.setenv("REGISTRY_MONITOR_ROLE_ARN", "programs")
    with pytest.raises(SystemExit, match="REGISTRY_MONITOR_ROLE_ARN is 'programs'"):
        callbacks.prepare(zappa("deploy"))
