"""Whether the model's upkeep hangs on one person."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.rules.rating.curves import rounded, saturating
from artifacts.rules.rating.evidence import CodeFacts, Evidence, Missing
from artifacts.rules.rating.metric import Metric, Result, Scale, scored, unknown

# Two people are half of the way: the loss of one leaves one who knows the work.
_HALF_PEOPLE = 2
# CHAOSS calls the fewest people who made half of the contributions the contributor absence factor.
# While nobody made more than half it is at least two, and nothing is taken off.
_ABSENCE_SHARE = 0.5
# Taken off when one person made everything beside others who came by once. With a third, two people
# of whom one does all are as good as that one alone, never worse.
_DOMINANCE_COST = 1 / 3


def judge(evidence: Evidence) -> Result:
    """Take the better of the code's contributors and those of the model's own repository."""
    teams: list[tuple[str, Sequence[int]]] = []
    missing = []
    code = evidence.code
    if isinstance(code, Missing):
        missing.append(code)
    elif code.found_by != "library":
        if isinstance(code.contributors, Missing):
            missing.append(code.contributors)
        elif code.contributors:
            teams.append((code.repository, code.contributors))
    if isinstance(evidence.commits, Missing):
        missing.append(evidence.commits)
    elif evidence.commits.commits_by_author:
        commits = sorted(evidence.commits.commits_by_author.values(), reverse=True)
        teams.append((f"the model's own repository {evidence.model.repository}", commits))
    silent = [each.reason for each in missing if each.try_later]
    if silent:
        # The better of two counts: with one of them unheard, the other alone would say too little.
        return unknown(f"Not everybody is known who worked on it: {silent[0]}", try_later=True)
    if not teams:
        reasons = " ".join(each.reason for each in missing)
        return unknown(
            f"Nobody is known to have worked on it: {reasons or 'there are no commits.'}"
        )
    name, team = max(teams, key=lambda each: team_score(each[1]))
    factor, share = absence_factor(team), max(team) / sum(team)
    unlisted = ""
    if isinstance(code, CodeFacts) and isinstance(code.contributors, Missing):
        unlisted = f" Who writes {code.repository} is not listed: {code.contributors.reason}"
    return scored(
        rounded(team_score(team)),
        f"{len(team)} {'person has' if len(team) == 1 else 'people have'} worked on {name}; "
        f"{factor} made half of the commits, the busiest {share:.0%}.{unlisted}",
        {
            "repository": name,
            "people": len(team),
            "contributor_absence_factor": factor,
            "busiest_share": rounded(share),
        },
    )


def team_score(commits: Sequence[int]) -> float:
    """Return how well a team could lose somebody. Args: commits of each person, all above zero."""
    share = max(commits) / sum(commits)
    dominance = max(0.0, share - _ABSENCE_SHARE) / (1 - _ABSENCE_SHARE)
    # One person alone is dominant by arithmetic; the number of people says so already.
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
    name="bus_factor",
    title="Bus factor",
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
