"""`make rotated STAGE=...`: finds published versions that hold a secret that has since changed.

A version freezes its variables, so everybody who may read the function's configuration can read
the old value while the version exists. Names are shown, values never. `REMOVE=1` removes these
versions. What is live stays: if its newest version holds an old value (`zappa update` publishes the
code before it changes the variables), it is published again with the present variables.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

from deployment.function import Function, told_plainly
from deployment.releases import list_releases
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, run_command, say, stage_parser
from registry_site.settings.variables import VARIABLES

_SECRETS = tuple(name for name, each in VARIABLES.items() if each.secret)


@dataclass(frozen=True)
class OldVersion:
    """A version that holds values other than the live ones.

    Attributes:
        names: of the variables.
    """

    number: int
    published_at: str
    names: tuple[str, ...]


def find_old_versions(function: Function) -> list[OldVersion]:
    """Return the versions whose value of a secret differs from the live one, oldest first.

    Raises:
        DeploymentFailed: nothing was ever deployed, or a version's variables cannot be read.
    """
    if function.find_configuration() is None:
        raise DeploymentFailed(f"{function} has never been deployed.", "make deploy STAGE=...")
    live = function.live_environment()
    found = []
    for version in _list_versions(function):
        held = _get_variables(version)
        old = tuple(name for name in _SECRETS if held.get(name) and held[name] != live.get(name))
        if old:
            found.append(OldVersion(int(version["Version"]), version["LastModified"], old))
    return sorted(found, key=lambda each: each.number)


def remove(function: Function, old: list[OldVersion]) -> list[int]:
    """Remove versions; what is live continues to answer.

    Returns:
        The numbers of those that stay, because an operator's alias points to them.
    """
    newest = max(int(version["Version"]) for version in _list_versions(function))
    if newest in {each.number for each in old}:
        # Aliases that pointed to it now point to the live code with the present variables.
        function.publish_as(
            *(
                alias["Name"]
                for alias in _list_aliases(function)
                if alias["FunctionVersion"] == str(newest)
            )
        )
    held = {int(alias["FunctionVersion"]) for alias in _list_aliases(function)}
    for each in old:
        if each.number not in held:
            function.client.delete_function(FunctionName=function.name, Qualifier=str(each.number))
    return [each.number for each in old if each.number in held]


def _list_versions(function: Function) -> list[dict[str, Any]]:
    """Return the configuration of each published version."""
    pages = function.client.get_paginator("list_versions_by_function")
    return [
        version
        for page in pages.paginate(FunctionName=function.name)
        for version in page["Versions"]
        if version["Version"] != "$LATEST"
    ]


def _list_aliases(function: Function) -> list[dict[str, Any]]:
    """Return the function's aliases."""
    pages = function.client.get_paginator("list_aliases")
    return [
        alias for page in pages.paginate(FunctionName=function.name) for alias in page["Aliases"]
    ]


def _get_variables(version: dict[str, Any]) -> dict[str, str]:
    """Return the variables with which a version was published."""
    environment = version.get("Environment", {})
    if "Error" in environment:
        raise DeploymentFailed(
            f"The variables of version {version['Version']} cannot be read "
            f"({environment['Error'].get('ErrorCode', 'no reason given')}).",
            "Whoever looks needs kms:Decrypt with the key that encrypts the function's variables.",
        )
    variables: dict[str, str] = environment.get("Variables", {})
    return variables


def look(stage: Stage, *, is_removing: bool) -> None:
    """Print which versions hold old secrets, remove them if asked to, and print what stays."""
    old = find_old_versions(stage.function)
    if not old:
        say("No version holds a secret other than the live one.")
        return
    for each in old:
        say(f"{each.number:>5}  {each.published_at:<28}  {', '.join(each.names)}")
    if not is_removing:
        say(
            "\nThese versions hold old values of these variables. Removing them takes their "
            f"releases from make rollback: make rotated STAGE={stage.name} REMOVE=1"
        )
        return
    kept = remove(stage.function, old)
    if kept:
        numbers = ", ".join(map(str, kept))
        say(f"\nAn alias leads to these, so they stay: {numbers}. Lead it elsewhere, then again.")
    _tell_reach(list_releases(stage))


def _tell_reach(releases: list[str]) -> None:
    """Print which releases a rollback can still restore."""
    say("\nWhat is left:")
    for line in releases:
        say(line)
    if len(releases) == 1:
        say(
            "Only what is live: make rollback reaches nothing. An older release can be deployed "
            "from its commit, with the variables of now."
        )


def main(arguments: list[str] | None = None) -> int:
    """Look for old secrets in the versions of a stage."""
    parser = stage_parser("old_secrets", __doc__)
    parser.add_argument("--remove", action="store_true", help="remove those versions")
    asked = parser.parse_args(arguments)

    @told_plainly()
    def work(_steps: Steps) -> str:
        stage = Stage(asked.stage, command="status", settings_file=asked.settings)
        look(stage, is_removing=asked.remove)
        return ""

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
