"""Values of the wrong type count as nothing."""

import pytest

from artifacts.rules.values import read_count, read_list, read_strings, read_text


@pytest.mark.parametrize("value", [None, 5, [], {}, True, b"tea"])
def test_text_when_it_is_none_then_empty(value):
    assert read_text(value) == ""
    assert read_text("tea") == "tea"


@pytest.mark.parametrize(
    ("value", "count"), [(0, 0), (7, 7), (-1, None), (True, None), (1.0, None), ("7", None)]
)
def test_count_when_read_then_only_whole_numbers_from_zero(value, count):
    assert read_count(value) == count


@pytest.mark.parametrize("value", [None, "tea", {"a": 1}, ("a",)])
def test_list_when_it_is_none_then_empty(value):
    assert read_list(value) == []
    assert read_list([1]) == [1]


@pytest.mark.parametrize(
    ("value", "strings"), [(" a ", ["a"]), (["a", 5, "b"], ["a", "b"]), (None, []), ({}, [])]
)
def test_strings_when_read_then_what_is_text(value, strings):
    assert read_strings(value) == strings
