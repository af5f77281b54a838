"""Names of data sets in a card's sentences, where nothing links to them.

Such a name proves little: that the authors say what they trained on, and that somebody may find it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from artifacts.rules.readme import Readme, Section

# More names than this in one card are a survey, and no account of what was used.
_NAMES_MAX = 20
TRAINING = re.compile(r"\b((pre-?|fine-?)?train\w*|fine-?tun\w*|corpus|corpora)\b", re.IGNORECASE)
EVALUATION = re.compile(r"\b(evaluat\w*|benchmark\w*|test(ed|ing|s)?|scores?)\b", re.IGNORECASE)
_TRAINING_DATA = re.compile(r"\b(train\w*|fine-?tun\w*|data(set)?s?)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
_WORD = r"[A-Z][\w.+&-]{0,40}"
# "the Farfetch dataset", "Common Voice 11 corpus".
_BEFORE = re.compile(
    rf"\b({_WORD}(?:[ -](?:{_WORD}|\d[\w.]{{0,10}})){{0,4}}) (?:data ?set|corp(?:us|ora)\b)"
)
# "a data set (called WebText)".
_AFTER = re.compile(
    rf"\b(?:data ?set|corpus)\b[^.\n]{{0,20}}\b(?:called|named|known as)\W{{1,4}}"
    rf"({_WORD}(?: {_WORD}){{0,3}})"
)
# Data sets of the field that sentences name without the word.
_KNOWN = re.compile(
    r"(?<![\w/-])(imagenet(?:-?(?:1k|21k|22k))?|(?:ms[ -]?)?coco|laion[\w-]*|conceptual captions"
    r"|cc3m|cc12m|visual genome|datacomp[\w-]*|common ?crawl|m?c4|oscar|the pile|redpajama[\w-]*"
    r"|refinedweb|fineweb[\w-]*|wikipedia|book ?corpus|openwebtext\d?|webtext"
    r"|squad(?: ?v?\d(?:\.\d)?)?|snli|multinli|mnli|librispeech|libritts|common ?voice"
    r"|voxpopuli|voxceleb\d?|audioset|(?:fashion-?)?mnist|cifar-?100?|div2k|flickr2k|flickr30k|ade20k|kitti|kinetics[\w-]*"
    r"|ms ?marco|natural questions|the stack(?: v\d)?|alpaca|sharegpt|ultrachat|openorca|dolly"
    r"|celeba(?:-hq)?|ffhq|fairface|gooaq|eli5|s2orc)(?![\w/-])",
    re.IGNORECASE,
)
# Words in front of "data set" that name none.
_NO_NAMES = frozenset((
    "a", "additional", "all", "an", "and", "another", "audio", "both", "chinese", "custom",
    "data", "each", "english", "evaluation", "final", "fine-tuning", "for", "french", "german",
    "hf", "hub", "hugging face", "huggingface", "if", "image", "in", "internal", "its", "kaggle",
    "large", "model", "multilingual", "new", "on", "open", "original", "other", "our", "own",
    "private", "proprietary", "public", "some", "source", "spanish", "speech", "synthetic", "test",
    "text", "that", "the", "their", "these", "this", "training", "unlabeled", "used", "using",
    "validation", "video", "we", "web", "with", "your",
))  # fmt: skip


def names_in_prose(readme: Readme) -> tuple[str, ...]:
    """Return what the card's sentences on training name as data sets, in order, each once."""
    found: dict[str, str] = {}
    for section in readme.sections:
        for name in _names_of(section):
            found.setdefault(name.lower(), name)
    return tuple(found.values())[:_NAMES_MAX]


def _names_of(section: Section) -> Iterator[str]:
    """Yield the names in a section, of the sentences that speak of training."""
    is_on_training = bool(_TRAINING_DATA.search(section.title)) and not EVALUATION.search(
        section.title
    )
    for sentence in _SENTENCE_END.split(section.text):
        if EVALUATION.search(sentence) or not (is_on_training or TRAINING.search(sentence)):
            continue
        for match in (*_BEFORE.finditer(sentence), *_AFTER.finditer(sentence)):
            name = _without_common_words(match[1])
            if name:
                yield name
        yield from (match[1] for match in _KNOWN.finditer(sentence))


def _without_common_words(name: str) -> str:
    """Return a name without the words at its start that name nothing, "" when nothing is left."""
    words = name.split(" ")
    while words and words[0].lower() in _NO_NAMES:
        words.pop(0)
    left = " ".join(words)
    return "" if left.lower() in _NO_NAMES else left
