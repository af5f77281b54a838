"""How many requests to GitHub are left, and what becomes of questions beyond them."""

import pytest

from artifacts.exceptions import RequestsSpent, SourceUnavailable
from artifacts.limits import PATIENT_GITHUB_REQUESTS_MAX, RATING_GITHUB_REQUESTS_MAX
from artifacts.rules.rating.evidence import Missing
from artifacts.services.trust.missing import missing
from artifacts.sources.github.budget import ask_within, count_left, require_left
from artifacts.sources.github.client import ask_contributors, ask_tree, get_tree, github
from artifacts.sources.github.evidence import fetch_code_facts
from artifacts.sources.http import Answer
from artifacts.sources.inquiry import Inquiry
from tests.fakes.loopback import json_reply
from tests.unit.sources.asking import COMMIT

pytestmark = pytest.mark.django_db
TREE, PEOPLE = ask_tree("acme/tea", COMMIT), ask_contributors("acme/tea")


def spend(inquiry: Inquiry, count: int) -> Inquiry:
    for _ in range(count):
        inquiry.note_answer(github().base_url)
    return inquiry


@pytest.fixture
def answering(server):
    server.routes |= {
        f"/repos/acme/tea/git/trees/{COMMIT}": json_reply({"tree": []}),
        "/repos/acme/tea/contributors": json_reply([]),
    }
    return server


@pytest.mark.parametrize(
    ("is_patient", "most"),
    [(False, RATING_GITHUB_REQUESTS_MAX), (True, PATIENT_GITHUB_REQUESTS_MAX)],
)
def test_left_when_some_are_spent_then_the_rest_and_never_less_than_none(server, is_patient, most):
    inquiry = spend(Inquiry(10, is_patient=is_patient), 2)
    assert count_left(inquiry) == most - 2
    assert count_left(spend(inquiry, most)) == 0


def test_ask_when_one_request_is_left_then_the_first_question(answering):
    inquiry = spend(Inquiry(10), RATING_GITHUB_REQUESTS_MAX - 1)
    tree, people = ask_within((("the files", TREE), ("the people", PEOPLE)), inquiry)
    assert isinstance(tree, Answer)
    assert isinstance(people, RequestsSpent)
    assert "ask for the people" in people.message
    assert len(answering.asked) == 1


def test_ask_when_the_work_was_told_already_then_it_costs_nothing(answering):
    inquiry = Inquiry(10)
    get_tree("acme/tea", COMMIT, inquiry)
    spend(inquiry, RATING_GITHUB_REQUESTS_MAX)
    tree, people = ask_within((("the files", TREE), ("the people", PEOPLE)), inquiry)
    assert isinstance(tree, Answer)
    assert isinstance(people, RequestsSpent)
    assert len(answering.asked) == 1


@pytest.mark.parametrize("is_patient", [False, True])
def test_missing_when_no_request_is_left_then_to_be_asked_unless_nobody_asks_with_more(
    server, is_patient
):
    inquiry = spend(Inquiry(10, is_patient=is_patient), PATIENT_GITHUB_REQUESTS_MAX)
    with pytest.raises(RequestsSpent) as caught:
        require_left(1, "it", inquiry)
    found = missing(caught.value)
    assert (found.is_to_be_asked, found.try_later) == (not is_patient, False)


def test_missing_when_a_source_is_silent_then_later_and_not_to_be_asked():
    assert missing(SourceUnavailable("?")) == Missing("?", try_later=True)


@pytest.mark.parametrize("token", ["secret", ""])
def test_facts_when_nothing_is_left_then_that_is_said(server, settings, token):
    settings.GITHUB_TOKEN = token
    with pytest.raises(RequestsSpent, match="acme/tea"):
        fetch_code_facts(
            "acme/tea",
            found_by="card",
            inquiry=spend(Inquiry(10), RATING_GITHUB_REQUESTS_MAX),
            commit=COMMIT,
        )
    assert server.asked == []
