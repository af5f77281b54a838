"""Names without a word for data beside them: "Data set: opus", "Data sets: AMI and our own"."""

from __future__ import annotations

from itertools import takewhile

from artifacts.rules.patterns import Pattern

# One word behind a key is a name, however it is written: "dataset: opus".
_ONE_WORD = Pattern(r"\W{0,3}([A-Za-z][\w-]*)\W{0,3}")
_HUB_NAME = Pattern(r"\W{0,3}([A-Za-z0-9][\w.-]*/[\w.-]*\w)")
_BETWEEN = Pattern(r",? and |, ")
_LISTED_NAME = Pattern(r"[A-Z][\w.+-]*(?: [A-Z0-9][\w.+-]*){0,3}")
# What people train on besides: chips, clusters, other models.
_NO_DATA = Pattern(
    r"(?i)[avhtlpb]\d{1,4}s?(?:[^A-Za-z]|$)|rtx|gtx|[gt]pu|nvidia|aws|azure"
    r"|gcp|dgx|mi\d|cuda|colab|kaggle|lumi|macbook|gpt|chatgpt|llama|qwen|bert|roberta|openai|hugging"
)


def say_name(words: str) -> str:
    """Return the words behind "Data set:", saying so of a name of the Hub that begins them."""
    name = _HUB_NAME.match(words) or _ONE_WORD.fullmatch(words)
    return f"{words} . {name[1]} dataset" if name else words


def say_names(words: str) -> str:
    """Return the words behind "Data set:", saying so of each name of a list that begins them."""
    pieces = (each.strip(" *_`.") for each in _BETWEEN.split(words))
    names = list(takewhile(_LISTED_NAME.fullmatch, pieces))
    told = say_name(words)
    return " . ".join((told, *(f"{each} dataset" for each in names))) if len(names) > 1 else told


def is_name_of_data(name: str) -> bool:
    """Whether a name that stands alone is no abbreviation (`HPC`), chip or other model."""
    is_abbreviation = name.isalpha() and name.isupper()
    return not is_abbreviation and not _NO_DATA.match(name)
