"""`make alarms STAGE=...`: creates or updates the monitoring of a stage.

It sets the retention of the logs, the stack of `alarms.yaml` (alarms, counters of log events, two
topics, the queue for failed events) and then the gateway's access log. It may be run again at any
time. docs/alarms.md says what each alarm means.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from botocore.exceptions import ClientError, WaiterError

from deployment.function import told_plainly
from deployment.limits import STACK_PAUSE_S, STACK_TIMEOUT_S
from deployment.observing import Wanted, keep_logs, observe_gateway
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, run_command, say

TEMPLATE = Path(__file__).with_name("alarms.yaml")
# CloudFormation's message for an update that would change nothing; there is no error code for it.
_UNCHANGED = "No updates are to be performed"
_WAITING = {"Delay": STACK_PAUSE_S, "MaxAttempts": STACK_TIMEOUT_S // STACK_PAUSE_S}


class AlarmStack:
    """The CloudFormation stack that watches one function."""

    def __init__(self, function: str, session: Any) -> None:
        """Keep the function's name and boto3's session."""
        self.function = function
        self.name = f"{function}-alarms"
        self.client = session.client("cloudformation")

    def is_there(self) -> bool:
        """Say whether the stack exists."""
        try:
            self.client.describe_stacks(StackName=self.name)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ValidationError":
                return False
            raise
        return True

    def apply(self, given: Mapping[str, str]) -> str:
        """Create or update the stack, wait until that is done, and say what was done.

        Args:
            given: parameters of the template; a parameter that is absent keeps its earlier value.

        Raises:
            DeploymentFailed: CloudFormation failed; holds its reasons.
        """
        template = TEMPLATE.read_text(encoding="utf-8")
        known = yaml.safe_load(template)["Parameters"]
        is_new = not self.is_there()
        values = {**({} if is_new else self._values()), **given}
        change = {
            "StackName": self.name,
            "TemplateBody": template,
            "Parameters": [
                {"ParameterKey": key, "ParameterValue": values[key]}
                for key in known
                if key in values
            ],
        }
        if is_new:
            self.client.create_stack(**change, OnFailure="DELETE")
            self._wait("stack_create_complete")
            return "made"
        try:
            self.client.update_stack(**change)
        except ClientError as error:
            if _UNCHANGED in str(error):
                return "unchanged"
            raise
        self._wait("stack_update_complete")
        return "brought up to date"

    def remove(self) -> None:
        """Remove the stack and everything that it created."""
        self.client.delete_stack(StackName=self.name)
        self._wait("stack_delete_complete")

    def outputs(self) -> dict[str, str]:
        """Return the template's outputs."""
        found = self._described().get("Outputs", [])
        return {each["OutputKey"]: each["OutputValue"] for each in found}

    def _values(self) -> dict[str, str]:
        """Return the stack's parameters."""
        found = self._described().get("Parameters", [])
        return {each["ParameterKey"]: each["ParameterValue"] for each in found}

    def _described(self) -> dict[str, Any]:
        """Return CloudFormation's description of the stack."""
        [found] = self.client.describe_stacks(StackName=self.name)["Stacks"]
        described: dict[str, Any] = found
        return described

    def _wait(self, waiter: str) -> None:
        """Wait until the last change is done.

        Raises:
            DeploymentFailed: the change failed.
        """
        try:
            self.client.get_waiter(waiter).wait(StackName=self.name, WaiterConfig=_WAITING)
        except WaiterError as error:
            raise DeploymentFailed(
                f"CloudFormation did not get {self.name} done: {self._reasons() or error}",
                "If it may not send to the queue, the function's role lacks sqs:SendMessage: give "
                "it the policy with --dead-letter-queue (docs/operations.md, Alarms).",
            ) from error

    def _reasons(self) -> str:
        """Return CloudFormation's reasons for the failure; empty when the stack is gone."""
        try:
            events = self.client.describe_stack_events(StackName=self.name)["StackEvents"]
        except ClientError:
            return ""
        failed = [each for each in events if each["ResourceStatus"].endswith("_FAILED")]
        return "; ".join(
            f"{each['LogicalResourceId']}: {each.get('ResourceStatusReason', '')}"
            for each in reversed(failed)
        )


def apply(
    *, function: str, stage: str, api: str, wanted: Wanted, given: Mapping[str, str],
    session: Any, steps: Steps,
) -> dict[str, str]:  # fmt: skip
    """Create or update the monitoring of a stage; return the template's outputs.

    Args:
        api: the id of the REST API; "" where there is none.
        given: parameters of the template.
        session: boto3's.

    Raises:
        DeploymentFailed: something could not be created; says what, and why.
    """
    logs, days = session.client("logs"), wanted.log_retention_days
    stack = AlarmStack(function, session)
    with steps.step("logs are kept") as step:
        # The counters of events need the function's log group.
        keep_logs(logs, f"/aws/lambda/{function}", days)
        gateways = keep_logs(logs, f"/aws/apigateway/{function}", days) if api else ""
        step.note = f"for {days} days"
    with steps.step("alarms") as step:
        done = stack.apply({"FunctionName": function, "ApiStage": stage, **given})
        step.note = f"stack {stack.name} {done}"
    if api:
        with steps.step("gateway") as step:
            step.note = observe_gateway(
                session.client("apigateway"), api=api, stage=stage, wanted=wanted, log_arn=gateways
            )
    return stack.outputs()


def main(arguments: list[str] | None = None) -> int:
    """Start or end the monitoring of a stage; return 0 when that is done."""
    parser = argparse.ArgumentParser(prog="deployment.alarms", description=__doc__)
    parser.add_argument("stage", help="a stage of zappa_settings.json")
    for name, (option, words) in OPTIONS.items():
        parser.add_argument(option, dest=name, help=words)
    parser.add_argument("--remove", action="store_true", help="the alarms, and all beside them")
    parser.add_argument("--settings", default="", help="read instead of zappa_settings.json")
    asked = parser.parse_args(arguments)
    given = {name: value for name in OPTIONS if (value := getattr(asked, name)) is not None}

    @told_plainly()
    def work(steps: Steps) -> str:
        _run(asked.stage, asked.settings, given, steps, is_removing=asked.remove)
        return ""

    return run_command(work)


# Parameters of the template that an operator gives.
OPTIONS = {
    "PageEmail": ("--page-email", "who is woken at night"),
    "MorningEmail": ("--morning-email", "who reads in the morning what can wait"),
    "DatabaseInstance": ("--database", "the identifier of the RDS instance"),
    "DatabaseConnectionsWarning": ("--connections", "four fifths of its max_connections (80)"),
    "ConcurrencyWarning": ("--concurrency", "four fifths of the instances that may run (80)"),
}


def _run(
    name: str, settings: str, given: Mapping[str, str], steps: Steps, *, is_removing: bool
) -> None:
    """Run the command for a stage."""
    stage = Stage(name, command="alarms", settings_file=settings)
    cli = stage.cli
    session = cli.zappa.boto_session
    function = stage.function.name
    if is_removing:
        with steps.step("remove the alarms"):
            AlarmStack(function, session).remove()
        return
    if stage.function.find_configuration() is None:
        raise DeploymentFailed(
            f"There is no function {function} to watch.", f"First: make deploy STAGE={name}"
        )
    outputs = apply(
        function=function,
        stage=name,
        api=str(cli.zappa.get_api_id(function) or "") if cli.use_apigateway else "",
        wanted=Wanted.of(cli.stage_config),
        given=given,
        session=session,
        steps=steps,
    )
    for key, value in outputs.items():
        say(f"{key}: {value}")


if __name__ == "__main__":
    sys.exit(main())
