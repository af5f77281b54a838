import pytest

from artifacts.enums import SourceKind
from artifacts.rules.rating.citation import QUOTE_MAX_CHARS, Citation, cite
from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.rating.judgement import read_results, result_data
from artifacts.rules.rating.metric import CITATIONS_MAX, scored

PAGE = "https://huggingface.co/org/tiny"
MODEL = ModelFacts("org/tiny", SourceKind.HUGGINGFACE_MODEL, commit="c" * 40, page_url=PAGE)


@pytest.mark.parametrize(
    ("path", "url"), [("README.md", f"{PAGE}/blob/{'c' * 40}/README.md"), ("", PAGE)]
)
def test_cite_when_the_model_has_a_page_then_its_file_at_the_commit(path, url):
    assert cite(MODEL, path, "was  trained\non it") == Citation(
        url, path, "c" * 40, quote="was trained on it"
    )


def test_cite_when_the_model_was_uploaded_then_the_file_alone():
    upload = ModelFacts("sha256/1", SourceKind.UPLOAD, commit="1")
    assert cite(upload).as_data() == {"path": "README.md", "commit": "1"}


@pytest.mark.parametrize("chars", [QUOTE_MAX_CHARS, QUOTE_MAX_CHARS + 1, 10_000])
def test_citation_when_its_quote_is_long_then_cut(chars):
    assert len(Citation(quote="x" * chars).quote) == QUOTE_MAX_CHARS


def test_result_when_kept_then_its_citations_come_back_each_once():
    places = [Citation(f"https://example.com/{number}") for number in range(CITATIONS_MAX + 5)]
    result = scored(0.5, "Half.", citations=[places[0], *places])
    assert result.citations == tuple(places[:CITATIONS_MAX])
    assert read_results({"license": result_data(result)}) == {"license": result}


def test_result_when_an_older_version_kept_it_then_it_has_no_citations():
    data = result_data(scored(0.5, "Half."))
    del data["citations"]
    assert read_results({"license": data})["license"].citations == ()
