"""Every malicious sample is found. All are made here, and none is loaded."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import struct
import zlib

import pytest

from tests.unit.rules.scanning.pickling import (
    COMMAND,
    calling,
    legacy_torch,
    scan,
    short,
    short_2,
    state_dict,
    torch_zip,
    verdict,
    zipped,
)

EVIL = calling("os", "system")
# Kinds of globals that reach the system, as people were attacked by them.
_NAMES = """
    os:system posix:system nt:system subprocess:Popen subprocess:check_output builtins:exec
    builtins:eval __builtin__:eval builtins:__import__ builtins:compile builtins:open
    runpy:run_path runpy:_run_code importlib:import_module socket:create_connection
    webbrowser:open requests.api:get urllib.request:urlopen shutil:rmtree pty:spawn pip:main
    pip._internal:main timeit:timeit pdb:run cProfile:run profile:run trace:Trace
    code:InteractiveInterpreter types:FunctionType types:CodeType marshal:loads pickle:loads
    _pickle:loads dill:loads cloudpickle.cloudpickle:_make_function operator:attrgetter
    operator:methodcaller functools:reduce sys:exit ctypes:CDLL
    multiprocessing.util:spawnv_passfds asyncio:run bdb:Bdb idlelib.pyshell:main
    lib2to3.pgen2.grammar:Grammar.loads doctest:debug_script ensurepip._uninstall:_main
    torch:load torch.hub:load torch.jit.unsupported_tensor_ops:execWrapper
    torch.utils.bottleneck.__main__:run_cprofile torch._inductor.codecache:compile_file
    torch.fx.experimental.symbolic_shapes:ShapeEnv.evaluate_guards_expression
    torch.utils._config_module:ConfigModule.load_config torch.serialization:load
    torch.serialization:os.system numpy.f2py.crackfortran:getlincoef
    numpy.testing._private.utils:runstring numpy:load joblib:load collections:abc.sys.modules
    sklearn.base:os.system copyreg:add_extension
    transformers.dynamic_module_utils:get_class_from_dynamic_module pandas:read_pickle
    aiohttp.client:ClientSession httplib:HTTPConnection commands:getoutput
