"""Telling by a section's title whether it is about training, results, or for readers to do."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.languages import find_topics, is_on_training_data
from artifacts.rules.rating.sentences import split_sentences
from artifacts.rules.readme import Readme, Section

# Words that a title may have which only tells that the section is about the data of training. Any
# other word makes it something else: the title of a paper, or how to train on one's own data.
_TITLE_WORDS = frozenset((
    "a", "and", "been", "come", "comes", "corpora", "corpus", "data", "dataset", "datasets",
    "description", "details", "evaluation", "fine", "finetuning", "for", "from", "has", "how",
    "information", "is", "it", "mix", "mixture", "model", "of", "overview", "post",
    "posttraining", "pre", "preprocessing", "pretraining", "procedure", "process", "set", "sets",
    "setup", "source", "sources", "stage", "statistics", "summary", "testing", "the", "train",
    "trained", "training", "tuning", "unnamed", "used", "validation", "was", "we", "were",
    "where",
))  # fmt: skip
TITLE_DATA = frozenset(("corpora", "corpus", "data", "dataset", "datasets"))
_TITLE_TRAINING = frozenset((
    "finetuning", "posttraining", "pretraining", "train", "trained", "training", "tuning",
))  # fmt: skip
# Sections about what the model reaches, whose data sets are benchmarks.
_TITLE_RESULTS = frozenset((
    "benchmark", "benchmarks", "comparison", "eval", "evaluation", "evaluations", "metrics",
    "performance", "result", "results", "testing", "validation",
))  # fmt: skip
_TITLE_READERS = frozenset(("example", "examples", "recipe", "tutorial", "your", "yourself"))
# Sections about models that were made from this one.
_DERIVED = Pattern(
    r"(?i)derivatives|(?:models?|versions?|variants?|checkpoints?) (?:fine-?tuned|trained|built"
    r"|derived|based|made) (?:off|from|on|with|upon)|(?:fine-?tuned|derived|derivative|downstream)"
    r" (?:models|versions|variants|checkpoints)",
    before=r"\w",
    after=r"\w",
)
# Paragraphs about the data in a section on training: "Data: ...".
_LED_IN = Pattern(
    r"(?i)\W*(?:training )?(?:data|data ?sets?|corpus|corpora)\s*:"
    r"|(?:the|our|its) (?:training|fine-?tuning) (?:set|data|data ?set|corpus) [a-z]"
)
_KEY_MAX_CHARS = 40
# What became of the data before a model was trained on them.
_MADE = Pattern(
    r"(?i)(?:collected|recorded|scanned|annotated|labell?ed|photographed|scraped|crawled|gathered"
    r"|transcribed|digiti[sz]ed|simulated|rendered|synthesi[sz]ed|filmed)",
    before=r"\w",
    after=r"\w",
)
_TRAINED = Pattern(
    r"(?i)(?:pre-?|fine-?)?(?:trained|tuned) (?:\w+ ){0,8}(?:on|with|from)", before=r"\w"
)
# "Fitted, after cleaning, on 48,210 visits of two years": how many of what it learned from.
_LEARNED_FROM = Pattern(
    r"(?i)(?:trained|tuned|fitted|fit|learned|learnt) (?:[\w,-]+ ){0,12}?(?:on|with|from|over) "
    r"(?:[a-z]+ ){0,3}(\d[\d,.]*[kmb]?(?: [\w-]+){1,4})",
    before=r"\w",
)
# "I collected 12,400 comments", and in a section on training "190 million pairs from X".
_WE_MADE = Pattern(
    r"(?i)(?:i|we) (?:[\w-]+ ){0,2}[a-z]{4,13} (?:[\w-]+ ){0,2}\d"
    r"|\d[\d,.]* [a-z]+ (?:[\w-]+ ){0,4}(?:that |which )?(?:i|we) [a-z]",
    before=r"\w",
)
_AMOUNT_FROM = Pattern(
    r"(?i)\d[\d,.]*[kmb]? (?:[a-z-]+ ){1,4}(?:from|of) (?:the )?(?-i:[A-Z])", before=r"\w."
)
_COMPUTE = Pattern(
    r"(?i)gpus?|tpus?|[ahvlt]\d{1,3}s?|[ahv]100\w*|rtx|v[2-6]|nvidia|nodes?|cores?|epochs?|steps?"
    r"|iterations?|days?|chips?|machines?|layers?|classes|labels|languages|param(?:eter)?s",
    before=r"\w",
    after=r"\w",
)
# The longest cards have 2,000 sentences.
_SENTENCES_MAX = 1_000
_TITLE_WORD = Pattern(r"[a-z]+")


def own_title(readme: Readme) -> str:
    """Return the title that names the model, "" if the first one is that of a usual section."""
    title = next((each.title for each in readme.sections if each.title), "")
    words = title_words(title)
    is_usual = words <= _TITLE_WORDS | _TITLE_RESULTS or is_for_readers(words)
    return "" if is_usual else title


def is_for_readers(title: frozenset[str]) -> bool:
    """Whether a title announces instructions: what readers may train, and not what was done."""
    return bool(title & _TITLE_READERS) or {"how", "to"} <= title


def is_on_derived(titles: Iterable[str]) -> bool:
    """Whether one of the titles is about models that others, or the owner, made from this one."""
    return any(map(_DERIVED.search, titles))


def is_of_training(title: str) -> bool:
    """Whether a title is about training or its data, and nothing else."""
    words = title_words(title)
    is_usual = words <= _TITLE_WORDS and bool(words & (TITLE_DATA | _TITLE_TRAINING))
    return (is_usual and not is_on_results([words])) or is_on_training_data(title)


def is_of_data(title: str) -> bool:
    """Whether a title has a word for data, in one of the languages that are known."""
    return bool(title_words(title) & TITLE_DATA) or is_on_training_data(title)


def is_on_data(section: Section, above: list[frozenset[str]]) -> bool:
    """Whether a section is about the data or the procedure of this model's training.

    Args:
        above: the words of each title above its own.
    """
    if is_on_training_data(section.title) and "results" not in find_topics(section.title):
        return not is_on_results(above)
    words = title_words(section.title)
    topics = words.union(*(each for each in above if each <= _TITLE_WORDS))
    if not words <= _TITLE_WORDS or not topics & (TITLE_DATA | _TITLE_TRAINING):
        return False
    return not is_on_results([words]) and not is_on_results(above)


def is_on_results(titles: list[frozenset[str]]) -> bool:
    """Whether one of the titles is about what the model reaches, and not about training, too."""
    return any(each & _TITLE_RESULTS and not each & _TITLE_TRAINING for each in titles)


def title_words(title: str) -> frozenset[str]:
    """Return the words of a title."""
    return frozenset(_TITLE_WORD.findall(title.lower()))


def count_data_words(readme: Readme) -> int:
    """Return how many words a card has on the data of training.

    That are whole sections on them, and sentences elsewhere on how they were made or how many.
    """
    title = own_title(readme)
    total = 0
    for section in readme.sections:
        above = [title_words(each) for each in section.path[:-1] if each != title]
        is_named = bool(title_words(section.title).union(*above) & TITLE_DATA)
        if (is_named and is_on_data(section, above)) or is_on_training_data(section.title):
            total += section.word_count
        elif not is_on_results([*above, title_words(section.title)]):
            sentences = list(islice(split_sentences(section.text), _SENTENCES_MAX))
            is_training = is_on_data(section, above)
            total += sum(len(each.split()) for each in sentences if _tells(each, is_training))
    return total


def _tells(sentence: str, is_training: bool) -> bool:  # noqa: FBT001  (what its section is about)
    """Whether a sentence outside of a section on the data tells how they were made or how many."""
    key, colon, _ = sentence[:_KEY_MAX_CHARS].partition(":")
    if _LED_IN.match(sentence) or (colon and is_on_training_data(key)):
        return True
    learned = _LEARNED_FROM.search(sentence)
    if learned is not None and not _COMPUTE.search(learned[1]):
        return True
    if is_training and (amount := _AMOUNT_FROM.search(sentence)) is not None:
        return not _COMPUTE.search(amount[0])
    is_made = _MADE.search(sentence) is not None
    is_ours = _WE_MADE.search(sentence) is not None
    return is_made and (is_training or is_ours or _TRAINED.search(sentence) is not None)
