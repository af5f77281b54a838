"""What pages say of verdicts, thresholds and the places that scores rest on."""

from dataclasses import replace

import pytest

from artifacts.enums import GateVerdict
from artifacts.rules.rating.evidence import CommitFacts
from artifacts.selectors.catalogue.overview import get_overview
from artifacts.selectors.trust.verdict import Badge
from tests.factories.artifacts import make_artifact
from tests.factories.evidence import NOTHING, make_evidence, rich_evidence
from tests.factories.ratings import make_rating
from tests.functional.web.panels import draw

pytestmark = pytest.mark.django_db


def undecided_evidence():
    """A model about which there is nothing to complain, except that its code is unknown."""
    return replace(rich_evidence(), code=NOTHING, commits=CommitFacts({"a": 4, "b": 4, "c": 4}))


def test_scores_when_thresholds_differ_then_each_is_told():
    artifact = make_artifact()
    make_rating(artifact, undecided_evidence(), gate_thresholds={"license": 0.7})
    shown = draw("scores", get_overview(artifact.id))
    assert "; asked for 0.7<" in shown
    assert "; asked for 0.5<" in shown
    assert "It reaches its threshold on each" in draw(
        "verdict", with_badge(get_overview(artifact.id), Badge.PASSED)
    )


def with_badge(overview, badge):
    return replace(overview, verdict=replace(overview.verdict, badge=badge))


@pytest.mark.parametrize(
    ("evidence", "gate", "is_incomplete", "sentence"),
    [
        (rich_evidence(), GateVerdict.PASSED, False, "It reaches 0.5 on each of the 10 metrics"),
        (make_evidence(), GateVerdict.FAILED, False, "One score that is too low is enough"),
        (make_evidence(), GateVerdict.FAILED, True, "it is rated again by itself"),
        (make_evidence(), GateVerdict.FAILED, True, "A source did not answer, which may change"),
        (undecided_evidence(), GateVerdict.UNDECIDED, False, "It fails 0 of 8 known, 2 unknown."),
        (undecided_evidence(), GateVerdict.UNDECIDED, False, "to pass, nothing may be unknown"),
        (undecided_evidence(), GateVerdict.UNDECIDED, False, "Unknown: Code quality, Reviewedness"),
        (make_evidence(), GateVerdict.EXEMPT, False, "As a public model, it fails "),
        (rich_evidence(), GateVerdict.EXEMPT, True, "none of the 10 metrics that apply fails"),
    ],
    ids=[
        "passed", "failed", "incomplete", "incomplete of older rules", "undecided",
        "undecided and what to do", "undecided and what is open", "exempt", "exempt but good",
    ],
)  # fmt: skip
def test_verdict_when_shown_then_one_sentence_says_why(evidence, gate, is_incomplete, sentence):
    artifact = make_artifact()
    make_rating(artifact, evidence, gate=gate, is_incomplete=is_incomplete)
    assert sentence in " ".join(draw("verdict", get_overview(artifact.id)).split())


@pytest.mark.parametrize(
    ("citation", "html"),
    [
        (
            {"url": "https://hub.example/a/blob/c0ffee/README.md", "path": "README.md",
             "commit": "c0ffee00c0ffee00", "quote": "license: mit"},
            ('<a href="https://hub.example/a/blob/c0ffee/README.md#:~:text=license%3A%20mit" '
            'rel="noopener nofollow noreferrer"><bdi>license: mit</bdi></a> '
            "<small><bdi>README.md</bdi>, commit c0ffee00c0ff</small>"),
        ),
        (
            {"url": "https://code.example/a", "read_at": "2026-11-29T22:00:00Z"},
            ('<a href="https://code.example/a" rel="noopener nofollow noreferrer">'
            "<bdi>https://code.example/a</bdi></a> <small>read 2026-11-29</small>"),
        ),
        (
            {"url": "https://code.example/a#L7", "path": "a.py", "quote": "self-made, &c."},
            ('<a href="https://code.example/a#L7" rel="noopener nofollow noreferrer">'
            "<bdi>self-made, &amp;c.</bdi></a> <small><bdi>a.py</bdi></small>"),
        ),
        (
            {"url": "https://code.example/a", "quote": "self-made, &c."},
            '<a href="https://code.example/a#:~:text=self%2Dmade%2C%20%26c."',
        ),
        ({"path": "config.json", "quote": "x"}, "<li><bdi>x</bdi> <small><bdi>config.json</bdi>"),
        ({"path": "config.json"}, "<li><bdi>config.json</bdi></li>"),
        ({"url": "ftp://code.example/a", "quote": "x"}, "<li><bdi>x</bdi> <small>"),
    ],
    ids=["words of a file", "a page", "a line", "signs", "an upload", "a file", "no web page"],
)  # fmt: skip
def test_citation_when_shown_then_leads_to_the_words_it_rests_on(citation, html):
    artifact = make_artifact()
    rating = make_rating(artifact, rich_evidence())
    rating.results["license"]["citations"] = [citation]
    rating.save()
    shown = draw("scores", get_overview(artifact.id))
    assert html in shown
    assert "Rests on 1 place<" in shown