"""
GLOBALS = tuple(tuple(each.split(":")) for each in _NAMES.split())


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(("module", "name"), GLOBALS)
def test_a_global_that_reaches_the_system_is_dangerous_in_each_protocol(module, name, protocol):
    found = scan("model.pkl", calling(module, name, protocol))
    assert found[f"{module}.{name}"] == "dangerous"


def memoized() -> bytes:
    """Text and module come out of the memo, put there in another order."""
    return (
        b"\x80\x04"
        + short("system")
        + b"\x94"
        + short("os")
        + b"\x940"
        + b"0h\x01h\x00\x93"
        + (COMMAND + b"\x85R.")
    )


def miscounted() -> bytes:
    """`PUT` writes one key twice, so that the next `MEMOIZE` has another number than it seems."""
    texts = short("posix") + b"q\x00q\x00" + short("system") + b"\x94"
    return b"\x80\x04" + texts + b"00h\x00h\x01\x93" + COMMAND + b"\x85R."


SLEIGHTS = {
    "stack_global_by_memo": memoized(),
    "memo_that_is_miscounted": miscounted(),
    "inst": b"(S'true'\nios\nsystem\n.",
    "obj": b"(cos\nsystem\nS'true'\no.",
    "newobj": b"\x80\x02cos\nsystem\n" + COMMAND + b"\x85\x81.",
    "newobj_ex": b"\x80\x04" + short("os") + short("system") + b"\x93" + COMMAND + b"\x85}\x92.",
    "global_that_is_never_called": b"\x80\x02cos\nsystem\n0N.",
    "getattr_chain": b"\x80\x02cbuiltins\ngetattr\ncbuiltins\nint\n" + short_2("__class__")
    + b"\x86R.",
    "getattr_in_a_partial": b"\x80\x02cfunctools\npartial\ncbuiltins\ngetattr\n\x85R.",
    "getattr_to_a_module": b"\x80\x02cbuiltins\ngetattr\nctorch\nserialization\n" + short_2("os")
    + b"\x86R.",
    "getattr_with_a_computed_name": b"\x80\x02cbuiltins\ngetattr\ncbuiltins\nint\n"
     b"c_codecs\nencode\n" + short_2("x") + b"\x85R\x86R.",
    "name_that_is_computed": b"\x80\x04" + short("o") + b"c_codecs\nencode\n" + short("s")
    + b"\x85R" + b"\x93.",
    "extension": b"\x80\x02\x82\xf0" + COMMAND + b"\x85R.",
    "extension_2": b"\x80\x02\x83\xf0\x00" + COMMAND + b"\x85R.",
    "build_on_a_class": b"\x80\x02ccollections\nOrderedDict\n}" + short_2("__setstate__")
    + b"ccollections\nCounter\nsb.",
    "setstate_by_build": b"\x80\x02cfunctools\npartial\n)R(cos\nsystem\n" + COMMAND + b"\x85}NtbN.",
    "behind_a_mark_that_is_popped": b"\x80\x02(K\x01K\x021" + EVIL[2:],
    "behind_a_long_line": b"S'" + b"a" * 200_000 + b"'\n0" + calling("os", "system", 0),
    "behind_a_put_with_zeros": b"\x80\x02N" + b"p" + b"0" * 40 + b"1\n0" + EVIL[2:],
    "behind_gigabytes_that_are_not_there": EVIL[:-1] + b"\x8e" + struct.pack("<Q", 1 << 40) + b"x",
    "broken_tail": EVIL[:-1] + b"\xff\xff\xff",
    "cut_off_after_the_call": EVIL[:-1],
    "appended_to_an_honest_one": pickle.dumps({"a": 1}) + EVIL,
    "appended_in_protocol_0": pickle.dumps({"a": 1}) + calling("os", "system", 0),
    "third_of_several": pickle.dumps(1) + pickle.dumps(2) + EVIL,
    "name_with_blanks_around_it": b"\x80\x02cos\nsystem\n\x85R.",
    "unicode_by_escapes": b"\x80\x02V\\u006fs\nVsystem\n\x93" + COMMAND + b"\x85R.",
    "string_by_escapes": b"S'\\x6fs'\nS'system'\n\x93(tR.",
}  # fmt: skip


@pytest.mark.parametrize("kind", SLEIGHTS)
def test_a_sleight_of_hand_is_dangerous(kind):
    assert verdict("model.pkl", SLEIGHTS[kind]) == "dangerous"


@pytest.mark.parametrize(
    "name", ["pytorch_model.bin", "a.safetensors", "notes", "x.npy", "data.dat"]
)
def test_a_pickle_is_found_under_any_name(name):
    assert verdict(name, EVIL) == "dangerous"


def joblib_with(evil: bytes) -> bytes:
    """Return a file of joblib, in which an array of numbers stands before what is dangerous."""
    wrapper = (
        b"\x80\x03cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}("
        + short_2("dtype") + b"cnumpy\ndtype\n" + short_2("f8") + b"\x89\x88\x87R"
        + short_2("shape") + b"K\x02\x85" + short_2("numpy_array_alignment_bytes") + b"K\x10ub"
    )  # fmt: skip
    return wrapper + b"\x03\0\0\0" + struct.pack("<2d", 1, 2) + b"0" + evil[2:]


def numpy_array(pickled: bytes, kind: str = "'|O'") -> bytes:
    """Return an NPY file."""
    header = f"{{'descr': {kind}, 'fortran_order': False, 'shape': (1,), }}".encode()
    header += b" " * (-(10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + pickled


def with_broken_directory(data: bytes) -> bytes:
    """Return a zip whose end nobody finds."""
    return data[: data.rindex(b"PK\x05\x06")]


def with_other_names(data: bytes) -> bytes:
    """Return a zip whose members have other names than its directory says, and a wrong checksum."""
    at = data.index(b"archive/data.pkl")
    return (
        data[: at - 16] + b"\0\0\0\0" + data[at - 12 : at] + b"archive/data.txt" + data[at + 16 :]
    )


def encrypted_by_flag(data: bytes) -> bytes:
    """Return a zip whose directory says that its members are encrypted, which they are not."""
    made = bytearray(data)
    at = made.find(b"PK\x01\x02")
    while at >= 0:
        made[at + 8] |= 1
        at = made.find(b"PK\x01\x02", at + 1)
    return bytes(made)


def twice() -> bytes:
    """Return a zip with two members of one name, the first of which is honest."""
    made = io.BytesIO()
    import warnings
    import zipfile

    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("archive/data.pkl", state_dict())
        archive.writestr("archive/data.pkl", EVIL)
    return made.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    """Return a tar with one file."""
    import tarfile

    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def load_from_bytes(inner: bytes) -> bytes:
    """Return a pickle that has PyTorch load a file out of its bytes."""
    held = b"B" + struct.pack("<I", len(inner)) + inner
    return b"\x80\x03ctorch.storage\n_load_from_bytes\n" + held + b"\x85R."


TORCH = torch_zip(EVIL)
LAMBDA = json.dumps({
    "class_name": "Sequential",
    "config": {"layers": [
        {"class_name": "Lambda", "config": {"function": ["4wEAAAA=", None, None]}},
    ]},
}).encode()  # fmt: skip
PACKED = {
    "torch_zip": ("model.pt", TORCH),
    "torch_zip_deflated": ("model.pt", torch_zip(EVIL, 8)),
    "torch_zip_behind_other_bytes": ("model.bin", b"\0" * 1000 + TORCH),
    "torch_zip_behind_an_honest_pickle": ("model.pt", pickle.dumps({"a": 1}) + TORCH),
    "torch_zip_without_directory": ("model.pt", with_broken_directory(TORCH)),
    "torch_zip_with_other_names": ("model.pt", with_other_names(TORCH)),
    "torch_zip_encrypted_by_flag": ("model.pt", encrypted_by_flag(TORCH)),
    "torch_zip_with_two_of_one_name": ("model.pt", twice()),
    "torch_legacy": ("model.pt", legacy_torch(EVIL)),
    "torch_in_bytes": ("model.pkl", load_from_bytes(EVIL)),
    "torch_zip_in_bytes": ("model.pkl", load_from_bytes(TORCH)),
    "zip_in_zip": ("model.zip", zipped({"a.pt": TORCH})),
    "tar": ("model.nemo", tarred("weights.ckpt", EVIL)),
    "tar_of_zip": ("model.nemo", tarred("weights.ckpt", TORCH)),
    "joblib": ("model.joblib", joblib_with(EVIL)),
    "joblib_zlib": ("model.joblib", zlib.compress(joblib_with(EVIL))),
    "joblib_gzip": ("model.joblib", gzip.compress(joblib_with(EVIL))),
    "joblib_bz2": ("model.joblib", bz2.compress(joblib_with(EVIL))),
    "joblib_xz": ("model.joblib", lzma.compress(joblib_with(EVIL), preset=3)),
    "joblib_lzma": ("model.pkl", lzma.compress(EVIL, lzma.FORMAT_ALONE, preset=3)),
    "second_gzip_stream": ("m.pkl.gz", gzip.compress(pickle.dumps(1)) + gzip.compress(EVIL)),
    "numpy_objects": ("a.npy", numpy_array(EVIL)),
    "numpy_records_of_objects": ("a.npy", numpy_array(EVIL, "[('a', '<f4'), ('b', '|O')]")),
    "npz": ("a.npz", zipped({"a.npy": numpy_array(EVIL)})),
    "keras_lambda": ("model.keras", zipped({"config.json": LAMBDA})),
    "keras_lambda_h5": ("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(5000) + LAMBDA),
    "keras_module": ("model.keras", zipped({"config.json": json.dumps(
        {"module": "os", "class_name": "system", "config": {}}).encode()})),
    "gguf_template": ("a.gguf", b"GGUF" + struct.pack("<IQQQ", 3, 0, 1, 23)
        + b"tokenizer.chat_template" + struct.pack("<IQ", 8, 24) + b"{{ xx.__globals__['os']}"),
    "chat_template": ("tokenizer_config.json", b'{"chat_template": "{{ x.__class__.__mro__ }}"}'),
    "onnx_outside": ("m.onnx", b"\x08\x08\x3a\x20\x0a\x08location\x12\x10../../etc/passwd"),
}  # fmt: skip


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_packed_is_found(kind):
    name, data = PACKED[kind]
    assert verdict(name, data) == "dangerous"


def checked_token() -> bytes:
    """Return a token with the checksum that GitHub's have."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    letters = "q7Rt2LmZk9Xc4Vb1Ns8Wd3Hf6Jg5Py"
    number, spelled = zlib.crc32(letters.encode()), ""
    while len(spelled) < 6:
        number, digit = divmod(number, 62)
        spelled = digits[digit] + spelled
    return (letters + spelled).encode()


