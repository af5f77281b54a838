"""Finding a model's code repository in its card; `dataset_mentions` finds its data sets.

A card has many links to other things: papers' code, data, other models. What counts is the place of
a link and the words around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from artifacts.rules.names import is_hub_name_part
from artifacts.rules.page_urls import read_path
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.evidence import CodeFoundBy
from artifacts.rules.rating.libraries import is_library
from artifacts.rules.readme import Link, Readme

# First segments of addresses on GitHub that are not owners.
# Pages of a repository where people talk: a link to them says nothing of whose code it is.
_TALK = frozenset(("issues", "pull", "pulls", "discussions", "wiki"))
_GITHUB_PAGES = frozenset((
    "about", "apps", "blog", "collections", "enterprise", "explore", "features", "login",
    "marketplace", "orgs", "pricing", "search", "settings", "sponsors", "stars", "topics",
    "trending", "user-attachments",
))  # fmt: skip
_CARD_KEYS = ("repo", "repo_url", "repository", "repository_url", "code", "code_url", "github")
_REPOSITORY_WORDS = Pattern(
    r"(?i)repo|repository|code|codebase|implementation|source|github|official(?:ly)?|release[sd]?"
    r"|librar(?:y|ies)|scripts?",
    before=r"\w",
    after=r"\w",
)
_ELSEWHERE = Pattern(
    r"(?i)evaluat\w*|benchmarks?|training data|data ?sets?|citations?|acknowledge?ments?|credits?"
    r"|related|comparison|licen[cs]e|requirements|install\w*",
    before=r"\w",
    after=r"\w",
)
_TOKEN = Pattern(r"[a-z0-9]{3,}")
# What the front matter states is clearer than any link, and what commands clone than some.
_STATED, _CLONED = 99, 2
_CLONE = Pattern(r"git clone (?:-[\w-]+ )*(https://github\.com/[\w.-]+/[\w.-]+)")
# A link needs at least so many clues; one beside the model's name in plain words has them, one
# among many in a table does not.
_LEAST_CLUES = 2
# How many paragraphs and headings are cached: neighbouring links share them.
_REMEMBERED = 16


@dataclass(frozen=True)
class CodeLink:
    """A GitHub repository that a card links to as code.

    Attributes:
        repository: such as `openai/whisper`.
        context: the words around the link, or the line of the front matter.
    """

    repository: str
    found_by: CodeFoundBy
    context: str


def list_code_links(
    repository: str, card: Mapping[str, Any], readme: Readme
) -> tuple[CodeLink, ...]:
    """Return the GitHub repositories that a card clearly links to as code, the clearest first.

    A link alone makes no repository the model's own: see `ownership`.

    Args:
        repository: the model's own name, such as `openai/whisper-tiny`.
    """
    found: dict[str, tuple[int, CodeLink]] = {}
    for key in _CARD_KEYS:
        name = github_repository(card.get(key))
        if name:
            found.setdefault(name.lower(), (_STATED, CodeLink(name, "card", f"{key}: {card[key]}")))
    for link in readme.links:
        name = github_repository(link.url)
        clues = _clues(link, name, repository) if name else 0
        if clues >= _LEAST_CLUES and clues > found.get(name.lower(), (0, None))[0]:
            found[name.lower()] = (clues, CodeLink(name, "readme", link.context or link.url))
    for name in _list_cloned(repository, readme):
        found.setdefault(name.lower(), (_CLONED, CodeLink(name, "readme", f"git clone {name}")))
    # The first of those that are equally clear: cards name the most important one at the top.
    ordered = sorted(found.values(), key=lambda each: -each[0])
    return tuple(link for _, link in ordered)


def _list_cloned(repository: str, readme: Readme) -> Iterator[str]:
    """Yield the repositories of the model's owner that the card's commands clone."""
    author = _joined(repository.lower().partition("/")[0])
    for block in readme.code_blocks:
        for found in _CLONE.finditer(block.text):
            name = github_repository(found[1])
            if name and _joined(name.lower().partition("/")[0]) == author:
                yield name


def github_repository(url: object) -> str:
    """Return `owner/name` from an address on GitHub, "" for anything else."""
    segments = read_path(url, "github.com")
    if len(segments) < 2 or segments[0].lower() in _GITHUB_PAGES:  # noqa: PLR2004  (owner, name)
        return ""
    owner, name = segments[0], segments[1].removesuffix(".git")
    return f"{owner}/{name}" if is_hub_name_part(owner) and is_hub_name_part(name) else ""


def _clues(link: Link, name: str, repository: str) -> int:
    """Return how clearly a link leads to the model's own code."""
    owner, _, project = name.lower().partition("/")
    author, _, model = repository.lower().rpartition("/")
    is_of_author = bool(author) and _joined(owner) == _joined(author)
    if _TALK & set(read_path(link.url, "github.com")[2:3]) and not is_of_author:
        return 0
    ours = set(_TOKEN.findall(model))
    clues = 2 * (bool(_REPOSITORY_WORDS.search(link.text)) or _speaks_of_code(link.context))
    clues += 2 * bool(ours & set(_TOKEN.findall(project)) or _joined(project) in _joined(model))
    clues += bool(set(_TOKEN.findall(f"{owner} {project}")) & set(_TOKEN.findall(author)))
    # The library that loads the model, by the model's owner, needs no words about code.
    clues += 2 * (is_of_author and is_library(name))
    # "[`acme/tea`](...) is the home of this checkpoint": a link that is called after what it leads
    # to needs no word about code.
    clues += 2 * (link.text.strip("` ").lower() == name.lower())
    clues -= 2 * _is_elsewhere(link.section)
    # A table row that links to one of many.
    clues -= 2 * (_word_count(link.context) <= len(link.text.split()) and is_library(name))
    return clues


# Cached, so that a paragraph is read once and not again for each of its links.
@lru_cache(maxsize=_REMEMBERED)
def _speaks_of_code(context: str) -> bool:
    """Whether the words around a link are about code."""
    return _REPOSITORY_WORDS.search(context) is not None


@lru_cache(maxsize=_REMEMBERED)
def _is_elsewhere(section: str) -> bool:
    """Whether a section is about other people's work."""
    return "|" in section or _ELSEWHERE.search(section) is not None


@lru_cache(maxsize=_REMEMBERED)
def _word_count(context: str) -> int:
    """Return the number of words around a link."""
    return len(context.split())


def _joined(name: str) -> str:
    """Keep only letters and digits, so that `swin2SR` and `swin2-sr` are the same word."""
    return "".join(_TOKEN.findall(name)) or name
