"""Finds every fault of a deployment that can be found before the upload, and reports all at once.

Each check returns sentences about the operator's values. Only the function itself can find out
whether the database answers and the bucket can be written: the new package tries that before it
gets traffic (`migrate.py`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from deployment import stage_settings, variables
from deployment.contents import ROOT
from deployment.forms import is_bucket, is_loopback, is_role
from deployment.limits import ENVIRONMENT_MAX_BYTES, START_CHECK_TIMEOUT_S
from deployment.record import find_changes
from deployment.steps import DeploymentFailed, say
from registry_site.settings import secret_store
from registry_site.settings.variables import (
    OPERATORS,
    PREFIX,
    SECRET_ARN,
    SECRET_ARNS,
    VARIABLES,
    unknown_names,
)

# A key of a stage in zappa_settings.json that forbids a tree with changes; Zappa does not know it.
CLEAN_TREE = "clean_tree"
_NAMES_SHOWN = 5
_CONTENT = "AWS_STORAGE_BUCKET_NAME"
# Stands in for a value that is kept elsewhere, while the others are checked.
_STAND_IN = "stand-in"
_STAND_INS = {
    "DATABASE_URL": "postgres://database.example/registry",
    "DATABASE_CREDENTIALS": '{"username": "stand-in", "password": "stand-in"}',
}


@dataclass(frozen=True)
class Given:
    """The values with which an operator deploys.

    Attributes:
        function: the operator's variables for the function, from the file or the environment.
        own: the operator's environment.
        kept: the function's variables in zappa_settings.json.
        has_file: whether `function` is from a file.
    """

    function: Mapping[str, str]
    own: Mapping[str, str]
    kept: Mapping[str, str] = field(default_factory=dict)
    has_file: bool = False

    def about(self, name: str) -> str:
        """Return a variable about the function, from the environment or from the file."""
        return (self.own.get(name) or self.function.get(name, "")).strip()

    def words(self, name: str) -> list[str]:
        """Return the words in a variable about the function."""
        return variables.words(self.about(name))

    def of_function(self, name: str) -> str:
        """Return the value that the function gets for a variable."""
        return self.function.get(name, "").strip()


def look(given: Mapping[str, str], *, kept: Mapping[str, str], stage: Mapping[str, Any]) -> None:
    """Check that a deployment may begin.

    Args:
        given: the variables for the function.
        kept: the function's variables in zappa_settings.json.
        stage: the stage's settings.

    Raises:
        DeploymentFailed: something is wrong; lists every fault that can be found from here.
    """
    has_file = bool(os.environ.get(variables.FILE_VARIABLE))
    faults = find_faults(Given(given, dict(os.environ), kept, has_file))
    faults += stage_settings.find_faults(stage)
    is_forbidden = bool(stage.get(CLEAN_TREE)) and os.environ.get(variables.DIRTY_TREE) != "1"
    changes = _tell_changes(find_changes())
    if changes and is_forbidden:
        faults.append(
            f"{changes} Commit, or set {variables.DIRTY_TREE}=1 to deploy it all the same."
        )
    elif changes:
        say(f"{changes} The release is recorded as dirty.")
    if faults:
        raise DeploymentFailed(
            "Nothing was uploaded, because of what is given:\n"
            + "\n".join(f"- {each}" for each in faults),
            f"Correct it in the environment, or in the file that {variables.FILE_VARIABLE} names. "
            "docs/settings.md describes each variable.",
        )


def find_faults(given: Given) -> list[str]:
    """Return a sentence for each fault of the given values."""
    return [fault for check in _CHECKS for fault in check(given)]


def _names(given: Given) -> list[str]:
    """Find variables that nothing reads, or nothing reads in that place."""
    names = {name for name in given.own if name.startswith(PREFIX)}
    if not given.has_file:
        return unknown_names(names)
    faults = unknown_names(names | given.function.keys())
    for name in given.function:
        if name in OPERATORS and not OPERATORS[name]:
            faults.append(
                f"{name} is for whoever deploys: set it in the environment, not in the file."
            )
        elif name in given.kept:
            if given.of_function(name) != given.kept[name]:
                faults.append(f"{name} is set by zappa_settings.json, and no file changes it.")
        elif name in VARIABLES and name not in variables.DEPLOYABLE:
            faults.append(f"{name} is nothing that a function is given; take it out of the file.")
    return faults


def _missing(given: Given) -> list[str]:
    """Find variables that every deployment needs and this one lacks."""
    about = {name: given.about(name) for name in OPERATORS}
    return [
        f"{name} is missing" + (f" (or {SECRET_ARNS[name]})." if name in SECRET_ARNS else ".")
        for name in variables.missing_names(given.function, about)
    ]


def _secrets(given: Given) -> list[str]:
    """Find secrets that are given twice, or kept where no secret can be."""
    faults = []
    for name, arn_name in SECRET_ARNS.items():
        arn = given.of_function(arn_name)
        if not arn:
            continue
        if given.of_function(name):
            faults.append(f"{name} and {arn_name} are both set; set one.")
        try:
            secret_store.parse(arn)
        except ValueError as error:
            faults.append(f"{arn_name} {error}")
            continue
        role = given.about(variables.ROLE)
        if role.count(":") > 1 and role.split(":")[1] != arn.split(":")[1]:
            faults.append(f"{arn_name} is of another partition of AWS than {variables.ROLE}.")
    return faults


def _forms(given: Given) -> list[str]:
    """Find names of the roles and the buckets that AWS cannot have."""
    roles = {name: given.about(name) for name in (variables.ROLE, variables.PROGRAMS_ROLE)}
    faults = [
        f"{name} is {role!a}; it must be as in arn:aws:iam::ACCOUNT:role/NAME."
        for name, role in roles.items()
        if role and not is_role(role)
    ]
    if roles[variables.ROLE] and roles[variables.ROLE] == roles[variables.PROGRAMS_ROLE]:
        faults.append(
            f"{variables.ROLE} and {variables.PROGRAMS_ROLE} are one role: strangers' programs "
            "would run with the registry's rights."
        )
    buckets = {variables.BUCKET: given.about(variables.BUCKET)}
    if not (given.of_function("AWS_ENDPOINT_URL") or given.of_function("AWS_ENDPOINT_URL_S3")):
        # Other servers have other rules.
        buckets[_CONTENT] = given.of_function(_CONTENT)
    if buckets[variables.BUCKET] and given.of_function(_CONTENT) == buckets[variables.BUCKET]:
        faults.append(
            f"{_CONTENT} and {variables.BUCKET} are one bucket: packages expire in theirs, and "
            "everything else with them."
        )
    return faults + [
        f"{name} is {bucket!a}, which no bucket of AWS is called."
        for name, bucket in buckets.items()
        if bucket and not is_bucket(bucket)
    ]


def _size(given: Given) -> list[str]:
    """Find an environment that is too large for Lambda."""
    environment = variables.function_environment(given.function, given.kept)
    # Measured as Lambda does it, whose error shows the measured text: as JSON.
    measured = json.dumps(environment, ensure_ascii=False, separators=(",", ":"))
    size_bytes = len(measured.encode())
    if size_bytes <= ENVIRONMENT_MAX_BYTES:
        return []
    most = f"Lambda takes {ENVIRONMENT_MAX_BYTES:,}"
    return [f"The function's variables have {size_bytes:,} bytes; {most}. See NAME{SECRET_ARN}."]


def _network(given: Given) -> list[str]:
    """Find a private network that is given only in part."""
    both = (variables.SUBNETS, variables.SECURITY_GROUPS)
    there = [name for name in both if given.words(name)]
    faults = []
    if len(there) == 1:
        (absent,) = set(both) - set(there)
        faults.append(f"{there[0]} is set and {absent} is not: a private network needs both.")
    for name, prefix in zip(both, ("subnet-", "sg-"), strict=True):
        wrong = [word for word in given.words(name) if not word.startswith(prefix)]
        faults += [f"{name} holds {word!a}; each word begins with {prefix}." for word in wrong]
    return faults


def _hosts(given: Given) -> list[str]:
    """Find a public address to which the registry would not answer."""
    from django.http.request import validate_host

    host = _parse_host(given.of_function("REGISTRY_BASE_URL")) or ""
    named = f"[{host}]" if ":" in host else host
    allowed = variables.words(given.of_function("DJANGO_ALLOWED_HOSTS").lower())
    if not host or not allowed or validate_host(named, allowed):
        return []
    return [f"DJANGO_ALLOWED_HOSTS lacks {host}, the host of REGISTRY_BASE_URL: it would get 400."]


def _database(given: Given) -> list[str]:
    """Find a database on the operator's machine, which no function reaches."""
    url = given.of_function("DATABASE_URL")
    host = _parse_host(url)
    if not url.startswith(("postgres", "pgsql")) or host is None or not is_loopback(host):
        return []
    cloud = _parse_host(given.own.get("AWS_ENDPOINT_URL", ""))
    if cloud and is_loopback(cloud):
        # An emulated cloud on this machine runs its functions here.
        return []
    return ["DATABASE_URL names the machine that asks: on Lambda that is the function itself."]


