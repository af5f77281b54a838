import pytest

from artifacts.exceptions import SourceUnavailable
from artifacts.sources.inquiry import Inquiry

HUB, GITHUB = "https://huggingface.co", "https://api.github.com"


def test_check_time_when_none_is_left_then_the_source_is_unavailable():
    Inquiry(30).check_time("The Hub")
    with pytest.raises(SourceUnavailable, match="The Hub took too long to answer"):
        Inquiry(0).check_time("The Hub")


def test_answers_when_counted_then_each_source_by_itself():
    inquiry = Inquiry(30)
    for url in (HUB, GITHUB, HUB):
        inquiry.note_answer(url)
    assert (inquiry.count_answers(HUB), inquiry.count_answers(GITHUB)) == (2, 1)
    assert inquiry.count_answers("https://elsewhere.example") == 0


def test_speech_when_noted_then_of_that_source_and_that_work_only():
    inquiry = Inquiry(30)
    inquiry.note_speech(HUB)
    assert inquiry.has_spoken(HUB)
    assert not inquiry.has_spoken(GITHUB)
    assert not Inquiry(30).has_spoken(HUB)


def test_failure_when_a_source_fails_the_same_work_again_then_it_is_not_the_first():
    inquiry = Inquiry(30)
    assert [inquiry.is_first_failure(url) for url in (HUB, GITHUB, HUB)] == [True, True, False]
    assert Inquiry(30).is_first_failure(HUB)


def test_trying_when_a_source_is_added_then_the_work_knows_it():
    inquiry = Inquiry(30)
    with inquiry.trying() as tried:
        tried.add(HUB)
    with inquiry.trying() as tried:
        assert tried == {HUB}
