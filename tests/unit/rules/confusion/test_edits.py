"""Slips of a finger, against the plain definition of the distance."""

import random
from itertools import product

import pytest

from artifacts.rules.confusion.edits import Edit, Slip, find_edit, list_shortened, list_slips


def distance(left: str, right: str) -> int:
    """The distance of Damerau and Levenshtein, row by row (optimal string alignment)."""
    rows = [[max(a, b) if not (a and b) else 0 for b in range(len(right) + 1)]
            for a in range(len(left) + 1)]  # fmt: skip
    for a, b in product(range(1, len(left) + 1), range(1, len(right) + 1)):
        differs = left[a - 1] != right[b - 1]
        rows[a][b] = min(rows[a - 1][b] + 1, rows[a][b - 1] + 1, rows[a - 1][b - 1] + differs)
        if a > 1 and b > 1 and left[a - 2 : a] == right[b - 2 : b][::-1]:
            rows[a][b] = min(rows[a][b], rows[a - 2][b - 2] + 1)
    return rows[-1][-1]


@pytest.mark.parametrize(
    ("before", "after", "edit"),
    [
        ("uncased", "uncasd", Edit(Slip.LEFT_OUT, "e", "")),
        ("llama", "lllama", Edit(Slip.DOUBLED, "", "l")),
        ("llama", "llamax", Edit(Slip.ADDED, "", "x")),
        ("base", "bade", Edit(Slip.NEIGHBOUR, "s", "d")),
        ("base", "bape", Edit(Slip.REPLACED, "s", "p")),
        ("base", "bsae", Edit(Slip.SWAPPED, "as", "sa")),
        ("base", "base", None),
        ("base", "bsea", None),
        ("base", "basement", None),
    ],
)
def test_find_edit_when_two_texts_are_given_then_says_what_happened(before, after, edit):
    assert find_edit(before, after) == edit


def test_find_edit_when_texts_are_random_then_finds_exactly_those_at_distance_one():
    chance = random.Random(7)
    pairs = [
        tuple("".join(chance.choices("abc", k=chance.randint(1, 6))) for _ in range(2))
        for _ in range(3_000)
    ]
    assert [p for p in pairs if (find_edit(*p) is not None) != (distance(*p) == 1)] == []
    assert sum(distance(*pair) == 1 for pair in pairs) > 100


def test_list_slips_when_a_text_is_given_then_every_one_is_at_most_one_slip_away():
    found = list_slips("bert2")
    assert {each for each in found if distance("bert2", each) > 1} == set()
    assert {"bert2", "ert2", "bret2", "beert2", "beat2"} <= found
    assert not {each for each in found if each.startswith("bert3")}


def test_list_shortened_when_there_are_digits_then_they_stay():
    assert list_shortened("t5a") == {"5a", "t5"}
