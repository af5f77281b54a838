import pytest

from artifacts.enums import SourceKind
from artifacts.exceptions import InvalidUrl, SourceRefused
from artifacts.sources.commits import CommitSource, refer_to
from artifacts.sources.inquiry import Inquiry

REFERENCE = refer_to("registry.Ursula/Robot", "Robot")


def test_reference_when_of_a_repository_then_its_case_does_not_count():
    assert REFERENCE.kind == SourceKind.COMMIT
    assert REFERENCE.key == "commit:registry.ursula/robot"
    assert REFERENCE.url == "commit://registry.Ursula/Robot"


def test_parse_when_a_repository_is_named_then_refused_and_others_left_alone():
    with pytest.raises(InvalidUrl, match="hf upload"):
        CommitSource().parse(REFERENCE.url)
    assert CommitSource().parse("https://huggingface.co/acme/robot") is None


def test_source_when_asked_again_then_it_has_nothing():
    with pytest.raises(SourceRefused):
        CommitSource().fetch_snapshot(REFERENCE, Inquiry(1))
    assert list(CommitSource().fetch_contents(REFERENCE, "", ())) == []
