"""The results that a card states in tables, in sentences and in what its code printed."""

from __future__ import annotations

from dataclasses import dataclass, field

from artifacts.rules.budget import judging
from artifacts.rules.html import HEADS_JOINED
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.claim_tables import AMOUNTS, count_in_table, speaks_of_results
from artifacts.rules.rating.languages import find_topics
from artifacts.rules.rating.measure_words import say_measures
from artifacts.rules.rating.measures import (
    EVALUATION,
    SETTING,
    TRAINING,
    TRAINING_LOG,
    count_claims,
    divide_sentences,
    find_scores,
    without_others,
)
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.rating.printed_output import LINE_MAX_CHARS, list_output, list_tables
from artifacts.rules.readme import CodeBlock, Readme, Table

_WHAT = "The results in the card"
# A converted model's card often ends with that of the original, whose results are not its own.
_OF_ORIGINAL = Pattern(r"(?i)original (?:model )?(?:card|readme|description)", before=r"\w")
# "GermEval14: 87.98": below a heading of results a label needs no name of a measure.
_LABELLED = Pattern(
    r"\s*([A-Za-z][\w ./@()+-]{1,50}?)\s*[:=]\s*(\d{1,3}\.\d{1,6}\s?%?|\d{1,3}\s?%)\s*"
)
_EXACT = Pattern(r"\d\.\d|\d ?%")
_ON_RESULTS = Pattern(r"(?i)evaluation|results?|performance|metrics|benchmarks?", before=r"\w")
# Shares of the data, of time and memory, and of other things than answers.
_NO_RESULT = Pattern(
    r"(?i)split|held.?out|(?:of|from) (?:the |all |our |its )?(?:\w+ )?(?:data|images|samples"
    r"|examples|corpus)"
    r"|faster|slower|smaller|larger|less|fewer|more|reduc\w*|saves?|saved|savings?|speed\w*"
    r"|memory|vram|cost|utili[sz]\w*|improv\w*|increase\w*|increasing|than|quota|discount"
    r"|confiden\w*|overlap|spars\w*|prun\w*",
    before=r"\w",
    after=r"\w",
)
# Prefixes of keys by which a printed loss or score is one of an evaluation.
_EVALUATED = Pattern(r"(?i)eval\w*|test|valid(?:ation)?|val|dev", before=r"\w", after=r"\w")


@dataclass(frozen=True)
class Claims:
    """How many results stand where, and the words of some of them.

    Attributes:
        others: numbers that belong to other models: in tables, and in the original's card.
    """

    in_tables: int = 0
    in_text: int = 0
    in_code: int = 0
    others: int = 0
    quotes: tuple[str, ...] = ()


def find_claims(readme: Readme, names: ModelNames) -> Claims:
    """Return the results of this model; those of other models are only counted.

    Raises:
        TooMuchToRead: there are too many to judge.
    """
    own, original = _Tally(), _Tally()
    with judging() as budget:
        for table in budget.each(readme.tables, _WHAT):
            tally = original if _OF_ORIGINAL.search(table.section) else own
            count, of_others = count_in_table(table, names, tally.quotes)
            tally.in_tables, tally.others = tally.in_tables + count, tally.others + of_others
        # Rows of tables in HTML stand in the text as well, a line for each, and so do the heads of
        # others, which name what was measured.
        in_rows = {_squeeze("".join(row)) for table in readme.tables for row in table.rows}
        in_rows.update(
            _squeeze(part)
            for table in readme.tables
            for head in table.rows[0]
            for part in head.split(HEADS_JOINED)
        )
        for section in budget.each(readme.sections, _WHAT):
            title = " / ".join(section.path) or section.title
            tally = original if _OF_ORIGINAL.search(title) else own
            lines = section.text.split("\n")
            text = "\n".join(each for each in lines if _squeeze(each) not in in_rows)
            # "Tea classifier: 98.2 % accuracy": exact numbers in a heading are results as well.
            if _EXACT.search(section.title):
                text = f"{section.title}\n{text}"
            tally.in_text += count_in_text(text, title, names, tally.quotes)
        for block in budget.each(readme.code_blocks, _WHAT):
            tally = original if _OF_ORIGINAL.search(block.place) else own
            count, of_others = _count_in_code(block, names, tally.quotes)
            tally.in_code, tally.others = tally.in_code + count, tally.others + of_others
    others = own.others + original.others
    others += original.in_tables + original.in_text + original.in_code
    return Claims(own.in_tables, own.in_text, own.in_code, others, tuple(own.quotes))


