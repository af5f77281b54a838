"""What one entry of BibTeX, or one line of a list, says a paper is about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.libraries import is_library_name

# What an entry says that cites a page or a program, and what one that cites a paper does.
_PAGE = Pattern(
    r"(?i)@(?:software|online)\s*\{|(?:huggingface\.co|hf\.co|github\.com|gitlab\.com|zenodo)"
)
_PUBLISHED = Pattern(
    r"(?i)(?:eprint|archiveprefix|booktitle|pages|volume)\s*=|journal\s*=\s*[{\"]+[^\n]*(?:arxiv"
    r"|trans|proc|journal|letters|nature|science)|arxiv\.org"
)
ENTRY_MAX_CHARS = 3_000
_ENTRY = Pattern(r"@\w{3,20}\s*\{", before=r"\w.")
_ENTRIES_MAX = 20
_TITLE_NAME = Pattern(r"(?i)title\s*=\s*[{\"]+([\w.-]+)[}\"]*\s*:", before=r"\w")
_LIST_NAME = Pattern(r"[^\w]{0,6}([A-Z][\w.-]{2,30}): [\"*]{0,3}[A-Z]")
# How the card speaks of a method, or of another model, by the name with which a title begins.
_MADE_FROM = Pattern(
    r"(?i)(?:based on|fine-?tuned from|initiali[sz]ed (?:from|with)|pre-?trained with|adapted from)"
    r" (?:the )?(?:[\w-]+ )?\z"
)
_PART = Pattern(
    r"(?i)[ -](?:method|framework|architecture|algorithm|objective|approach|backbone|encoder|loss"
    r"|recipe|checkpoint)"
)
# Where a card says what it uses; a search through all of it for each paper would not be linear.
_PLACES_MAX, _BESIDE_CHARS, _CARD_MAX_CHARS = 20, 40, 20_000
TITLE = Pattern(r"(?i)@\w+\s*\{[^,\n]*|title\s*=\s*[{\"]+[^\n]*", before=r"\w")


def list_entries(block: str) -> Iterator[str]:
    """Yield the entries of a block of BibTeX."""
    starts = [each.start() for each in _ENTRY.finditer(block)][:_ENTRIES_MAX]
    for start, end in pairwise((*starts, len(block))):
        yield block[start:end]


def is_of_library(title: str) -> bool:
    """Whether the title of an entry begins with the name of a library: "ESPnet: a toolkit"."""
    named = _TITLE_NAME.search(title)
    return named is not None and is_library_name(named[1])


def is_of_part(words: str, repository: str, card: str) -> bool:
    """Whether the paper's title begins with the name of a method which the card says it uses.

    Args:
        words: the title of an entry, or the line of a list: "Brew2: Pots without labels".
    """
    found = _TITLE_NAME.search(words) or _LIST_NAME.match(words)
    if found is None or not is_named_for_another(found[1], repository):
        return False
    name, start = found[1], card.find(found[1], 0, _CARD_MAX_CHARS)
    for _ in range(_PLACES_MAX):
        if start < 0:
            break
        end = start + len(name)
        before, after = card[max(0, start - _BESIDE_CHARS) : start], card[end : end + _BESIDE_CHARS]
        if _MADE_FROM.search(before) or _PART.match(after):
            return True
        start = card.find(name, end, _CARD_MAX_CHARS)
    return False


def is_of_page(entry: str) -> bool:
    """Whether an entry cites a model's page, a repository or a program, which are no papers."""
    return bool(_PAGE.search(entry)) and not _PUBLISHED.search(entry)


def is_named_for_another(name: str, repository: str) -> bool:
    """Whether a link's only word is a name, and not the model's or its family's."""
    one, ours = ("".join(filter(str.isalnum, each.lower())) for each in (name, repository))
    return bool(one) and one not in ours
