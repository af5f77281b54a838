"""Names of data sets in a card's sentences, where nothing links to them.

Such a name proves little: that the authors say what they trained on, and that somebody may find it.
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.rules.patterns import Pattern
from artifacts.rules.readme import Readme, Section

# More names than this in one card are a survey, and no account of what was used.
_NAMES_MAX = 20
TRAINING = Pattern(
    r"(?i)(?:pre-?|fine-?)?train\w*|fine-?tun\w*|corpus|corpora", before=r"\w", after=r"\w"
)
EVALUATION = Pattern(
    r"(?i)evaluat\w*|benchmark\w*|test(?:ed|ing|s)?|scores?", before=r"\w", after=r"\w"
)
_TRAINING_DATA = Pattern(r"(?i)train\w*|fine-?tun\w*|data(?:set)?s?", before=r"\w", after=r"\w")
_SENTENCE_END = Pattern(r"[.!?](\s+)|(\n+)")
# Words of a name are counted and measured once they are found.
_NAME_MAX_WORDS, _WORD_MAX_CHARS = 5, 41
_WORD = r"[A-Z][\w.+&-]*"
# "the Farfetch dataset", "Common Voice 11 corpus".
_WORDS = rf"({_WORD}(?:[ -](?:{_WORD}|\d[\w.]*))*)"
_BEFORE = Pattern(rf"{_WORDS} data ?set", before=r"\w") | Pattern(
    rf"{_WORDS} corp(?:us|ora)", before=r"\w", after=r"\w"
)
# "a data set (called WebText)".
_AFTER = Pattern(
    r"(?:data ?set|corpus)(?:[^\w.\n]|[^\w.\n][^.\n]{0,18}[^\w.\n])(?:called|named|known as)"
    rf"\W{{1,4}}({_WORD}(?: {_WORD}){{0,3}})",
    before=r"\w",
)
# Data sets of the field that sentences name without the word.
_KNOWN = Pattern(
    r"(?i)imagenet(?:-?(?:1k|21k|22k))?|(?:ms[ -]?)?coco|laion[\w-]*|conceptual captions"
    r"|cc3m|cc12m|visual genome|datacomp[\w-]*|common ?crawl|m?c4|oscar|the pile|redpajama[\w-]*"
    r"|refinedweb|fineweb[\w-]*|wikipedia|book ?corpus|openwebtext\d?|webtext"
    r"|squad(?: ?v?\d(?:\.\d)?)?|snli|multinli|mnli|librispeech|libritts|common ?voice"
    r"|voxpopuli|voxceleb\d?|audioset|(?:fashion-?)?mnist|cifar-?100?|div2k|flickr2k|flickr30k|ade20k|kitti|kinetics[\w-]*"
    r"|ms ?marco|natural questions|the stack(?: v\d)?|alpaca|sharegpt|ultrachat|openorca|dolly"
    r"|celeba(?:-hq)?|ffhq|fairface|gooaq|eli5|s2orc",
    before=r"\w/-",
    after=r"\w/-",
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
    for sentence in _sentences(section.text):
        if EVALUATION.search(sentence) or not (is_on_training or TRAINING.search(sentence)):
            continue
        names = [match[1] or match[2] for match in _BEFORE.finditer(sentence)]
        names += [match[1] for match in _AFTER.finditer(sentence)]
        yield from filter(None, map(_without_common_words, names))
        yield from _KNOWN.findall(sentence)


def _sentences(text: str) -> Iterator[str]:
    """Yield the sentences of a text, each with its stop; a new line ends one as well."""
    begins_at = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[begins_at : max(end.start(1), end.start(2))]
        begins_at = end.end()
    yield text[begins_at:]


def _without_common_words(name: str) -> str:
    """Return a name without the words at its start that name nothing, "" when nothing is left."""
    words = name.split(" ")[-_NAME_MAX_WORDS:]
    if max(map(len, words)) > _WORD_MAX_CHARS:
        return ""
    while words and words[0].lower() in _NO_NAMES:
        words.pop(0)
    left = " ".join(words)
    return "" if left.lower() in _NO_NAMES else left
