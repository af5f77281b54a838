"""Who deploys: a checkout of the project, and the commands that are given in it."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.rehearsal.world import ROOT

# A deployment on a busy machine: package, migrate, update, smoke test.
COMMAND_MAX_S = 900.0
# What the Makefile makes its virtual environments of.
TOOLS_MADE_OF = ("requirements/*.txt", "zappa_settings.json", ".venv-hub-libraries/*.stamp")
# Where a release's version stands.
VERSION_FILE = Path("registry_site/release.py")
# What the function for programs runs, for a release whose function is another.
PROGRAMS_FILE = Path("artifacts/sandbox/function/handler.mjs")
# A view that many need, for a release that starts well and answers badly.
VIEW_FILE = Path("artifacts/api/views/catalogue.py")
OUTPUT_SHOWN_CHARS = 4_000


class CommandFailed(Exception):
    """A command ended otherwise than it had to."""


class Deployer:
    """Works in a clone of the project, changes of the working tree included.

    Args:
        folder: where the clone comes to lie.
        tools: a virtual environment with Zappa.
        aws: a virtual environment with the AWS command line.
        environment: everything the commands see.
    """

    def __init__(
        self, folder: Path, *, tools: Path, aws: Path, stage: str, environment: Mapping[str, str]
    ) -> None:
        self.folder = folder
        self.tools = tools
        self.stage = stage
        self.programs = folder.with_name("bin")
        _write_aws(self.programs, aws)
        self.become(environment)
        self.log = folder.with_suffix(".log")
        _run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder))
        _copy_changes(folder)
        # Libraries are built once, not for each clone; their folder's name is their digest.
        (ROOT / "build").mkdir(exist_ok=True)
        (folder / "build").symlink_to(ROOT / "build")
        (folder / ".venv").symlink_to(ROOT / ".venv")
        (folder / ".venv-deploy").symlink_to(tools.absolute())
        # Links are no folders, which .gitignore speaks of.
        (folder / ".git/info/exclude").write_text("build\n", encoding="utf-8")
        self._write_stage()
        # The tools are there: for `make`, which would install them through the links, nothing that
        # they are made of is newer than they are.
        for pattern in TOOLS_MADE_OF:
            for path in folder.glob(pattern):
                os.utime(path, (0, 0))

    def _write_stage(self) -> None:
        path = self.folder / "zappa_settings.json"
        settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        settings[self.stage] = {
            **settings.get(self.stage, {"extends": "production"}),
            # The address that AWS would give leads nowhere here.
            "touch": False,
            # One function behind both doors.
            "apigateway_enabled": True,
            "function_url_enabled": True,
        }
        path.write_text(json.dumps(settings, indent=2), encoding="utf-8")

    def become(self, environment: Mapping[str, str]) -> None:
        """Give the next commands as somebody else, with an environment of his own."""
        path = environment.get("PATH", os.defpath)
        self.environment = {**environment, "PATH": f"{self.programs}{os.pathsep}{path}"}

    def release(self, version: str, *, broken: bool = False) -> str:
        """Make a release in the clone and return its commit.

        Args:
            broken: its lists answer 500; everything else works.
        """
        path = self.folder / VERSION_FILE
        lines = path.read_text(encoding="utf-8").splitlines()
        lines = [f'VERSION = "{version}"' if ln.startswith("VERSION = ") else ln for ln in lines]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        if broken:
            with (self.folder / VIEW_FILE).open("a", encoding="utf-8") as file:
                # Not an action itself: it is looked at by the checks, which stop before it is live.
                file.write("\n\nArtifactViewSet.initial = lambda *_args, **_kwargs: 1 / 0\n")
        git = ("git", "-C", str(self.folder), "-c", "user.name=rehearsal", "-c", "user.email=@")
        _run(*git, "add", "--all")
        _run(*git, "commit", "--quiet", "--no-verify", "-m", f"Release {version}")
        return _run(*git, "rev-parse", "HEAD").strip()

    def change_programs(self) -> None:
        """Change the function for programs in the clone; the next release has it so."""
        with (self.folder / PROGRAMS_FILE).open("a", encoding="utf-8") as file:
            file.write("// Of another release.\n")

    def zappa(self, command: str, *words: str, expect: int = 0) -> str:
        """Run one of Zappa's commands on the stage and return what it said."""
        return self.run(
            str(self.tools / "bin" / "zappa"), command, self.stage, *words, expect=expect
        )

    def manage(self, command: str) -> str:
        """Run one of Django's commands inside the function."""
        return self.give(f'.venv-deploy/bin/zappa manage {self.stage} "{command}"')

    def give(self, line: str, *, expect: int = 0, keys: Mapping[str, str] | None = None) -> str:
        """Give a line to the operator's shell, which remembers what was exported.

        Args:
            keys: of somebody else, for this line alone.
        """
        if keys:
            own = self.environment
            self.environment = {**own, **keys}
            try:
                return self.give(line, expect=expect)
            finally:
                self.environment = own
        exported = self.folder.with_suffix(".env")
        script = f"trap 'env -0 > \"{exported}\"' EXIT\n{line}"
        said = self.run("bash", "-o", "pipefail", "-c", script, expect=expect, shown=line)
        pairs = exported.read_text(encoding="utf-8").rstrip("\0").split("\0")
        self.environment = dict(pair.split("=", 1) for pair in pairs)
        # A command inside the function fails with a word of Zappa's that is none of failure.
        if "zappa manage" in line and "Traceback" in said:
            raise CommandFailed(f"{line}: {said[-OUTPUT_SHOWN_CHARS:]}")
        return said

    def run(self, *command: str, expect: int = 0, shown: str = "") -> str:
        """Run a command in the clone, and end all that it started.

        Raises:
            CommandFailed: it ended with another status, or not in time.
        """
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        shown = shown or " ".join(command[1:])
        try:
            said, _ = process.communicate(timeout=COMMAND_MAX_S)
        except subprocess.TimeoutExpired as error:
            raise CommandFailed(f"{shown} did not end within {COMMAND_MAX_S:.0f} s") from error
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ {shown}\n{said}\n")
        if process.returncode != expect:
            tail = said[-OUTPUT_SHOWN_CHARS:]
            raise CommandFailed(f"{shown} ended with {process.returncode}, not {expect}:\n{tail}")
        return said


def _write_aws(folder: Path, aws: Path) -> None:
    """Write the operator's `aws`: version 1 asks RDS in us-east-1 by its public name otherwise."""
    folder.mkdir(exist_ok=True)
    program = folder / "aws"
    command = f'exec "{(aws / "bin/aws").absolute()}" --endpoint-url "$AWS_ENDPOINT_URL" "$@"'
    program.write_text(f"#!/bin/sh\n{command}\n", encoding="utf-8")
    program.chmod(0o755)


def _copy_changes(folder: Path) -> None:
    """Bring a clone to the state of the working tree, committed or not."""
    listing = ("git", "-C", str(ROOT), "ls-files", "-z")
    for name in filter(None, _run(*listing, "-m", "-o", "--exclude-standard").split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for name in filter(None, _run(*listing, "-d").split("\0")):
        (folder / name).unlink(missing_ok=True)


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
