"""The results in tables: which numbers are this model's, and which are others' or no results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.languages import find_topics
from artifacts.rules.rating.measure_words import say_measures
from artifacts.rules.rating.measures import (
    BENCHMARK,
    EVALUATION,
    MEASURE,
    SETTING,
    TRAINING_LOG,
    VAGUE_MEASURE,
    find_scores,
)
from artifacts.rules.rating.model_names import ModelNames
from artifacts.rules.readme import Table

# Columns and tables that describe the data or the model, not its performance.
AMOUNTS = Pattern(
    r"(?i)number|count|size|samples?|examples?|tuples?|pairs|rows|hours|tokens|param(?:eter)?s"
    r"|hyper-?parameters?|value|[gm]b|#\w*|disk|latency|vram|memory|[gm]?macs|macts|flops|speed|fps"
    r"|n|subjects?|patients?|speakers?|times?|ms|sec(?:onds?)?|throughput|resolution|pixels"
    r"|bits?|bpw",
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
# "The performance of different variants": what the rows are, where no head tells.
_OF_VARIANTS = Pattern(
    r"(?i)(?:different|various|several|all|our|these|released) (?:[\w-]+ ){0,3}"
    r"(?:models|variants|versions|checkpoints|configurations|sizes)",
    before=r"\w",
    after=r"\w",
)
_EXACT = Pattern(r"\d[.,]\d|\d ?%")
# Models that are compared in a table are compared by results.
_COMPARISON = Pattern(
    r"(?i)compar(?:isons?|ed|ing)|versus|vs|state[- ]of[- ]the[- ]art|sota",
    before=r"\w",
    after=r"\w",
)
# Columns beside one that is headed so are those of other models.
_OURS = Pattern(r"(?i)\W*(?:ours?(?: (?:model|method|approach))?|this model)\W*")
# "For results see the original card".
_ELSEWHERE = Pattern(
    r"(?i)(?:see|refer to|found in|check out) (?:the |its |their )?"
    r"(?:original|base|source|upstream|main)",
    before=r"\w",
)
_TIME = Pattern(r"(?i)\W*\d{1,4}(?:\.\d)?\s?(?:m|min|minutes?|h|hours?|d|days?|s|seconds?)\W*")
_MEASURES = Pattern(r"(?i)\W*(?:metric|measure|benchmark|evaluation)s?\W*")
# From which likeness on a label is the model's name and little else.
_SURELY = 0.6
# Tables name their measures in the head, or in each row.
_ROWS_LOOKED_AT = 3


def count_in_table(table: Table, names: ModelNames, quotes: list[str]) -> tuple[int, int]:
    """Count a table's results of this model, and the numbers of other models."""
    if not table.rows or not (_is_about_results(table) or _compares_models(table, names)):
        return 0, 0
    head, rows = table.rows[0], table.rows[1:]
    first = next((column for column, name in enumerate(head) if _IS_MODEL.fullmatch(name)), 0)
    labels = [row[first] if first < len(row) else "" for row in rows]
    is_told = _OF_VARIANTS.search(table.lead) is not None
    is_of_models = bool(head) and (
        _lists_models(head[first])
        or (not head[first].strip() and (is_told or _names_models(labels, names)))
    )
    has_ours = any(map(_OURS.fullmatch, head[1:]))
    other_columns = _find_others(head[1:], names, always=has_ours)
    other_columns |= names.find_other_versions(head[1:])
    other_rows = _find_others(labels, names, always=is_of_models)
    counting = {column for column, name in enumerate(head[1:]) if _counts_something(name)}
    counting |= _find_amounts(head, rows)
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


def _is_about_results(table: Table) -> bool:
    """Whether a table's labels name measures, or head, heading or lead mention an evaluation."""
    head = " ".join(table.rows[0])
    if TRAINING_LOG.search(head):
        return False
    measured = (*_list_measured(table), *(row[0] for row in table.rows if row))
    labels = say_measures(" ".join(measured)).replace("_", " ")
    if MEASURE.search(labels) or _names_measures(table):
        return True
    title = table.section.rpartition(" / ")[2]
    if _lists_models(head) and _COMPARISON.search(f"{title} {table.lead}") and _is_exact(table):
        return True
    if _PARAMETERS.search(head):
        return False
    if VAGUE_MEASURE.search(labels):
        return True
    if speaks_of_results(title)[0] or "results" in find_topics(title):
        return True
    if AMOUNTS.search(head):
        return False
    is_announced = any(speaks_of_results(table.lead)) and not _ELSEWHERE.search(table.lead)
    return BENCHMARK.search(labels) is not None or is_announced


def _find_amounts(head: Sequence[str], rows: Sequence[Sequence[str]]) -> set[int]:
    """Return which columns after the first hold amounts, such as letters, clips or visits.

    Their numbers are whole where those of all others have decimals, and no head names a measure.
    """
    columns = [
        [row[column] for row in rows if column < len(row) and find_scores(row[column])]
        for column in range(1, len(head))
    ]
    exact = {number for number, cells in enumerate(columns) if any(map(_EXACT.search, cells))}
    whole = {number for number, cells in enumerate(columns) if cells} - exact
    is_named = any(_names_results(head[number + 1]) for number in whole)
    return whole if exact and len(rows) > 1 and not is_named else set()


def _names_results(label: str) -> bool:
    """Whether a label names a measure or a benchmark."""
    return any(each.search(label) for each in (MEASURE, VAGUE_MEASURE, BENCHMARK))


def _is_exact(table: Table) -> bool:
    """Whether a column that counts nothing holds numbers with decimals."""
    return any(
        _EXACT.search(cell) and find_scores(cell)
        for row in table.rows[1 : _ROWS_LOOKED_AT + 1]
        for name, cell in zip(table.rows[0], row, strict=False)
        if not _counts_something(name)
    )


def _compares_models(table: Table, names: ModelNames) -> bool:
    """Whether numbers of this model stand beside those of another one, column by column."""
    head = " ".join(table.rows[0])
    if TRAINING_LOG.search(head) or _PARAMETERS.search(head) or AMOUNTS.search(head):
        return False
    measured = list(_list_measured(table))
    is_amount = any(_counts_something(row[0]) for row in table.rows[1:] if row)
    has_own = any(map(names.likeness, measured))
    return has_own and not is_amount and any(map(names.names_another, measured))


def _names_models(labels: Sequence[str], names: ModelNames) -> bool:
    """Whether rows have this model's name and one that has the shape of another model's."""
    has_own = any(names.likeness(each) >= _SURELY for each in labels)
    others = (each for each in labels if not MEASURE.search(each) and not BENCHMARK.search(each))
    return has_own and any(map(names.names_another, others))


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
def speaks_of_results(words: str) -> tuple[bool, bool]:
    """Whether words mention an evaluation, and whether they name a measure."""
    return EVALUATION.search(words) is not None, MEASURE.search(words) is not None


def _counts_something(head: str) -> bool:
    """Whether a column's head is that of settings or amounts."""
    plain = head.replace("_", " ")
    if MEASURE.search(head):
        return False
    return SETTING.search(plain) is not None or (
        AMOUNTS.search(plain) is not None and head.strip().lower() != "value"
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
