"""One stage: what Zappa's settings say of it, and what AWS has of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from deployment.client import exchange
from deployment.contents import ROOT
from deployment.limits import (
    FUNCTION_READY_PAUSE_S,
    FUNCTION_READY_TIMEOUT_S,
    LOG_LINES_MAX,
    VERSIONS_MAX,
    ZAPPA_TIMEOUT_S,
)
from deployment.release import Release
from deployment.steps import DeploymentFailed

# What an update may change beside the code, and what a rollback of Zappa's does not put back.
_CONFIGURATION = ("Role", "Handler", "Runtime", "MemorySize", "Timeout", "Environment")


@dataclass(frozen=True)
class Version:
    """A published version of the function."""

    number: int
    code_sha256: str
    published_at: str


class Stage:
    """A stage of zappa_settings.json and its function."""

    def __init__(self, name: str, *, command: str, settings_file: str = "") -> None:
        """Read the settings.

        Args:
            settings_file: in the place of zappa_settings.json.
            command: what Zappa will be asked for. For an update, the variables of the function
                are read too, so they must be there; for a rollback they are not needed.

        Raises:
            DeploymentFailed: there is no such stage, or a variable is missing.
        """
        import click
        from zappa.cli import ZappaCLI

        self.name = name
        self.settings_file = settings_file
        self.cli: Any = ZappaCLI()
        self.cli.api_stage, self.cli.command = name, command
        try:
            self.cli.load_settings(settings_file or None)
            self.cli.callback("settings")
        except click.ClickException as error:
            raise DeploymentFailed(error.message, "Name a stage of zappa_settings.json.") from error
        except SystemExit as error:
            raise DeploymentFailed(str(error), "docs/operations.md, First deployment.") from error
        self.function: str = self.cli.lambda_name
        self.client: Any = self.cli.zappa.lambda_client

    def find_configuration(self, function: str = "") -> dict[str, Any] | None:
        """Return the configuration of the function that is live, None before the first deployment.

        Args:
            function: another function's name.
        """
        try:
            found: dict[str, Any] = self.client.get_function_configuration(
                FunctionName=function or self.function
            )
        except self.client.exceptions.ResourceNotFoundException:
            return None
        return found

    def live_environment(self) -> dict[str, str]:
        """Return the variables of the function that is live; none before the first deployment."""
        live = self.find_configuration() or {}
        variables: dict[str, str] = live.get("Environment", {}).get("Variables", {})
        return variables

    def list_versions(self) -> list[Version]:
        """Return the published versions, newest first, as `zappa rollback` counts them."""
        listed = self.client.list_versions_by_function(
            FunctionName=self.function, MaxItems=VERSIONS_MAX
        )
        versions = [
            Version(int(each["Version"]), each["CodeSha256"], each["LastModified"])
            for each in listed["Versions"]
            if each["Version"] != "$LATEST"
        ]
        return sorted(versions, key=lambda version: -version.number)

    def release_of(self, version: Version) -> Release:
        """Return the release that a version holds, out of its code.

        Raises:
            DeploymentFailed: the code cannot be fetched, or has no record.
        """
        found = self.client.get_function(FunctionName=self.function, Qualifier=str(version.number))
        return Release.of_package(exchange("GET", found["Code"]["Location"]).require(200).body)

    def restore_configuration(self, former: dict[str, Any]) -> None:
        """Put back what an update has changed beside the code."""
        self.client.update_function_configuration(
            FunctionName=self.function,
            **{name: former[name] for name in _CONFIGURATION if name in former},
        )
        self.wait_until_updated()

    def wait_until_updated(self) -> None:
        """Wait until the last change of the function is in force."""
        self.client.get_waiter("function_updated_v2").wait(
            FunctionName=self.function,
            WaiterConfig={
                "Delay": FUNCTION_READY_PAUSE_S,
                "MaxAttempts": FUNCTION_READY_TIMEOUT_S // FUNCTION_READY_PAUSE_S,
            },
        )

    def find_url(self) -> str:
        """Return where the registry answers: its public address, else the one that AWS gave.

        Raises:
            DeploymentFailed: it has none.
        """
        if public := self.live_environment().get("REGISTRY_BASE_URL"):
            return public
        if self.cli.use_function_url:
            urls = self.client.list_function_url_configs(FunctionName=self.function)
            if urls["FunctionUrlConfigs"]:
                return str(urls["FunctionUrlConfigs"][0]["FunctionUrl"])
        url = (
            self.cli.zappa.get_api_url(self.function, self.name) if self.cli.use_apigateway else ""
        )
        if not url:
            raise DeploymentFailed(
                f"AWS knows no address of the stage {self.name}.",
                "Name it: URL=https://... or REGISTRY_BASE_URL.",
            )
        return str(url)

    def zappa(self, command: str, *words: str) -> None:
        """Run a command of Zappa's in a process of its own, as one would by hand.

        Raises:
            DeploymentFailed: it ended with an error; the end of what it said is in the reason.
        """
        words = (command, self.name, *words)
        if self.settings_file:
            words = (*words, "--settings_file", self.settings_file)
        shown = f"zappa {' '.join(words)}"
        try:
            ended = subprocess.run(  # noqa: S603  (our own words)
                [sys.executable, "-m", "zappa.cli", *words],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                check=False,
                timeout=ZAPPA_TIMEOUT_S,
            )
        except subprocess.TimeoutExpired as error:
            raise DeploymentFailed(
                f"`{shown}` did not end within {ZAPPA_TIMEOUT_S} s.",
                "See the stack of the stage in CloudFormation's console.",
            ) from error
        if ended.returncode:
            said = "\n".join(ended.stdout.splitlines()[-LOG_LINES_MAX:])
            raise DeploymentFailed(
                f"`{shown}` ended with {ended.returncode}:\n{said}",
                "Once the cause is removed, start again; the command can be run by hand too.",
            )


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what AWS refuses into a failure that says what to do."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise DeploymentFailed("It was interrupted.", "Start it again.") from error
    except (ClientError, BotoCoreError, WaiterError) as error:
        raise DeploymentFailed(
            f"AWS refused, or could not be reached: {error}",
            "Check credentials, region and the rights of whoever deploys "
            "(docs/operations.md, First deployment).",
        ) from error
