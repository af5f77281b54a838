"""Whether a code repository is a model's own.

Anybody may link to anything in a card, so a link proves nothing by itself. A repository counts as
the model's own if it has the model's owner, or if it names the model, its owner or its paper, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

from artifacts.rules.names import is_hub_name_part
from artifacts.rules.patterns import Found, Pattern
from artifacts.rules.rating.attribution import Ownership
from artifacts.rules.rating.libraries import is_library
from artifacts.rules.rating.links import CodeLink

_HUB_ADDRESS = Pattern(
    r"(?i)(?:huggingface\.co|hf\.co)/([\w.%-]+)(?:/([\w.%-]+))?", before=r"\w.-", after=r"\w"
)
_REPOSITORY_ID = Pattern(r"[A-Za-z0-9][\w.-]*/[\w.-]*\w", before=r"\w./-", after=r"\w/-")
_PAPER = (
    Pattern(r"(?i)arxiv(?:\.org/(?:abs|pdf)/|[.:\s]*)(\d{4}\.\d{4,5})", before=r"\w")
    | Pattern(r"(?i)doi\.org/(10\.\d{4,9}/[^\s\"'<>()\[\]]+\w)")
    | Pattern(r"(?i)aclanthology\.org/([a-z0-9.-]+\d)")
    | Pattern(r"(?i)openreview\.net/(?:forum|pdf)\?id=([\w-]+)")
)
# The Hub's card template cites it, and so does every card that nobody wrote (Lacoste et al., 2019).
_TEMPLATE_PAPER = "1910.09700"
# Words beside a link that leads to somebody else's work, from which this model was made.
_OF_ANOTHER = Pattern(
    r"(?i)ports?|ported|porting|convert\w*|conversion|forks?|forked|adapt(?:ed|ation)|based on"
    r"|built (?:on|upon|with)|derived from|fine-?tuned (?:version|variant|from|with|using)"
    r"|quanti[sz]\w*|tokeni[sz]\w*|borrow\w*|same (?:way )?as|similar to|compared (?:to|with)"
    r"|thanks|inspired by|(?:is|are) an implementation of|source (?:model|implementation)",
    before=r"\w",
    after=r"\w",
)
# Words beside a link to a tool: it may show this model among others that it runs.
_OF_TOOL = Pattern(
    r"(?i)serv(?:e[ds]?|ing)|run(?:s|ning)? (?:with|on|in|by)|using|install\w*|deploy\w*"
    r"|support(?:s|ed)|compatible|powered by|trained with|inference|widgets?|component",
    before=r"\w",
    after=r"\w",
)
# Words that call a repository this model's.
_OF_THIS = Pattern(
    r"(?i)our|official(?:ly)?|this (?:git ?hub )?repo\w*|released (?:in|at|on)|code (?:for|of|is)"
    r"|repository:|code:|github:",
    before=r"\w",
)
_TOKEN = Pattern(r"[a-z0-9]{3,}")
# First segments of addresses on the Hub that are not owners.
_HUB_PAGES = frozenset((
    "api", "blog", "collections", "datasets", "docs", "join", "learn", "models", "organizations",
    "papers", "pricing", "spaces", "tasks",
))  # fmt: skip
# Words in the names of models of every kind.
_COMMON_WORDS = frozenset((
    "base", "chat", "code", "instruct", "large", "mini", "model", "models", "small", "text", "tiny",
    "tool", "tools",
))  # fmt: skip
# Shorter names of owners begin too many others.
_OWNER_MIN_CHARS = 5
# How much of a README is kept around a name, for people.
_QUOTED_CHARS = 80


@dataclass(frozen=True)
class RepositoryText:
    """What a repository on GitHub says about itself.

    Attributes:
        repository: its present name, such as `openai/whisper`.
        homepage: the address that its owner states, "" for none.
        readme: "" for none.
        readme_url: the address of that README.
    """

    repository: str
    url: str
    description: str = ""
    homepage: str = ""
    readme: str = ""
    readme_url: str = ""


@dataclass(frozen=True)
class Claimant:
    """The model whose card links to repositories.

    Attributes:
        repository: its name at its source, such as `openai/whisper-tiny`.
        papers: what `find_paper_ids` found in its card and tags.
        is_derived: whether it names another model as its base.
    """

    repository: str
    papers: frozenset[str]
    is_derived: bool


def has_same_owner(model: str, repository: str) -> bool:
    """Whether two repositories have owners of the same name, but for case, dots and hyphens."""
    ours, theirs = (_plain(each.rpartition("/")[0]) for each in (model, repository))
    return bool(ours) and ours == theirs


def prove_ownership(model: Claimant, link: CodeLink, text: RepositoryText) -> Ownership | None:
    """Return what shows that a linked repository is the model's own, None if nothing does."""
    if has_same_owner(model.repository, text.repository):
        return _same_owner(text)
    stated = (
        (text.readme_url or text.url, text.readme),
        (text.url, text.description),
        (text.url, text.homepage),
    )
    for url, words in stated:
        if quote := _names_hub_page(model.repository, link, text, words):
            return Ownership(f"{text.repository} names this model's page or owner", url, quote)
    for url, words in stated:
        if quote := _names_paper(model, link, text, words):
            return Ownership(f"{text.repository} is the code of the model's paper", url, quote)
    return None


