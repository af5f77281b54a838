"""Ways round the scanners that once led through: each is found. None of the samples is loaded."""

import io
import json
import struct
import tarfile
import zipfile

import pytest

from artifacts.limits import SCAN_FINDINGS_MAX
from artifacts.rules.scanning.scan import scan_file
from tests.unit.rules.scanning.honest_files import array_of_numpy, gguf
from tests.unit.rules.scanning.pickling import calling, scan, short_2, torch_zip, verdict, zipped

EVIL = calling("os", "system")
LOADER = b"ctorch.storage\n_load_from_bytes\n"
HELD = b"B" + struct.pack("<I", len(EVIL)) + EVIL
NAMESPACE = b"\x80\x03cargparse\nNamespace\n)R}"
REBUILD = b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("


def load_from_bytes(inner: bytes) -> bytes:
    """Return a pickle that has PyTorch load a file out of its bytes."""
    return b"\x80\x03" + LOADER + b"B" + struct.pack("<I", len(inner)) + inner + b"\x85R."


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


HIDDEN_NAME = short_2("posixpath") + short_2("os.path." * 30 + "os.system") + b"\x93"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("pytorch_model.bin", HIDDEN_NAME + short_2("id") + b"\x85R"),
        ("model.pt", b"\x80\x02N.\x80\x04" + HIDDEN_NAME + short_2("id") + b"\x85R"),
        ("model.bin", b"](cbuiltins\ngetattr\ne"),
    ],
)
def test_a_danger_without_a_name_counts_though_its_pickle_never_ends(name, data):
    assert verdict(name, data) == "dangerous"


def test_a_danger_behind_many_unknown_globals_is_found():
    unknown = b"".join(b"cacme\nf%d\n0" % number for number in range(100))
    found = scan("model.pt", b"\x80\x02" + unknown + EVIL[2:])
    assert found["os.system"] == "dangerous"
    assert [name for name in found if name.startswith("There is more to say")]


def test_a_danger_behind_many_broken_members_is_found():
    broken = {f"m/{number}.pkl": b"\x80\x02(" for number in range(60)}
    data = zipped(broken | {"m/data.pkl": EVIL})
    found = scan_file("model.pt", io.BytesIO(data), len(data))
    assert (len(found), found[0].name) == (SCAN_FINDINGS_MAX, "os.system")
    assert "More than 50 things" in found[1].sentence


def test_findings_that_are_just_kept_are_not_called_cut():
    data = zipped({f"m/{number}.pkl": b"\x80\x02(" for number in range(50)})
    assert verdict("model.pt", data) == "unreadable"


def test_more_pickles_than_are_followed_are_suspicious():
    assert verdict("model.pkl", b"N." * 10_000 + EVIL) == "suspicious"
    assert verdict("model.pkl", b"N." * 10_000) == "clean"


def test_a_danger_before_a_limit_is_dangerous():
    assert verdict("model.pkl", EVIL[:-1] + b"N" * 40_000) == "dangerous"
    assert verdict("model.pkl", EVIL + b"N." * 10_000) == "dangerous"
    assert verdict("model.pkl", load_from_bytes(EVIL + b"N." * 10_000)) == "dangerous"
    assert verdict("model.pkl", load_from_bytes(b"N." * 10_000 + EVIL)) == "suspicious"


def test_a_pickle_of_protocol_0_in_a_zip_in_bytes_is_found():
    evil = calling("os", "system", 0)
    assert verdict("model.pkl", load_from_bytes(torch_zip(evil))) == "dangerous"


@pytest.mark.parametrize(
    "kind",
    ["'<O'", '"O"', "'\\x7cO'", "'|\\x4f'", "'|' 'O'", "[('a', '<f4'), ('b', '>O', 2)]", "'i4,O'"],
)
def test_objects_in_an_array_are_found_however_their_kind_is_spelled(kind):
    assert verdict("a.npy", array_of_numpy(EVIL, kind)) == "dangerous"


def test_numbers_in_an_array_are_not_followed():
    assert verdict("a.npy", array_of_numpy(b"]" * 40_000, "'|u1'", "(40000,)")) == "clean"
    assert verdict("a.npy", array_of_numpy(bytes(8), "[('Offset', '<f8')]")) == "clean"


WAY = "{{ x.__class__ }}"
LONG = "x" * 2_000_001


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tokenizer_config.json", r'{"chat_template": "{{ x.\u005f\u005fclass\u005f\u005f }}"}'),
        ("tokenizer_config.json", r'{"chat\u005ftemplate": "{{ x.__class__ }}"}'),
        ("tokenizer_config.json", r"""{"chat_template": "{{ x['\\x5f\\x5fclass'] }}"}"""),
        ("processor_config.json", r"""{"chat_template": "{{ x['_\\137class'] }}"}"""),
        ("chat_template.json", json.dumps({"chat_template": [{"name": "a", "template": WAY}]})),
        ("chat_template.json", json.dumps({"chat_template": {"tool_use": WAY}})),
        ("a.jinja", WAY + LONG),
    ],
)
def test_a_way_out_of_a_template_is_found_however_it_is_written(name, text):
    assert verdict(name, text.encode()) == "dangerous"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tokenizer_config.json", json.dumps({"a": LONG, "chat_template": WAY})),
        ("tokenizer_config.json", '{"a": 1, "a": 2, "chat_template": "{{ x.__class__ }}"}'),
        ("a.jinja", LONG + WAY),
        ("config.json", json.dumps({"a": LONG, "auto_map": {"AutoModel": "m.M"}})),
        ("config.json", json.dumps({"a": [1] * 200_000, "auto_map": {"AutoModel": "m.M"}})),
        ("config.json", r'{"auto\u005fmap": {"AutoModel": "m.M"}}'),
    ],
)
def test_a_configuration_that_cannot_be_read_wholly_is_suspicious(name, text):
    assert verdict(name, text.encode()) == "suspicious"


