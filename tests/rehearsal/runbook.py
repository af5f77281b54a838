"""The commands of `docs/operations.md`: read there, filled in, and where the rehearsal runs each.

A command is a line of an `sh` fence, with the lines that continue it: after a backslash, or inside
of quotes. Sections are told apart by their second-level headings. `PLACES` says at which step of
the rehearsal a section's commands are run; `test_runbook.py` fails for a section that has none.
"""

import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/operations.md"


class Place(StrEnum):
    """A step of the rehearsal; the order here is that of the steps."""

    ACCOUNT = "the account is prepared"
    FIRST = "the first deployment"
    SERVING = "while the first release serves"
    WATCHING = "what watches it is made"
    ROTATION = "secrets are rotated"
    UPDATE = "an update to the second release"
    ROLLBACK = "releases are taken back"
    RESTORING = "backups are made and brought back"
    END = "the registry goes"


# Which section is run where. Sections of one place are run in the order of the document.
PLACES: dict[str, Place] = {
    "Preparing the account": Place.ACCOUNT,
    "Behind RDS Proxy": Place.ACCOUNT,
    "First deployment": Place.FIRST,
    "Alarms": Place.WATCHING,
    "Update": Place.UPDATE,
    "Programs of sensitive models": Place.SERVING,
    "Rollback": Place.ROLLBACK,
    "Backup and restore": Place.RESTORING,
    "Read-only, closed, reset": Place.SERVING,
    "Rotate secrets": Place.ROTATION,
    "What to watch": Place.SERVING,
    "Failed sign-ins": Place.SERVING,
    "Removal": Place.END,
}
# What stands for something in a command, and what it stands for.
PLACEHOLDERS: dict[str, str] = {
    "STAGE": "a stage of zappa_settings.json",
    "REGION": "of AWS",
    "ACCOUNT": "twelve digits",
    "BUCKET": "the registry's",
    "DEPLOYMENT_BUCKET": "where packages are on their way",
    "OPERATOR": "a user of IAM, who deploys",
    "CARETAKER": "a role of IAM, who works with the content by hand",
    "MASTER_URL": "of the database, for whoever may make roles there",
    "PASSWORD_A": "of the first user of the database",
    "PASSWORD_B": "of the second one, who is not in use yet",
    "DATABASE_URL": "as in the file of variables",
    "EMPTY_DATABASE_URL": "of a database without tables on the same server",
    "TIME": "of now, as in 2026-11-29T12:00:00Z",
    "NEW_PASSWORD": "of a user of the database",
    "HOST": "under which the registry answers, and a port where there is one",
    "SUBNETS": "two of the private network, with a blank between",
    "SECURITY_GROUP": "of the private network",
    "NAME": "of a user",
    "ADDRESS": "where somebody called from",
}
# Words of the document that are as good as placeholders: an operator writes his own there.
EXAMPLES: dict[str, str] = {
    "https://registry.example.com": "where the registry answers",
    "~/": "the operator's home",
    # Roles belong to a whole server, which may have others' as well.
    "name=registry": "what the names of the database's roles begin with",
    "registry_a": "the first user of the database",
    "registry_b": "the second one",
}
# Words in capitals that mean themselves.
OWN_WORDS = frozenset({"ARN", "DISABLED", "POSTGRESQL", "SECRETS"})
# Commands that nothing here can answer, by how they begin, each with the reason.
NOT_RUN: dict[str, str] = {}

# Commands of who works with the content by hand, by how they begin.
_RULES_IN_ONE_LINE = '--lifecycle-configuration \'{"Rules": [{"ID"'
BY_CARETAKER = (
    "grep '^[A-Z]' \"$REGISTRY_ENV_FILE\"",
    "aws s3api put-bucket-versioning",
    f"aws s3api put-bucket-lifecycle-configuration --bucket BUCKET {_RULES_IN_ONE_LINE}",
)

_HEADING = re.compile(r"## (.+)")
_FENCE = re.compile(r"\s*```(\w*)")
# A word of its own: not `STAGE` in `STAGE=production`, `$STAGE` or `REGISTRY_STAGE`.
_BEFORE, _AFTER = r"(?<![\w${])", r"(?![\w=])"
_CAPITALS = re.compile(rf"{_BEFORE}[A-Z][A-Z_]*[A-Z]{_AFTER}")
_STANDS_FOR = re.compile(
    "|".join(
        [
            *(re.escape(example) for example in EXAMPLES),
            *(f"{_BEFORE}{name}{_AFTER}" for name in PLACEHOLDERS),
        ]
    )
)


