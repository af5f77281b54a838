import io

import pytest

from artifacts.api.parsers import StrictJSONParser
from artifacts.exceptions import ContentTooLarge, InvalidRequest


def parse(raw: bytes):
    return StrictJSONParser().parse(io.BytesIO(raw))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        pytest.param(b'{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}, id="all kinds"),
        pytest.param('"名前"'.encode(), "名前", id="letters of the world"),
        pytest.param(b'\xef\xbb\xbf"x"', "x", id="a byte order mark"),
        pytest.param(rb'"\\u0000"', r"\u0000", id="a backslash, then letters"),
        pytest.param(rb'"\ud83d\ude00"', "😀", id="a pair of surrogates"),
    ],
)
def test_parse_when_json_then_data(raw, expected):
    assert parse(raw) == expected


@pytest.mark.parametrize(
    ("raw", "complaint"),
    [
        pytest.param(b"", "not valid JSON", id="nothing"),
        pytest.param(b"{", "not valid JSON", id="cut off"),
        pytest.param(b'{"a": NaN}', "NaN", id="NaN"),
        pytest.param(b"-Infinity", "Infinity", id="infinity"),
        pytest.param(b'{"a": 1, "a": 2}', "twice", id="a name twice"),
        pytest.param(b'[{"b": {"a": 1, "a": 1}}]', "twice", id="a name twice, deeper"),
        pytest.param(b'"\xff"', "UTF-8", id="not UTF-8"),
        pytest.param('"x"'.encode("utf-16"), "UTF-8", id="UTF-16"),
        pytest.param(rb'"\ud800"', "surrogates", id="half a pair of surrogates"),
        pytest.param(rb'"a\u0000b"', "NUL", id="NUL"),
        pytest.param(rb'{"a\u0000": 1}', "NUL", id="NUL in a name"),
        pytest.param(rb'"\\\u0000"', "NUL", id="NUL behind a backslash"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, "levels deep", id="nested too deep"),
        pytest.param(b'{"a":' * 101 + b"1" + b"}" * 101, "levels deep", id="nested deep"),
        pytest.param(b"1" * 5_000, "64 bits", id="a number of 5,000 digits"),
        pytest.param(b"9223372036854775808", "64 bits", id="a number of 65 bits"),
        pytest.param(b'{"a": 1e999}', "too large", id="infinity as a number"),
    ],
)
def test_parse_when_not_strict_json_then_says_why(raw, complaint):
    with pytest.raises(InvalidRequest, match=complaint):
        parse(raw)


def test_parse_when_at_the_limit_then_taken_and_a_byte_more_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    assert parse(b'"12345678"') == "12345678"
    with pytest.raises(ContentTooLarge, match="over 10 bytes"):
        parse(b'"123456789"')
