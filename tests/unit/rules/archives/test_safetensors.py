import io
import json
import struct

import pytest

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import SAFETENSORS_HEADER_MAX_BYTES
from artifacts.rules.archives.safetensors import Header, check_header


def tensor(start, end):
    return {"dtype": "U8", "shape": [end - start], "data_offsets": [start, end]}


def made(header, data=b"", length=None):
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(raw) if length is None else length) + raw + data


ONE = json.dumps(tensor(0, 4)).encode()


def check(raw):
    return check_header(io.BytesIO(raw), len(raw))


@pytest.mark.parametrize(
    ("header", "data", "expected"),
    [
        pytest.param({}, b"", Header(0, {}), id="empty"),
        pytest.param({"a": tensor(0, 4)}, b"1234", Header(1, {}), id="one"),
        pytest.param(
            {"b": tensor(2, 4), "a": tensor(0, 2), "__metadata__": {"format": "pt"}},
            b"1234",
            Header(2, {"format": "pt"}),
            id="in another order",
        ),
        pytest.param({"a": tensor(0, 0), "b": tensor(0, 2)}, b"12", Header(2, {}), id="no values"),
        pytest.param({"a": tensor(0, 4) | {"dtype": "F32", "shape": []}}, b"1234", Header(1, {}),
                     id="one value"),
        pytest.param({"a": tensor(0, 3) | {"dtype": "F6_E2M3", "shape": [2, 2]}}, b"123",
                     Header(1, {}), id="less than a byte each"),
        pytest.param({"__metadata__": None, "a": tensor(0, 1)}, b"1", Header(1, {}), id="no text"),
    ],
)  # fmt: skip
def test_header_when_it_fits_says_what_is_there(header, data, expected):
    assert check(made(header, data)) == expected


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        pytest.param(b"", "0 bytes", id="empty file"),
        pytest.param(b"1234567", "7 bytes", id="half a length"),
        pytest.param(made(b"{}", length=SAFETENSORS_HEADER_MAX_BYTES + 1), "allows", id="huge"),
        pytest.param(made(b"{}", length=2**63), "allows", id="absurd"),
        pytest.param(made(b"{}", length=3), "longer than the file", id="past the end"),
        pytest.param(made(b"{"), "no JSON", id="broken"),
        pytest.param(made(b"[" * 100_000), "no JSON", id="deep"),
        pytest.param(made("{}".encode("utf-16")), "no JSON", id="another encoding"),
        pytest.param(made(b"\xff"), "no JSON", id="no text"),
        pytest.param(made(b"[]"), "no JSON object", id="list"),
        pytest.param(
            made(b'{"a": %s, "a": %s}' % (2 * (json.dumps(tensor(0, 0)).encode(),))),
            "twice",
            id="key twice",
        ),
        pytest.param(made({"__metadata__": 1}), "__metadata__", id="metadata"),
        pytest.param(made({"__metadata__": {"a": 1}}), "__metadata__", id="a number in it"),
        pytest.param(made({"a": 1}), "data_offsets", id="no tensor"),
        pytest.param(made({"a": None}), "data_offsets", id="null"),
        pytest.param(made(b'{"\\ud800": %s}' % ONE, b"1234"), "data_offsets", id="half a letter"),
        pytest.param(made({"a": tensor(0, 4) | {"dtype": "F8"}}), "dtype 'F8'", id="dtype"),
        pytest.param(made({"a": tensor(0, 4) | {"dtype": ["U8"]}}), "dtype", id="dtype as a list"),
        pytest.param(made({"a": {"data_offsets": [0, 4]}}, b"1234"), "dtype 'None'", id="none"),
        pytest.param(made({"a": tensor(0, 4) | {"shape": 4}}), "valid shape", id="no shape"),
        pytest.param(made({"a": tensor(0, 4) | {"shape": [4.0]}}), "valid shape", id="fraction"),
        pytest.param(made({"a": tensor(0, 4) | {"shape": [-4, -1]}}), "valid shape", id="below 0"),
        pytest.param(made({"a": tensor(0, 4) | {"shape": [2]}}), "does not fit", id="other shape"),
        pytest.param(
            made({"a": tensor(0, 2) | {"dtype": "F4", "shape": [3]}}), "not fit", id="half a byte"
        ),
        pytest.param(
            made({"a": tensor(0, 0) | {"shape": [2**40, 2**40, 0]}}), "not fit", id="overflow"
        ),
        pytest.param(made({"a": {}}), "data_offsets", id="no offsets"),
        pytest.param(made({"a": {"data_offsets": [0]}}), "data_offsets", id="one offset"),
        pytest.param(made({"a": {"data_offsets": [0, True]}}), "data_offsets", id="no number"),
        pytest.param(made({"a": {"data_offsets": [-1, 0]}}), "data_offsets", id="negative"),
        pytest.param(
            made({"a": tensor(0, 3), "b": tensor(2, 4)}, b"1234"), "overlap", id="overlap"
        ),
        pytest.param(made({"a": tensor(0, 1), "b": tensor(2, 4)}, b"1234"), "hole", id="hole"),
        pytest.param(made({"a": tensor(1, 4)}, b"1234"), "hole", id="hole at the start"),
        pytest.param(made({"a": tensor(0, 9)}, b"1234"), "9 bytes", id="past the data"),
        pytest.param(made({"a": tensor(0, 2)}, b"1234"), "2 bytes", id="data nobody has"),
    ],
)
def test_header_when_it_does_not_fit_is_refused(raw, reason):
    with pytest.raises(ArchiveRefused, match=reason):
        check(raw)


def test_header_when_the_file_is_shorter_than_stated_is_refused():
    raw = made({"a": tensor(0, 4)}, b"1234")
    with pytest.raises(ArchiveRefused, match="cut off"):
        check_header(io.BytesIO(raw[:20]), len(raw))
