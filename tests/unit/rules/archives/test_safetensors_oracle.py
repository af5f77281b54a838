"""Headers are held to what the reference library accepts, whatever they say."""

import io
import json
import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors import SafetensorError, deserialize

from artifacts.exceptions import ArchiveRefused
from artifacts.rules.archives.safetensors import check_header

pytestmark = pytest.mark.slow

# Bits of a value by type; the last two are none.
BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64, "F128": 128,
    "I4": 4,
}  # fmt: skip
ODD = [None, True, -1, 2**62, 1.0, "F32", [], {}, "F8", "f32", [4], [0, 4], [2**40, 2**40, 0]]
texts = st.text(max_size=4)
shapes = st.lists(st.integers(0, 4), max_size=3)


def takes(raw):
    try:
        check_header(io.BytesIO(raw), len(raw))
    except ArchiveRefused:
        return False
    return True


def reference_takes(raw):
    try:
        deserialize(raw)
    except SafetensorError:
        return False
    return True


@given(
    st.dictionaries(texts, st.tuples(st.sampled_from(list(BITS)), shapes), max_size=4),
    st.dictionaries(texts, texts, max_size=2),
)
def test_header_when_its_types_and_shapes_fit_then_judged_as_by_the_reference(tensors, metadata):
    header, end = {"__metadata__": metadata}, 0
    for name, (kind, shape) in tensors.items():
        start, end = end, end + (math.prod(shape) * BITS[kind] + 7) // 8
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, end]}
    raw = json.dumps(header).encode()
    whole = struct.pack("<Q", len(raw)) + raw + bytes(end)
    assert takes(whole) == reference_takes(whole)


@st.composite
def damaged(draw):
    """A sound header of one or two tensors, one value of which is something else."""
    count = draw(st.integers(1, 2))
    header = {
        f"t{number}": {"dtype": "U8", "shape": [4], "data_offsets": [4 * number, 4 * number + 4]}
        for number in range(count)
    }
    if draw(st.booleans()):
        header["__metadata__"] = {"format": "pt"}
    entry = header[draw(st.sampled_from(sorted(header)))]
    key = draw(st.sampled_from([*sorted(entry), "more"]))
    value = draw(st.one_of(st.sampled_from(ODD), texts, shapes))
    if draw(st.integers(0, 5)):
        entry[key] = value
    else:
        entry.pop(key, None)
    blanks = draw(st.sampled_from(["", " ", "  \n"]))
    raw = (json.dumps(header, ensure_ascii=draw(st.booleans())) + blanks).encode()
    return struct.pack("<Q", len(raw)) + raw + bytes(draw(st.sampled_from([4 * count, 4, 9])))


@settings(max_examples=500)
@given(damaged())
def test_header_when_damaged_then_judged_as_by_the_reference(raw):
    assert takes(raw) == reference_takes(raw)
