"""Ways round the scanners that once led through: each is found. None of the samples is loaded."""

import struct

import pytest

from tests.unit.rules.scanning.pickling import calling, short_2, verdict

EVIL = calling("os", "system")
LOADER = b"ctorch.storage\n_load_from_bytes\n"
HELD = b"B" + struct.pack("<I", len(EVIL)) + EVIL
NAMESPACE = b"\x80\x03cargparse\nNamespace\n)R}"
REBUILD = b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("
HANDED_ON = {
    "loader_rebuilds": REBUILD + LOADER + b"cbuiltins\ndict\n" + HELD + b"\x85}tR.",
    "loader_as_append": NAMESPACE + short_2("append") + LOADER + b"sb" + HELD + b"a.",
    "loader_as_setstate": NAMESPACE + short_2("__setstate__") + LOADER + b"sb" + HELD + b"b.",
    "loader_among_entries": NAMESPACE + b"(" + short_2("append") + LOADER + b"ub" + HELD + b"a.",
    "loader_in_a_dictionary": b"\x80\x03(" + short_2("x") + LOADER + b"d.",
    "loader_as_state": b"\x80\x03cargparse\nNamespace\n)R" + LOADER + b"b.",
    "loader_as_result": b"\x80\x03" + LOADER + b".",
    "getattr_in_a_list": b"\x80\x02(cbuiltins\ngetattr\nl.",
    "getattr_appended": b"\x80\x02]cbuiltins\ngetattr\na.",
    "getattr_among_items": b"\x80\x02](cbuiltins\ngetattr\ne.",
    "getattr_in_a_set": b"\x80\x04\x8f(cbuiltins\ngetattr\n\x90.",
    "getattr_in_a_frozen_set": b"\x80\x04(cbuiltins\ngetattr\n\x91.",
    "getattr_in_a_long_tuple": b"\x80\x02(cbuiltins\ngetattr\n" + b"N" * 40 + b"t.",
    "setter_in_a_partial": b"\x80\x02cfunctools\npartial\nctorch._utils\n_set_obj_state\n\x85R.",
    "state_of_a_class": b"\x80\x02ctorch._utils\n_set_obj_state\nctorch\nTensor\n}\x86R.",
}


@pytest.mark.parametrize("kind", HANDED_ON)
def test_a_function_that_does_what_it_is_told_is_followed_wherever_it_is_handed(kind):
    assert verdict("model.pkl", HANDED_ON[kind]) == "dangerous"


def test_what_is_rebuilt_by_a_computed_function_is_suspicious():
    partial = b"cfunctools\npartial\ncbuiltins\ndict\n\x85R"
    assert verdict("model.pkl", REBUILD + partial + b"cbuiltins\ndict\n)}tR.") == "suspicious"