def test_a_long_template_in_a_header_is_suspicious():
    assert verdict("a.gguf", gguf(LONG + WAY)) == "suspicious"


@pytest.mark.parametrize(
    "config",
    [
        {"added_tokens_decoder": {"5": {"content": "__init__"}}},
        {"added_tokens_decoder": {"5": {"content": "__class__"}}, "chat_template": "{{ x }}"},
        {"trust_remote_code": True, "custom_pipelines": "a"},
    ],
)
def test_words_elsewhere_in_a_configuration_are_clean(config):
    assert verdict("tokenizer_config.json", json.dumps(config).encode()) == "clean"


def split_zip(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the members of a zip, its directory, and its end."""
    end = data.rindex(b"PK\x05\x06")
    start = int.from_bytes(data[end + 16 : end + 20], "little")
    return data[:start], data[start:end], data[end:]


def two_directories() -> bytes:
    """Return a zip whose end names the first directory, and stands behind the second one."""
    members, directory, end = split_zip(zipped({"m/version": b"", "m/data.pkl": EVIL}))
    others, honest, _ = split_zip(zipped({"m/version": b"", "m/data.pkl": b"\x80\x02N."}))
    assert len(directory) == len(honest)
    return members + directory + others + honest + end


class Pipe(io.BytesIO):
    """A file that cannot go back, so that a zip in it has its sizes behind its members."""

    def seek(self, offset, whence=0):
        raise OSError


def with_sizes_behind(data: bytes) -> bytes:
    """Return the members of a zip without its directory; their sizes stand behind them."""
    made = Pipe()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("m/version", b"3")
        archive.writestr("m/data.pkl", data)
    whole = made.getvalue()
    return whole[: whole.index(b"PK\x01\x02")]


HONEST = zipped({"m/version": b"", "m/data.pkl": b"\x80\x02N.", "m/data/0": b"1234"})
STORAGE = {"x/data.pkl": b"\x80\x02N.", "x/data/0": array_of_numpy(EVIL, "'|O'")}
ZIPS = {
    "objects_named_like_storage": ("a.npz", zipped(STORAGE), "dangerous"),
    "two_directories": ("a.pt", two_directories(), "dangerous"),
    "part_of_an_end_behind": ("a.pt", torch_zip(EVIL) + b"PK\x05\x06" + bytes(8), "dangerous"),
    "empty_member_first": (
        "a.pt", split_zip(zipped({"m/version": b"", "m/data.pkl": EVIL}))[0], "dangerous"
    ),
    "sizes_behind_members": ("a.pt", with_sizes_behind(EVIL), "suspicious"),
    "other_bytes_between": (
        "a.pt", split_zip(HONEST)[0] + bytes(40) + split_zip(torch_zip(EVIL))[0], "suspicious"
    ),
    "honest": ("a.pt", HONEST, "clean"),
    "honest_behind_others": ("a.bin", bytes(100) + HONEST, "clean"),
    "honest_without_directory": ("a.pt", split_zip(HONEST)[0], "clean"),
    "honest_and_empty": ("a.zip", zipped({}), "clean"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ZIPS)
def test_a_zip_is_read_as_every_reader_would(kind):
    name, data, expected = ZIPS[kind]
    assert verdict(name, data) == expected


def old_tar(name: str, data: bytes) -> bytes:
    """Return a tar of the seventh edition of Unix, without magic."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    raw = bytearray(made.getvalue())
    raw[257:265], raw[148:156] = bytes(8), b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw[:512])
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        assert archive.getnames() == [name]
    return bytes(raw)


def test_a_tar_without_magic_is_looked_into():
    assert verdict("model.bin", old_tar("pickle", EVIL)) == "dangerous"
    assert verdict("model.bin", old_tar("pickle", b"\x80\x02N.")) == "clean"
    assert verdict("model.pt", old_tar("pickle", EVIL)) == "dangerous"


def test_what_joblib_may_unpack_and_nobody_here_can_is_suspicious():
    assert verdict("model.joblib", b"\x04\x22\x4d\x18" + bytes(40)) == "suspicious"


def records(flags: int, size: int = 8, version: int = 3) -> bytes:
    """Return records in a file of joblib, with a pickle where their numbers would stand."""
    field = short_2("a") + b"cnumpy\ndtype\n" + short_2("O8") + b"\x85RK\0\x86s"
    state = b"(K%c" % version + short_2("|") + b"N" + short_2("a") + b"\x85}" + field
    state += b"K%cK\x01K%ct" % (size, flags)
    return (
        b"\x80\x03cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
        + short_2("dtype") + b"cnumpy\ndtype\n" + short_2("V8") + b"\x85R" + state + b"b"
        + short_2("shape") + b"K\x01\x85ub"
    )  # fmt: skip


def test_records_of_joblib_that_hold_objects_are_followed():
    assert verdict("a.joblib", records(63) + EVIL + b".") == "dangerous"
    assert verdict("a.joblib", records(0) + bytes(8) + b".") == "clean"
    assert verdict("a.joblib", records(0, version=1) + bytes(8) + b".") == "suspicious"
    # The size in the state counts, not the one in the name.
    assert verdict("a.joblib", records(0, 40) + bytes(40) + b"0" + EVIL[2:]) == "dangerous"
