"""Facts about a code repository, with a token and without one, in good and in bad days."""

import base64
import json

import pytest

from artifacts.exceptions import SourceRefused, SourceUnavailable
from artifacts.rules.rating.evidence import Missing
from artifacts.sources.github.client import graph_path
from artifacts.sources.github.evidence import fetch_code_facts
from artifacts.sources.github.graph import ADDITIONS_COUNTED_MAX, review_facts
from artifacts.sources.github.licenses import fetch_license
from artifacts.sources.inquiry import Inquiry
from tests.factories.licenses import TEXTS
from tests.fakes.loopback import Reply, json_reply

pytestmark = pytest.mark.django_db
BASE = "/repos/acme/tea"
MIT = base64.b64encode(TEXTS["MIT"].encode()).decode()
CHANGED = base64.b64encode(f"{TEXTS['MIT']}\nExcept for tea.".encode()).decode()
PEOPLE = [
    {"login": "ada", "type": "User", "contributions": 5},
    {"login": "helper[bot]", "type": "Bot", "contributions": 99},
    {"name": "bob", "type": "Anonymous", "contributions": 7},
    {"login": "odd", "contributions": "many"},
]
TREE = {"tree": [{"type": "blob", "path": "a.py", "size": 5}, {"type": "tree", "path": "x"}, 5]}


def commit(author="ada", reviewer=None, additions=10, parents=1, *, merged=True) -> dict:
    reviews = [{"author": {"login": reviewer}}] if reviewer else []
    pull = {"merged": merged, "author": {"login": author}, "reviews": {"nodes": reviews}}
    return {
        "additions": additions,
        "parents": {"totalCount": parents},
        "author": {"name": author, "user": {"login": author}},
        "associatedPullRequests": {"nodes": [pull]},
    }


def graph(commits=(), *, more=False, **changes) -> Reply:
    page = {"hasNextPage": more, "endCursor": "next" if more else None}
    history = {"pageInfo": page, "nodes": list(commits)}
    repository = {
        "nameWithOwner": "acme/Tea", "url": "https://github.com/acme/Tea", "stargazerCount": 7,
        "licenseInfo": {"spdxId": "MIT"}, "releases": {"totalCount": 3}, "isArchived": True,
        "languages": {"edges": [{"size": 9, "node": {"name": "Python"}}]},
        "defaultBranchRef": {"target": {"history": history}},
    }  # fmt: skip
    return json_reply({"data": {"repository": repository | changes}})


@pytest.fixture
def github(server, settings):
    settings.GITHUB_TOKEN = "secret"
    server.routes |= {
        "/graphql": graph([commit(reviewer="bob"), commit()]),
        f"{BASE}/git/trees/HEAD": json_reply(TREE),
        f"{BASE}/contributors": json_reply(PEOPLE),
    }
    return server


def facts(*, is_patient: bool = True):
    inquiry = Inquiry(10, is_patient=is_patient)
    return fetch_code_facts("acme/tea", found_by="readme", inquiry=inquiry)


def test_facts_when_there_is_a_token_then_all_in_three_requests(github):
    found = facts()
    assert (found.repository, found.license, found.stars) == ("acme/Tea", "MIT", 7)
    assert (found.contributors, found.releases, found.is_archived) == ((7, 5), 3, True)
    assert [(each.path, each.part) for each in found.files] == [("a.py", "code")]
    assert found.languages == {"Python": 9}
    assert (found.reviews.commits, found.reviews.reviewed_commits) == (2, 1)
    assert (found.reviews.additions, found.reviews.is_sample) == (20, False)
    assert len(github.asked) == 3


@pytest.mark.parametrize("found_by", ["base_model", "library"])
def test_facts_when_the_code_is_somebody_elses_then_its_people_are_not_asked_for(github, found_by):
    github.routes["/graphql"] = graph([commit()], more=True)
    found = fetch_code_facts("acme/tea", found_by=found_by, inquiry=Inquiry(10))
    assert isinstance(found.contributors, Missing)
    assert isinstance(found.reviews, Missing)
    assert not found.contributors.try_later
    assert len(github.asked) == 2


def test_facts_when_people_have_two_entries_then_each_counts_once(github):
    github.routes[f"{BASE}/contributors"] = json_reply(
        [
            {"login": "ada", "type": "User", "contributions": 5},
            {"login": "updates-bot", "type": "User", "contributions": 50},
            {"name": "A.", "email": "7+ada@users.noreply.github.com", "contributions": 4},
        ]
    )
    assert facts().contributors == (9,)