@dataclass
class _Tally:
    """What is counted in a part of a card. `Claims` explains the fields."""

    in_tables: int = 0
    in_text: int = 0
    in_code: int = 0
    others: int = 0
    quotes: list[str] = field(default_factory=list)


def _squeeze(words: str) -> str:
    """Return words without blanks."""
    return "".join(words.split())


def count_in_text(text: str, title: str, names: ModelNames, quotes: list[str]) -> int:
    """Count the results in sentences."""
    count = 0
    is_evaluation = bool(EVALUATION.search(title)) or "evaluation set" in text
    # What is told below such a heading is a result, whatever it is called.
    nearest = title.rpartition(" / ")[2]
    is_titled = _ON_RESULTS.search(nearest) is not None or "results" in find_topics(nearest)
    for sentence in divide_sentences(text):
        shown = without_others(sentence[:LINE_MAX_CHARS])
        is_evaluated = is_evaluation or bool(_EVALUATED.search(shown))
        found = count_claims(say_measures(shown), is_evaluation=is_evaluated)
        if not found and is_titled:
            found = _count_shares(say_measures(shown))
        if found and not names.speaks_of_another(shown):
            count += found
            quotes.append(sentence[:LINE_MAX_CHARS])
    return count


def _count_shares(sentence: str) -> int:
    """Return how many exact shares a sentence states: "form 96 %, season 91 %"."""
    if _NO_RESULT.search(sentence) or TRAINING.search(sentence) or SETTING.search(sentence):
        return 0
    return sum(sentence[end:].lstrip()[:1] == "%" for _, end in find_scores(sentence))


def _count_in_code(block: CodeBlock, names: ModelNames, quotes: list[str]) -> tuple[int, int]:
    """Count the results in a block: printed tables, and measures with a number beside them."""
    if block.is_citation:
        return 0, 0
    # What is judged, and how it stands in the card: a bare number is judged with its measure.
    output = list(list_output(block))
    told, lines = dict(output), [judged for judged, _ in output]
    count = others = 0
    is_on_results = any(speaks_of_results(block.section))
    rest: list[str] = []
    for group in list_tables(lines, rest):
        # It names a measure somewhere, so its numbers are results, whatever stands above them.
        found, of_others = count_in_table(Table(group, "results"), names, quotes)
        count, others = count + found, others + of_others
    for line in rest:
        plain = line.replace("_", " ").replace("/", " ")
        if TRAINING_LOG.search(plain) and not plain.lower().lstrip(" {'\"").startswith("eval"):
            continue
        # `{'label': 'cat', 'score': 0.99}` is a prediction; `eval_loss` is a result.
        found = sum(
            count_claims(piece, is_evaluation=bool(_EVALUATED.search(piece)))
            for piece in plain.split(", ")
            if not TRAINING.search(piece)
        ) or (is_on_results and _is_labelled_score(line))
        if found and not names.speaks_of_another(plain):
            count += found
            quotes.append(told[line])
    return count, others


def _is_labelled_score(line: str) -> bool:
    """Whether a line is a label and its score, rather than a setting or an amount."""
    found = _LABELLED.fullmatch(line)
    if found is None or SETTING.search(found[1]) or TRAINING_LOG.search(found[1]):
        return False
    return not AMOUNTS.search(found[1]) and not TRAINING.search(found[1])
