"""Code quality: bare, usable, excellent; a library's; none, and silence."""

from typing import Any

import pytest

from artifacts.rules.rating.attribution import Ownership
from artifacts.rules.rating.metrics.code_quality import METRIC
from tests.factories.evidence import NOTHING, listed, make_code, make_evidence, rich_evidence

BARE = listed({"tea.py": 500})
USABLE = listed({"README.md": 6_000, "LICENSE": 900, "requirements.txt": 90, "tea.py": 5_000})
BEST: Any = rich_evidence().code


@pytest.mark.parametrize(
    ("code", "low", "high"),
    [
        pytest.param(make_code(files=BARE, is_archived=True), 0, 0, id="bare and archived"),
        pytest.param(make_code(files=USABLE), 0.3, 0.5, id="documented, without tests"),
        pytest.param(make_code(files=USABLE, stars=5_000), 0.5, 0.7, id="and used by many"),
        pytest.param(BEST, 0.95, 1, id="excellent"),
    ],
)
def test_code_quality_when_files_are_known_then_within_its_band(code, low, high):
    assert low <= METRIC.judge(make_evidence(code=code)).score <= high


@pytest.mark.parametrize("found_by", ["library", "base_model"])
def test_code_quality_when_the_code_is_anothers_then_unknown_and_whose(found_by):
    code = make_code(files=BEST.files, stars=BEST.stars, license="MIT", found_by=found_by)
    result = METRIC.judge(make_evidence(code=code))
    assert (result.score, result.try_later) == (None, False)
    assert "no code of its own" in result.reason
    assert code.repository in result.reason


def test_code_quality_when_scored_then_it_cites_the_repository_and_whose_it_is():
    proof = Ownership("it names it", "https://github.com/acme/tea/blob/HEAD/README.md", "robot")
    code = make_code(files=USABLE, commit="c0ffee", ownership=proof)
    looked_at, shown, *_ = METRIC.judge(make_evidence(code=code)).citations
    assert (looked_at.url, looked_at.commit) == (
        "https://github.com/acme/tea/tree/c0ffee", "c0ffee",
    )  # fmt: skip
    assert (shown.url, shown.quote) == (proof.url, "robot")


def test_code_quality_when_judged_then_says_little_none_and_unknown_apart():
    paths = {"README.md": 6_000, "tea.py": 900, "tests/test_tea.py": 90}
    few = listed(paths | {f"tea{n}.py": 90 for n in range(40)})
    reason = METRIC.judge(make_evidence(code=make_code(files=few))).reason
    assert "has little of tests" in reason
    assert "shows no declared dependencies" in reason
    assert "tells not how many use it" in reason
    assert "no use by others" not in reason
    known = METRIC.judge(make_evidence(code=make_code(files=few, stars=3))).reason
    assert "has little of tests, use by others" in known


def test_code_quality_when_judged_then_cites_what_it_found():
    found = METRIC.judge(make_evidence(code=BEST)).citations
    assert found[0].url == BEST.url
    assert f"{BEST.url}/blob/HEAD/tests/test_tea.py" in [each.url for each in found]
    assert f"{BEST.url}/blob/HEAD/.github/workflows/test.yml" in [each.url for each in found]


@pytest.mark.parametrize(
    "code",
    [NOTHING, make_code(found_by="library"), make_code(found_by="base_model"), make_code(files=())],
    ids=["none", "library", "base", "empty"],
)
def test_code_quality_when_there_is_no_code_of_its_own_then_unknown_and_optional(code):
    result = METRIC.judge(make_evidence(code=code))
    assert (result.score, result.is_optional) == (None, True)


def test_code_quality_when_the_named_repository_is_gone_then_it_says_so():
    code = make_code(found_by="library", repository="acme/kettles", instead_of="acme/lost")
    reason = METRIC.judge(make_evidence(code=code)).reason
    assert "acme/lost, which the card names, is not there" in reason
