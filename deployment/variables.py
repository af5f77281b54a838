"""Which variables a deployment takes from whoever deploys, and where they come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from deployment.steps import DeploymentFailed
from registry_site.settings.variables import ACCEPTED, DEMANDED, DEMANDED_WITH_S3

# Names a file of `NAME=value` lines. With it, nothing of the function's environment comes from the
# operator's own, where AWS_ENDPOINT_URL and the like may mean another thing.
FILE_VARIABLE = "REGISTRY_ENV_FILE"
# What is not for the function but about it.
ROLE = "REGISTRY_ROLE_ARN"
BUCKET = "REGISTRY_DEPLOYMENT_BUCKET"
SUBNETS = "REGISTRY_SUBNET_IDS"
SECURITY_GROUPS = "REGISTRY_SECURITY_GROUP_IDS"


def read_variables() -> dict[str, str]:
    """Return the variables from the file that REGISTRY_ENV_FILE names, else from the environment.

    Raises:
        DeploymentFailed: the file is not there, or a line of it is no variable.
    """
    name = os.environ.get(FILE_VARIABLE, "")
    return _parse(Path(name)) if name else dict(os.environ)


def function_environment(given: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the function.

    Args:
        given: what the operator provides.
        kept: what zappa_settings.json says, which is no secret.

    Raises:
        DeploymentFailed: something that production demands is missing.
    """
    # A function has no disk that stays, so its bytes are in a bucket.
    demanded = (*DEMANDED, *DEMANDED_WITH_S3)
    known = {name: value for name in (*demanded, *ACCEPTED) if (value := given.get(name, ""))}
    demand(given, demanded)
    return {**known, **kept}


def demand(given: Mapping[str, str], names: tuple[str, ...]) -> None:
    """See that variables are there.

    Raises:
        DeploymentFailed: some are not; all of them are named.
    """
    missing = [name for name in names if not given.get(name, "").strip()]
    if missing:
        raise DeploymentFailed(
            f"The deployment needs {', '.join(missing)}.",
            f"Set them in the environment, or in the file that {FILE_VARIABLE} names. "
            "docs/settings.md describes each.",
        )


def _parse(path: Path) -> dict[str, str]:
    """Return the variables of a file: a `NAME=value` a line; empty lines and # comments are none.

    Raises:
        DeploymentFailed: the file is not there, or a line of it is no variable.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DeploymentFailed(
            f"{FILE_VARIABLE} names {path}, which cannot be read.", "Correct the name."
        ) from error
    variables = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = line.partition("=")
        if not separator or not name.strip().isidentifier():
            raise DeploymentFailed(
                f"{path}, line {number}, is not of the form NAME=value.", "Correct the line."
            )
        variables[name.strip()] = value.strip()
    return variables
