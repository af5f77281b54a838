"""The license: every kind, choices, conjunctions, none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.rules.licensing.terms import TERMS
from artifacts.rules.rating.ancestry import BaseFacts
from artifacts.rules.rating.metrics.license import METRIC
from artifacts.rules.reading import Reading, ReadState
from tests.factories.evidence import make_evidence, make_model


@pytest.mark.parametrize(
    ("stated", "score"),
    [
        ("apache-2.0", 1.0), ("MIT", 1.0), ("cc0-1.0", 1.0), ("cc-by-4.0", 1.0), ("mpl-2.0", 0.8),
        ("openrail", 0.7), ("gpl-3.0", 0.6), ("cc-by-sa-4.0", 0.6), ("llama3.1", 0.5),
        ("gemma", 0.5), ("agpl-3.0", 0.4), ("cc-by-nc-4.0", 0.2), ("cc-by-nc-nd-4.0", 0.1),
        ("gpl-3.0 OR mit", 1.0), ("gpl-3.0 AND mit", 0.6), ("mit OR a-name-of-nobody", 1.0),
        ("modified-mit", 0.8), ("faipl-1.0-sd", 0.6), ("lfm1.0", 0.5), ("busl-1.1", 0.2),
        ("elastic-2.0", 0.3), ("cecill-2.1", 0.8), ("acme-nc-license", 0.2),
    ],
)  # fmt: skip
def test_license_when_stated_then_its_kind_decides(stated, score):
    result = METRIC.judge(make_evidence(make_model(license=stated)))
    assert result.score == score
    assert result.reason


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ("other", 'stated as "other", which names none'),
        ("a license that nobody knows", 'not recognised: "a license that nobody knows"'),
        ("mit AND a-name-of-nobody", 'not recognised: "mit AND a-name-of-nobody"'),
    ],
)
def test_license_when_nobody_knows_it_then_unknown_with_its_own_words(stated, words):
    result = METRIC.judge(make_evidence(make_model(license=stated)))
    assert result.score is None
    assert words in result.reason
    assert "unknown license" not in result.reason


def test_license_when_not_for_business_then_not_called_permissive():
    result = METRIC.judge(make_evidence(make_model(license="cc-by-nc-4.0")))
    assert result.reason == "CC-BY-NC-4.0 is a license that forbids commercial use."


def test_license_when_the_card_closes_it_to_business_then_its_words_are_quoted():
    model = make_model(
        license="(mit) AND LicenseRef-Non-Commercial",
        readme="# Robot\n\n## License\n\nMIT. For research purposes only.",
    )
    result = METRIC.judge(make_evidence(model))
    assert result.score == 0.2
    assert 'The card says: "For research purposes only' in result.reason
    assert result.citations[0].quote.startswith("For research purposes only")


def test_license_when_the_card_states_it_then_cited_with_the_line():
    model = make_model(
        license="cc-by-nc-4.0",
        readme="---\nlicense: cc-by-nc-4.0\n---\n# Robot",
        commit="a" * 40,
        page_url="https://huggingface.co/acme/robot",
    )
    (citation,) = METRIC.judge(make_evidence(model)).citations
    assert citation.url == f"https://huggingface.co/acme/robot/blob/{'a' * 40}/README.md"
    assert citation.quote == "license: cc-by-nc-4.0"


def test_license_when_a_file_states_it_then_the_file_is_cited():
    readings = {"license_file": Reading(ReadState.READ, "COPYING")}
    model = make_model(
        license="gpl-3.0", readme="", readings=readings, page_url="https://example.com/robot"
    )
    (citation,) = METRIC.judge(make_evidence(model)).citations
    assert (citation.path, citation.quote) == ("COPYING", "gpl-3.0")


GRAND = BaseFacts("model-1-1", "acme/grand", "cc-by-nc-4.0", "https://huggingface.co/acme/grand")
MOTHER = BaseFacts("model-2-2", "acme/mother", "llama3.2")


@pytest.mark.parametrize(
    ("stated", "bases", "score", "named"),
    [
        ("mit", (MOTHER,), 0.5, "acme/mother under Llama-3.2"),
        ("mit", (MOTHER, GRAND), 0.2, "acme/grand under CC-BY-NC-4.0"),
        ("cc-by-nc-nd-4.0", (MOTHER, GRAND), 0.1, ""),
        ("mit", (BaseFacts("model-3-3", "acme/free", "apache-2.0"),), 1.0, ""),
        ("mit", (BaseFacts("model-3-3", "acme/odd", "odd-terms"),), 1.0, "acme/odd"),
        ("mit", (BaseFacts("model-3-3", "acme/none", ""), MOTHER), 0.5, "acme/none"),
    ],
)
def test_license_when_a_base_is_stricter_then_it_decides_and_is_named(stated, bases, score, named):
    result = METRIC.judge(make_evidence(make_model(license=stated), bases=bases))
    assert result.score == score
    assert named in result.reason


def test_license_when_a_base_decides_then_its_card_is_cited_first():
    result = METRIC.judge(make_evidence(make_model(license="mit"), bases=(GRAND,)))
    assert result.citations[0].url == "https://huggingface.co/acme/grand/blob/HEAD/README.md"
    assert result.citations[0].quote == "license: cc-by-nc-4.0"


@given(
    st.sampled_from(sorted(TERMS)),
    st.lists(st.sampled_from(["", "odd-terms", *sorted(TERMS)]), max_size=4),
)
def test_license_when_it_has_bases_then_never_freer_than_alone_or_any_of_them(stated, licenses):
    bases = tuple(
        BaseFacts(f"model-{number}-1", f"acme/{number}", each)
        for number, each in enumerate(licenses)
    )
    alone = METRIC.judge(make_evidence(make_model(license=stated)))
    result = METRIC.judge(make_evidence(make_model(license=stated), bases=bases))
    of_bases = [METRIC.judge(make_evidence(make_model(license=each))).score for each in licenses]
    assert result.score == min(each for each in (alone.score, *of_bases) if each is not None)


def test_license_when_none_is_stated_then_unknown():
    result = METRIC.judge(make_evidence())
    assert (result.score, result.try_later) == (None, False)


@pytest.mark.parametrize("stated", ["other", "NOASSERTION", "the-terms-of-acme"])
def test_license_when_the_file_is_not_recognised_then_the_reason_names_it(stated):
    reading = Reading(ReadState.READ, "COPYING", "COPYING holds terms that are not recognised.")
    result = METRIC.judge(
        make_evidence(make_model(license=stated, readings={"license_file": reading}))
    )
    assert result.score is None
    assert "COPYING holds terms" in result.reason
    assert "names none" not in result.reason


@pytest.mark.parametrize(
    "stated", ["flux-1-dev-non-commercial-license", "coqui-public-model-license", "acme-nc-license"]
)
def test_license_when_only_business_is_forbidden_then_not_said_to_be_for_research(stated):
    result = METRIC.judge(make_evidence(make_model(license=stated)))
    assert result.score == 0.2
    assert "research" not in result.reason
    assert "forbids commercial use" in result.reason


def test_license_when_unknown_but_closed_to_business_by_the_card_then_that_decides():
    readme = "# Robot\n\n## License\n\nThe Tea License: free for academic non-commercial use."
    result = METRIC.judge(make_evidence(make_model(license="tea", readme=readme)))
    assert result.score == 0.2
    assert 'The model\'s license is not recognised: "tea".' in result.reason
    assert 'The card says: "The Tea License: free for academic' in result.reason
    open_ = METRIC.judge(make_evidence(make_model(license="tea", readme="## License\n\nTea.")))
    assert open_.score is None
