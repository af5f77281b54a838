"""The papers that describe a model, told apart from those that its card only cites."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from itertools import pairwise

from artifacts.rules.cards import divide_readme
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.rating.libraries import is_library, is_library_name
from artifacts.rules.rating.paper_entries import (
    ENTRY_MAX_CHARS,
    TITLE,
    is_named_for_another,
    is_of_library,
    is_of_part,
)
from artifacts.rules.values import read_strings

ARXIV = Pattern(
    r"(?i)(?:arxiv(?:\.org/(?:abs|pdf|html)/|[.:\s]*)|(?:huggingface|hf)\.co/papers/|eprint\s*=\s*[{\"]\s*)(\d{4}\.\d{4,5})",
    before=r"\w",
)
# The Hub's card template cites it, and so does every card that nobody wrote (Lacoste et al., 2019).
_TEMPLATE_PAPER = "1910.09700"
# Words around a citation by which it is the model's own...
OWN = Pattern(
    r"(?i)our (?:paper|work|report|preprint)|(?:this|the) (?:\w+ )?(?:paper|report|preprint)"
    r"|technical report"
    r"|(?:introduced|presented|proposed|described|released|published) in"
    r"|paper\**(?: ?\[optional\])?(?:\s*(?:link)?\]?\s*\**:)|\[paper|please cite"
    r"|cite (?:us|our|this)",
    before=r"\w",
)
# "Official code and weights of X": a sentence that begins so is about the model's own paper.
_OFFICIAL = Pattern(
    r"(?i)\W{0,6}(?:(?:this|here) [a-z ]{1,40} the )?official (?:[\w-]+ ){1,5}(?:of|for)"
)
# ... and by which it is that of a benchmark, a data set, a method or another model.
FOREIGN = Pattern(
    r"(?i)benchmarks?|data ?-?sets?|corpus|corpora|leaderboards?|evaluat\w+|metrics?|trained on"
    r"|measured? (?:by|with|on)|fine-?tuned (?:from|version)|based on|derived from|distill?ed from"
    r"|base model|optimi[sz]er|lora|qlora|quanti[sz]\w+|attention|tokeni[sz]er|loss|questions?"
    r"|in the spirit of|same (?:way )?as|similar to|variants? of|re-?implement\w*"
    r"|challenge|testing|emissions?|initiali[sz]ed|architecture|inspired|merge\w*|method",
    before=r"\w",
    after=r"\w",
)
# A line of links above all headings: badges of the paper, the code and the demonstration.
_BADGE = Pattern(r"(?i)[^\w\[<]*(?:<a |\[(?:!\[)?(?:arxiv|paper|tech))")
# "trained with DPO, a method introduced in X": the card says itself that it is somebody's method.
_METHOD = Pattern(
    r"(?i)original [A-Z][\w-]* (?:paper|work|report)"
    r"|(?:components?|blocks?|layers?|modules?|units?) (?:that (?:was|were) )?(?:first )?"
    r"(?:introduced|presented|proposed|described) (?:by [^;:()]{1,60}? )?in"
    r"|an? (?:\w+ )?(?:method|technique|algorithm|approach|objective)"
    r"(?:,? (?:that|which) (?:was|is|were))? (?:introduced|presented|proposed|described) in",
    before=r"\w",
)
# "as in [MEGATRON-LM](...)": a link with one name for its words, in a shape that no word has.
_LINKED_NAME = Pattern(r"\[\**([A-Z][\w-]*[A-Z][\w-]*)\**\]\($")
_LINK_CHARS = 60
# How trainers mark the cards that they write, and where they name their library.
_GENERATED_TAG = "generated_from_"
_REPOSITORY = Pattern(r"(?i)repository\**:\**[^\n]{0,80}?github\.com/([\w.-]+/[\w.-]+)")
# Lines that say what an entry below them is for.
_CITE = Pattern(r"(?i)[ \t]*cite ([\w-]+(?: [\w-]+)?) as:?[ \t]*")
_CITING = Pattern(r"(?:Citing|Cite) \**([A-Z][\w-]*[A-Z][\w-]*)\**:?")
_CITE_OWN = Pattern(r"(?i)(?:us|it|this|our|the)(?: \w+)?")
_CITED = Pattern(
    r"(?i)cit(?:e|ing|ations?)|bibtex|papers?|publications?", before=r"\w", after=r"\w"
)
# Headings above papers of data, methods and other people's work.
_HEADING = Pattern(
    r"(?m)^ {0,3}(?:#{2,6}[ \t]+([^\n]*)|\*\*([^*\n]{1,60})\*\*:?[ \t]*)$"
    r"|^([Cc]ite [\w-]+(?: [\w-]+)? as:?)[ \t]*$"
)
_LIST_HEADING = Pattern(r"(?i)references|bibliography|see also", before=r"\w", after=r"\w")
_NAME_MIN_CHARS = 4
_FOREIGN_HEADING = Pattern(
    r"(?i)data|data ?-?sets?|corpus|corpora|evaluat\w*|benchmarks?|results|\w*loss"
    r"|acknowledge?ments?|related work|credits|optimi[sz]ers?|architectures?",
    before=r"\w",
    after=r"\w",
)
_BARS_OF_ROWS = 2
# Text before and after a citation that may say what it is; a sentence ends sooner.
_BEFORE_CHARS, _AFTER_CHARS = 250, 120
CONTEXT_MAX_CHARS = 500
# Editors wrap at 70 characters and more; a shorter line ends where its author ended it.
_WRAPPED_MIN_CHARS, _GOES_ON = 60, ("[", "(", '"')
_ENTRY_FIELDS = Pattern(r"(?i)(?:title|eprint|journal|url|note|doi|archiveprefix)\s*=\s*[{\"]")
# "et al. (2019)" ends no sentence.
_SENTENCE_END = Pattern(r"\n|(?:\w{3}|[)\]\"'])[.;!?]\s")
_REFERENCE = Pattern(r"(?:19|20)\d\d[.)]{1,2}\s+[\w:/.-]*\z")
_SCHEME = ("http", "arxiv")


def find_papers(model: ModelFacts) -> list[str]:
    """Return the arXiv numbers of papers about the model, in order.

    A number among the tags counts unless the card cites it as something else's: the Hub makes tags
    from every link in a card.
    """
    tagged = {tag.removeprefix("arxiv:") for tag in model.tags if tag.startswith("arxiv:")}
    own: set[str] = set()
    listed: set[str] = set()
    foreign: set[str] = set()
    name = model.repository.rpartition("/")[2]
    is_derived = any(read_strings(model.card.get("base_model")))
    mentioned: set[str] = set()
    uses_method = False
    of_libraries = _list_places_of_libraries(model)
    for number, words, heading, linked, heading_at in _list_citations(model.readme):
        is_own = bool(OWN.search(words) or _OFFICIAL.match(words))
        is_of_method = bool(_METHOD.search(words))
        is_own = (is_own and not is_of_method) or (not heading and bool(_BADGE.match(words)))
        is_foreign = (
            is_of_method or bool(FOREIGN.search(words)) or is_of_others(heading, model.repository)
        )
        # Lists of what a card refers to have the model's own paper as well, with its name.
        is_foreign = is_foreign or (
            bool(_LIST_HEADING.search(heading)) and not has_name(words, name)
        )
        is_foreign = is_foreign and not is_own
        # What a derived model only lists, and does not cite, is the paper of its architecture.
        is_cited = bool(_CITED.search(heading)) or TITLE.match(words) is not None
        is_foreign = is_foreign or (is_derived and not is_own and not is_cited)
        # Tables list the papers of data sets and of other models.
        is_foreign = is_foreign or words.count("|") >= _BARS_OF_ROWS
        is_foreign = is_foreign or is_named_for_another(linked, model.repository)
        is_foreign = is_foreign or is_of_library(words)
        if heading_at in of_libraries:
            is_foreign, is_own = True, False
        if not is_own and is_of_part(words, model.repository, model.readme):
            is_foreign = uses_method = True
        (foreign if is_foreign else own if is_own else listed).add(number)
        if not is_cited:
            mentioned.add(number)
    # A card that lists the paper of a method it uses lists those of its other parts as well.
    foreign |= mentioned - own if uses_method else set()
    # What is said once to be somebody else's stays so where it is only listed.
    return sorted(own | (listed | tagged) - foreign - {_TEMPLATE_PAPER})


def has_name(words: str, name: str) -> bool:
    """Whether words have the beginning of a model's name, in whatever spelling."""
    joined, short = (
        "".join(filter(str.isalnum, each.lower())) for each in (words, name.partition("-")[0])
    )
    return len(short) >= _NAME_MIN_CHARS and short in joined


