"""`make deploy STAGE=...`: from the tree to a release that is shown to work, or back.

Check the migrations, build the package, migrate with it (`migrate.py`), let Zappa bring it live,
smoke test it over HTTP. What fails before the code is live leaves everything as it is; what fails
after that is rolled back at once. docs/decisions/0019-deploying.md has the reasons.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from deployment.contents import ROOT
from deployment.function import Version, told_plainly
from deployment.libraries import BUILD
from deployment.limits import EXPAND_CHECK_TIMEOUT_S
from deployment.migrate import COMMANDS, migrate
from deployment.release import Release
from deployment.rollback import require_code, smoke_live
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, explain, say

_CHECKED_BY = "deployment.expand_only"


def deploy(stage: Stage, *, url: str, steps: Steps) -> Release:
    """Bring the tree live.

    Args:
        url: where the registry answers; "" asks AWS.

    Returns:
        The release that answers now.

    Raises:
        DeploymentFailed: what went wrong, and in which state the stage is now.
    """
    with steps.step("migrations only add"):
        check_migrations()
    package = BUILD / f"{stage.name}.zip"
    with steps.step("package") as step:
        release = build(stage, package)
        step.note = f"{package.stat().st_size / 1e6:.1f} MB: {release}"
    with steps.step("migrate with the new package") as step:
        migrate(stage, package)
        step.note = ", then ".join(COMMANDS)
    former = stage.function.find_configuration()
    command = "update" if former else "deploy"
    try:
        # Also when it is interrupted: half a deployment is no place to stop at.
        with told_plainly():
            with steps.step(f"zappa {command}") as step:
                stage.zappa(command, "--zip", str(package))
                stage.function.wait_until_updated()
                removed = stage.function.keep_only_variables(stage.environment)
                step.note = f"removed {', '.join(removed)}" if removed else ""
            smoke_live(stage, url=url, expected=release, steps=steps)
    except DeploymentFailed as failure:
        say(f"\n{release} is not accepted.\n")
        raise undo(stage, failure, former, url=url, steps=steps) from None
    return release


def check_migrations() -> None:
    """See that the release before this one can work on this one's schema.

    Raises:
        DeploymentFailed: it could not.
    """
    # A process of its own, because it needs Django with settings that are not production's.
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "registry_site.settings.testing",
    }
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
    """Make the package and return the release that it is."""
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
    """Bring back what was live before, and return what to tell: the failure and the state now.

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
    """Bring code and configuration of before live again, and see that they answer.

    Raises:
        DeploymentFailed: the code is not there any more, or does not answer.
    """
    back, version = _version_of(stage.function.list_versions(), former["CodeSha256"])
    with steps.step("zappa rollback") as step:
        live = stage.function.find_configuration() or {}
        rejected_sha256 = live.get("CodeSha256", "")
        if rejected_sha256 != version.code_sha256:
            stage.zappa("rollback", "-n", str(back))
            stage.function.wait_until_updated()
        # Zappa puts back code only; an update may have brought a variable that breaks it.
        stage.function.restore_configuration(former)
        require_code(stage, version)
        release = stage.function.release_of(version)
        step.note = f"to version {version.number}: {release}"
    stage.function.forget_versions(rejected_sha256=rejected_sha256)
    smoke_live(stage, url=url, expected=release, steps=steps)
    return release


def _version_of(versions: list[Version], code_sha256: str) -> tuple[int, Version]:
    """Return the newest version with a code, and how many versions back it is."""
    for back, version in enumerate(versions):
        if version.code_sha256 == code_sha256:
            return back, version
    raise DeploymentFailed(
        "The code that was live before is in no published version.",
        "Deploy the former release from its commit: git checkout COMMIT, then make deploy.",
    )


def main(arguments: list[str] | None = None) -> int:
    """Deploy a stage; 0 when the new release answers and works."""
    parser = argparse.ArgumentParser(prog="deployment.deploy", description=__doc__)
    parser.add_argument("stage", help="a stage of zappa_settings.json")
    parser.add_argument("--url", default="", help="where the registry answers, if AWS cannot tell")
    parser.add_argument("--settings", default="", help="in the place of zappa_settings.json")
    asked = parser.parse_args(arguments)
    steps = Steps()
    try:
        with told_plainly():
            stage = Stage(asked.stage, command="update", settings_file=asked.settings)
            release = deploy(stage, url=asked.url, steps=steps)
    except DeploymentFailed as failure:
        explain(failure)
        return 1
    finally:
        if steps.done:
            say(steps.summary())
    say(f"{release} answers.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