@dataclass(frozen=True)
class Command:
    """One command of the document.

    Attributes:
        line: of the document, where it begins.
    """

    section: str
    text: str
    line: int

    def __str__(self) -> str:
        first, more, _ = self.text.partition("\n")
        return f"docs/operations.md:{self.line}: {first}{' ...' if more else ''}"

    @property
    def reason_not_to_run(self) -> str:
        """Why the rehearsal does not run it; "" where it does."""
        return next((NOT_RUN[start] for start in NOT_RUN if self.text.startswith(start)), "")


def read_commands(text: str = "") -> list[Command]:
    """Return the commands of the document, in its order."""
    found: list[Command] = []
    section, fence, unfinished, begun_at = "", "", "", 0
    for number, line in enumerate((text or DOCUMENT.read_text(encoding="utf-8")).splitlines(), 1):
        heading, mark = _HEADING.fullmatch(line), _FENCE.match(line)
        if mark and not unfinished:
            fence = "" if fence else mark[1] or "text"
        elif heading and not fence:
            section = heading[1]
        elif fence == "sh":
            begun_at = begun_at if unfinished else number
            unfinished += ("\n" if unfinished else "") + line.strip()
            if is_whole(unfinished):
                if unfinished and not unfinished.startswith("#"):
                    found.append(Command(section, unfinished, begun_at))
                unfinished = ""
    if unfinished or fence:
        raise ValueError(f"docs/operations.md: what begins at line {begun_at} has no end")
    return found


def is_whole(text: str) -> bool:
    """Whether a command ends here: no quote is open, and no backslash asks for more."""
    try:
        shlex.split(text, comments=True)
    except ValueError:
        return False
    return not text.endswith("\\")


def unknown_words(command: Command) -> list[str]:
    """Return words of a command in capitals that stand for nothing known.

    What has blanks or braces is SQL or JSON, which has such words of its own.
    """
    words = shlex.split(command.text, comments=True)
    plain = (word for word in words if not re.search(r"[\s{}]", word))
    found = {each for word in plain for each in _CAPITALS.findall(word)}
    return sorted(found - PLACEHOLDERS.keys() - OWN_WORDS)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a command with values in the place of what stands for them.

    Args:
        values: for all of PLACEHOLDERS and EXAMPLES.
    """
    return _STANDS_FOR.sub(lambda found: values[found[0]], text)


class Runbook:
    """The commands of the document, of which each is to be run once at least.

    Args:
        give: runs a command in the operator's shell; raises where it does not end with 0.
        values: returns what stands for PLACEHOLDERS and EXAMPLES at the moment.
        take_care: runs a command of BY_CARETAKER likewise.
    """

    def __init__(
        self,
        give: Callable[[str], str],
        values: Callable[[], Mapping[str, str]],
        *,
        take_care: Callable[[str], str],
    ) -> None:
        self.commands = read_commands()
        self.give = give
        self.values = values
        self.take_care = take_care
        self._run: set[Command] = set()

    def follow(self, place: Place) -> str:
        """Run the commands of a step's sections, and say how many."""
        count = 0
        for command in self.commands:
            if PLACES.get(command.section) is place and not command.reason_not_to_run:
                self.run(command)
                count += 1
        return f"{count} commands of the runbook"

    def run(self, command: Command) -> str:
        """Run a command as it stands, and return what it said."""
        give = self.take_care if command.text.startswith(BY_CARETAKER) else self.give
        said = give(self.filled(command))
        self._run.add(command)
        return said

    def filled(self, command: Command) -> str:
        """Return a command as it is typed here."""
        return filled(command.text, self.values())

    def find(self, section: str, word: str) -> Command:
        """Return the one command of a section that holds a word."""
        (found,) = (each for each in self.commands if each.section == section and word in each.text)
        return found

    def not_run(self) -> Iterable[Command]:
        """Return what no step has run, without what cannot be run here."""
        return [
            each for each in self.commands if each not in self._run and not each.reason_not_to_run
        ]
