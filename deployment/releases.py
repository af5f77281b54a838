"""`make releases STAGE=...`: which releases a stage has, newest first, read out of their code."""

from __future__ import annotations

import argparse
import sys

from deployment.function import told_plainly
from deployment.stage import Stage
from deployment.steps import DeploymentFailed, explain, say


def list_releases(stage: Stage) -> list[str]:
    """Return a line for each version; N is what `make rollback` takes.

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
        release = stage.function.release_of(version)
        lines.append(f"{version.number:>5}  {version.published_at:<28}  {mark:<5} {release}")
    return lines


def main(arguments: list[str] | None = None) -> int:
    """Print the releases of a stage."""
    parser = argparse.ArgumentParser(prog="deployment.releases", description=__doc__)
    parser.add_argument("stage")
    parser.add_argument("--settings", default="", help="in the place of zappa_settings.json")
    asked = parser.parse_args(arguments)
    try:
        with told_plainly():
            for line in list_releases(
                Stage(asked.stage, command="status", settings_file=asked.settings)
            ):
                say(line)
    except DeploymentFailed as failure:
        explain(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
