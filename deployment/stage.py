"""One stage of zappa_settings.json: its settings, where it answers, and Zappa's commands."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import Any

from deployment import program_function
from deployment.contents import ROOT
from deployment.function import Function
from deployment.limits import LOG_LINES_MAX, ZAPPA_TIMEOUT_S
from deployment.steps import DeploymentFailed


class Stage:
    """A stage of zappa_settings.json and its function."""

    def __init__(self, name: str, *, command: str, settings_file: str = "") -> None:
        """Read the settings.

        Args:
            settings_file: read instead of zappa_settings.json.
            command: the command that Zappa will run. An update also reads the variables for the
                function, so they must be given; a rollback does not need them.

        Raises:
            DeploymentFailed: there is no such stage, or a variable is missing.
        """
        import click
        from zappa.cli import ZappaCLI

        # Zappa's progress messages would stand between the lines of our steps.
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
        """The variables that a deployment gives the function."""
        variables: dict[str, str] = self.cli.aws_environment_variables
        return variables

    @property
    def packages(self) -> tuple[Any, str]:
        """boto3's client for S3, and the bucket to which Zappa uploads packages."""
        return self.cli.zappa.s3_client, str(self.cli.s3_bucket_name)

    def provide_programs(self) -> str:
        """Make the function for programs ready for the present tree; return what was done.

        Raises:
            DeploymentFailed: it does not confine programs.
        """
        return program_function.of_cli(self.cli).provide() or "none is wanted"

    def publish(self) -> None:
        """Make the gateway call the present function, variables included.

        Only with SnapStart would it call anything else: Zappa's alias, which points to the version
        that Zappa published before variables were removed or restored. One version of each code is
        kept, so that counting versions back counts releases.
        """
        from zappa.core import SNAPSTART_LAMBDA_ALIAS

        if self.cli.snap_start == "PublishedVersions":
            self.function.publish_as(SNAPSTART_LAMBDA_ALIAS)
            self.function.forget_versions()

    def find_url(self) -> str:
        """Return the registry's URL: its public address, or else the one from AWS.

        Raises:
            DeploymentFailed: the registry has none.
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
        """Run a Zappa command in its own process, as one would by hand.

        Raises:
            DeploymentFailed: it ended with an error; the reason holds the end of its output.
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
