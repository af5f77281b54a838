import re
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.limits import TOKEN_MAX_CHARS, TOKEN_MIN_CHARS
from artifacts.rules import program_tokens
from artifacts.rules.program_tokens import (
    checksum,
    has_program_form,
    has_right_checksum,
    make_program_token,
    make_session_token,
)

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LETTERS = st.sampled_from(_DIGITS)


def test_token_for_programs_when_made_then_of_its_form_and_never_twice():
    made = {make_program_token() for _ in range(100)}
    assert len(made) == 100
    for token in made:
        assert re.fullmatch(r"hf_[0-9A-Za-z]{43}", token)
        assert has_program_form(token)
        assert has_right_checksum(token)


def test_session_token_when_made_then_never_taken_for_one_for_programs():
    token = make_session_token()
    # JavaScript clients look at its beginning, and the contract's pattern bounds its letters.
    assert token.startswith("hf_")
    assert TOKEN_MIN_CHARS <= len(token) <= TOKEN_MAX_CHARS
    assert not has_program_form(token)
    assert make_session_token() != token


@given(st.text(_LETTERS, min_size=37, max_size=37))
def test_checksum_when_read_as_a_number_then_the_crc_32_of_the_text(text):
    found = checksum(text)
    number = 0
    for digit in found:
        number = number * 62 + _DIGITS.index(digit)
    assert (len(found), number) == (6, crc32(text.encode()))


@given(
    st.text(_LETTERS, min_size=37, max_size=37),
    st.integers(min_value=3, max_value=45),
    _LETTERS,
)
def test_checksum_when_one_letter_is_mistyped_then_wrong(chosen, place, letter):
    token = f"hf_{chosen}{checksum(chosen)}"
    mistyped = f"{token[:place]}{letter}{token[place + 1 :]}"
    assert has_right_checksum(mistyped) == (mistyped == token)


@given(st.text(max_size=60))
def test_form_when_a_text_is_anything_then_only_letters_and_digits_behind_the_beginning(text):
    assert has_program_form(text) == bool(re.fullmatch(r"hf_[0-9A-Za-z]{43}", text, re.ASCII))


@pytest.mark.parametrize(
    "text",
    ["", "hf_", "hf_" + "a" * 42, "hf_" + "a" * 44, "hf_" + "a" * 42 + "\n", "HF_" + "a" * 43,
     "hf_" + "a" * 42 + "_", "hf_" + "a" * 42 + "\u00e9", "hf_" + "a" * 42 + "\u0663"],
)  # fmt: skip
def test_form_when_something_is_off_then_it_is_no_token(text):
    assert not has_program_form(text)


def test_checksum_when_it_is_small_then_with_leading_zeros(monkeypatch):
    monkeypatch.setattr(program_tokens, "crc32", lambda _: 61)
    assert checksum("x") == "00000z"
