"""How many requests to GitHub one piece of work may still make."""

from __future__ import annotations

from collections.abc import Sequence

from artifacts.exceptions import RequestsSpent, SourceError
from artifacts.limits import PATIENT_GITHUB_REQUESTS_MAX, RATING_GITHUB_REQUESTS_MAX
from artifacts.sources.cache import Question, ask_all, is_remembered
from artifacts.sources.github.client import github
from artifacts.sources.http import Answer
from artifacts.sources.inquiry import Inquiry


def count_left(inquiry: Inquiry) -> int:
    """Return how many more requests a piece of work may make."""
    most = PATIENT_GITHUB_REQUESTS_MAX if inquiry.is_patient else RATING_GITHUB_REQUESTS_MAX
    return max(0, most - inquiry.count_answers(github().base_url))


def require_left(count: int, what: str, inquiry: Inquiry) -> None:
    """Check that so many requests are left.

    Args:
        what: what they are for, as the end of a sentence.

    Raises:
        RequestsSpent: there are fewer.
    """
    if count_left(inquiry) < count:
        raise RequestsSpent(what, is_final=inquiry.is_patient)


def ask_within(
    questions: Sequence[tuple[str, Question]], inquiry: Inquiry
) -> list[Answer | SourceError]:
    """Ask the first of several questions, as many as there are requests for, all at once.

    Args:
        questions: each with what it asks for, as the end of a sentence; the important ones first.

    Returns:
        For each the answer or the error; `RequestsSpent` for those that were not asked.
    """
    left = count_left(inquiry)
    asked: list[Question] = []
    for _, question in questions:
        cost = 0 if is_remembered(github(), question, inquiry) else 1
        if cost <= left:
            left -= cost
            asked.append(question)
    answers = iter(ask_all(github(), asked, inquiry))
    return [
        next(answers) if question in asked else RequestsSpent(what, is_final=inquiry.is_patient)
        for what, question in questions
    ]