def _same_owner(text: RepositoryText) -> Ownership:
    """Return the proof for a repository of the model's owner."""
    return Ownership(f"{text.repository} has the same owner as the model", text.url, "")


def find_paper_ids(words: str) -> frozenset[str]:
    """Return the arXiv numbers, DOIs and ids of papers that a text names, in lower case."""
    found = (next(each[n] for n in range(1, 5) if each[n]) for each in _PAPER.finditer(words))
    return frozenset(each.lower() for each in found) - {_TEMPLATE_PAPER}


def names_model(model: str, words: str) -> bool:
    """Whether a text names this very model: its page on the Hub, or its full name."""
    wanted = model.lower()
    if any(f"{place.owner}/{place.name}" == wanted for place in _hub_places(words)):
        return True
    return any(each[0].lower() == wanted for each in _REPOSITORY_ID.finditer(words))


def _names_hub_page(model: str, link: CodeLink, text: RepositoryText, words: str) -> str:
    """Return the words in which a text names a model or its owner on the Hub, "" for none.

    Tools and libraries show the models of many people. So a library has to name the owner's own
    page, a tool proves nothing, and another model of the owner only does for claimed code.
    """
    owner, slash, name = model.lower().partition("/")
    is_claimed = _is_claimed(model, link, text)
    if not slash or (_OF_TOOL.search(link.context) and not is_claimed):
        return ""
    # A library of the owner's, by another name: `acme` has its models in `acmeresearch/tea`.
    is_of_library = is_library(text.repository) and not _share_an_owner(model, text.repository)
    speaks_of_another = not is_claimed or _OF_ANOTHER.search(link.context)
    for place in _hub_places(words):
        is_telling = not place.name or (
            not is_of_library and (place.name == name or not speaks_of_another)
        )
        if place.owner == owner and is_telling:
            return place.quote
    ids = () if is_of_library else _REPOSITORY_ID.finditer(words)
    named = (each for each in ids if each[0].lower() == model.lower())
    return next((_around(words, each) for each in named), "")


def _is_claimed(model: str, link: CodeLink, text: RepositoryText) -> bool:
    """Whether the words around a link, or a name in common, call a repository the model's."""
    return (
        bool(_OF_THIS.search(link.context))
        or _share_a_name(model, text.repository)
        or _share_an_owner(model, text.repository)
    )


def _share_an_owner(model: str, repository: str) -> bool:
    """Whether one owner's name begins with the other's: `facebook` and `facebookresearch`.

    That proves nothing, since anybody may be called so; the repository has to name the model, too.
    """
    ours, theirs = sorted((_plain(each.partition("/")[0]) for each in (model, repository)), key=len)
    return len(ours) >= _OWNER_MIN_CHARS and theirs.startswith(ours)


def _names_paper(model: Claimant, link: CodeLink, text: RepositoryText, words: str) -> str:
    """Return the words in which a text names the model's paper, "" unless that proves anything.

    A port or a fine-tuned model cites the paper of the original, and a tokenizer has one, too. So
    the words around the link must call the code this model's, or both must have a name in common;
    and the repository must not name a model of this name by somebody else.
    """
    if model.is_derived or is_library(text.repository) or _OF_ANOTHER.search(link.context):
        return ""
    if not _is_claimed(model.repository, link, text):
        return ""
    if _names_namesake(model.repository, text.readme):
        return ""
    for found in _PAPER.finditer(words):
        if find_paper_ids(found[0]) & model.papers:
            return _around(words, found)
    return ""


def _names_namesake(model: str, words: str) -> bool:
    """Whether a text names a model with the same name by another owner on the Hub."""
    owner, _, name = model.lower().partition("/")
    return any(each.name == name and each.owner != owner for each in _hub_places(words))


@dataclass(frozen=True)
class _HubPlace:
    """An address on the Hub in a text: a model's, or with no name its owner's; in lower case."""

    owner: str
    name: str
    quote: str


@lru_cache(maxsize=4)
def _hub_places(words: str) -> tuple[_HubPlace, ...]:
    """Return the models and owners on the Hub whose addresses are in a text."""
    places = []
    for found in _HUB_ADDRESS.finditer(words):
        owner, name = unquote(found[1]).lower(), unquote(found[2]).lower().rstrip(".")
        if owner in _HUB_PAGES or not is_hub_name_part(owner):
            continue
        places.append(_HubPlace(owner, name, _around(words, found)))
    return tuple(places)


def _share_a_name(model: str, repository: str) -> bool:
    """Whether the names of a model and of a repository, without owners, share a word."""
    ours, theirs = (each.lower().rpartition("/")[2] for each in (model, repository))
    words = set(_TOKEN.findall(ours)) & set(_TOKEN.findall(theirs))
    return bool(words - _COMMON_WORDS) or _plain(theirs) in _plain(ours)


def _around(words: str, found: Found) -> str:
    """Return a match with the words around it."""
    start, end = found.span()
    return words[max(0, start - _QUOTED_CHARS) : end + _QUOTED_CHARS].strip()


def _plain(name: str) -> str:
    """Return a name in lower case without hyphens, dots and underscores."""
    return "".join(each for each in name.lower() if each.isalnum())
