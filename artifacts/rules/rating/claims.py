"""The results that a card states in tables, in sentences and in what its code printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from artifacts.rules.budget import judging
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.languages import find_topics
from artifacts.rules.rating.measures import (
    BENCHMARK,
    EVALUATION,
    MEASURE,
    SETTING,
    TRAINING,
    TRAINING_LOG,
    VAGUE_MEASURE,
    count_claims,
    divide_sentences,
    find_scores,
    without_others,
)
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.rating.printed_output import LINE_MAX_CHARS, list_output, list_tables
from artifacts.rules.readme import CodeBlock, Readme, Table

_WHAT = "The results in the card"
# Columns and tables that describe the data or the model, not its performance.
_AMOUNTS = Pattern(
    r"(?i)number|count|size|samples?|examples?|tuples?|pairs|rows|hours|tokens|param(?:eter)?s"
    r"|hyper-?parameters?|value|[gm]b|#\w*|disk|latency|vram|memory|[gm]?macs|macts|flops|speed|fps"
    r"|n|subjects?|patients?|speakers?|times?|ms|sec(?:onds?)?|throughput|resolution|pixels",
    before=r"\w",
    after=r"\w",
)
_PARAMETERS = Pattern(
    r"(?i)(?:hyper-?)?param(?:eter)?s?|arguments?|settings?|options?|config\w*",
    before=r"\w",
    after=r"\w",
)
_MODELS = Pattern(
    r"(?i)models?|methods?|systems?|checkpoints?|approach(?:es)?|variants?|architectures?|names?",
    before=r"\w",
    after=r"\w",
)
# The head of a column of models behind that of a task or a time, and a row called by a time.
_IS_MODEL = Pattern(r"(?i)\W*(?:models?|methods?|systems?)\W*")
_TIME = Pattern(r"(?i)\W*\d{1,4}(?:\.\d)?\s?(?:m|min|minutes?|h|hours?|d|days?|s|seconds?)\W*")
_MEASURES = Pattern(r"(?i)\W*(?:metric|measure|benchmark|evaluation)s?\W*")
# A converted model's card often ends with that of the original, whose results are not its own.
_OF_ORIGINAL = Pattern(r"(?i)original (?:model )?(?:card|readme|description)", before=r"\w")
# "GermEval14: 87.98": below a heading of results a label needs no name of a measure.
_LABELLED = Pattern(
    r"\s*([A-Za-z][\w ./@()+-]{1,50}?)\s*[:=]\s*(\d{1,3}\.\d{1,6}\s?%?|\d{1,3}\s?%)\s*"
)
# Prefixes of keys by which a printed loss or score is one of an evaluation.
_EVALUATED = Pattern(r"(?i)eval\w*|test|valid(?:ation)?|val|dev", before=r"\w", after=r"\w")
# Tables name their measures in the head, or in each row.
_ROWS_LOOKED_AT = 3


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
        # Rows of tables in HTML stand in the text as well, a line for each.
        in_rows = {_squeeze("".join(row)) for table in readme.tables for row in table.rows}
        for section in budget.each(readme.sections, _WHAT):
            title = " / ".join(section.path) or section.title
            tally = original if _OF_ORIGINAL.search(title) else own
            lines = section.text.split("\n")
            text = "\n".join(each for each in lines if _squeeze(each) not in in_rows)
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


def count_in_table(table: Table, names: ModelNames, quotes: list[str]) -> tuple[int, int]:
    """Count a table's results of this model, and the numbers of other models."""
    if not table.rows or not (_is_about_results(table) or _compares_models(table, names)):
        return 0, 0
    head, rows = table.rows[0], table.rows[1:]
    first = next((column for column, name in enumerate(head) if _IS_MODEL.fullmatch(name)), 0)
    labels = [row[first] if first < len(row) else "" for row in rows]
    is_of_models = bool(head) and _lists_models(head[first])
    other_columns = _find_others(head[1:], names) | names.find_other_versions(head[1:])
    other_rows = _find_others(labels, names, always=is_of_models)
    counting = {column for column, name in enumerate(head[1:]) if _counts_something(name)}
    count = others = 0
    for number, (label, row) in enumerate(zip(labels, rows, strict=True)):
        # "IFEval (0-shot)": what stands in brackets is no name of a setting.
        is_setting = SETTING.search(label.partition("(")[0]) and not _TIME.fullmatch(label)
        if is_setting and not MEASURE.search(label):
            continue
        scores = {
            column
            for column, cell in enumerate(row[1:])
            if column not in counting and column != first - 1 and find_scores(cell)
        }
        own = set() if number in other_rows else scores - other_columns
        count, others = count + len(own), others + len(scores - own)
        if own:
            quotes.append(" | ".join(row))
    return count, others


