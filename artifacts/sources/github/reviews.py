"""Review coverage without a token: a sample of the newest commits, by the REST interface."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.rating.evidence import ReviewFacts
from artifacts.sources.base import Deadline
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.client import github

# Two requests for each commit, of the sixty that GitHub gives an hour without a token.
SAMPLE_COMMITS = 2
_LISTED = 30


def fetch_sample(repository: str, deadline: Deadline) -> ReviewFacts:
    """Look at the newest commits that are neither merges nor a bot's.

    Raises:
        SourceUnavailable: GitHub does not answer, or in another form.
    """
    base = f"/repos/{quote(repository)}"
    listed = _list(f"{base}/commits?per_page={_LISTED}", deadline)
    newest = [each for each in listed if not _is_left_out(each)][:SAMPLE_COMMITS]
    reviewed = sum(_is_reviewed(base, str(each.get("sha")), deadline) for each in newest)
    return ReviewFacts(
        commits=len(newest),
        reviewed_commits=reviewed,
        additions=None,
        reviewed_additions=None,
        method=f"a sample of the newest {len(newest)} commits; with GITHUB_TOKEN all are looked at",
        is_sample=True,
    )


def _is_reviewed(base: str, sha: str, deadline: Deadline) -> bool:
    """Whether a commit came through a merged pull request that somebody else approved."""
    pulls = _list(f"{base}/commits/{quote(sha)}/pulls", deadline)
    merged = [each for each in pulls if each.get("merged_at")]
    if not merged:
        return False
    number = merged[0].get("number")
    reviews = _list(f"{base}/pulls/{number if type(number) is int else 0}/reviews", deadline)
    author = _login(merged[0])
    return any(
        each.get("state") == "APPROVED" and _login(each) not in ("", author) for each in reviews
    )


def _is_left_out(commit: dict[str, Any]) -> bool:
    """Whether a commit is a merge, or a bot's."""
    parents, author = commit.get("parents"), commit.get("author")
    login = str(author.get("login") or "") if isinstance(author, dict) else ""
    return (isinstance(parents, list) and len(parents) > 1) or login.endswith("[bot]")


def _login(entry: dict[str, Any]) -> str:
    """Return whose a pull request or review is, "" for nobody's."""
    user = entry.get("user")
    return str(user.get("login") or "") if isinstance(user, dict) else ""


def _list(path: str, deadline: Deadline) -> list[dict[str, Any]]:
    """Ask for a list and return its entries.

    Raises:
        SourceUnavailable: it is none.
    """
    data = ask(github(), Question(path), deadline).json()
    if not isinstance(data, list):
        raise SourceUnavailable("GitHub's answer has another form than documented.")
    return [each for each in data if isinstance(each, dict)]
