"""How much of the model's code came through reviewed pull requests."""

from __future__ import annotations

from artifacts.rules.rating.code_citations import cite_code, cite_mentions
from artifacts.rules.rating.curves import rounded
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown


def judge(evidence: Evidence) -> Result:
    """Return the share of reviewed lines, or of reviewed commits if lines are unknown."""
    code = evidence.code
    if isinstance(code, Missing) and code.try_later:
        return unknown(code.reason, try_later=True)
    if isinstance(code, Missing) and code.is_to_be_asked:
        return unknown(code.reason, is_provisional=True, is_optional=True)
    if isinstance(code, Missing) or not code.is_own:
        gone = ""
        if isinstance(code, CodeFacts) and code.instead_of:
            gone = f" {code.instead_of}, which the card names, is not there."
        mentioned = "".join(f" {each.reason}" for each in evidence.mentioned_code[:1])
        return unknown(
            "No repository of the model's own code is known, so there is nothing to review."
            f"{gone}{mentioned}",
            is_applicable=False,
            is_optional=True,
            citations=cite_mentions(evidence),
        )
    return _judge_code(code)


def _judge_code(code: CodeFacts) -> Result:
    """Judge a code repository."""
    reviews = code.reviews
    facts = {"repository": code.repository}
    if isinstance(reviews, Missing):
        return unknown(
            reviews.reason,
            facts,
            try_later=reviews.try_later,
            is_optional=True,
            is_provisional=reviews.is_to_be_asked,
        )
    by_lines = reviews.additions is not None and reviews.reviewed_additions is not None
    whole = reviews.additions if by_lines else reviews.commits
    reviewed = reviews.reviewed_additions if by_lines else reviews.reviewed_commits
    if not whole:
        return unknown(f"{code.repository} has no commit to look at.", facts, is_optional=True)
    share = (reviewed or 0) / whole
    what = "added lines" if by_lines else "commits"
    sample = " This is a sample." if reviews.is_sample else ""
    return scored(
        rounded(share),
        f"{share:.0%} of the {what} in {code.repository} came through a pull request that somebody "
        f"else approved ({reviews.method}).{sample}",
        {
            **facts,
            "commits": reviews.commits,
            "reviewed_commits": reviews.reviewed_commits,
            "additions": reviews.additions,
            "reviewed_additions": reviews.reviewed_additions,
            "method": reviews.method,
            "is_sample": reviews.is_sample,
        },
        is_optional=True,
        citations=cite_code(code),
        is_provisional=reviews.is_to_be_asked,
    )


METRIC = Metric(
    name=MetricName.REVIEWEDNESS,
    sentence="The share of the code that came in through pull requests which others approved.",
    scale=Scale(
        zero="Nothing was reviewed.",
        middle="Half of the added lines came through an approved pull request.",
        one="Everything did.",
        unknown="No repository of the model's own code (the API answers -1), or its history could "
        "not be read.",
    ),
    sources=(
        "OpenSSF Scorecard, check Code-Review",
        "GitHub GraphQL API, Commit.associatedPullRequests, PullRequest.reviews",
    ),
    judge=judge,
    uses=("code",),
)
