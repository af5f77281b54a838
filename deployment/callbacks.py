"""Functions that Zappa calls between its own steps; zappa_settings.json names them."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

# Zappa imports this file by its path, without the project's folder on `sys.path`.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from deployment import preflight, program_function, variables
from deployment.function import told_plainly
from deployment.libraries import demand_runtime, provide_libraries
from deployment.package import build_package, describe
from deployment.steps import DeploymentFailed, say
from registry_site.settings.variables import SECRET_ARNS

_PACKING = ("deploy", "package", "update")
_CONFIGURING = ("deploy", "update")


class Complete(dict[str, str]):
    """All variables of a function. Zappa adds the function's old variables that this does not have.

    An old variable may contradict a new one: a secret, and the ARN where it is kept now. With both,
    the function does not start, and answers 502 until the old one is removed.
    """

    def __contains__(self, _name: object) -> bool:
        """Claim to hold every variable, so that Zappa adds none."""
        return True


def prepare(cli: Any) -> None:
    """After Zappa read its settings: provide the libraries and the operator's values."""
    try:
        if cli.command in _PACKING:
            demand_runtime(cli.runtime)
            os.environ["VIRTUAL_ENV"] = str(provide_libraries())
        if cli.command in _CONFIGURING:
            _configure(cli)
    except DeploymentFailed as error:
        raise SystemExit(str(error)) from error


def pack(cli: Any) -> None:
    """After Zappa made its zip, which holds only its settings: build the package from it."""
    package = Path(cli.zip_path).resolve()
    with zipfile.ZipFile(package) as archive:
        settings = archive.read("zappa_settings.py")
    try:
        size = build_package(package, settings)
        if cli.command in _CONFIGURING:
            with told_plainly():
                program_function.of_cli(cli).provide()
    except DeploymentFailed as error:
        raise SystemExit(str(error)) from error
    say(describe(size))


def _configure(cli: Any) -> None:
    """Give the function its environment, its role and its network.

    Raises:
        DeploymentFailed: a value from the operator is wrong or missing.
    """
    given = variables.read_variables()
    operators = {**given, **os.environ}
    cli.programs_role_arn = operators.get(variables.PROGRAMS_ROLE, "").strip()
    if cli.programs_role_arn:
        name = program_function.name_for(cli.lambda_name)
        cli.aws_environment_variables |= {variables.PROGRAMS_FUNCTION: name}
    preflight.look(given, kept=cli.aws_environment_variables, stage=cli.stage_config)
    cli.aws_environment_variables = variables.function_environment(
        given, cli.aws_environment_variables
    )
    _replace_variables(cli.zappa)
    cli.lambda_concurrency = variables.reserved_concurrency(cli.aws_environment_variables)
    passwords = ("REGISTRY_ADMIN_PASSWORD", SECRET_ARNS["REGISTRY_ADMIN_PASSWORD"])
    if not any(name in cli.aws_environment_variables for name in passwords):
        say("REGISTRY_ADMIN_PASSWORD is not set: the published password signs an administrator in.")
    cli.zappa.credentials_arn = operators[variables.ROLE]
    cli.s3_bucket_name = operators[variables.BUCKET]
    subnets = variables.words(operators.get(variables.SUBNETS, ""))
    groups = variables.words(operators.get(variables.SECURITY_GROUPS, ""))
    # Set even when empty: empty lists take a function out of its former network. Zappa alone would
    # send nothing and leave it there.
    cli.vpc_config = {"SubnetIds": subnets, "SecurityGroupIds": groups}


def _replace_variables(zappa: Any) -> None:
    """Make an update replace all variables of the function instead of merging them."""
    update = zappa.update_lambda_configuration

    def update_whole(**given: Any) -> Any:
        given["aws_environment_variables"] = Complete(given["aws_environment_variables"])
        return update(**given)

    zappa.update_lambda_configuration = update_whole
