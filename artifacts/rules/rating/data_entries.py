"""Data sets that are listed without a verb: "CupCorpus and MugNet 2", "Kettle (300 hours)".

Only words below a title on training data, or behind such a key, are looked at.
"""

from __future__ import annotations

from itertools import takewhile

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.keyed_names import is_name_of_data
from artifacts.rules.rating.languages import find_topics
from artifacts.rules.rating.libraries import is_library_name
from artifacts.rules.rating.training_titles import is_of_data, is_of_training

_NAME = r"[A-Z][\w.+&-]*(?: (?:[A-Z][\w.+&-]*|v?\d[\w.]*)){0,3}"
# A name, and what is told of it in brackets, behind a colon or behind a dash.
_ENTRY = Pattern(rf"\W*({_NAME})\W{{0,3}}(?:\(([^()]*)\)\W*|\s?[:-]\s(.+))?")
_PIECE = Pattern(r"[^,;()]+(?:\([^()]*\)[^,;()]*)?")
_AND = Pattern(r" (?:and|und|et|y|e|i|en|plus) ")
# What only collections of speech and text are measured in: with pictures, classes are listed so.
_AMOUNT = Pattern(
    r"(?i)\d[\d.,]*\s?[kmb]?\+?\s?(?:(?:mil|mio|mrd|million(?:en|es|s)?|milliards?|billion|thousand"
    r"|millones|milh\wes|de|of)\.? ){0,4}(?:palabras|mots|w\wrter|parole|palavras|hours?|hrs?|h"
    r"|std|stunden|heures?|horas?|tokens?|words|sentences|pairs|utterances|dialogues|documents"
    r"|gb|tb)",
    after=r"\w",
)
_AMOUNT_ABROAD = ("час", "小时", "時間", "시간", "токен", "句", "文", "万", "億", "亿", "문장")
_KEY_MAX_CHARS = 40
# What stands there instead of "trained on": the names behind it are those of data.
_TRAINED = Pattern(
    r"(?i)\W{0,3}(?:pre-?|fine-?)?trained(?: (?:from scratch|data|with|corpora))?\s?: "
)
# As in "Kettle Readings (Doe 2011)": whose it is, behind a name of several words.
_SOURCE = Pattern(r"[A-Z][\w .&,-]{1,40} (?:19|20)\d\d")
# "Roe 2020" alone is who wrote of it.
_CITED = Pattern(r"(?:See |From |By )?[A-Z][a-z]+ (?:19|20)\d\d")
# Shorter words with numbers are chips, scales and sizes.
_LETTERS_MIN = 3
_KEY_END = Pattern(r"\*{0,2}\s?(?::|- )\*{0,2}\s?")
# Separators of other scripts, and dashes of print.
_PLAIN = str.maketrans({
    "\u3001": ", ", "\uff0c": ", ", "\uff1b": "; ", "\uff1a": ": ", "\uff08": " (",
    "\uff09": ") ", "\u3002": ". ", "\u2013": "-", "\u2014": "-", "\u548c": " and ",
    "\u4e0e": " and ",
})  # fmt: skip
# Where data come from, and programs.
_PLACES = frozenset((
    "github", "youtube", "pytorch", "tensorflow", "opencv", "javascript", "numpy", "json", "hub",
    "gitlab", "sklearn", "huggingface", "linkedin", "whatsapp", "stackoverflow", "matlab",
    "roboflow", "labelimg", "labelstudio", "googlecolab",
))  # fmt: skip


def find_entries(line: str, *, is_data: bool) -> list[str]:
    """Return the names of data sets that a line lists, up to the first thing that is none.

    Args:
        is_data: whether the line stands below a title on training data; else it needs such a key.
    """
    plain = line.translate(_PLAIN).strip()
    key = _KEY_END.search(plain[: _KEY_MAX_CHARS + 2])
    words = plain[: key.start()].strip(" *_") if key is not None else ""
    if key is not None and words and _is_key(words, is_data=is_data):
        plain = plain[key.end() :]
    elif not is_data and (trained := _TRAINED.match(plain)) is not None:
        plain = plain[trained.end() :]
    elif not is_data:
        return []
    pieces = [part for piece in _PIECE.findall(plain) for part in _AND.split(piece)]
    return list(takewhile(bool, map(_read_entry, pieces)))


def _is_key(words: str, *, is_data: bool) -> bool:
    """Whether a key announces data of training; below a title on data "training" is enough."""
    if is_data:
        return is_of_training(words) or "training" in find_topics(words)
    return is_of_data(words) and is_of_training(words)


def _read_entry(piece: str) -> str:
    """Return the name in a piece of a list, "" if it is no name of data."""
    entry = _ENTRY.fullmatch(piece.strip().rstrip("."))
    if entry is None:
        return ""
    name = entry[1]
    told = entry[2] or entry[3]
    is_measured = _is_amount(told) or (" " in name and _SOURCE.fullmatch(told) is not None)
    plain = "".join(filter(str.isalnum, name.lower()))
    if plain in _PLACES or is_library_name(name) or _CITED.fullmatch(name):
        return ""
    return name if is_measured or (_has_shape(name) and is_name_of_data(name)) else ""


def _is_amount(words: str) -> bool:
    """Whether words say how much speech or text there is."""
    is_abroad = any(map(str.isdecimal, words)) and any(each in words for each in _AMOUNT_ABROAD)
    return is_abroad or _AMOUNT.search(words) is not None


def _has_shape(name: str) -> bool:
    """Whether a word has a number or a capital inside it, unlike words of the language."""
    words = name.split(" ")
    is_numbered = len(words) > 1 and words[-1].isdecimal()
    return is_numbered or any(
        any(map(str.isdecimal, word)) or (not word.isupper() and any(map(str.isupper, word[1:])))
        for word in words
        if word[0].isalpha() and sum(map(str.isalpha, word)) >= _LETTERS_MIN
    )