def count_in_text(text: str, title: str, names: ModelNames, quotes: list[str]) -> int:
    """Count the results in sentences."""
    count = 0
    is_evaluation = bool(EVALUATION.search(title)) or "evaluation set" in text
    for sentence in divide_sentences(text):
        shown = without_others(sentence[:LINE_MAX_CHARS])
        found = count_claims(shown, is_evaluation=is_evaluation or bool(_EVALUATED.search(shown)))
        if found and not names.speaks_of_another(shown):
            count += found
            quotes.append(shown)
    return count


def _is_about_results(table: Table) -> bool:
    """Whether a table's labels name measures, or head, heading or lead mention an evaluation."""
    head = " ".join(table.rows[0])
    if TRAINING_LOG.search(head):
        return False
    labels = " ".join((*_list_measured(table), *(row[0] for row in table.rows if row)))
    if MEASURE.search(labels) or _names_measures(table):
        return True
    if _PARAMETERS.search(head):
        return False
    if VAGUE_MEASURE.search(labels):
        return True
    title = table.section.rpartition(" / ")[2]
    if _speaks_of_results(title)[0] or "results" in find_topics(title):
        return True
    if _AMOUNTS.search(head):
        return False
    return BENCHMARK.search(labels) is not None or any(_speaks_of_results(table.lead))


def _compares_models(table: Table, names: ModelNames) -> bool:
    """Whether numbers of this model stand beside those of another one, column by column."""
    head = " ".join(table.rows[0])
    if TRAINING_LOG.search(head) or _PARAMETERS.search(head) or _AMOUNTS.search(head):
        return False
    measured = list(_list_measured(table))
    is_amount = any(_counts_something(row[0]) for row in table.rows[1:] if row)
    has_own = any(map(names.likeness, measured))
    return has_own and not is_amount and any(map(names.names_another, measured))


def _names_measures(table: Table) -> bool:
    """Whether a column has measures below a head that says so."""
    head, rows = table.rows[0], table.rows[1 : _ROWS_LOOKED_AT + 1]
    return any(
        _MEASURES.fullmatch(name) and MEASURE.search(row[column].replace("_", " "))
        for column, name in enumerate(head)
        for row in rows
        if column < len(row)
    )


def _list_measured(table: Table) -> Iterator[str]:
    """Yield the heads of columns that hold numbers: "Precision" above `float` is no measure."""
    head, rows = table.rows[0], table.rows[1:]
    for column, name in enumerate(head):
        if any(find_scores(row[column]) for row in rows if column < len(row)):
            yield name


def _lists_models(head: str) -> bool:
    """Whether a column's head says that models stand below it."""
    return _MODELS.search(head) is not None or "model" in find_topics(head)


# Cached: all tables below a paragraph share it as their lead.
@lru_cache(maxsize=16)
def _speaks_of_results(words: str) -> tuple[bool, bool]:
    """Whether words mention an evaluation, and whether they name a measure."""
    return EVALUATION.search(words) is not None, MEASURE.search(words) is not None


def _counts_something(head: str) -> bool:
    """Whether a column's head is that of settings or amounts."""
    plain = head.replace("_", " ")
    if MEASURE.search(head):
        return False
    return SETTING.search(plain) is not None or (
        _AMOUNTS.search(plain) is not None and head.strip().lower() != "value"
    )


def _find_others(labels: Sequence[str], names: ModelNames, *, always: bool = False) -> set[int]:
    """Return which labels are other models': all but those most like this model's name, if any is.

    Args:
        always: whether the labels are known to be models. Others are compared only if some name
            families of models.
    """
    likeness = [names.likeness(label) for label in labels]
    best = max(likeness, default=0.0)
    is_other = names.names_another if always else names.names_family
    others = {number for number, label in enumerate(labels) if is_other(label)}
    if best:
        # "BF16" beside "This model" is what was quantised; alone it may be this model itself.
        others |= {n for n, label in enumerate(labels) if names.names_full_precision(label)}
    if best and (always or others):
        return {number for number, like in enumerate(likeness) if like < best}
    # "Robot 7B" beside "Robot 8B Chat": other sizes and versions of the same family.
    return others | {
        number
        for number, label in enumerate(labels)
        if likeness[number] < best and names.names_any_family(label)
    }


def _count_in_code(block: CodeBlock, names: ModelNames, quotes: list[str]) -> tuple[int, int]:
    """Count the results in a block: printed tables, and measures with a number beside them."""
    if block.is_citation:
        return 0, 0
    # What is judged, and how it stands in the card: a bare number is judged with its measure.
    output = list(list_output(block))
    told, lines = dict(output), [judged for judged, _ in output]
    count = others = 0
    is_on_results = any(_speaks_of_results(block.section))
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
    return not _AMOUNTS.search(found[1]) and not TRAINING.search(found[1])
