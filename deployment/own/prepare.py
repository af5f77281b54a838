"""Turns a tree into a release: writes the record that `/health` shows, and the static files.

`python -m deployment.own.prepare`, with the Python that the registry will use. It needs no
settings, no database and no bucket.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from deployment.contents import ROOT
from deployment.record import describe_tree
from deployment.variables import tools_environment
from registry_site.release import RECORD_NAME


def prepare(root: Path, commit: str) -> None:
    """Write the record and collect the static files of the tree in a folder.

    Raises:
        subprocess.CalledProcessError: collecting failed; Django has printed why.
    """
    record = json.dumps(describe_tree(commit), indent=2)
    (root / RECORD_NAME).write_text(f"{record}\n", encoding="utf-8")
    environment = tools_environment(
        DJANGO_SETTINGS_MODULE="deployment.static_settings",
        REGISTRY_STATIC_ROOT=str(root / "staticfiles"),
    )
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "--verbosity=0"],
        cwd=root,
        env=environment,
        check=True,
    )


def main() -> None:
    """Prepare the tree that this file is in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commit", default="", help="what git would say, where there is none")
    prepare(ROOT, parser.parse_args().commit)


if __name__ == "__main__":
    main()
