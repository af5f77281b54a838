"""`make deploy STAGE=...`: deploys the tree, tests the release, and rolls back if it fails.

It checks the migrations, builds the package, migrates with it (`migrate.py`), provides the function
for programs of sensitive models (`program_function.py`), lets Zappa bring the package live and
smoke tests it over HTTP. A failure before the code is live changes nothing; a later one is rolled
back at once. docs/decisions/0019-deploying.md has the reasons.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from deployment.contents import ROOT
from deployment.function import Version, told_plainly
from deployment.libraries import BUILD
from deployment.limits import EXPAND_CHECK_TIMEOUT_S
from deployment.migrate import COMMANDS, migrate
from deployment.release import Release
from deployment.rollback import require_code, sign_in_as, smoke_live
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, run_command, say
from deployment.variables import BUCKET, tools_environment

_CHECKED_BY = "deployment.expand_only"


def deploy(stage: Stage, *, url: str, steps: Steps) -> Release:
    """Deploy the tree.

    Args:
        url: where the registry answers; "" asks AWS.

    Returns:
        The release that answers now.

    Raises:
        DeploymentFailed: says what went wrong, and in which state the stage is now.
    """
    # Once the code is live, it is too late to find that the smoke test cannot sign in.
    sign_in_as(stage.environment)
    require_bucket(*stage.packages)
    with steps.step("migrations only add"):
        check_migrations()
    package = BUILD / f"{stage.name}.zip"
    with steps.step("package") as step:
        release = build(stage, package)
        step.note = f"{package.stat().st_size / 1e6:.1f} MB: {release}"
    with steps.step("migrate with the new package") as step:
        migrate(stage, package)
        step.note = ", then ".join(COMMANDS)
    with told_plainly(), steps.step("function for programs") as step:
        step.note = stage.provide_programs()
    former = stage.function.find_configuration()
    command = "update" if former else "deploy"
    try:
        # Roll back after an interruption too: it must not leave half a deployment.
        with told_plainly():
            with steps.step(f"zappa {command}") as step:
                stage.zappa(command, "--zip", str(package))
                stage.function.wait_until_updated()
                stage.function.keep_only_variables(stage.environment)
                stage.publish()
                removed = removed_variables(former, stage.environment)
                step.note = f"removed {', '.join(removed)}" if removed else ""
            smoke_live(stage, url=url, expected=release, steps=steps)
    except DeploymentFailed as failure:
        say(f"\n{release} is not accepted.\n")
        raise undo(stage, failure, former, url=url, steps=steps) from None
    return release


def require_bucket(client: Any, name: str) -> None:
    """Check that the bucket exists to which Zappa uploads the package after the migration.

    Raises:
        DeploymentFailed: it does not exist, or the operator may not use it.
    """
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        # The answer to HEAD has no body, so the status is all it says.
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", "no status")
        raise DeploymentFailed(
            f"The deployment bucket {name} cannot be used (answer {status}). Nothing was uploaded.",
            f"404: no such bucket, {BUCKET} names another one than was made. 403: it is somebody "
            "else's, or the policies leave it out (docs/operations.md, Preparing the account).",
        ) from error


def removed_variables(former: dict[str, Any] | None, wanted: dict[str, str]) -> list[str]:
    """Return the names of the variables that the function had and no longer gets."""
    had: dict[str, str] = (former or {}).get("Environment", {}).get("Variables", {})
    return sorted(had.keys() - wanted.keys())


def check_migrations() -> None:
    """Check that the previous release can work on the schema of this one.

    Raises:
        DeploymentFailed: it cannot.
    """
    # A separate process, because it needs Django with settings other than production's.
    environment = tools_environment(DJANGO_SETTINGS_MODULE="registry_site.settings.testing")
    ended = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", _CHECKED_BY],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=EXPAND_CHECK_TIMEOUT_S,
    )
    if ended.returncode:
        raise DeploymentFailed(
            f"A migration takes something away:\n{ended.stdout}{ended.stderr}",
            "Take it away one release after nothing uses it any more, and say so in the migration "
            "(deployment/expand_only.py tells how).",
        )


def build(stage: Stage, package: Path) -> Release:
    """Build the package and return its release."""
    package.parent.mkdir(exist_ok=True)
    stage.zappa("package", "--output", str(package))
    return Release.of_package(package)


def undo(
    stage: Stage,
    failure: DeploymentFailed,
    former: dict[str, Any] | None,
    *,
    url: str,
    steps: Steps,
) -> DeploymentFailed:
    """Restore what was live before; return what to report: the failure and the present state.

    Args:
        former: the function's configuration before; None when there was no function.
    """
    if former is None:
        return DeploymentFailed(
            f"The first deployment of {stage.name} failed, and there is no release to roll back "
            f"to. {failure.reason}",
            f"{failure.advice} Then deploy again; if Zappa says that something exists already: "
            f"zappa undeploy {stage.name}",
        )
    try:
        with told_plainly():
            answering = put_back(stage, former, url=url, steps=steps)
    except DeploymentFailed as second:
        return DeploymentFailed(
            f"{failure.reason}\nThe rollback failed too: {second.reason}",
            f"{second.advice} The stage is not well: make releases STAGE={stage.name} shows what "
            "is there.",
        )
    return DeploymentFailed(
        f"{failure.reason}\n{answering} is back and answers; migrations stay applied.",
        f"{failure.advice} Correct the cause and deploy again.",
    )


def put_back(stage: Stage, former: dict[str, Any], *, url: str, steps: Steps) -> Release:
    """Restore the former code and configuration, and check that they answer.

    Raises:
        DeploymentFailed: the code no longer exists, or does not answer.
    """
    back, version = _find_version(stage.function.list_versions(), former["CodeSha256"])
    with steps.step("zappa rollback") as step:
        live = stage.function.find_configuration() or {}
        rejected_sha256 = live.get("CodeSha256", "")
        if rejected_sha256 != version.code_sha256:
            stage.zappa("rollback", "-n", str(back))
            stage.function.wait_until_updated()
        # Zappa restores code only; the update may have set a variable that breaks the old code.
        stage.function.restore_configuration(former)
        stage.publish()
        require_code(stage, version)
        release = stage.function.read_version_release(version)
        step.note = f"to version {version.number}: {release}"
    stage.function.forget_versions(rejected_sha256=rejected_sha256)
    smoke_live(stage, url=url, expected=release, steps=steps)
    return release


def _find_version(versions: list[Version], code_sha256: str) -> tuple[int, Version]:
    """Return the newest version with this code, and how many versions back it is."""
    for back, version in enumerate(versions):
        if version.code_sha256 == code_sha256:
            return back, version
    raise DeploymentFailed(
        "The code that was live before is in no published version.",
        "Deploy the former release from its commit: git checkout COMMIT, then make deploy.",
    )


def main(arguments: list[str] | None = None) -> int:
    """Deploy a stage; return 0 when the new release answers and works."""
    parser = argparse.ArgumentParser(prog="deployment.deploy", description=__doc__)
    parser.add_argument("stage", help="a stage of zappa_settings.json")
    parser.add_argument("--url", default="", help="where the registry answers, if AWS cannot tell")
    parser.add_argument("--settings", default="", help="read instead of zappa_settings.json")
    asked = parser.parse_args(arguments)

    @told_plainly()
    def work(steps: Steps) -> str:
        stage = Stage(asked.stage, command="update", settings_file=asked.settings)
        return f"{deploy(stage, url=asked.url, steps=steps)} answers."

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
