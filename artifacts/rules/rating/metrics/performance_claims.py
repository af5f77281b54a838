"""Whether the model states its performance in a way that people can check."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from artifacts.rules.eval_results import FOLDER, StatedResult, read_model_index
from artifacts.rules.patterns import Pattern
from artifacts.rules.rating.absence import tell_absence
from artifacts.rules.rating.citation import Citation, cite
from artifacts.rules.rating.claims import Claims, find_claims
from artifacts.rules.rating.curves import rounded, saturating, weighted
from artifacts.rules.rating.evidence import Evidence, ModelFacts
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored
from artifacts.rules.rating.model_names import name_model
from artifacts.rules.rating.papers import find_citations, find_papers
from artifacts.rules.rating.papers_elsewhere import (
    find_paper_elsewhere,
    refers_for_results,
    speaks_of_results,
)
from artifacts.rules.reading import Readable, find_unread
from artifacts.rules.readme import Readme, parse_readme

_RESULTS, _BREADTH, _CHECKABLE = 0.60, 0.20, 0.20
# The weight of results by their form: structured ones name task, data and metric; a table can be
# read and compared, and so can what a program printed; a sentence has to be believed.
_STRUCTURED, _TABLE, _PRINTED, _PROSE = 1.0, 0.9, 0.8, 0.5
# Three results, for instance on three data sets, are half of a broad evaluation.
_HALF_RESULTS = 3
# Results that say where they were published are half as checkable as those that others verified.
_PAPER, _PUBLISHED = 0.75, 0.5
# Where results may stand.
_PLACES: tuple[Readable, ...] = ("readme", "card", "results")
_TITLE = Pattern(r"(?i)title\s*=\s*[{\"]+[^\n]*", before=r"\w")
_PICTURE = Pattern(r"!\[|(?i:<img)")
# A card that refers to the model's paper for its results says where to find them, and no more.
_IN_PAPER = 0.3


def judge(evidence: Evidence) -> Result:
    """Weigh the form of results, their number, and whether a paper supports them."""
    model = evidence.model
    structured = (*read_model_index(model.card), *model.results)
    names = name_model(model)
    readme = parse_readme(model.readme)
    claims = find_claims(readme, names)
    papers = find_papers(model) or list(
        filter(None, [find_paper_elsewhere(readme, model.repository)])
    )
    facts = {
        "structured": len(structured), "in_tables": claims.in_tables, "in_text": claims.in_text,
        "in_code": claims.in_code, "of_other_models": claims.others, "papers": papers,
        "verified": any(each.has_proof for each in structured),
    }  # fmt: skip
    citations = [*_cite_results(model, structured, claims), *_cite_papers(model, papers)]
    count = max(len(structured), claims.in_tables, claims.in_code, claims.in_text)
    if not count:
        score, reason = _without_results(model, readme, claims, papers)
        absent = scored(score, reason, facts | {"results": 0}, citations=citations)
        return tell_absence(model, _PLACES, absent)
    unread = (each.reason for each in find_unread(model.readings, _PLACES))
    reason = " ".join((_reason(structured, claims, papers), *unread))
    score = _score(structured, claims, papers, count)
    return scored(rounded(score), reason, facts, citations=citations)


def _score(
    structured: Sequence[StatedResult], claims: Claims, papers: Sequence[str], count: int
) -> float:
    """Return the score of so many results in these forms."""
    given = max(
        _STRUCTURED * bool(structured),
        _TABLE * bool(claims.in_tables),
        _PRINTED * bool(claims.in_code),
        _PROSE * bool(claims.in_text),
    )
    checkable = max(
        1.0 * any(each.has_proof for each in structured),
        _PAPER * bool(papers),
        _PUBLISHED * any(each.source_url for each in structured),
    )
    return weighted((
        (_RESULTS, given),
        (_BREADTH, saturating(count, _HALF_RESULTS)),
        (_CHECKABLE, checkable),
    ))  # fmt: skip


def _reason(structured: Sequence[StatedResult], claims: Claims, papers: Sequence[str]) -> str:
    """Say which results there are, and what supports them."""
    in_files = sum(each.path.startswith(FOLDER) for each in structured)
    places = (
        (len(structured) - in_files, "in its model-index"), (in_files, f"in {FOLDER}"),
        (claims.in_tables, "in tables"), (claims.in_code, "in printed output"),
        (claims.in_text, "in its text"),
    )  # fmt: skip
    given = ", ".join(f"{number} {where}" for number, where in places if number)
    verified = any(each.has_proof for each in structured)
    support = "some are marked as verified" if verified else "none is marked as verified"
    paper = "a paper describes the work" if papers else "no paper of its own was found"
    return f"Results of the model were found: {given}; {support}, {paper}."


def _without_results(
    model: ModelFacts, readme: Readme, claims: Claims, papers: Sequence[str]
) -> tuple[float, str]:
    """Return the score of a card without results of this model, and what it has instead."""
    nothing = _say_none(model, claims)
    if not papers:
        return 0.0, nothing
    quotes = (words for number, words in find_citations(model.readme) if number in papers)
    if any(map(speaks_of_results, quotes)) or refers_for_results(readme, papers):
        return _IN_PAPER, f"{nothing} The card refers to a paper for them."
    return rounded(_CHECKABLE * _PAPER), f"{nothing} A paper describes the work."


def _say_none(model: ModelFacts, claims: Claims) -> str:
    """Say that no result was found, and where it was looked for."""
    if not model.readme.strip():
        return "There is no card, and no other file of results was found."
    if claims.others:
        return (
            f"No result of this model was found in the card: the {claims.others} scores that were "
            "found stand beside the names of other models."
        )
    pictures = " What pictures show is not read." if _PICTURE.search(model.readme) else ""
    return (
        "No result was found: no model-index, no table of scores, no printed evaluation, no number "
        f"beside the name of a measure.{pictures}"
    )


def _cite_results(
    model: ModelFacts, structured: Sequence[StatedResult], claims: Claims
) -> Iterator[Citation]:
    """Yield where results stand."""
    yield from (cite(model, each.path, each.quote) for each in structured)
    yield from (cite(model, quote=quote) for quote in claims.quotes)


def _cite_papers(model: ModelFacts, papers: Sequence[str]) -> Iterator[Citation]:
    """Yield where the model's papers are named."""
    quotes = {number: words for number, words in find_citations(model.readme) if number in papers}
    for number in papers:
        # Where nothing else names it, the paper is known by an entry of BibTeX.
        if words := quotes.get(number, number * (" " in number)):
            # An entry is read in pieces: its title stands for the whole.
            titles = _TITLE.findall(words) if words.startswith("@") else []
            yield cite(model, quote=(titles or [words])[0])
        else:
            yield cite(model, "", f"arxiv:{number}")


METRIC = Metric(
    name=MetricName.PERFORMANCE_CLAIMS,
    sentence="Whether the model states how well it does, in a way that can be checked.",
    scale=Scale(
        zero="No result of this model is stated, and no paper about it is named.",
        middle="A few numbers in sentences, or one in a table with nothing to check it against.",
        one="Many results in the structured form, verified by others.",
        unknown="The card or files of results could not be read, and nothing else is stated.",
    ),
    sources=(
        "Hugging Face, Model Cards and Evaluation Results (model-index, .eval_results)",
        "Mitchell et al., Model Cards for Model Reporting, arXiv:1810.03993, section 4.4",
    ),
    judge=judge,
)
