"""The license that a README states in words, where neither its front matter nor a file does.

Only a section on the license counts, a line such as "License: MIT", or a sentence on this model:
elsewhere, licenses are those of data, code or other models. What limits a license in the same
words makes it another one.
"""

from __future__ import annotations

from artifacts.rules.licensing.addresses import find_address
from artifacts.rules.licensing.languages import closes_business, is_on_license
from artifacts.rules.licensing.spellings import find_spelling
from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Readme

_TITLE = Pattern(r"(?i)licen[cs](?:e|es|ing)", before=r"\w", after=r"\w")
_LINE = Pattern(r"(?im)^[ \t*_-]*(?:model )?licen[cs]e[*_ \t]*:[*_ \t]*([^\n]+)$")
# "This model is released under the MIT license." counts wherever it stands; of a base it does not.
_SENTENCE = Pattern(
    r"(?i)(?:this|the|our) (?:fine-?tuned )?(?:model|models|model weights|weights|checkpoint"
    r"|checkpoints|adapter|repository|project|work) (?:is|are) (?:licen[cs]ed|released|distributed"
    r"|published|shared|provided|made available|available) under ((?:[^\n.;]|\.[^\s])+)"
)
_ROW_TITLE = Pattern(r"(?i)[*_ ]*(?:model )?licen[cs]e[*_: ]*")
# A row of a table with its title and one value; more columns compare models.
_ROW_CELLS = 2
# Headings of sections that speak of the licenses of others.
_OF_OTHERS = Pattern(r"(?i)data|dataset|code|third|dependenc", before=r"\w")
# Words that take something away from a license, or speak of two.
_LIMITS = Pattern(
    r"(?i)not|no|non|except|only|unless|however|but|additional|prohibited|forbidden|research"
    r"|academic",
    before=r"\w",
    after=r"\w",
)
# Sentences in which a license's own section takes business away from whatever license is stated.
_CLOSES_BUSINESS = Pattern(
    r"(?i)non-?commercial (?:use|purposes?|research)(?: purposes?)? only"
    r"|(?:only|solely|exclusively|strictly) (?:be used )?for (?:non-?commercial|research|academic)"
    r"|(?:only|solely|exclusively|strictly) (?:for|to) [^.]{0,40}non-?commercial"
    r"|for (?:research|academic|non-?commercial)(?: use| usage| purposes?)? only"
    r"|commercial (?:use|usage|purposes) (?:is|are) (?:strictly )?(?:not (?:allowed|permitted)"
    r"|prohibited|forbidden)"
    r"|(?:may|must|can|shall) ?not (?:be )?(?:used?|sell|sold)[^.]{0,60}commercial"
    r"|no commercial use|commons clause|not for commercial"
    r"|free (?:of charge )?for (?:academic|research|personal)?,? ?(?:and )?non-?commercial"
    # "Code is under MIT, the weights under CC BY-NC 4.0": what is loaded decides.
    r"|(?:weights|checkpoints?|models?)[^.]{0,60}(?:cc[- ]by[- ]nc"
    r"|creative commons attribution[- ]non-?commercial)"
    r"|for commercial (?:use|usage|purposes|licen[cs]\w+)[^.]{0,60}(?:contact|permission|agreement)"
)
_SENTENCE_END = Pattern(r"[.;!?]\s|\n")
# Sentences about other things than the model.
_ABOUT_OTHERS = Pattern(
    r"(?i)data|dataset|datasets|corpus|base model|original", before=r"\w", after=r"\w"
)
# The words of a link or a badge to a license: "License: MIT", not "Code License".
_LABEL = Pattern(r"(?i)(?:model )?licen[cs]e(?:[: -].*)?")
# A longer section discusses licenses; a sentence or two state one.
_WORDS_MAX = 60
# "GNU General Public License, version 3.0 or later"
_NAME_WORDS_MAX = 9
# Names of one word that mean a license wherever they stand; others are also names of firms.
_SINGLE = frozenset(("mit", "isc", "unlicense", "wtfpl", "0bsd", "cc0", "gpl", "agpl", "lgpl"))
_WITH_VERSION = ("apache", "bsd", "mpl", "epl", "eupl", "cc", "gpl", "agpl", "lgpl")
_ENDS = ".,;:()[]\"'"


def find_in_prose(readme: Readme) -> tuple[str, bool]:
    """Return the license that a README states in words, and whether it states any at all.

    Returns:
        Several names joined with `AND`; "" for none, or for one that is not recognised.
    """
    texts = _list_sections(readme)
    texts += [
        found[1]
        for section in readme.sections
        for form in (_LINE, _SENTENCE)
        # A line between front matter's fences that stand below a title is a title, too.
        for found in form.finditer(f"{section.title}\n{section.text}")
    ]
    texts += [
        row[1]
        for table in readme.tables
        for row in table.rows
        if len(row) == _ROW_CELLS and _ROW_TITLE.fullmatch(row[0])
    ]
    texts = [each for each in texts if each.strip(_ENDS + "-*_ \n")]
    names = dict.fromkeys(name for text in texts for name in _find_names(text))
    linked = [
        find_address(each.url) for each in readme.links if _LABEL.fullmatch(each.text.strip())
    ]
    if not texts:
        names = dict.fromkeys(filter(None, linked))
    return " AND ".join(names), bool(texts or names)


def find_limit(readme: Readme) -> str:
    """Return the sentence of a section on the license that closes the model to business.

    Returns:
        "" for none; sentences about data, code and other models do not count.
    """
    for text in _list_sections(readme):
        for sentence in _SENTENCE_END.split(text):
            is_closed = _CLOSES_BUSINESS.search(sentence) and not _ABOUT_OTHERS.search(sentence)
            if is_closed or closes_business(sentence):
                return sentence.strip()
    return ""


def _list_sections(readme: Readme) -> list[str]:
    """Return the texts of the sections on the license of all that is there."""
    return [
        section.text
        for section in readme.sections
        if (_TITLE.search(section.title) and not _OF_OTHERS.search(section.title))
        or is_on_license(section.title)
    ]


def _find_names(text: str) -> list[str]:
    """Return the licenses that a short text names, none if it limits them."""
    words = [each.strip(_ENDS) for each in text.split()]
    if len(words) > _WORDS_MAX or _LIMITS.search(text):
        return []
    names, start = [], 0
    while start < len(words):
        name, length = _find_longest(words[start : start + _NAME_WORDS_MAX])
        if name:
            names.append(name)
        start += length
    return names


def _find_longest(words: list[str]) -> tuple[str, int]:
    """Return the license that the most of some words name from the first on, and how many do."""
    for length in range(len(words), 0, -1):
        if length == 1 and not _is_single(words[0].lower()):
            break
        name = find_spelling(" ".join(words[:length]))
        if name:
            return name, length
    return "", 1


def _is_single(word: str) -> bool:
    """Whether one word is the name of a license, such as `mit` and `bsd-3-clause`."""
    return word in _SINGLE or (word.startswith(_WITH_VERSION) and any(map(str.isdecimal, word)))