def test_facts_when_the_newest_commit_is_known_then_it_is_kept(github):
    target = {"oid": "c0ffee", "history": {}}
    github.routes["/graphql"] = graph(defaultBranchRef={"target": target})
    assert facts().commit == "c0ffee"


def test_facts_when_history_goes_on_then_one_more_page_and_a_sample(github):
    github.routes["/graphql"] = [graph([commit()], more=True), graph([commit()], more=True)]
    found = facts()
    assert (found.reviews.commits, found.reviews.is_sample) == (2, True)
    assert len(github.asked) == 4


@pytest.mark.parametrize(
    ("entry", "counted", "reviewed"),
    [
        (commit(reviewer="bob"), 1, 1),
        (commit(reviewer="ada"), 1, 0),
        (commit(reviewer="bob", merged=False), 1, 0),
        (commit(parents=2, reviewer="bob"), 0, 0),
        (commit(author="helper[bot]", reviewer="bob"), 0, 0),
        ({}, 1, 0), ({"associatedPullRequests": 5, "additions": -5}, 1, 0), (5, 0, 0),
    ],
    ids=["approved", "by its author", "not merged", "merge", "bot", "empty", "nonsense", "number"],
)  # fmt: skip
def test_reviews_when_a_commit_is_judged_then_only_others_approvals_count(entry, counted, reviewed):
    found = review_facts([entry], is_sample=False)
    assert (found.commits, found.reviewed_commits) == (counted, reviewed)


def test_reviews_when_one_commit_is_huge_then_it_does_not_decide():
    found = review_facts([commit(additions=10**9), commit(reviewer="b")], is_sample=False)
    assert (found.additions, found.reviewed_additions) == (ADDITIONS_COUNTED_MAX + 10, 10)


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (json_reply({"errors": [{"type": "NOT_FOUND"}], "data": {}}), SourceRefused),
        (json_reply({"errors": [{"type": "RATE_LIMITED"}]}), SourceUnavailable),
        (json_reply({"errors": [5]}), SourceUnavailable),
        (json_reply({"data": {"repository": None}}), SourceUnavailable),
        (json_reply([]), SourceUnavailable),
        (Reply(b"<html>"), SourceUnavailable),
        (Reply(status=503), SourceUnavailable),
        (Reply(status=403, headers={"x-ratelimit-remaining": "0"}), SourceUnavailable),
    ],
    ids=["absent", "limited", "error", "null", "list", "html", "down", "spent"],
)
def test_facts_when_the_graph_fails_then_the_registrys_word(github, pauses, reply, error):
    github.routes["/graphql"] = reply
    with pytest.raises(error):
        facts()


def test_facts_when_a_list_fails_then_only_that_is_missing(github, pauses):
    github.routes[f"{BASE}/contributors"] = Reply(status=503)
    github.routes[f"{BASE}/git/trees/HEAD"] = json_reply([])
    found = facts()
    assert isinstance(found.contributors, Missing)
    assert found.contributors.try_later
    assert isinstance(found.files, Missing)
    assert found.stars == 7


@pytest.mark.parametrize(
    ("reply", "try_later"),
    [
        pytest.param(Reply(status=403), False, id="too many to list"),
        pytest.param(Reply(b"[" + b" " * 21_000_000), True, id="an endless answer"),
        pytest.param(Reply(status=401), True, id="a credential that is refused"),
    ],
)
def test_facts_when_a_list_is_refused_then_only_a_status_that_says_so_is_final(
    github, reply, try_later
):
    github.routes[f"{BASE}/contributors"] = reply
    assert facts().contributors.try_later is try_later


def test_facts_when_nobody_contributed_then_none(github):
    github.routes[f"{BASE}/contributors"] = Reply(status=204)
    assert facts().contributors == ()


@pytest.fixture
def anonymous_github(server, settings):
    settings.GITHUB_TOKEN = ""
    listed = [
        {"sha": "c1", "parents": [{}], "author": {"login": "ada"}},
        {"sha": "c2", "parents": [{}, {}]},
        {"sha": "c3", "parents": [{}], "author": {"login": "helper[bot]"}},
        {"sha": "c4", "parents": [{}], "author": None},
    ]
    pull = {"number": 3, "merged_at": "2025-01-01", "user": {"login": "ada"}}
    review = {"state": "APPROVED", "user": {"login": "bob"}}
    server.routes |= {
        BASE: json_reply({
            "full_name": "acme/tea", "default_branch": "main", "stargazers_count": 5,
            "license": {"spdx_id": "MIT"}, "language": "Python", "archived": False,
        }),
        f"{BASE}/git/trees/main": json_reply(TREE),
        f"{BASE}/contributors": json_reply(PEOPLE),
        f"{BASE}/commits": json_reply(listed),
        f"{BASE}/commits/c1/pulls": json_reply([pull]),
        f"{BASE}/commits/c4/pulls": json_reply([]),
        f"{BASE}/pulls/3/reviews": json_reply([review]),
    }  # fmt: skip
    return server