def _start(given: Given) -> list[str]:
    """Find values that the function's own settings would refuse at its start."""
    environment = variables.function_environment(given.function, given.kept)
    kept_elsewhere = {name for name, arn in SECRET_ARNS.items() if environment.pop(arn, "")}
    missing = {name for name in variables.missing_names(environment, {}) if name in VARIABLES}
    environment |= {name: _STAND_INS.get(name, _STAND_IN) for name in kept_elsewhere | missing}
    ended = subprocess.run(
        [sys.executable, "-c", "import registry_site.settings.production"],
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=START_CHECK_TIMEOUT_S,
    )
    if not ended.returncode:
        return []
    return [ended.stderr.strip().splitlines()[-1].rpartition("ImproperlyConfigured: ")[2]]


_CHECKS: tuple[Callable[[Given], list[str]], ...] = (
    _names,
    _missing,
    _secrets,
    _forms,
    _size,
    _network,
    _hosts,
    _database,
    _start,
)


def _parse_host(url: str) -> str | None:
    """Return a URL's host: "" when it has none, None when it is no valid URL."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return None


def _tell_changes(changes: list[str] | None) -> str:
    """Return a sentence about uncommitted changes; "" when there are none."""
    if changes is None:
        return "The tree is no git checkout, so nobody can tell what is deployed."
    if not changes:
        return ""
    names = ", ".join(changes[:_NAMES_SHOWN]) + (", ..." if len(changes) > _NAMES_SHOWN else "")
    return f"The tree has changes that no commit has ({names})."
