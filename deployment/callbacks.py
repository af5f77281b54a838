"""What Zappa calls between its own steps; zappa_settings.json names these functions."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path
from typing import Any

# Zappa imports this file by its path, with the folder above it nowhere on the path.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from deployment import variables
from deployment.libraries import demand_runtime, provide_libraries
from deployment.package import build_package, describe
from deployment.steps import DeploymentFailed, say

_PACKING = ("deploy", "package", "update")
_CONFIGURING = ("deploy", "update")


def prepare(cli: Any) -> None:
    """After Zappa read its settings: provide the libraries, and what comes from outside."""
    try:
        if cli.command in _PACKING:
            demand_runtime(cli.runtime)
            os.environ["VIRTUAL_ENV"] = str(provide_libraries())
        if cli.command in _CONFIGURING:
            _configure(cli)
    except DeploymentFailed as error:
        raise SystemExit(str(error)) from error


def pack(cli: Any) -> None:
    """After Zappa made its zip, which holds its settings only: make the package out of it."""
    package = Path(cli.zip_path).resolve()
    with zipfile.ZipFile(package) as archive:
        settings = archive.read("zappa_settings.py")
    try:
        size = build_package(package, settings)
    except DeploymentFailed as error:
        raise SystemExit(str(error)) from error
    say(describe(size))


def _configure(cli: Any) -> None:
    """Give the function its environment, its role and its network.

    Raises:
        DeploymentFailed: something that a deployment needs is missing.
    """
    given = variables.read_variables()
    operators = {**given, **os.environ}
    variables.demand(operators, (variables.ROLE, variables.BUCKET))
    cli.aws_environment_variables = variables.function_environment(
        given, cli.aws_environment_variables
    )
    if "REGISTRY_ADMIN_PASSWORD" not in cli.aws_environment_variables:
        say("REGISTRY_ADMIN_PASSWORD is not set: the published password signs an administrator in.")
    cli.zappa.credentials_arn = operators[variables.ROLE]
    cli.s3_bucket_name = operators[variables.BUCKET]
    subnets = operators.get(variables.SUBNETS, "").split()
    groups = operators.get(variables.SECURITY_GROUPS, "").split()
    if subnets:
        cli.vpc_config = {"SubnetIds": subnets, "SecurityGroupIds": groups}
