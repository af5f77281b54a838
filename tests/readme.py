"""The commands of the README's first steps, to be run as they stand there."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def upload_commands() -> str:
    """The shell commands that upload `my-model.zip` and register it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(r"Upload an artifact of your own.*?```sh\n(.*?)```", text, re.DOTALL)
    if found is None:
        raise LookupError("the README no longer says how to upload")
    return found[1]


def first_steps() -> str:
    """All shell commands of the first steps, in their order."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    steps = text[text.index("## First steps") : text.index("## With the Hub")]
    return "\n".join(re.findall(r"```sh\n(.*?)```", steps, re.DOTALL))


def hub_lines() -> str:
    """The commands for the Hub's own clients; `make hub-clients` runs them."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    section = text[text.index("## With the Hub") : text.index("## Map")]
    (lines,) = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    return str(lines)


def upload(zip_bytes: bytes, folder: Path, *, registry: str, token: str) -> str:
    """Do as the README says; what the last command printed."""
    (folder / "my-model.zip").write_bytes(zip_bytes)
    script = f"set -e\n{upload_commands()}"
    done = subprocess.run(
        ["/bin/bash", "-c", script],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "R": registry, "TOKEN": token},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    # The local store answers the zip, too; a registration's answer begins so.
    return done.stdout[done.stdout.index('{"metadata"') :]
