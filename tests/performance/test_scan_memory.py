"""A file of 2 GB costs a scan at most 64 MB of memory, whatever is in it."""

import pickle
import struct
import subprocess
import sys
import zipfile
import zlib

import pytest

from tests.unit.rules.scanning.pickling import legacy_torch, state_dict

SIZE_BYTES = 2_000_000_000
MOST_BYTES = 64_000_000
# In a process of its own: the peak of memory is that of the scan, beside what Python itself takes.
_SCAN = """
import os, sys
from artifacts.rules.scanning.scan import scan_file

def peak():
    lines = open("/proc/self/status").read().splitlines()
    return next(int(each.split()[1]) for each in lines if each.startswith("VmHWM"))

before = peak()
path = sys.argv[1]
with open(path, "rb") as file:
    found = scan_file(os.path.basename(path), file, os.path.getsize(path))
after = peak()
print((after - before) * 1024, found[0].verdict.value if found else "clean", len(found))
"""


def measure(path) -> tuple[int, str]:
    """Return the bytes of memory that scanning a file takes, and the verdict."""
    run = [sys.executable, "-c", _SCAN, str(path)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, timeout=300)
    taken, verdict, _ = done.stdout.split()
    return int(taken), verdict


def torch_zip(path) -> None:
    """Write a zip of PyTorch behind 2 GB of zeros, which take no room on the disk."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", state_dict())
    small = path.read_bytes()
    with path.open("wb") as file:
        file.truncate(SIZE_BYTES)
        file.seek(SIZE_BYTES)
        file.write(small)


def sparse(start: bytes):
    """Return a writer of a file that begins with some bytes, and goes on with zeros."""

    def write(path) -> None:
        with path.open("wb") as file:
            file.write(start)
            file.truncate(SIZE_BYTES)

    return write


def packed(path) -> None:
    """Write 2 GB of numbers in a pickle, packed by zlib into 2 MB."""
    packer = zlib.compressobj(1)
    with path.open("wb") as file:
        file.write(packer.compress(b"\x80\x04\x8e" + struct.pack("<Q", SIZE_BYTES)))
        zeros = bytes(10_000_000)
        for _ in range(SIZE_BYTES // len(zeros)):
            file.write(packer.compress(zeros))
        file.write(packer.compress(b".") + packer.flush())


def texts(path) -> None:
    """Write a pickle of millions of texts that could name globals."""
    with path.open("wb") as file:
        file.write(b"\x80\x04]\x94(")
        for start in range(0, 3_000_000, 1_000):
            words = (f"word{number}".encode() for number in range(start, start + 1_000))
            file.write(b"".join(b"\x8c" + bytes([len(each)]) + each + b"\x94" for each in words))
            file.write(b"e(")
        file.write(b"e.")


def tuples(path) -> None:
    """Write a pickle that leaves tuples of tuples on its stack, and never takes them off."""
    with path.open("wb") as file:
        file.write(b"\x80\x02")
        for _ in range(20_000):
            file.write(b"(" + b"".join(b"X\xb4\0\0\0" + b"a" * 180 for _ in range(30)) + b"t")


FILES = {
    "zip.pt": torch_zip,
    "legacy.bin": sparse(legacy_torch(state_dict())),
    "plain.pkl": sparse(b"\x80\x04\x8e" + struct.pack("<Q", SIZE_BYTES - 12)),
    "model.h5": sparse(b"\x89HDF\r\n\x1a\n"),
    "model.onnx": sparse(b"\x08\x08"),
    "model.gguf": sparse(b"GGUF" + struct.pack("<IQQ", 3, 0, 0)),
    "model.safetensors": sparse(struct.pack("<Q", 2) + b"{}"),
    "array.npy": sparse(b"\x93NUMPY\x01\x00\x10\x00{'descr': '<f8'}"),
    "packed.joblib": packed,
    "texts.pkl": texts,
    "tuples.pkl": tuples,
    "text.txt": lambda path: path.write_bytes(b"a line of text \xc3\xbc\n" * 200_000),
    "records.pkl": lambda path: path.write_bytes(pickle.dumps({"a": 1}) * 200_000),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_scan_takes_at_most_64_mb(name, tmp_path, capsys):
    path = tmp_path / name
    FILES[name](path)
    taken, verdict = measure(path)
    with capsys.disabled():
        print(f"\nscan of {name}: {path.stat().st_size:,} bytes, {taken:,} of memory: {verdict}")
    assert taken <= MOST_BYTES
