"""Finding a model's code repository: its own by proof, else that of its base or library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from artifacts.enums import ArtifactType, SourceKind
from artifacts.exceptions import SourceError, TooMuchToRead
from artifacts.models import SearchDocument
from artifacts.rules.page_urls import code_url
from artifacts.rules.rating.attribution import CopyFacts, MentionedCode, Ownership
from artifacts.rules.rating.citation import QUOTE_MAX_CHARS
from artifacts.rules.rating.evidence import CodeFoundBy, Missing, ModelFacts
from artifacts.rules.rating.libraries import REPOSITORIES
from artifacts.rules.rating.links import CodeLink, list_code_links
from artifacts.rules.rating.ownership import (
    Claimant,
    RepositoryText,
    find_paper_ids,
    has_same_owner,
    prove_ownership,
)
from artifacts.rules.readme import Readme, parse_readme
from artifacts.services.lineage.parent_links import ParentLink
from artifacts.services.trust.missing import missing, unread_facts
from artifacts.sources.github.texts import fetch_texts
from artifacts.sources.huggingface.evidence import fetch_card
from artifacts.sources.inquiry import Inquiry

_NO_CODE = "no link to a repository on GitHub was found"
_NONE_OF_ITS_OWN = "nothing shows that a repository which the card links to is the model's own"
# Links in a card that are shown although they prove nothing.
_MENTIONED_MAX = 10


@dataclass(frozen=True)
class CodePlace:
    """The GitHub repository to look at.

    Attributes:
        ownership: what shows that it is the model's own; None for somebody else's.
        commit: the one that the model is registered at, if it lives there; else "".
    """

    repository: str
    found_by: CodeFoundBy
    ownership: Ownership | None = None
    commit: str = ""


@dataclass(frozen=True)
class CodeSearch:
    """The result of a search, with the links that did not count."""

    place: CodePlace | Missing
    mentioned: tuple[MentionedCode, ...] = ()


def search_code(
    model: ModelFacts,
    readme: Readme,
    unread: Missing | None,
    parents: tuple[ParentLink, ...],
    inquiry: Inquiry,
    copy: CopyFacts | None = None,
) -> CodeSearch:
    """Find the GitHub repository that is closest to the model.

    Asks GitHub at most twice (four times without a token), and the Hub once for the base's card.

    Args:
        unread: why part of the card was not read, if so.
        copy: whose card it is, if it is not the model's own: then its papers prove nothing.
    """
    if model.origin == SourceKind.GITHUB:
        proof = Ownership("the model comes from it", code_url(model.repository), "")
        return CodeSearch(CodePlace(model.repository, "card", proof, model.commit))
    base = _base_of(parents)
    links = list_code_links(model.repository, model.card, readme)
    words = "\n".join((model.readme, *model.tags))
    is_derived = base is not None or (copy is not None and copy.is_certain)
    claimant = Claimant(model.repository, find_paper_ids(words), is_derived=is_derived)
    try:
        own, mentioned = _find_own(claimant, links, inquiry)
        if own is not None or unread is not None:
            return CodeSearch(own or unread or Missing(f"{_NO_CODE}."), mentioned)
        place = _find_of_base(base, inquiry) if base is not None else None
    except SourceError as error:
        return CodeSearch(missing(error))
    except TooMuchToRead as error:
        return CodeSearch(unread_facts(error))
    library = REPOSITORIES.get(model.library)
    if place is None and library is not None:
        place = CodePlace(library, "library")
    return CodeSearch(place or _tell_none(model.library, mentioned), mentioned)


def _tell_none(library: str, mentioned: Sequence[MentionedCode]) -> Missing:
    """Say that the card leads to no code, and nor does the library that loads the model."""
    of_library = (
        f"no repository of the library {library} is known here"
        if library
        else "which library loads it was not found"
    )
    return Missing(f"{_NONE_OF_ITS_OWN if mentioned else _NO_CODE}, and {of_library}.")


def _find_own(
    claimant: Claimant, links: Sequence[CodeLink], inquiry: Inquiry
) -> tuple[CodePlace | None, tuple[MentionedCode, ...]]:
    """Return the first linked repository that is the model's own, and the links that are not.

    A repository of the model's owner takes precedence and needs no question.
    """
    for link in links:
        if has_same_owner(claimant.repository, link.repository):
            text = RepositoryText(link.repository, code_url(link.repository))
            proof = prove_ownership(claimant, link, text)
            return CodePlace(link.repository, link.found_by, proof), _mentioned(claimant, links)
    texts = fetch_texts([link.repository for link in links], inquiry) if links else {}
    for link in links:
        text_found = texts.get(link.repository)
        proof = prove_ownership(claimant, link, text_found) if text_found else None
        if text_found and proof:
            place = CodePlace(text_found.repository, link.found_by, proof)
            return place, _mentioned(claimant, [each for each in links if each is not link])
    return None, _mentioned(claimant, links)


def _find_of_base(base: ParentLink, inquiry: Inquiry) -> CodePlace | None:
    """Return the repository that is the base model's own, None if its card proves none."""
    card = _card_of_base(base, inquiry)
    links = list_code_links(base.parent_name, {}, parse_readme(card))
    claimant = Claimant(base.parent_name, find_paper_ids(card), is_derived=False)
    own, _ = _find_own(claimant, links, inquiry)
    return None if own is None else CodePlace(own.repository, "base_model")


def _mentioned(claimant: Claimant, links: Sequence[CodeLink]) -> tuple[MentionedCode, ...]:
    """Return the links that do not count, with the reason; not others of the owner."""
    return tuple(
        MentionedCode(
            each.repository,
            code_url(each.repository),
            each.context[:QUOTE_MAX_CHARS],
            f"The card links to {each.repository}, which has another owner; nothing "
            "shows that it is this model's own code.",
        )
        for each in links[:_MENTIONED_MAX]
        if not has_same_owner(claimant.repository, each.repository)
    )


def _base_of(parents: tuple[ParentLink, ...]) -> ParentLink | None:
    """Return the first model among a model's parents."""
    return next((each for each in parents if each.parent_type == ArtifactType.MODEL), None)


def _card_of_base(base: ParentLink, inquiry: Inquiry) -> str:
    """Return the card of a base model: from our rows if it is registered, else from the Hub."""
    ours = SearchDocument.objects.filter(
        artifact__type=ArtifactType.MODEL, artifact__source_key=base.parent_key
    )
    readme = ours.values_list("readme", flat=True).first()
    return fetch_card(base.parent_name, inquiry) if readme is None else readme
