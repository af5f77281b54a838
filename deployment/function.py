"""A function of AWS Lambda: its live code and configuration, and its published versions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from deployment.client import exchange
from deployment.limits import FUNCTION_READY_PAUSE_S, FUNCTION_READY_TIMEOUT_S, VERSIONS_MAX
from deployment.release import Release
from deployment.steps import DeploymentFailed

# What an update may change besides the code, and Zappa's rollback does not restore.
_CONFIGURATION = ("Role", "Handler", "Runtime", "MemorySize", "Timeout", "Environment")


@dataclass(frozen=True)
class Version:
    """A published version of the function."""

    number: int
    code_sha256: str
    published_at: str


class Function:
    """A function by its name; it need not exist."""

    def __init__(self, name: str, client: Any) -> None:
        """Keep the name and boto3's client for Lambda."""
        self.name = name
        self.client = client

    def __str__(self) -> str:
        """Return the function's name."""
        return self.name

    def find_configuration(self) -> dict[str, Any] | None:
        """Return the live configuration; None when the function does not exist."""
        try:
            found: dict[str, Any] = self.client.get_function_configuration(FunctionName=self.name)
        except self.client.exceptions.ResourceNotFoundException:
            return None
        return found

    def live_environment(self) -> dict[str, str]:
        """Return the live function's variables; none before the first deployment."""
        live = self.find_configuration() or {}
        variables: dict[str, str] = live.get("Environment", {}).get("Variables", {})
        return variables

    def list_versions(self) -> list[Version]:
        """Return the published versions, newest first, as `zappa rollback` counts them."""
        listed = self.client.list_versions_by_function(
            FunctionName=self.name, MaxItems=VERSIONS_MAX
        )
        versions = [
            Version(int(each["Version"]), each["CodeSha256"], each["LastModified"])
            for each in listed["Versions"]
            if each["Version"] != "$LATEST"
        ]
        return sorted(versions, key=lambda version: -version.number)

    def forget_versions(self, *, rejected_sha256: str = "") -> None:
        """Keep only the newest version with the live code, and no version with the rejected code.

        Each rollback publishes old code once more. These copies would push older releases out of
        the few versions that Zappa keeps, and the next rollback would lead to a rejected release.
        """
        newest, *older = self.list_versions()
        for version in older:
            if version.code_sha256 in (newest.code_sha256, rejected_sha256):
                self.client.delete_function(FunctionName=self.name, Qualifier=str(version.number))

    def read_version_release(self, version: Version) -> Release:
        """Return the release that a version's code holds.

        Raises:
            DeploymentFailed: the code cannot be downloaded, or has no record.
        """
        found = self.client.get_function(FunctionName=self.name, Qualifier=str(version.number))
        return Release.of_package(exchange("GET", found["Code"]["Location"]).require(200).body)

    def restore_configuration(self, former: dict[str, Any]) -> None:
        """Restore what an update has changed besides the code."""
        self.client.update_function_configuration(
            FunctionName=self.name,
            **{name: former[name] for name in _CONFIGURATION if name in former},
        )
        self.wait_until_updated()

    def keep_only_variables(self, wanted: dict[str, str]) -> list[str]:
        """Remove the variables that are not wanted, and return their names.

        Zappa adds and changes variables but removes none, so a secret that the operator removed
        from the file would stay in the function forever.
        """
        live = self.live_environment()
        stale = sorted(live.keys() - wanted.keys())
        if stale:
            kept = {name: value for name, value in live.items() if name in wanted}
            self.client.update_function_configuration(
                FunctionName=self.name, Environment={"Variables": kept}
            )
            self.wait_until_updated()
        return stale

    def publish_as(self, *aliases: str) -> None:
        """Publish the present code and configuration, and point aliases at that version."""
        version = self.client.publish_version(FunctionName=self.name)["Version"]
        self._wait("published_version_active", Qualifier=version)
        for alias in aliases:
            self.client.update_alias(FunctionName=self.name, Name=alias, FunctionVersion=version)

    def wait_until_updated(self) -> None:
        """Wait until the function's last change has taken effect."""
        self._wait("function_updated_v2")

    def _wait(self, state: str, **which: str) -> None:
        self.client.get_waiter(state).wait(
            FunctionName=self.name,
            WaiterConfig={
                "Delay": FUNCTION_READY_PAUSE_S,
                "MaxAttempts": FUNCTION_READY_TIMEOUT_S // FUNCTION_READY_PAUSE_S,
            },
            **which,
        )

    def delete(self) -> None:
        """Remove the function with all its versions."""
        self.client.delete_function(FunctionName=self.name)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn a refusal by AWS into a failure that says what to do."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise DeploymentFailed("It was interrupted.", "Start it again.") from error
    except (ClientError, BotoCoreError, WaiterError) as error:
        raise DeploymentFailed(
            f"AWS refused, or could not be reached: {error}",
            "Check credentials, region and the rights of whoever deploys "
            "(docs/operations.md, Preparing the account).",
        ) from error
