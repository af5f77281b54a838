import re

import pytest

from artifacts.exceptions import InvalidOffset
from artifacts.rules.paging import cut_page, make_offset, offset_pattern, read_key

KEYS = [
    ((0,), (int,)),
    ((10**18 - 1, "model-1-2"), (int, str)),
    (("größe \N{GRINNING FACE} / ?&=%",), (str,)),
    (("a" * 150,), (str,)),
    (("\N{GRINNING FACE}" * 150,), (str,)),
]


@pytest.mark.parametrize(("key", "kinds"), KEYS)
def test_offset_when_given_back_then_the_same_key_and_as_its_pattern_says(key, kinds):
    offset = make_offset(*key)
    assert re.fullmatch(r"[A-Za-z0-9.]+", offset)
    assert re.search(offset_pattern(*kinds), offset)
    assert read_key(offset, *kinds) == key


@pytest.mark.parametrize(
    "offset",
    [
        "", "after", "after.", "after.-1", "after.1.2", "after.\u0663", "before.1",
        "after." + "9" * 19, "after.1\n",
    ],
)  # fmt: skip
def test_offset_when_it_holds_no_number_then_refused(offset):
    with pytest.raises(InvalidOffset):
        read_key(offset, int)


@pytest.mark.parametrize(
    "offset", ["after.00", "after.6", "after.zz", "after.6100", "after." + "61" * 2_000]
)
def test_offset_when_it_holds_no_text_then_refused(offset):
    with pytest.raises(InvalidOffset):
        read_key(offset, str)


def test_offset_when_its_bytes_are_no_utf8_then_still_a_place_in_the_order():
    assert read_key("after.ff61", str) == ("\N{REPLACEMENT CHARACTER}a",)


@pytest.mark.parametrize(
    ("found", "next_offset"), [([1, 2], None), ([1, 2, 3], "after.2"), ([], None)]
)
def test_page_when_there_is_one_row_more_then_an_offset(found, next_offset):
    page = cut_page(found, 2, lambda row: (row,))
    assert (page.rows, page.next_offset) == (found[:2], next_offset)
