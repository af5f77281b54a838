"""Texts in the encodings that editors write."""

import codecs

import pytest

from artifacts.rules.encodings import decode_text

TEXT = "---\nlicense: mit\n---\n# Café\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.encode("utf-8-sig"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8-sig"),
        TEXT.encode("utf-16"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32"),
        codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.encode("utf-32-be"),
        TEXT.replace("\n", "\r").encode(),
    ],
    ids=["utf-8", "mark", "two-marks", "utf-16", "utf-16-be", "utf-32", "utf-32-be",
         "utf-16-le-bare", "utf-16-be-bare", "utf-32-be-bare", "old-mac"],
)  # fmt: skip
def test_decode_text_when_in_any_unicode_then_the_same_text(raw):
    decoded = decode_text(raw)
    assert (decoded.text, decoded.has_all) == (TEXT, True)


@pytest.mark.parametrize("raw", [b"", b"a", b"\x00", b"\xef\xbb\xbf"], ids=repr)
def test_decode_text_when_short_then_read(raw):
    assert decode_text(raw).has_all


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "gbk", "shift_jis"])
def test_decode_text_when_in_another_encoding_then_its_ascii_is_read_and_that_is_said(encoding):
    decoded = decode_text("license: mit\n# 中文 日本".encode(encoding, "ignore") + b"\xe9\xff")
    assert decoded.text.startswith("license: mit\n")
    assert "cannot be read" in decoded.note
    assert not decoded.has_all


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_decode_text_when_cut_inside_a_letter_then_nothing_is_missing_of_the_rest(encoding):
    cut = "ab🙂".encode(encoding)[:-1]
    assert (decode_text(cut, is_cut=True).text, decode_text(cut).has_all) == ("ab", False)
    assert decode_text(cut, is_cut=True).has_all
