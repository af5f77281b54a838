"""The new package applies the migrations before it gets any traffic.

A temporary function is made from the package, with the role, environment and network of the real
one. It migrates and is removed. So new code never runs on the old schema, and a package that cannot
even start is found before anybody uses it, when nothing has to be rolled back.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from botocore.config import Config

from deployment.function import Function
from deployment.limits import LOG_LINES_MAX, MIGRATION_LEFTOVER_S, MIGRATION_TIMEOUT_S
from deployment.stage import Stage
from deployment.steps import DeploymentFailed

# The checks come before any change; a new database needs its administrator before anybody can sign
# in. Each command may be run again.
COMMANDS = ("check --deploy", "migrate --noinput", "ensure_administrator")
# boto3 would repeat an invocation after a minute, while the first one is still at work.
_PATIENCE = Config(read_timeout=MIGRATION_TIMEOUT_S + 30, retries={"total_max_attempts": 1})


def migrate(stage: Stage, package: Path) -> None:
    """Bring the database to the state that a package expects.

    Raises:
        DeploymentFailed: the package does not start, a migration fails, or another deployment
            is migrating.
    """
    with _temporary_function(stage, package) as function:
        for command in COMMANDS:
            _run(function, command)


@contextmanager
def _temporary_function(stage: Stage, package: Path) -> Iterator[Function]:
    """Create a function from a package, and remove it whatever happens."""
    client = stage.cli.zappa.boto_session.client(
        "lambda", region_name=stage.function.client.meta.region_name, config=_PATIENCE
    )
    function = Function(f"{stage.function}-migrate", client)
    _remove_leftover(function)
    # Outside the block that removes it: if another deployment was faster, the function is its own.
    cli = stage.cli
    cli.zappa.create_lambda_function(
        function_name=function.name,
        local_zip=package.read_bytes(),
        handler=cli.lambda_handler,
        description=f"Migrates the database of {stage.function}, then goes",
        vpc_config=cli.vpc_config,
        timeout=MIGRATION_TIMEOUT_S,
        memory_size=cli.memory_size,
        publish=False,
        runtime=cli.runtime,
        aws_environment_variables=stage.environment,
        layers=cli.layers,
    )
    try:
        yield function
    finally:
        function.delete()


def _remove_leftover(function: Function) -> None:
    """Remove the function that a killed deployment left behind.

    Raises:
        DeploymentFailed: it may still be at work; two migrations at once would block each other.
    """
    found = function.find_configuration()
    if found is None:
        return
    age = datetime.now(UTC) - datetime.fromisoformat(found["LastModified"])
    if age < timedelta(seconds=MIGRATION_LEFTOVER_S):
        raise DeploymentFailed(
            f"The function {function} is there since {age.seconds // 60} minutes: another "
            "deployment is migrating, or was killed.",
            f"Wait for it. If none runs: aws lambda delete-function --function-name {function}",
        )
    function.delete()


def _run(function: Function, command: str) -> None:
    """Run a management command in a function."""
    answer = function.client.invoke(
        FunctionName=function.name,
        Payload=json.dumps({"manage": command}).encode(),
        LogType="Tail",
    )
    body = answer["Payload"].read()
    if "FunctionError" not in answer:
        return
    log = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace")
    tail = "\n".join(log.splitlines()[-LOG_LINES_MAX:])
    raise DeploymentFailed(
        f"`{command}` failed in the new package: {_read_message(body)}\n{tail}",
        "No traffic has reached the new code, and what was live before is untouched. Correct the "
        "cause and deploy again; migrations that were applied stay, and are skipped then.",
    )


def _read_message(body: bytes) -> str:
    """Return the error message in an answer of Lambda."""
    try:
        error = json.loads(body)
    except ValueError:
        return body.decode(errors="replace")
    return f"{error.get('errorType', 'error')}: {error.get('errorMessage', '')}"
