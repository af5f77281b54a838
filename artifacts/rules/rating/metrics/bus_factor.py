"""Whether the model's maintenance depends on one person."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.rating.citation import Citation
from artifacts.rules.rating.code_citations import cite_code, cite_history
from artifacts.rules.rating.curves import rounded, saturating
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, MetricName, Result, Scale, scored, unknown
from artifacts.rules.rating.standing import list_standing, say_standing

# Two people give one half: the loss of one leaves one who knows the work.
_HALF_PEOPLE = 2
# CHAOSS calls the fewest people who made half of the contributions the contributor absence factor.
# As long as nobody made more than half, it is at least two, and nothing is deducted.
_ABSENCE_SHARE = 0.5
# Deducted when one person made nearly everything and the others contributed once. With one third,
# two people of whom one does everything score the same as that one alone, never worse.
_DOMINANCE_COST = 1 / 3


def judge(evidence: Evidence) -> Result:
    """Score the better of two: the code's contributors and those of the model's own repository."""
    teams: list[tuple[str, Sequence[int], tuple[Citation, ...], str]] = []
    missing = []
    code = evidence.code
    if isinstance(code, Missing):
        missing.append(code)
    elif code.is_own:
        if isinstance(code.contributors, Missing):
            missing.append(code.contributors)
        elif code.contributors:
            teams.append((code.repository, code.contributors, cite_code(code), ""))
    has_history = False
    if isinstance(evidence.commits, Missing):
        missing.append(evidence.commits)
    elif evidence.commits.commits_by_author:
        has_history = True
        commits = sorted(evidence.commits.commits_by_author.values(), reverse=True)
        name = f"the model's own repository {evidence.model.repository}"
        partial = " Older commits were not read." if evidence.commits.is_partial else ""
        teams.append((name, commits, (cite_history(evidence.model),), partial))
    silent = [each.reason for each in missing if each.try_later]
    if silent:
        # The better of two counts: if one source did not answer, the other alone says too little.
        return unknown(f"Not everybody is known who worked on it: {silent[0]}", try_later=True)
    is_provisional = any(each.is_to_be_asked for each in missing)
    if not teams:
        reasons = " ".join(each.reason for each in missing)
        return unknown(
            f"Nobody is known to have worked on it: {reasons or 'there are no commits.'}",
            is_provisional=is_provisional,
        )
    name, team, places, partial = max(teams, key=lambda each: team_score(each[1]))
    factor, share = absence_factor(team), max(team) / sum(team)
    unlisted = ""
    if isinstance(code, CodeFacts) and code.is_own and isinstance(code.contributors, Missing):
        is_waiting = code.contributors.is_to_be_asked
        lead = "" if is_waiting else f" Who writes {code.repository} is not listed:"
        unlisted = f"{lead} {code.contributors.reason}"
    return scored(
        rounded(team_score(team)),
        f"{_say_team(name, team)}.{partial}{unlisted} {say_standing(evidence)}".rstrip(),
        {
            "repository": name,
            "people": len(team),
            "contributor_absence_factor": factor,
            "busiest_share": rounded(share),
            **list_standing(evidence),
        },
        is_optional=not has_history,
        citations=places,
        is_provisional=is_provisional,
    )


def _say_team(name: str, team: Sequence[int]) -> str:
    """Say how many people made the commits, and how they share them."""
    total = sum(team)
    if len(team) == 1:
        what = "the only commit" if total == 1 else f"all of {total} commits"
        return f"One person made {what} to {name}"
    factor, share = absence_factor(team), max(team) / total
    return (
        f"{len(team)} people have worked on {name}; {factor} made half of the commits, the busiest "
        f"{share:.0%}"
    )


def team_score(commits: Sequence[int]) -> float:
    """Score how well a team could lose a member. Args: commits of each person, all above zero."""
    share = max(commits) / sum(commits)
    dominance = max(0.0, share - _ABSENCE_SHARE) / (1 - _ABSENCE_SHARE)
    # A single person always dominates; the number of people already accounts for that.
    cost = _DOMINANCE_COST * dominance if len(commits) > 1 else 0.0
    return saturating(len(commits), _HALF_PEOPLE) * (1 - cost)


def absence_factor(commits: Sequence[int]) -> int:
    """Return the fewest people who made at least half of the commits."""
    total, made = sum(commits), 0
    for people, count in enumerate(sorted(commits, reverse=True), 1):
        made += count
        if 2 * made >= total:
            return people
    return 0


METRIC = Metric(
    name=MetricName.BUS_FACTOR,
    sentence="Whether the work would go on if the busiest contributor left.",
    scale=Scale(
        zero="Is not reached: where there are commits there is somebody.",
        middle="Two people share the work, or a few of whom one does nearly everything.",
        one="Many people, none of whom made more than half of the commits.",
        unknown="No commit is known, neither of the code nor of the model's own repository.",
    ),
    sources=(
        "CHAOSS, metric Contributor Absence Factor (fewest people who make 50 % of contributions)",
        "GitHub REST API, List repository contributors; Hugging Face Hub API, commits",
    ),
    judge=judge,
    uses=("commits", "code"),
)
