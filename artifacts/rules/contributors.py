"""Who worked on a repository: programs are no people, and one person may have several names.

Git keeps names and e-mail addresses only; sources join them to accounts where they can. So one
person may be listed as an account, as a name, and under earlier addresses.

Source: CHAOSS, Contributor Absence Factor (bots are left out); GitHub documentation, "Setting your
commit email address" (`ID+LOGIN@users.noreply.github.com`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from artifacts.rules.patterns import Pattern

# Programs whose names do not say so.
_PROGRAMS = frozenset((
    "a-unique-tensorflower", "actions-user", "allcontributors", "bors", "ci", "codacy-badger",
    "codecov", "codecov-io", "copilot", "copybara-service", "cursoragent", "dependabot-preview",
    "github", "github-action", "github-actions", "github-classroom", "gitpod-io", "googlebot",
    "greenkeeper", "huggingfacedocbuilder", "huggingfacedocbuilderdev", "imgbot", "jenkins",
    "mergify", "openai-codex", "parquet-converter", "pre-commit-ci", "pytorchbot", "renovate",
    "requires-io", "restyled-commits", "scala-steward", "snyk", "system", "tensorflow-jenkins",
    "tensorflower-gardener", "transformersbot", "translatewiki", "travis-ci", "weblate",
    "web-flow",
))  # fmt: skip
# Programs whose accounts have the names of people.
_ADDRESSES_OF_PROGRAMS = frozenset((
    "action@github.com", "actions@github.com", "cursoragent@cursor.com", "noreply@anthropic.com",
    "noreply@github.com",
))  # fmt: skip
# `dependabot[bot]`, `hf-bot`, `ci robot`, `SFconvertbot`, `bot-of-acme`; but not Ms Talbot.
_ROBOT = (
    Pattern(r"(?i)(?:ro)?bots?", before=r"\w", after=r"\w")
    | Pattern(
        r"(?i)(?:action|auto|build|commit|convert|depend|deploy|format|import|lint|merge|push"
        r"|release|review|sync|test|update|upload)\w{0,3}[-_ ]?bot",
        after=r"\w",
    )
    | Pattern(r"[a-z0-9]Bot", after=r"\w")
    # `acme-ci`, `ci_acme`: accounts under which machines build and release.
    | Pattern(r"(?i)[-_ ](?:ci|cicd|automation|service account)", after=r"\w")
    | Pattern(r"(?i)ci[-_]", before=r"\w-")
)
# Addresses that stand for accounts, `ID+LOGIN@` or `ID-LOGIN@`.
_NO_REPLY_HOSTS = {
    "users.noreply.github.com": "+", "users.noreply.gitlab.com": "-",
    "users.noreply.huggingface.co": "+",
}  # fmt: skip
# Hosts of mail at which dots in an address mean nothing.
_WITHOUT_DOTS = ("gmail.com", "googlemail.com")
# What git has where nobody told it who they are.
_NOBODYS_HOSTS = ("example.com", "example.org", "example.net")
_NOBODYS_NAMES = frozenset((
    "admin", "administrator", "anonymous", "nobody", "none", "root", "test", "ubuntu", "unknown",
    "user", "username", "yourname",
))  # fmt: skip
# Shorter names in Latin letters are shared by too many people; those in Chinese have two or three.
_NAME_MIN_CHARS, _NAME_MIN_CHARS_OF_OTHERS = 3, 2


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
        is_of_program = self.email.lower() in _ADDRESSES_OF_PROGRAMS
        return self.is_marked_bot or is_of_program or is_bot(self.login) or is_bot(self.name)


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
    words = name.lower().replace(".", " ").split()
    return "-".join(words) in _PROGRAMS or _ROBOT.search(name) is not None


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
    address = _find_address(entry.email)
    signs = {_plain(entry.login), _plain(entry.name), _find_login(entry.email)}
    last, comma, first = entry.name.partition(",")
    if comma:
        signs.add(_plain(first + last))
    named = {each for each in signs if _tells(each)}
    return {*named, address} if address else named


def _find_address(email: str) -> str:
    """Return what all forms of an address share, after an `@`; "" for one that is nobody's."""
    local, _, host = email.lower().rpartition("@")
    if not local or "." not in host or host in _NOBODYS_HOSTS:
        return ""
    if host not in _NO_REPLY_HOSTS:
        local = local.partition("+")[0]
    if host in _WITHOUT_DOTS:
        local = local.replace(".", "")
    return f"@{local}@{host}"


def _find_login(email: str) -> str:
    """Return the account that an address of a site stands for, "" for any other address."""
    local, _, host = email.lower().rpartition("@")
    if host not in _NO_REPLY_HOSTS:
        return ""
    number, _, login = local.partition(_NO_REPLY_HOSTS[host])
    return _plain(login if login and number.isdecimal() else local)


def _tells(sign: str) -> bool:
    """Whether a name is long enough for one person's, and somebody's at all."""
    least = _NAME_MIN_CHARS if sign.isascii() else _NAME_MIN_CHARS_OF_OTHERS
    return len(sign) >= least and sign not in _NOBODYS_NAMES


def _plain(name: str) -> str:
    """Return a name in lower case without accents, blanks and punctuation."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in letters if each.isalnum())
