"""`make rollback STAGE=...`: makes an older version's code live again, and proves that it answers.

Zappa's exit code proves nothing: it is 0 even if there was no older version or it could not be
downloaded. So the digest of the live code and the release that answers over HTTP are checked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from deployment.function import Version, told_plainly
from deployment.release import Release
from deployment.smoke import Credentials, find_credentials, run_smoke
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, run_command, stage_parser
from registry_site.settings import secret_store
from registry_site.settings.variables import SECRET_ARNS

_PASSWORD_ARN = SECRET_ARNS["REGISTRY_ADMIN_PASSWORD"]
NOT_RESTORED = (
    "The environment, the schedule, the gateway and the database are as they were: a rollback "
    "changes code only, and migrations stay applied."
)


def roll_back(stage: Stage, *, back: int, url: str, steps: Steps) -> Release:
    """Replace the newest code by that of an older version, and check that it answers.

    Args:
        back: how many versions back; 1 is the one before the newest.
        url: where the registry answers; "" asks AWS.

    Returns:
        The release that answers now.

    Raises:
        DeploymentFailed: there is no such version, or it does not answer.
    """
    # Once the code is live, it is too late to find that the smoke test cannot sign in.
    sign_in_as(stage.function.live_environment())
    with steps.step("find the older version") as step:
        target = _choose_target(stage.function.list_versions(), back)
        release = stage.function.read_version_release(target)
        step.note = f"version {target.number}: {release}"
    with steps.step("zappa rollback"):
        stage.zappa("rollback", "-n", str(back))
        stage.function.wait_until_updated()
        require_code(stage, target)
    stage.function.forget_versions()
    smoke_live(stage, url=url, expected=release, steps=steps)
    return release


def smoke_live(stage: Stage, *, url: str, expected: Release, steps: Steps) -> None:
    """Smoke test what is live; sign in as the operator says, or as its administrator.

    Args:
        url: where the registry answers; "" asks AWS.

    Raises:
        DeploymentFailed: says what is wrong.
    """
    credentials = sign_in_as(stage.function.live_environment())
    run_smoke(url or stage.find_url(), credentials=credentials, expected=expected, steps=steps)


def sign_in_as(environment: Mapping[str, str]) -> Credentials:
    """Return who signs in to a function for the smoke test.

    Args:
        environment: the function's. If it only names where the administrator's password is kept and
            the operator gives none, the password is read with the operator's own rights.

    Raises:
        DeploymentFailed: there is no password, or it cannot be read.
    """
    known = {**os.environ, **environment}
    arn = environment.get(_PASSWORD_ARN, "")
    if not arn or known.get("REGISTRY_SMOKE_PASSWORD") or known.get("REGISTRY_ADMIN_PASSWORD"):
        return find_credentials(known)
    try:
        found = secret_store.read({_PASSWORD_ARN: arn})
    except secret_store.SecretUnreadable as error:
        raise DeploymentFailed(
            f"The smoke test has no password to sign in with: {error}",
            "Let whoever deploys read that secret, or set REGISTRY_SMOKE_USER and "
            "REGISTRY_SMOKE_PASSWORD (a user who may upload, search and download).",
        ) from error
    return find_credentials(known | {"REGISTRY_ADMIN_PASSWORD": found[_PASSWORD_ARN].strip()})


def require_code(stage: Stage, target: Version) -> None:
    """Check that the code of a version is live.

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


def _choose_target(versions: list[Version], back: int) -> Version:
    """Return the version that is so many versions back."""
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
    """Roll a stage back; return 0 when the older release answers."""
    parser = stage_parser("rollback", __doc__)
    parser.add_argument("-n", type=int, default=1, help="how many versions back")
    parser.add_argument("--url", default="", help="where the registry answers")
    asked = parser.parse_args(arguments)

    @told_plainly()
    def work(steps: Steps) -> str:
        stage = Stage(asked.stage, command="rollback", settings_file=asked.settings)
        release = roll_back(stage, back=asked.n, url=asked.url, steps=steps)
        return f"{release} answers. {NOT_RESTORED}"

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
