"""Who worked on a repository: programs are no people, and one person may have several names.

Git keeps names and e-mail addresses only; sources join them to accounts where they can. So one
person may be listed as an account, as a name, and under earlier addresses.

Source: CHAOSS, Contributor Absence Factor (bots are left out); GitHub documentation, "Setting your
commit email address" (`ID+LOGIN@users.noreply.github.com`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from artifacts.rules.patterns import Pattern

# Programs whose names do not say so.
_PROGRAMS = frozenset((
    "actions-user", "allcontributors", "codecov", "copybara-service", "dependabot-preview",
    "github", "github-actions", "github-classroom", "greenkeeper", "jenkins", "parquet-converter",
    "pre-commit-ci", "renovate", "snyk", "system", "travis-ci", "weblate", "web-flow",
))  # fmt: skip
# `dependabot[bot]`, `hf-bot`, `ci robot`, `SFconvertbot`, `bot-of-acme`; but not Ms Talbot.
_ROBOT = Pattern(r"(?i)(?:ro)?bots?", before=r"\w", after=r"\w") | Pattern(
    r"(?i)(?:action|auto|build|commit|convert|depend|deploy|format|import|lint|merge|push"
    r"|release|review|sync|test|update|upload)\w{0,3}[-_ ]?bot",
    after=r"\w",
)
_NO_REPLY_HOST = "users.noreply.github.com"
# Shorter names are shared by too many people.
_NAME_MIN_CHARS = 3


@dataclass(frozen=True)
class Contributor:
    """An entry in a list of contributors, or the author of commits.

    Attributes:
        login: the account, "" for none.
        name: as git has it, "" for none.
        is_marked_bot: whether the source says that it is a program.
    """

    commits: int
    login: str = ""
    name: str = ""
    email: str = ""
    is_marked_bot: bool = False

    @property
    def is_bot(self) -> bool:
        """Whether it is a program."""
        return self.is_marked_bot or is_bot(self.login) or is_bot(self.name)


@dataclass(eq=False)
class Person:
    """Somebody who worked on a repository.

    Attributes:
        signs: what their entries share (see `_list_signs`).
    """

    name: str
    commits: int = 0
    signs: set[str] = field(default_factory=set)


def is_bot(name: str) -> bool:
    """Whether a name is that of a program, of whatever kind its account is."""
    return name.strip().lower() in _PROGRAMS or _ROBOT.search(name) is not None


def is_by_another(reviewer: object, author: object) -> bool:
    """Whether a person approved what another account wrote; programs approve nothing."""
    if not isinstance(reviewer, str) or not reviewer or is_bot(reviewer):
        return False
    return not isinstance(author, str) or reviewer.lower() != author.lower()


def list_people(entries: Iterable[Contributor]) -> list[Person]:
    """Return each person once, named by the busiest entry, most commits first.

    Entries are of one person if they share an account, an address or a name, also if the name of
    one is the account of another. Those without commits, and programs, are left out.
    """
    people: list[Person] = []
    by_sign: dict[str, Person] = {}
    counted = [each for each in entries if each.commits > 0 and not each.is_bot]
    for entry in sorted(counted, key=lambda each: -each.commits):
        signs = _list_signs(entry)
        known = list(dict.fromkeys(by_sign[each] for each in sorted(signs) if each in by_sign))
        person = known[0] if known else Person(entry.login or entry.name or entry.email)
        if not known:
            people.append(person)
        person.commits += entry.commits
        for other in known[1:]:
            # This entry shows that two were one.
            person.commits += other.commits
            person.signs |= other.signs
            people.remove(other)
        person.signs |= signs
        by_sign |= dict.fromkeys(person.signs, person)
    return sorted(people, key=lambda each: -each.commits)


def _list_signs(entry: Contributor) -> set[str]:
    """Return what two entries of one person share: an account, a name, or an address."""
    local, _, host = entry.email.lower().rpartition("@")
    signs = {f"@{entry.email.lower()}"} if entry.email else set()
    if host == _NO_REPLY_HOST:
        signs.add(_plain(local.rpartition("+")[2]))
    signs |= {_plain(entry.login), _plain(entry.name)}
    return {each for each in signs if len(each) >= _NAME_MIN_CHARS}


def _plain(name: str) -> str:
    """Return a name in lower case without blanks and punctuation."""
    return "".join(each for each in name.casefold() if each.isalnum())