def is_of_others(heading: str, repository: str = "") -> bool:
    """Whether papers below a heading, or a line such as "Cite X as:", are somebody else's."""
    if (citing := _CITING.fullmatch(heading.strip())) and not has_name(repository, citing[1]):
        return True
    if cite := _CITE.fullmatch(heading):
        return not _CITE_OWN.fullmatch(cite[1]) and not has_name(repository, cite[1])
    return bool(_FOREIGN_HEADING.search(heading)) or is_library_name(heading)


def find_citations(readme: str) -> Iterator[tuple[str, str]]:
    """Yield each arXiv number in a card's text, with the words around it."""
    return ((number, words) for number, words, *_ in _list_citations(readme))


def _list_places_of_libraries(model: ModelFacts) -> frozenset[int]:
    """Return below which headings a card that a trainer wrote lists what its library is.

    Its repository stands there, and beside it the paper of the library's method.
    """
    if not any(tag.startswith(_GENERATED_TAG) for tag in model.tags):
        return frozenset()
    _, body = divide_readme(model.readme)
    starts = [start for start, _ in _list_headings(body)]
    return frozenset(
        starts[above - 1] if above else -1
        for found in _REPOSITORY.finditer(body)
        if is_library(found[1])
        for above in (bisect(starts, found.start()),)
    )


