"""Which code repository and which data sets belong to a model, as its card says it.

A card links to much that is not the model's: papers' code, data, other models. What counts is where
a link stands and what is written around it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

from artifacts.limits import DATASETS_NAMED_MAX
from artifacts.rules.names import is_hub_name_part
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.dataset_names import EVALUATION, TRAINING, names_in_prose
from artifacts.rules.rating.libraries import is_library
from artifacts.rules.readme import Link, Readme
from artifacts.rules.values import strings_of

# First segments of addresses on GitHub that are no owners.
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
# A link has to speak for itself at least so clearly; one beside the model's name in plain words
# reaches it, one among many in a table does not.
_LEAST_CLUES = 2
# Paragraphs and headings that are remembered: a link's neighbours stand in the same ones.
_REMEMBERED = 16
_DATASET_PAGES = frozenset(("viewer", "blob", "tree", "resolve", "raw"))


@dataclass(frozen=True)
class DatasetMention:
    """A data set that a card names. See `evidence.DatasetFacts` for the words.

    Attributes:
        url: "" for one that sentences name and nothing links to.
    """

    repository: str
    url: str
    found_by: str
    purpose: str


def find_code(repository: str, card: Mapping[str, Any], readme: Readme) -> tuple[str, str] | None:
    """Return the GitHub repository of a model and how it was found (`card` or `readme`).

    Args:
        repository: the model's own name, as in `openai/whisper-tiny`.

    Returns:
        None when nothing clearly is the model's; a library for many models only if the card says in
        words that the model's code is there.
    """
    for key in _CARD_KEYS:
        found = github_repository(card.get(key))
        if found:
            return found, "card"
    clues: dict[str, int] = {}
    for link in readme.links:
        name = github_repository(link.url)
        if name:
            clues[name] = max(clues.get(name, -99), _clues(link, name, repository))
    if not clues:
        return None
    # The first of those that are equally clear: cards name what matters most at the top.
    best = max(clues, key=lambda name: clues[name])
    return (best, "readme") if clues[best] >= _LEAST_CLUES else None


def github_repository(url: object) -> str:
    """Return `owner/name` of an address on GitHub, "" for anything else."""
    segments = _segments(url, "github.com")
    if len(segments) < 2 or segments[0].lower() in _GITHUB_PAGES:  # noqa: PLR2004  (owner, name)
        return ""
    owner, name = segments[0], segments[1].removesuffix(".git")
    return f"{owner}/{name}" if is_hub_name_part(owner) and is_hub_name_part(name) else ""


def find_datasets(
    card: Mapping[str, Any], tags: Sequence[str], readme: Readme
) -> tuple[DatasetMention, ...]:
    """Return the data sets that a card names, each once.

    The front matter's first, then those of tags, of links, and of sentences on the training.
    """
    found: dict[str, DatasetMention] = {}
    named = [(each, "card") for each in strings_of(card.get("datasets"))]
    named += [(tag.removeprefix("dataset:"), "tag") for tag in tags if tag.startswith("dataset:")]
    for name, found_by in named:
        if name.count("/") <= 1 and all(map(is_hub_name_part, name.split("/"))):
            url = f"https://huggingface.co/datasets/{name}"
            found.setdefault(_identity(name), DatasetMention(name, url, found_by, "training"))
    for link in readme.links:
        name = hub_dataset(link.url)
        if name and "documentation-images" not in name:
            url = f"https://huggingface.co/datasets/{name}"
            mention = DatasetMention(name, url, "readme", _purpose(link))
            found.setdefault(_identity(name), mention)
    for name in names_in_prose(readme):
        found.setdefault(_identity(name), DatasetMention(name, "", "readme", "training"))
    return tuple(found.values())[:DATASETS_NAMED_MAX]


def hub_dataset(url: object) -> str:
    """Return the name of the Hub's data set that an address is the page of, "" for anything else.

    An address of a file inside one, such as a picture, is no mention of the data set.
    """
    segments = _segments(url, "huggingface.co") or _segments(url, "hf.co")
    if len(segments) < 2 or segments[0] != "datasets":  # noqa: PLR2004  ("datasets" and a name)
        return ""
    names = [segments[1], *(each for each in segments[2:3] if each not in _DATASET_PAGES)]
    if set(segments[2:]) & {"resolve", "raw"} or not all(map(is_hub_name_part, names)):
        return ""
    return "/".join(names)


def _clues(link: Link, name: str, repository: str) -> int:
    """Return how clearly a link is that of the model's own code."""
    owner, _, project = name.lower().partition("/")
    author, _, model = repository.lower().rpartition("/")
    ours = set(_TOKEN.findall(model))
    clues = 2 * (bool(_REPOSITORY_WORDS.search(link.text)) or _speaks_of_code(link.context))
    clues += 2 * bool(ours & set(_TOKEN.findall(project)) or _joined(project) in _joined(model))
    clues += bool(set(_TOKEN.findall(f"{owner} {project}")) & set(_TOKEN.findall(author)))
    clues -= 2 * _is_elsewhere(link.section)
    # A row of a table that links to one of many.
    clues -= 2 * (_word_count(link.context) <= len(link.text.split()) and is_library(name))
    return clues


# All links of a paragraph have all of it around them: each paragraph is read once, not for each.
@lru_cache(maxsize=_REMEMBERED)
def _speaks_of_code(context: str) -> bool:
    """Whether the words around a link speak of code."""
    return _REPOSITORY_WORDS.search(context) is not None


@lru_cache(maxsize=_REMEMBERED)
def _is_elsewhere(section: str) -> bool:
    """Whether a link stands where others' work is spoken of."""
    return "|" in section or _ELSEWHERE.search(section) is not None


@lru_cache(maxsize=_REMEMBERED)
def _word_count(context: str) -> int:
    """Return how many words stand around a link."""
    return len(context.split())


@lru_cache(maxsize=_REMEMBERED)
def _speaks_of(words: str) -> tuple[bool, bool]:
    """Whether words speak of training, and of evaluation."""
    return TRAINING.search(words) is not None, EVALUATION.search(words) is not None


def _joined(name: str) -> str:
    """Leave letters and digits only: `swin2SR` and `swin2-sr` are one word."""
    return "".join(_TOKEN.findall(name)) or name


def _purpose(link: Link) -> str:
    """Tell whether a data set is linked as one that was trained on or evaluated with.

    The words around the link decide; when they speak of neither or of both, the headings do. A
    link that nothing speaks of counts as evaluation: it proves no training.
    """
    for words in (link.context, link.section):
        trained, evaluated = _speaks_of(words)
        if trained != evaluated:
            return "training" if trained else "evaluation"
    return "evaluation"


def _segments(url: object, host: str) -> list[str]:
    """Return the parts of the path of an address on a host, [] for another."""
    if not isinstance(url, str):
        return []
    try:
        parts = urlsplit(url.strip())
        own_host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return []
    if parts.scheme not in ("http", "https") or own_host != host:
        return []
    return [unquote(each) for each in parts.path.split("/") if each]


def _identity(name: str) -> str:
    """Return what two spellings of one data set share, as `fair_face` and `org/FairFace` do.

    Old names had no owner.
    """
    short = name.lower().rpartition("/")[2]
    return "".join(each for each in short if each.isalnum()) or short