def test_facts_when_there_is_no_token_then_a_sample_that_says_so(anonymous_github):
    found = facts()
    assert (found.stars, found.license, found.contributors) == (5, "MIT", (7, 5))
    reviews = found.reviews
    assert (reviews.commits, reviews.reviewed_commits, reviews.additions) == (2, 1, None)
    assert reviews.is_sample
    assert "sample" in reviews.method
    assert len(anonymous_github.asked) <= 9


@pytest.mark.parametrize(
    "review",
    [{"state": "DISMISSED", "user": {"login": "bob"}}, {"state": "APPROVED", "user": None},
     {"state": "APPROVED", "user": {"login": "ada"}}, {"state": "COMMENTED"}],
    ids=["dismissed", "nobody", "its author", "comment"],
)  # fmt: skip
def test_sample_when_nobody_else_approved_then_not_reviewed(anonymous_github, review):
    anonymous_github.routes[f"{BASE}/pulls/3/reviews"] = json_reply([review])
    assert facts().reviews.reviewed_commits == 0


def test_sample_when_the_history_has_another_form_then_missing(anonymous_github):
    anonymous_github.routes[f"{BASE}/commits"] = json_reply({})
    assert isinstance(facts().reviews, Missing)


@pytest.mark.parametrize(
    ("base", "expected"),
    [("https://api.github.com", "https://api.github.com/graphql"),
     ("https://git.acme.example/api/v3", "https://git.acme.example/api/graphql")],
)  # fmt: skip
def test_graph_when_it_is_an_enterprise_server_then_beside_its_version(settings, base, expected):
    settings.GITHUB_API_URL = base
    assert graph_path() == expected


# ------------------------------------------------------------------ license


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"license": {"spdx_id": "MIT"}}, "MIT"),
        ({"license": {"spdx_id": "NOASSERTION"}}, "NOASSERTION"),
        ({"license": None, "content": "%%%"}, "NOASSERTION"),
        ({"license": {"spdx_id": "NOASSERTION"}, "content": MIT}, "MIT"),
        ({"license": {"spdx_id": "MIT"}, "content": CHANGED}, "NOASSERTION"),
        ({"license": {"spdx_id": "Frameworx-1.0"}, "content": CHANGED}, "Frameworx-1.0"),
        ({"license": {"spdx_id": "MIT"}, "content": "aGk="}, "MIT"),
    ],
    ids=["known", "unknown", "no text", "known by its text", "changed", "another", "unknown text"],
)
def test_license_when_github_answers_then_its_text_or_its_id(server, inquiry, answer, expected):
    server.routes[f"{BASE}/license"] = json_reply(answer)
    assert fetch_license("acme/tea", inquiry).name == expected


def test_license_when_its_text_is_changed_then_the_words_and_their_place_are_told(server, inquiry):
    page = "https://github.com/acme/tea/blob/main/LICENSE"
    answer = {"license": {"spdx_id": "MIT"}, "content": CHANGED, "html_url": page}
    server.routes[f"{BASE}/license"] = json_reply(answer)
    why = f'{page}: Beside the words of MIT it says "Except for tea.".'
    assert fetch_license("acme/tea", inquiry).why == why


def test_license_when_there_is_none_then_the_repository_tells(server, inquiry):
    server.routes[BASE] = json_reply({"full_name": "acme/tea"})
    assert fetch_license("acme/tea", inquiry).name == ""
    del server.routes[BASE]
    with pytest.raises(SourceRefused):
        fetch_license("acme/tea", inquiry)


@pytest.mark.parametrize("answer", [[], {"license": {"spdx_id": 5}}], ids=str)
def test_license_when_the_form_is_another_then_unavailable(server, inquiry, answer):
    server.routes[f"{BASE}/license"] = Reply(json.dumps(answer).encode())
    with pytest.raises(SourceUnavailable):
        fetch_license("acme/tea", inquiry)
