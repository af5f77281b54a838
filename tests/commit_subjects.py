"""Whether the messages of commits can be read in a list.

python tests/commit_subjects.py FILE              one that is being written (a commit-msg hook)
python tests/commit_subjects.py --since COMMIT    all that HEAD has and COMMIT has not
"""

import argparse
import subprocess
import sys
from pathlib import Path

# Lists of commits show 72 characters and cut the rest; a subject is shorter than that.
SUBJECT_LIMIT_CHARS = 72
# What git takes together by itself before anybody else reads it.
_PASSING = ("fixup! ", "squash! ", "amend! ")
# git writes what it would commit behind this line, and cuts it off.
_SCISSORS = "# ------------------------ >8 ------------------------"
_NUL = "\0"


def faults_of(message: str) -> list[str]:
    """What is wrong with a message, a sentence each."""
    lines = message.partition(_SCISSORS)[0].splitlines()
    subject, *body = [line for line in lines if not line.startswith("#")] or [""]
    if subject.startswith(_PASSING):
        return []
    faults = []
    if not subject.strip():
        faults.append("it has no subject in its first line")
    if len(subject) >= SUBJECT_LIMIT_CHARS:
        faults.append(
            f"its subject has {len(subject)} characters, {SUBJECT_LIMIT_CHARS - 1} may be: "
            "say why in the body"
        )
    if body and body[0].strip():
        faults.append("an empty line has to follow the subject")
    return faults


def messages_since(commit: str, folder: Path) -> dict[str, str] | None:
    """Commit -> its message; None where the history does not go back so far."""
    known = _git(folder, "cat-file", "-e", f"{commit}^{{commit}}")
    if known.returncode:
        return None
    listed = _git(folder, "log", "-z", "--format=%h%n%B", f"{commit}..HEAD")
    listed.check_returncode()
    found = (each.partition("\n") for each in listed.stdout.split(_NUL) if each)
    return {name: message for name, _, message in found}


def _git(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *words],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    given = parser.add_mutually_exclusive_group(required=True)
    given.add_argument("file", nargs="?", type=Path)
    given.add_argument("--since")
    asked = parser.parse_args(arguments)
    if asked.file:
        messages = {"This commit": asked.file.read_text(encoding="utf-8")}
    else:
        found = messages_since(asked.since, Path.cwd())
        if found is None:
            print(f"The history here does not go back to {asked.since}: no message was read.")
            return 0
        messages = found
    faults = [(name, fault) for name, text in messages.items() for fault in faults_of(text)]
    for name, fault in faults:
        print(f"{name}: {fault}.")
    print(f"{len(messages)} messages read, {len(faults)} faults.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