def _list_headings(body: str) -> list[tuple[int, str]]:
    """Return where each heading begins, and its words."""
    return [(each.start(), each[1] or each[2] or each[3]) for each in _HEADING.finditer(body)]


def _list_citations(readme: str) -> Iterator[tuple[str, str, str, str, int]]:
    """Yield each arXiv number with what stands around it.

    That are the words, the heading above it, the words of its link, and where the heading begins.
    """
    _, body = divide_readme(readme)
    headings = _list_headings(body)
    starts = [start for start, _ in headings]
    for each in ARXIV.finditer(body):
        if each[1] != _TEMPLATE_PAPER:
            above = bisect(starts, each.start())
            heading_at, heading = headings[above - 1] if above else (-1, "")
            address = body[max(0, each.start() - _LINK_CHARS) : each.start()].rpartition("http")[0]
            name = _LINKED_NAME.search(address)
            yield (
                each[1],
                _context(body, *each.span()),
                heading,
                name[1] if name else "",
                heading_at,
            )


def _unwrap(words: str) -> str:
    """Return words in which an end of a line that an editor wrapped is a blank."""
    lines = words.split("\n")
    joined = lines[0]
    for line, following in pairwise(lines):
        is_wrapped = len(line) >= _WRAPPED_MIN_CHARS and (line[-1:].isalnum() or line[-1:] == ",")
        goes_on = following[:1].isalnum() or following[:1] in _GOES_ON
        joined += (" " if is_wrapped and goes_on else "\n") + following
    return joined


def _context(text: str, start: int, end: int) -> str:
    """Return the sentence around a place, or the title of the BibTeX entry around it."""
    first = max(0, start - ENTRY_MAX_CHARS)
    at_sign = text.rfind("@", first, start)
    if at_sign >= 0:
        entry = text[at_sign:start]
        if "\n\n" not in entry and _ENTRY_FIELDS.search(entry):
            title = " ".join(each[0] for each in TITLE.finditer(entry + text[end : end + 500]))
            return title.partition("\n\n")[0]
    before, after = text[max(0, start - _BEFORE_CHARS) : start], text[end : end + _AFTER_CHARS]
    before = _unwrap(before)
    ends = [each.end() for each in _SENTENCE_END.finditer(before)]
    # "Doe et al. Title. TeaConf 2017. https://...": the address is the end of the reference.
    while ends and before[ends[-1] :].strip().startswith(_SCHEME) and _REFERENCE.search(before):
        ends.pop()
    following = _SENTENCE_END.search(after)
    return (
        before[ends[-1] if ends else 0 :]
        + text[start:end]
        + (after[: following.end()] if following else after)
    )
