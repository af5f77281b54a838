"""Finding the words of a card that say what this model was trained on: who trains what on it.

A card also names benchmarks, data of other models, data of example scripts, and titles of papers.
`dataset_names` finds the names in the words that are found here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.data_entries import find_entries
from artifacts.rules.rating.keyed_names import say_name, say_names
from artifacts.rules.rating.measures import find_benchmark
from artifacts.rules.rating.sentences import join_letters, split_sentences
from artifacts.rules.rating.training_titles import (
    is_for_readers,
    is_of_data,
    is_on_data,
    is_on_derived,
    is_on_results,
    own_title,
    title_words,
)
from artifacts.rules.readme import Readme

# A longer sentence is a list or no sentence; each verb in it is judged by the words around it.
_SENTENCE_MAX_CHARS, _VERBS_MAX = 1_000, 8
# A sentence that begins with a longer phrase than "the base model" says more than what it is.
_LEAD_MAX_WORDS = 3
# The longest cards have 2,000 sentences; this many take a fifth of a second.
_SENTENCES_MAX = 4_000
# A longer line after "trained on the following data sets:" is the next paragraph.
_LISTED_MAX_CHARS = 250

EVALUATION = Pattern(
    r"(?i)eval|evaluat\w*|test(?:ed|ing|s)?|scores?|results?|state[- ]of[- ]the[- ]art"
    r"|reach\w*|achieve[sd]?|achieving|outperform\w*|accuracy|supports?",
    before=r"\w",
    after=r"\w",
)
_OF_DATA = Pattern(
    r"(?i)(?:pre-?|fine-?)?(?:trained|tuned)|used?|using|data ?sets?|data|corpus|corpora"
    r"|collected|sampled|kaggle|uci|openml|roboflow|zenodo",
    before=r"\w-",
    after=r"\w",
)
# Sentences that tell the reader what to do, and not what was done.
_INSTRUCTION = Pattern(
    r"(?i)you|your|yourself|can be|could be|may be|examples?|scripts?|notebooks?|tutorials?"
    r"|recipes?|demos?|how to",
    before=r"\w",
    after=r"\w",
)
_NEGATION = Pattern(
    r"(?i)never|none|removed|excluded|excluding|except|filtered out"
    r"|not (?:used|included?|contain\w*|train\w*|part|seen)",
    before=r"\w",
    after=r"\w",
)
# Where a sentence leaves what the model was trained on for something else.
_SUPPOSED = Pattern(r"(?i)would|for instance|suppose|imagine", before=r"\w", after=r"\w")
_STOP = Pattern(
    r"(?i)eval|evaluat\w*|tested|testing|validated|achieve[sd]?|achieving|reach\w*|outperform\w*"
    r"|scor\w+|compar\w+|unlike|instead of|rather than|except\w*|exclud\w*|without|not"
    r"|(?:more|further|additional) (?:information|details)"
    r"|reproduction of|replication of|similar to|used to (?:pre-?|fine-?)?train|whereas|while",
    before=r"\w",
    after=r"\w",
)
_VERB = Pattern(
    r"(?i)(?:(?:pre|post|fine|instruct|instruction)[- ]?)?(?:trained|tuned)|distilled|aligned"
    r"|((?:pre|fine)?-?(?:train|tune))",
    before=r"\w-",
    after=r"\w",
)
# Without one of these a line outside of a section on training says nothing of it.
_TOPIC = Pattern(r"(?i)train|tune|adapts |tuning|distilled|aligned|data ?set|corpus")
# "X was used to train the model", "we used X for training", "the training data consist of X".
_USED = Pattern(
    r"(?i)used (?:as|for|to|in|during) (?:the |our |its |this )?(?:pre-?|fine-?)?(?:train|tun)\w*",
    before=r"\w",
    after=r"\w",
)
_TAKEN = Pattern(
    r"(?i)(?:we|i) (?:use|used|collect|collected|combine|combined|leverage|leveraged|sampled)",
    before=r"\w",
    after=r"\w",
)
_GOAL = Pattern(r"(?i)(?:for|to) (?:pre-?|fine-?)?(?:train|tun)\w*", before=r"\w", after=r"\w")
_INCLUDING = Pattern(r"(?i),? (?:which include|including|such as|namely)")
_DATA_ARE = Pattern(
    r"(?i)(?:training|tuning) (?:data ?sets?|data|corpus|corpora|mixture|mix|set)(?: used)?"
    r"(?: (?:is|are|was|were|comes?|came|comprises?|consists?|consisted|includes?|contains?)|:)",
    before=r"\w",
)
_DONE = Pattern(
    r"(?i)(?:training|tuning) (?:was|is|has been) (?:done|performed|conducted|carried out)",
    before=r"\w",
    after=r"\w",
)
# "a DPO fine-tune of X using Y": what was tuned with what, without a verb.
_TUNE = Pattern(
    r"(?i)an? (?:[\w-]+ ){0,3}(?:fine-?tune|tune|fine-?tuning) of [^,;:]{1,120}?"
    r" (?:using|on|with) |adapts [^,;:]{1,120}? (?:using|on|with) "
    # "produced by fine-tuning X on Y"
    r"|(?:made|obtained|produced|created|built|derived|developed) by (?:further )?"
    r"(?:(?:pre-?|fine-?)?(?:train|tun)ing) [^,;:]{1,120}? on ",
    before=r"\w",
)
_KEY = Pattern(r"(?i)(?:data ?sets?|corpus)(?: used)? ?:", before=r"\w")
# Other things than data are listed behind this one as well.
_TRAINING_KEY = Pattern(r"(?i)training ?:", before=r"\w")
_ANY = Pattern(r"\w")
_ASIDE = Pattern(r"\([^()]*\)")
_PROPER = Pattern(r"[A-Z][\w.-]*[A-Z0-9][\w.-]*|[A-Z][\w.-]{2,}")
# Word processors write other hyphens than keyboards.
_HYPHENS = dict.fromkeys(range(0x2010, 0x2014), "-")

_AUXILIARIES = frozenset((
    "also", "and", "are", "been", "being", "first", "further", "had", "has", "have", "is",
    "later", "that", "then", "was", "were", "which",
))  # fmt: skip
_FINITE = frozenset(("are", "had", "has", "have", "is", "was", "were"))
_HYPOTHETICAL = frozenset((
    "be", "can", "cannot", "could", "if", "may", "might", "must", "never", "no", "not", "once",
    "should", "to", "when", "will", "would", "you", "users", "script", "scripts", "notebook",
    "notebooks", "code", "example", "examples", "tokenizer",
))  # fmt: skip
_MODELS = frozenset((
    "architecture", "checkpoint", "checkpoints", "classifier", "encoder", "model", "models",
    "network", "transformer", "variant", "version", "weights",
))  # fmt: skip
_OTHERS = frozenset((
    "base", "baseline", "existing", "original", "other", "parent", "previous", "student's",
    "teacher",
))  # fmt: skip
_NO_PROPER_NAMES = frozenset((
    "all", "both", "each", "here", "it", "its", "model", "our", "pre", "the", "these", "they",
    "this", "trained", "training", "using", "was", "weights",
))  # fmt: skip


def find_training_text(readme: Readme, repository: str = "") -> dict[str, str]:
    """Return the words that say what this model was trained on, by the line that has them.

    Args:
        repository: the model's own name; what a sentence says of a model of another name is not
            about this one.

    Returns:
        For each line of the card's prose (a paragraph, list item or cell) the words, "" for none.
    """
    title = own_title(readme)
    own = tuple(filter(None, map(join_letters, (repository.rpartition("/")[2], title))))
    found: dict[str, str] = {}
    left = _SENTENCES_MAX
    for section in readme.sections:
        above = [each for each in section.path if each != title]
        titles = [title_words(each) for each in above]
        if is_on_derived(above):
            continue
        is_training = is_on_data(section, titles[:-1])
        if any(map(is_for_readers, titles)) or (not is_training and is_on_results(titles)):
            continue
        is_data = is_training and is_of_data(section.title)
        is_listed = False
        # "KettleNet trained on Steam2014" may be all that a card says of it.
        lines = (section.title * bool(_VERB.search(section.title)), *section.text.split("\n"))
        for line in filter(None, map(str.strip, lines)):
            plain = line.translate(_HYPHENS)
            is_listed = is_listed and len(line) <= _LISTED_MAX_CHARS
            enough = _ANY if is_data or is_listed else _OF_DATA if is_training else None
            words = ""
            if enough or _TOPIC.search(plain):
                sentences = list(islice(split_sentences(plain), left))
                left -= len(sentences)
                words = " . ".join(_words(sentences, own, enough))
            entries = [] if _is_aside(plain) else find_entries(plain, is_data=is_data)
            words = " . ".join((words, *(f"{each} dataset" for each in entries)))
            found[line] = found.get(line) or words
            if line.endswith(":"):
                is_listed = bool(words)
    return found


def _words(sentences: Sequence[str], own: tuple[str, ...], enough: Pattern | None) -> Iterator[str]:
    """Yield the words of sentences that say what this model was trained on.

    Args:
        enough: what a sentence must have where its section is about training, None elsewhere.
    """
    for whole in sentences:
        sentence = whole[:_SENTENCE_MAX_CHARS]
        claims = [] if _SUPPOSED.search(sentence) else list(_claims(sentence, own))
        if claims:
            yield from filter(None, claims)
        elif enough and enough.search(sentence) and not _is_aside(sentence):
            yield _before_stop(sentence)


def _is_aside(sentence: str) -> bool:
    """Whether a sentence without a claim instructs, denies, or is about evaluation."""
    asides = (_INSTRUCTION, _NEGATION, _SUPPOSED)
    return any(each.search(sentence) for each in asides) or _is_evaluated(sentence)


def _is_evaluated(words: str) -> bool:
    """Whether words speak of an evaluation."""
    return EVALUATION.search(words) is not None or find_benchmark(words) >= 0


def _claims(sentence: str, own: tuple[str, ...]) -> Iterator[str]:
    """Yield the words of each claim in a sentence, "" for a claim that is not about this model."""
    is_ours = True
    for verb in islice(_VERB.finditer(sentence), _VERBS_MAX):
        subject = _Subject(sentence[: verb.start()], own)
        # The plain form is a verb only after "we": "train" is also a part of a data set.
        if verb[1] and not subject.is_we:
            continue
        # "... and fine-tuned on X" has the subject of the verb before it.
        is_ours = is_ours if subject.is_shared else subject.is_ours
        yield _before_stop(sentence[verb.end() :]) if is_ours else ""
    if taken := _TAKEN.search(sentence):
        rest = sentence[taken.end() :]
        if goal := _GOAL.search(rest):
            is_open = _INCLUDING.match(rest[goal.end() :])
            yield _before_stop(rest if is_open else rest[: goal.start()])
    if found := _USED.search(sentence):
        head = sentence[: found.start()]
        trained = _PROPER.search(sentence[found.end() : found.end() + 30])
        is_ours = not trained or _is_own(trained[0], own)
        yield _before_stop(head) if is_ours and not _INSTRUCTION.search(head) else ""
    for pattern in (_DATA_ARE, _DONE, _TUNE, _KEY, _TRAINING_KEY):
        if found := pattern.search(sentence):
            head = sentence[: found.start()]
            near = head.rpartition(";")[2][-20:]
            is_ours = not _is_evaluated(near) and not _owner_is_other(head, own)
            words = _before_stop(sentence[found.end() :])
            if pattern is not _TRAINING_KEY:
                words = say_names(words) if found[0].endswith(":") else say_name(words)
            yield words if is_ours else ""


class _Subject:
    """Who or what was trained, according to the words before the verb."""

    def __init__(self, head: str, own: tuple[str, ...]) -> None:
        """Read the words before the verb, nearest first."""
        clause = _ASIDE.sub(" ", head).replace(";", ":").rpartition(":")[2]
        words = [each for each in (word.strip(",.\"'`*_[]") for word in clause.split()) if each]
        passed: set[str] = set()
        while words and (words[-1].lower() in _AUXILIARIES or words[-1].endswith("ly")):
            passed.add(words.pop().lower())
        near = words[-1] if words else ""
        before = words[-4:-1]
        lower = [each.lower() for each in before]
        determiners = {"all", "our", "the", "these"}.intersection(lower[-2:])
        self.is_we = near.lower() in ("we", "i")
        self.is_shared = "and" in passed
        # "The base model trained on ...", "BERT trained on ..." at the start describe this model.
        describes = len(words) <= _LEAD_MAX_WORDS and not passed & _FINITE
        if near.lower() in _HYPOTHETICAL:
            self.is_ours = False
        elif near.lower() in _MODELS:
            is_other = bool(_OTHERS.intersection(lower))
            is_named = "the" in lower and any(_is_other(each, own) for each in before)
            is_any = near.lower().endswith("s") and len(words) > 1 and not determiners
            self.is_ours = describes or not (is_other or is_named or is_any)
        elif _is_other(near, own):
            self.is_ours = describes or bool({"a", "an"} & {*lower})
        else:
            self.is_ours = True


def _is_own(name: str, own: tuple[str, ...]) -> bool:
    """Whether a name is the model's or its family's: `Robot` for `robot-large`."""
    return any(each.startswith(join_letters(name)) for each in own)


def _is_other(word: str, own: tuple[str, ...]) -> bool:
    """Whether a word is the name of another model."""
    is_name = _PROPER.fullmatch(word) is not None and word.lower() not in _NO_PROPER_NAMES
    return is_name and not _is_own(word, own)


def _owner_is_other(head: str, own: tuple[str, ...]) -> bool:
    """Whether the word before "training data" names another model, as in "Robot's"."""
    word = head.rstrip().rpartition(" ")[2]
    return word.endswith(("'s", "\u2019s")) and _is_other(word[:-2], own)


def _before_stop(words: str) -> str:
    """Return the words up to where they leave the data for something else."""
    stop = _STOP.search(words)
    ends = (stop.start() if stop else -1, find_benchmark(words))
    return words[: min((each for each in ends if each >= 0), default=len(words))].strip()
