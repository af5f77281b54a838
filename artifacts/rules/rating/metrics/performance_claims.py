"""Whether the model says how well it does, and so that one can check it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.curves import rounded, saturating, weighted
from artifacts.rules.rating.evidence import Evidence, ModelFacts
from artifacts.rules.rating.metric import Metric, Result, Scale, scored
from artifacts.rules.readme import Readme, Table, parse_readme

_RESULTS, _BREADTH, _CHECKABLE = 0.60, 0.20, 0.20
# Of the weight of results, by how they are given: structured ones name task, data and metric;
# a table can be read and compared; a sentence has to be believed.
_STRUCTURED, _TABLE, _PROSE = 1.0, 0.9, 0.5
# Three results, as on three data sets, are half of a broad evaluation.
_HALF_RESULTS = 3
_METRIC_NAMES = (
    r"accuracy|acc|f1|bleu|rouge(?:-?\d|-?l)?|wer|cer|perplexity|ppl|mmlu|glue|exact match|em|map"
    r"|mean ap|iou|miou|psnr|ssim|fid|auc|roc.?auc|precision|recall|mse|rmse|mae|loss|top-?[15]"
    r"|cider|meteor|spice|ndcg|mrr|spearman|pearson|matthews|mcc|score|reward|success rate|success"
    r"|hellaswag|arc|gsm8k|humaneval|pass@\d+|average|avg|elo|ter|chrf|comet|pesq|stoi|der|eer"
)
_METRIC = Pattern(f"(?i){_METRIC_NAMES}", before=r"\w-", after=r"\w-")
# Benchmarks that stand in the head of a table where others name the measure: their results are
# numbers of the benchmark's own measure.
_BENCHMARK = Pattern(
    r"(?i)benchmarks?|\w*vqa\w*|gqa|pope|mmmu|mmbench|chartqa|tallyqa|squad|glue|superglue|sst-?2|mnli"
    r"|qnli|qqp|cola|mrpc|rte|stsb?|boolq|piqa|winogrande|truthfulqa|mbpp|bbh|agieval|mteb"
    r"|beir|lambada|wikitext-?\d*|imagenet(?:-\w+)?|cifar-?10+|fmnist|coco|ade20k|librispeech|fleurs"
    r"|common ?voice|xnli|triviaqa|naturalquestions|ms ?marco|set\s?(?:5|14)|urban100"
    r"|div2k|kinetics-?\d*|voc\d*",
    before=r"\w-",
    after=r"\w-",
)
_NUMBER = Pattern(r"\d{1,3}(?:[.,]\d+)?\s*%?", before=r"\w.", after=r"\w")
# Tables that measure the data or the model, and not how well it does.
_AMOUNTS = Pattern(
    r"(?i)number|count|size|samples?|examples?|tuples?|pairs|rows|hours|tokens|param(?:eter)?s"
    r"|hyper-?parameters?|value|[gm]b",
    before=r"\w",
    after=r"\w",
)
# Tables that a trainer writes while it trains: a loss for each epoch is no result.
_TRAINING_LOG = Pattern(r"(?i)epochs?|steps?", before=r"\w", after=r"\w")
_EVALUATION = Pattern(
    r"(?i)evaluat\w*|results?|performance|benchmarks?|scores?|test", before=r"\w", after=r"\w"
)
# "achieves 87.1 F1", "an accuracy of 92 %": a metric and a number in one short stretch.
_CLAIM = Pattern(
    rf"(?i)(?:{_METRIC_NAMES})[^\w.\n-](?:[^.\n]{{0,58}}?[^\w.\n])??\d{{1,3}}(?:[.,]\d+)?",
    before=r"\w-",
) | Pattern(
    r"(?i)\d{1,3}[.,]\d+(?:\s+%?|%|\s*%?[^.\n]{0,29}?[^\w.\n-])" rf"(?:{_METRIC_NAMES})",
    before=r"\w.",
    after=r"\w-",
)
_ARXIV = Pattern(r"(?i)arxiv(?:\.org/(?:abs|pdf)/|[.:\s]*)(\d{4}\.\d{4,5})", before=r"\w")
# Cited by the Hub's card template in every card that nobody wrote (Lacoste et al., 2019).
_TEMPLATE_PAPER = "1910.09700"


def judge(evidence: Evidence) -> Result:
    """Weigh how results are given, how many they are, and whether a paper stands behind them."""
    model = evidence.model
    readme = parse_readme(model.readme)
    structured = list(structured_results(model.card))
    table, prose = _table_results(readme), _prose_results(readme)
    given = max(_STRUCTURED * bool(structured), _TABLE * bool(table), _PROSE * bool(prose), 0.0)
    count = max(len(structured), table, prose)
    papers = papers_of(model)
    verified = any(each.get("verified") is True for each in structured)
    if not count:
        return scored(
            0.0,
            "The card states no result: no model-index, no table of scores, no number beside the "
            "name of a measure.",
            {"results": 0, "papers": papers},
        )
    checkable = 1.0 if verified else 0.75 * bool(papers)
    score = weighted((
        (_RESULTS, given),
        (_BREADTH, saturating(count, _HALF_RESULTS)),
        (_CHECKABLE, checkable),
    ))  # fmt: skip
    places = (
        (len(structured), "in its model-index"), (table, "in tables"), (prose, "in its text"),
    )  # fmt: skip
    given_words = ", ".join(f"{number} {where}" for number, where in places if number)
    reason = (
        f"The card states results: {given_words}; "
        f"{'others have verified some' if verified else 'nobody else has verified them'}, "
        f"{'a paper describes the work' if papers else 'no paper is named'}."
    )
    facts = {
        "structured": len(structured), "in_tables": table, "in_text": prose,
        "papers": papers, "verified": verified,
    }  # fmt: skip
    return scored(rounded(score), reason, facts)


def structured_results(card: Any) -> Iterator[dict[str, Any]]:
    """Yield the metrics of a card's model-index that have a value.

    Source: Hugging Face, Model Cards, "Evaluation Results" (after Papers with Code's model-index).
    """
    entries = card.get("model-index")
    for entry in entries if isinstance(entries, list) else ():
        results = entry.get("results") if isinstance(entry, dict) else None
        for result in results if isinstance(results, list) else ():
            metrics = result.get("metrics") if isinstance(result, dict) else None
            for metric in metrics if isinstance(metrics, list) else ():
                if isinstance(metric, dict) and metric.get("value") is not None:
                    yield metric


def papers_of(model: ModelFacts) -> list[str]:
    """Return the arXiv numbers that tags and card name, in order, without the template's."""
    named = [tag.removeprefix("arxiv:") for tag in model.tags if tag.startswith("arxiv:")]
    named += (found[1] for found in _ARXIV.finditer(model.readme))
    return sorted(set(named) - {_TEMPLATE_PAPER})


def _table_results(readme: Readme) -> int:
    """Count numbers in tables that are about results."""
    count = 0
    for table in readme.tables:
        if _is_about_results(table):
            cells = [cell for row in table.rows[1:] for cell in row[1:]]
            # A table may have its labels in the first column only: then the head holds data sets.
            count += sum(bool(_NUMBER.search(cell)) for cell in cells)
    return count


def _is_about_results(table: Table) -> bool:
    """Whether a table's labels name measures, or head, heading or lead speak of an evaluation."""
    head = " ".join(table.rows[0]) if table.rows else ""
    if _TRAINING_LOG.search(head):
        return False
    labels = head + " " + " ".join(row[0] for row in table.rows if row)
    if _METRIC.search(labels) or _speaks_of_results(table.section.rpartition(" / ")[2])[0]:
        return True
    if _AMOUNTS.search(head):
        return False
    return _BENCHMARK.search(head) is not None or any(_speaks_of_results(table.lead))


# All tables below a paragraph have it as their lead: it is read once, not for each.
@lru_cache(maxsize=16)
def _speaks_of_results(words: str) -> tuple[bool, bool]:
    """Whether words speak of an evaluation, and whether they name a measure."""
    return _EVALUATION.search(words) is not None, _METRIC.search(words) is not None


def _prose_results(readme: Readme) -> int:
    """Count the sentences that give a number for a measure."""
    return sum(_CLAIM.count(section.text) for section in readme.sections)


METRIC = Metric(
    name="performance_claims",
    title="Performance claims",
    sentence="Whether the model states how well it does, in a way that can be checked.",
    scale=Scale(
        zero="No result is stated.",
        middle="A few numbers in sentences, or one in a table with nothing to check it against.",
        one="Many results in the structured form, verified by others.",
        unknown="Does not occur: that no result is stated is known, and scores 0.",
    ),
    sources=(
        "Hugging Face, Model Cards, Evaluation Results (model-index)",
        "Mitchell et al., Model Cards for Model Reporting, arXiv:1810.03993, section 4.4",
    ),
    judge=judge,
)
