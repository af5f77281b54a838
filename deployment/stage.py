"""One stage of zappa_settings.json: its settings, where it answers, and Zappa's commands."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

from deployment.contents import ROOT
from deployment.function import Function
from deployment.limits import LOG_LINES_MAX, ZAPPA_TIMEOUT_S
from deployment.steps import DeploymentFailed


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

        # Zappa's own progress would stand between the lines of our steps.
        logging.getLogger("zappa.core").setLevel(logging.WARNING)
        self.name = name
        self.settings_file = settings_file
        self.cli: Any = ZappaCLI()
        self.cli.api_stage, self.cli.command = name, command
        try:
            self.cli.load_settings(settings_file or None)
            self.cli.callback("settings")
        except click.ClickException as error:
            raise DeploymentFailed(
                click.unstyle(error.message),
                "Name a stage of zappa_settings.json. If a callback cannot be imported: "
                "python -c 'import deployment.callbacks' says why.",
            ) from error
        except SystemExit as error:
            raise DeploymentFailed(str(error), "docs/operations.md, First deployment.") from error
        self.function = Function(self.cli.lambda_name, self.cli.zappa.lambda_client)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that a deployment gives to the function."""
        variables: dict[str, str] = self.cli.aws_environment_variables
        return variables

    def find_url(self) -> str:
        """Return where the registry answers: its public address, else the one that AWS gave.

        Raises:
            DeploymentFailed: it has none.
        """
        if public := self.function.live_environment().get("REGISTRY_BASE_URL"):
            return public
        if self.cli.use_function_url:
            urls = self.function.client.list_function_url_configs(FunctionName=self.function.name)
            if urls["FunctionUrlConfigs"]:
                return str(urls["FunctionUrlConfigs"][0]["FunctionUrl"])
        url = (
            self.cli.zappa.get_api_url(self.function.name, self.name)
            if self.cli.use_apigateway
            else ""
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
