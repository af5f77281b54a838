"""Review coverage without a token: a sample of the newest commits, by the REST API."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from artifacts.exceptions import SourceUnavailable
from artifacts.rules.contributors import is_bot, is_by_another
from artifacts.rules.rating.evidence import ReviewFacts
from artifacts.sources.cache import Question, ask
from artifacts.sources.github.budget import require_left
from artifacts.sources.github.client import github
from artifacts.sources.inquiry import Inquiry

# Each commit takes two requests of the sixty that GitHub allows an hour without a token.
SAMPLE_COMMITS = 2
_LISTED = 30


def fetch_sample(repository: str, inquiry: Inquiry) -> ReviewFacts:
    """Examine the newest commits that are neither merges nor a bot's.

    Raises:
        SourceUnavailable: GitHub does not answer, or answers in another form.
        RequestsSpent: too few requests are left; the answers so far are cached for the next try.
    """
    base = f"/repos/{quote(repository)}"
    listed = _list(f"{base}/commits?per_page={_LISTED}", inquiry)
    newest = [each for each in listed if not _is_left_out(each)][:SAMPLE_COMMITS]
    reviewed = sum(_is_reviewed(base, str(each.get("sha")), inquiry) for each in newest)
    return ReviewFacts(
        commits=len(newest),
        reviewed_commits=reviewed,
        additions=None,
        reviewed_additions=None,
        method=f"a sample of the newest {len(newest)} commits; with GITHUB_TOKEN all are looked at",
        is_sample=True,
    )


def _is_reviewed(base: str, sha: str, inquiry: Inquiry) -> bool:
    """Whether a commit came by a merged pull request that somebody else approved."""
    pulls = _list(f"{base}/commits/{quote(sha)}/pulls", inquiry)
    merged = [each for each in pulls if each.get("merged_at")]
    if not merged:
        return False
    number = merged[0].get("number")
    reviews = _list(f"{base}/pulls/{number if type(number) is int else 0}/reviews", inquiry)
    author = _login(merged[0])
    return any(
        each.get("state") == "APPROVED" and is_by_another(_login(each), author) for each in reviews
    )


def _is_left_out(commit: dict[str, Any]) -> bool:
    """Whether a commit is a merge, or a bot's."""
    parents, author = commit.get("parents"), commit.get("author")
    login = str(author.get("login") or "") if isinstance(author, dict) else ""
    return (isinstance(parents, list) and len(parents) > 1) or is_bot(login)


def _login(entry: dict[str, Any]) -> str:
    """Return the author of a pull request or review, "" if there is none."""
    user = entry.get("user")
    return str(user.get("login") or "") if isinstance(user, dict) else ""


def _list(path: str, inquiry: Inquiry) -> list[dict[str, Any]]:
    """Fetch a list and return its entries.

    Raises:
        SourceUnavailable: the answer is no list.
        RequestsSpent: no request is left.
    """
    require_left(1, "who reviewed the newest commits", inquiry)
    data = ask(github(), Question(path), inquiry).json()
    if not isinstance(data, list):
        raise SourceUnavailable("GitHub's answer has another form than documented.")
    return [each for each in data if isinstance(each, dict)]
