"""`make rollback STAGE=...`: the code of an older version again, and proof that it answers.

Zappa's own exit code proves nothing: it is 0 also where there was no older version or where that
could not be fetched. So the digest of the code that is live and the release that answers over HTTP
are looked at.
"""

from __future__ import annotations

import argparse
import os
import sys

from deployment.function import Version, told_plainly
from deployment.release import Release
from deployment.smoke import find_credentials, run_smoke
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, explain, say

NOT_RESTORED = (
    "The environment, the schedule, the gateway and the database are as they were: a rollback "
    "changes code only, and migrations stay applied."
)


def roll_back(stage: Stage, *, back: int, url: str, steps: Steps) -> Release:
    """Put the code of an older version in the place of the newest, and see that it answers.

    Args:
        back: how many versions back; 1 is the one before the newest.
        url: where the registry answers; "" asks AWS.

    Returns:
        The release that answers now.

    Raises:
        DeploymentFailed: there is no such version, or it does not answer.
    """
    with steps.step("find the older version") as step:
        target = _target_of(stage.function.list_versions(), back)
        release = stage.function.release_of(target)
        step.note = f"version {target.number}: {release}"
    with steps.step("zappa rollback"):
        stage.zappa("rollback", "-n", str(back))
        stage.function.wait_until_updated()
        require_code(stage, target)
    stage.function.forget_versions()
    smoke_live(stage, url=url, expected=release, steps=steps)
    return release


def smoke_live(stage: Stage, *, url: str, expected: Release, steps: Steps) -> None:
    """Smoke test what is live, signing in as the operator says or as its administrator.

    Args:
        url: where the registry answers; "" asks AWS.

    Raises:
        DeploymentFailed: what is wrong.
    """
    credentials = find_credentials({**os.environ, **stage.function.live_environment()})
    run_smoke(url or stage.find_url(), credentials=credentials, expected=expected, steps=steps)


def require_code(stage: Stage, target: Version) -> None:
    """See that the code of a version is live.

    Raises:
        DeploymentFailed: it is not.
    """
    live = stage.function.find_configuration()
    if live is None or live["CodeSha256"] != target.code_sha256:
        raise DeploymentFailed(
            f"After `zappa rollback` the code of version {target.number} is not live.",
            f"Run `zappa rollback {stage.name}` by hand and read what it says; make releases "
            f"STAGE={stage.name} shows what is there.",
        )


def _target_of(versions: list[Version], back: int) -> Version:
    """Return the version that is so many back."""
    if back < 1:
        raise DeploymentFailed(f"N is {back}.", "Give a number from 1: how many versions back.")
    if len(versions) <= back:
        raise DeploymentFailed(
            f"There is no version {back} back: {len(versions)} are kept.",
            "make releases STAGE=... lists them. An older release can be deployed from its "
            "commit: git checkout COMMIT, then make deploy STAGE=...",
        )
    return versions[back]


def main(arguments: list[str] | None = None) -> int:
    """Roll a stage back; 0 when the older release answers."""
    parser = argparse.ArgumentParser(prog="deployment.rollback", description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("-n", type=int, default=1, help="how many versions back")
    parser.add_argument("--url", default="", help="where the registry answers")
    parser.add_argument("--settings", default="", help="in the place of zappa_settings.json")
    asked = parser.parse_args(arguments)
    steps = Steps()
    try:
        with told_plainly():
            stage = Stage(asked.stage, command="rollback", settings_file=asked.settings)
            release = roll_back(stage, back=asked.n, url=asked.url, steps=steps)
    except DeploymentFailed as failure:
        explain(failure)
        return 1
    finally:
        say(steps.summary())
    say(f"{release} answers. {NOT_RESTORED}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