TOKEN = checked_token()
SUSPICIOUS = {
    "unknown_global": ("model.pkl", calling("acme.models", "Model")),
    "main": ("model.pkl", calling("__main__", "Model")),
    "unknown_attribute": ("m.pkl", b"\x80\x02cbuiltins\ngetattr\ncnumpy\nndarray\n"
        + short_2("tofile") + b"\x86R."),
    "auto_map": ("config.json", b'{"auto_map": {"AutoModel": "modeling_x.XModel"}}'),
    "auto_map_elsewhere": ("config.json", b'{"auto_map": {"AutoModel": "acme/x--m.XModel"}}'),
    "program_as_weights": ("model.bin", b"\x7fELF\x02\x01\x01" + bytes(100)),
    "program_as_picture": ("cat.png", b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0"),
    "script_as_weights": ("model.bin", b"#!/bin/sh\ntrue\n"),
    "github_token": ("notes.txt", b"token: ghp_" + TOKEN),
    "graph_that_writes": ("saved_model.pb", b"\x0a\x01a\x12\x09WriteFile"),
}  # fmt: skip


@pytest.mark.parametrize("kind", SUSPICIOUS)
def test_what_nobody_has_looked_at_is_suspicious(kind):
    name, data = SUSPICIOUS[kind]
    assert verdict(name, data) == "suspicious"


UNREADABLE = {
    "broken_pickle": ("model.pkl", b"\x80\x04\x95\xff"),
    "numbers_named_pickle": ("model.pt", bytes(range(1, 200))),
    "broken_zip": ("model.pt", b"PK\x03\x04" + bytes(100)),
    "broken_gguf": ("m.gguf", b"GGUF\x03\0\0\0" + b"\xff" * 30),
    "no_gguf": ("m.gguf", b"hello"),
    "no_onnx": ("m.onnx", b"hello"),
    "broken_array": ("a.npy", b"\x93NUMPY\x01\x00\xff\xff"),
    "packed_by_7z": ("model.pt", b"7z\xbc\xaf\x27\x1c" + bytes(50)),
    "cut_gzip": ("m.joblib", gzip.compress(pickle.dumps(list(range(10_000))))[:500]),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_does_not_parse_is_unreadable(kind):
    name, data = UNREADABLE[kind]
    assert verdict(name, data) == "unreadable"
