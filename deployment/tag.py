"""`make release`: checks that the tree is a release, and tags its commit.

The version stands in registry_site/release.py, its changes in CHANGELOG.md. Every fault is reported
before the tag is made; nothing is sent anywhere. docs/releasing.md describes the whole process. It
needs nothing but Python and git.
"""

from __future__ import annotations

import subprocess
import sys
from datetime import date

from deployment.contents import ROOT
from deployment.record import find_changes
from deployment.steps import DeploymentFailed, Steps, run_command
from registry_site.release import VERSION

CHANGELOG = "CHANGELOG.md"
_VERSION_FILE = "registry_site/release.py"
_VERSION_PARTS = 3
_FILES_SHOWN_MAX = 5


def read_notes(changelog: str, version: str) -> str:
    """Return the changelog's section about a release, heading included.

    Raises:
        DeploymentFailed: the section is not the newest one, has no date, or is empty.
    """
    _, *sections = changelog.split("\n## ")
    heading, _, body = (sections or [""])[0].partition("\n")
    named, _, rest = heading.partition(" ")
    if named != version:
        raise DeploymentFailed(
            f"{CHANGELOG} begins with {named or 'no section'}, {_VERSION_FILE} says {version}.",
            "Let both name the release.",
        )
    try:
        date.fromisoformat(rest.removeprefix("(").removesuffix(")"))
    except ValueError:
        raise DeploymentFailed(
            f"The section of {version} in {CHANGELOG} has no date, but {rest or 'nothing'}.",
            f"Write the day of the release: ## {version} ({date.today()})",  # noqa: DTZ011 (a day of whoever releases)
        ) from None
    if not body.strip():
        raise DeploymentFailed(
            f"The section of {version} in {CHANGELOG} is empty.", "Say what changes for people."
        )
    return f"{heading}\n{body.rstrip()}\n"


def require_version(version: str) -> None:
    """Check that a version is that of a release: three numbers.

    Raises:
        DeploymentFailed: it is not.
    """
    parts = version.split(".")
    if len(parts) != _VERSION_PARTS or not all(each.isascii() and each.isdigit() for each in parts):
        raise DeploymentFailed(
            f"{version} is no version of a release.",
            f"Write three numbers into {_VERSION_FILE}, as in 1.2.0; docs/releasing.md says which.",
        )


def require_clean_tree() -> None:
    """Check that the tree has no uncommitted changes.

    Raises:
        DeploymentFailed: it has some, or is no git checkout.
    """
    changed = find_changes()
    if changed is None:
        raise DeploymentFailed("This is no git checkout.", "Release from a clone.")
    if changed:
        shown = ", ".join(changed[:_FILES_SHOWN_MAX])
        raise DeploymentFailed(f"No commit has these as they are: {shown}.", "Commit them first.")


def tag_release(steps: Steps) -> str:
    """Tag the commit that is checked out with its version.

    Returns:
        What to do next.

    Raises:
        DeploymentFailed: the tree is no release, or is tagged already; no tag is made then.
    """
    tag = f"v{VERSION}"
    with steps.step("tree"):
        require_clean_tree()
    with steps.step("version") as step:
        require_version(VERSION)
        if _git("tag", "--list", tag):
            raise DeploymentFailed(
                f"The tag {tag} is there already.", f"Raise the version in {_VERSION_FILE}."
            )
        step.note = VERSION
    with steps.step("changelog"):
        notes = read_notes((ROOT / CHANGELOG).read_text(encoding="utf-8"), VERSION)
    with steps.step("tag") as step:
        # Headings begin with git's sign for comments, so only white space is cleaned up.
        _git("tag", "--annotate", tag, "--cleanup=whitespace", "-m", f"Release {notes}")
        step.note = f"{tag} at {_git('rev-parse', '--short=12', 'HEAD')}"
    return f"Next: git push origin {tag}"


def _git(*words: str) -> str:
    """Run a git command and return its output.

    Raises:
        DeploymentFailed: git refused.
    """
    command = ["git", "-C", str(ROOT), *words]
    ended = subprocess.run(  # noqa: S603  (our own words)
        command, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise DeploymentFailed(
            f"git {words[0]} failed: {ended.stderr.strip()}", "Correct that, then again."
        )
    return ended.stdout.strip()


if __name__ == "__main__":
    sys.exit(run_command(tag_release))
