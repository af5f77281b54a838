"""Papers of a model that are not on arXiv, and cards that leave their results to a paper."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.measures import EVALUATION
from artifacts.rules.rating.paper_entries import (
    ENTRY_MAX_CHARS,
    TITLE,
    is_of_library,
    is_of_page,
    is_of_part,
    list_entries,
)
from artifacts.rules.rating.papers import (
    ARXIV,
    CONTEXT_MAX_CHARS,
    FOREIGN,
    OWN,
    has_name,
    is_of_others,
)
from artifacts.rules.readme import Link, Readme

_IMPLEMENTS = Pattern(r"(?i)(?:code|implementation) (?:of|for|accompanying)", before=r"\w")
_HEAD = Pattern(r"(?:Our )?(?:Paper|Preprint)", after=r"\w")
# Links of four words and more have a title for their words.
_TITLE_BLANKS = 3
_LINKED_TITLE = Pattern(r"\[(?:[^\[\]\s]+ ){3,30}[^\[\]\s]+\]|[{\"][^{}\"\n]{20,300}[}\"]")
_PUBLISHER = Pattern(
    r"(?i)https?://(?:[\w-]+\.)*(?:(?:bio|med|chem|psy|techr)rxiv\.org|openreview\.net|jmlr\.org"
    r"|aclanthology\.org|doi\.org|dl\.acm\.org|ieeexplore\.ieee\.org|link\.springer\.com"
    r"|nature\.com/articles|science\.org/doi|sciencedirect\.com|isca-archive\.org|thecvf\.com"
    r"|proceedings\.mlr\.press|papers\.nips\.cc|proceedings\.neurips\.cc)"
)
_PAPER_LINK = Pattern(r"(?i)paper|tech(?:nical)? report|preprint", before=r"\w", after=r"\w")
# A reference that is written out: authors or a title, and a year, where the card asks to cite.
_CURLY_QUOTES = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'))
_ASKS_TO_CITE = Pattern(
    r"(?i)cit(?:e|ing|ations?|ar|er|azione)|cytowani[ae]|zitier\w*|zitation",
    before=r"\w",
    after=r"\w",
)
_ASKS_ABROAD = (
    "\u5f15\u7528",
    "\uc778\uc6a9",
    "\u0446\u0438\u0442\u0438\u0440\u043e\u0432\u0430\u043d",
)
_AUTHORS_OR_TITLE = Pattern(r"\"[^\"\n]{12,250}\"|et al|[A-Z]\w+, [A-Z]\.")
_YEAR = Pattern(r"(?:19|20)\d\d", before=r"\w", after=r"\w")


def find_paper_elsewhere(readme: Readme, repository: str = "") -> str:
    """Return the words that name a paper of the model which is not on arXiv, "" for none.

    That is an entry to cite, a link that is called a paper, or a reference that is written out.

    Args:
        repository: the model's own name.
    """
    prose = "\n".join(each.text for each in readme.sections)
    name = repository.rpartition("/")[2]
    blocks = (each for each in readme.code_blocks if each.is_citation)
    own = (each for each in blocks if not any(map(is_of_others, (each.section, each.lead))))
    for entry in (entry for each in own for entry in list_entries(each.text)):
        title = " ".join(each[0] for each in TITLE.finditer(entry[:ENTRY_MAX_CHARS]))
        # Of those on arXiv the numbers were judged.
        is_elsewhere = not ARXIV.search(entry[:ENTRY_MAX_CHARS])
        if (
            not is_elsewhere
            or is_of_page(entry[:ENTRY_MAX_CHARS])
            or is_of_part(title, repository, prose)
        ):
            continue
        is_foreign = bool(FOREIGN.search(title)) and not has_name(title, name)
        if "title" in title.lower() and not is_foreign and not is_of_library(title):
            return title
    # Lists of data sets link to papers, too, and no sentence says whose they are.
    for each in readme.links:
        words = each.context[:CONTEXT_MAX_CHARS]
        # Where the line begins with the paper, it is that of what the card is about.
        is_head = _HEAD.match(words) and words.startswith(each.text) and _PUBLISHER.match(each.url)
        is_own = is_head or OWN.search(words) or _IMPLEMENTS.search(words)
        # "Building and evaluating Tea": the title of the model's own paper may have any word.
        outside = words.replace(each.text, " ") if has_name(each.text, name) else words
        if _is_paper(each) and is_own and not FOREIGN.search(outside):
            return each.text or each.url
    return next(_find_written_out(readme), "")


def _find_written_out(readme: Readme) -> Iterator[str]:
    """Yield references in sentences: "Please cite: Doe et al., Kettles that listen, 2021"."""
    for section in readme.sections:
        if is_of_others(section.title):
            continue
        for paragraph in section.text.split("\n\n"):
            words = " ".join(paragraph.translate(_CURLY_QUOTES).split())[:CONTEXT_MAX_CHARS]
            asks = _asks_to_cite(section.title) or _ASKS_TO_CITE.search(words)
            is_whole = _AUTHORS_OR_TITLE.search(words) and _YEAR.search(words)
            if asks and is_whole and not FOREIGN.search(words) and not is_of_page(words):
                yield words


def _asks_to_cite(title: str) -> bool:
    """Whether a title asks to cite something: in Chinese, Japanese, Korean and Russian, too."""
    is_abroad = any(each in title.lower() for each in _ASKS_ABROAD)
    return is_abroad or _ASKS_TO_CITE.search(title) is not None


def refers_for_results(readme: Readme, papers: Collection[str]) -> bool:
    """Whether a card leaves its results to a paper of the model.

    Args:
        papers: the arXiv numbers that are the model's own.
    """
    for each in readme.links:
        number = ARXIV.search(each.url)
        is_own = number is None or number[1] in papers
        words = each.context[:CONTEXT_MAX_CHARS]
        is_title = each.text.count(" ") >= _TITLE_BLANKS
        words = words.replace(each.text, " ") if is_title else words
        if _is_paper(each) and is_own and EVALUATION.search(words):
            return True
    return False


def speaks_of_results(words: str) -> bool:
    """Whether the words around a citation speak of results, other than in the paper's title."""
    return EVALUATION.search(_LINKED_TITLE.sub(" ", words)) is not None


def _is_paper(link: Link) -> bool:
    """Whether a link is called a paper, or leads to a publisher."""
    return bool(_PAPER_LINK.search(link.text) or _PUBLISHER.match(link.url))
