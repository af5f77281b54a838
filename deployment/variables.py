"""The variables that a deployment takes from the operator, and where it finds them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from deployment.steps import DeploymentFailed
from registry_site.settings.variables import (
    ACCEPTED,
    DEMANDED,
    DEMANDED_WITH_S3,
    SECRET_ARNS,
    VARIABLES,
)

# Names a file of `NAME=value` lines. With it, the function gets nothing from the operator's own
# environment, where AWS_ENDPOINT_URL and the like may mean something else.
FILE_VARIABLE = "REGISTRY_ENV_FILE"
# Variables about the function, which it does not get itself.
ROLE = "REGISTRY_ROLE_ARN"
BUCKET = "REGISTRY_DEPLOYMENT_BUCKET"
# The role of the function for programs of sensitive models; without it there is no such function.
PROGRAMS_ROLE = "REGISTRY_MONITOR_ROLE_ARN"
# What the registry is told of it: its name.
PROGRAMS_FUNCTION = "REGISTRY_MONITOR_FUNCTION"
PROGRAMS_HOSTS = "REGISTRY_MONITOR_HOSTS"
# Both for the function and about it: how many instances it may have at once.
CONCURRENCY = "REGISTRY_CONCURRENCY"
SUBNETS = "REGISTRY_SUBNET_IDS"
SECURITY_GROUPS = "REGISTRY_SECURITY_GROUP_IDS"
# Whether a stage that demands a clean tree accepts changes this time.
DIRTY_TREE = "REGISTRY_DIRTY_TREE"
# What production demands of a function; it has no lasting disk, so its bytes are in a bucket.
_DEMANDED = (*DEMANDED, *DEMANDED_WITH_S3)
# The variables that a function may be given.
DEPLOYABLE = (*_DEMANDED, *ACCEPTED)


def read_variables() -> dict[str, str]:
    """Return the variables from the file that REGISTRY_ENV_FILE names, else from the environment.

    Raises:
        DeploymentFailed: the file does not exist, or one of its lines is no variable.
    """
    name = os.environ.get(FILE_VARIABLE, "")
    return _parse(Path(name)) if name else dict(os.environ)


def function_environment(given: Mapping[str, str], kept: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the function; `preflight.py` finds its faults.

    Args:
        given: the operator's values.
        kept: the values in zappa_settings.json, which are not secret.
    """
    known = {name: value for name in DEPLOYABLE if (value := given.get(name, ""))}
    return {**known, **kept}


def missing_names(given: Mapping[str, str], operators: Mapping[str, str]) -> list[str]:
    """Return the variables that a deployment needs and that are not given.

    Args:
        given: the operator's values for the function; a secret may be kept elsewhere.
        operators: the operator's values about the function.
    """
    there = {name for name, value in given.items() if value.strip()}
    missing = [name for name in _DEMANDED if not there & {name, SECRET_ARNS.get(name, name)}]
    return missing + [name for name in (ROLE, BUCKET) if not operators.get(name, "").strip()]


def words(value: str) -> list[str]:
    """Return the words of a list, which are separated by commas or white space."""
    return value.replace(",", " ").split()


def tools_environment(**own: str) -> dict[str, str]:
    """Return the operator's environment for one of our commands that concerns no stage.

    The registry's variables are left out: the command reads no secret, and no wrong value stops it.
    """
    return {name: value for name, value in os.environ.items() if name not in VARIABLES} | own


def reserved_concurrency(environment: Mapping[str, str]) -> int | None:
    """Return how many instances the function may have at once; None for as many as AWS allows.

    Raises:
        DeploymentFailed: the value is not a whole number.
    """
    value = environment.get(CONCURRENCY, "").strip() or "0"
    if not (value.isascii() and value.isdecimal()):
        raise DeploymentFailed(
            f"{CONCURRENCY} is {value!r}.", "Write a whole number, or leave it out."
        )
    return int(value) or None


def _parse(path: Path) -> dict[str, str]:
    """Return a file's variables: one `NAME=value` a line; empty lines and # comments are skipped.

    Raises:
        DeploymentFailed: the file does not exist, or a line is no variable or repeats one.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise DeploymentFailed(
            f"{FILE_VARIABLE} names {path}, which cannot be read.",
            "Name a file of lines NAME=value, in UTF-8.",
        ) from error
    variables: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, separator, value = (part.strip() for part in line.partition("="))
        if fault := _find_line_fault(name, separator, value, variables):
            raise DeploymentFailed(f"{path}, line {number}, {fault}.", "Correct the line.")
        variables[name] = value
    return variables


def _find_line_fault(name: str, separator: str, value: str, known: Collection[str]) -> str:
    """Return what is wrong with a line, "" if nothing is; its value is never shown."""
    if not separator or not name.isidentifier():
        return "is not of the form NAME=value"
    if name in known:
        return f"gives {name} again, and only one of both can be meant"
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return f"has {name} in quotes, which would be a part of it"
    return ""
