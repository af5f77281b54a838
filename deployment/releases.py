"""`make releases STAGE=...`: lists a stage's releases, newest first, as recorded in their code."""

from __future__ import annotations

import sys

from deployment.function import told_plainly
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, Steps, run_command, say, stage_parser


def list_releases(stage: Stage) -> list[str]:
    """Return a line for each version; its N is the argument for `make rollback`.

    Raises:
        DeploymentFailed: there are none, or one cannot be read.
    """
    if stage.function.find_configuration() is None:
        raise DeploymentFailed(
            f"{stage.name} has never been deployed.", f"make deploy STAGE={stage.name}"
        )
    lines = []
    for back, version in enumerate(stage.function.list_versions()):
        mark = f"N={back}" if back else "live"
        release = stage.function.read_version_release(version)
        lines.append(f"{version.number:>5}  {version.published_at:<28}  {mark:<5} {release}")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Print the releases of a stage."""
    parser = stage_parser("releases", __doc__)
    asked = parser.parse_args(arguments)

    @told_plainly()
    def work(_steps: Steps) -> str:
        stage = Stage(asked.stage, command="status", settings_file=asked.settings)
        for line in list_releases(stage):
            say(line)
        return ""

    return run_command(work)


if __name__ == "__main__":
    sys.exit(main())
