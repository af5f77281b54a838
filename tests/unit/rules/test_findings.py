"""What looking into a file tells, beyond its name."""

import io

import pytest

from artifacts.rules.findings import examine_file, is_safetensors, is_worth_a_look
from artifacts.rules.parts import classify_part

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d" * 32 + b"\nsize 9\n"
SOUND = b"\x02" + bytes(7) + b"{}"


def examine(path: str, content: bytes):
    return examine_file(path, classify_part(path), len(content), io.BytesIO(content))


@pytest.mark.parametrize(
    ("path", "content", "part", "fault"),
    [
        pytest.param("a.safetensors", SOUND, "weights", "", id="sound"),
        pytest.param("a.sft", SOUND[:9], "weights", "no valid safetensors", id="cut"),
        pytest.param("a.safetensors", b"", "weights", "it has 0 bytes", id="empty"),
        pytest.param("a.safetensors", POINTER, "other", "Git LFS pointer", id="pointer"),
        pytest.param("data/a.csv", POINTER, "other", "the content of 9 bytes", id="of data"),
        pytest.param("LICENSE", POINTER + b"more", "card", "", id="no pointer"),
        pytest.param("a.xyz", b"GGUF", "weights", "", id="a format by its bytes"),
        pytest.param("a.py", b"GGUF", "code", "", id="a name that tells"),
        pytest.param("a.safetensors.gz", b"\x1f\x8b", "weights", "", id="compressed"),
    ],
)
def test_file_when_examined_then_its_part_and_fault(path, content, part, fault):
    found = examine(path, content)
    assert (found.part, fault in found.fault, bool(found.fault)) == (part, True, bool(fault))
    assert (found.pointer is not None) == ("LFS" in found.fault)


@pytest.mark.parametrize(
    ("path", "size_bytes", "is_worth"),
    [
        ("a.safetensors", 10**9, True),
        ("a.bin", 10**9, False),
        ("a.bin", 134, True),
        ("a.py", 10_000, False),
        ("blob", 10**9, True),
        ("blob", None, True),
        ("a.csv", None, False),
    ],
)
def test_file_when_its_name_tells_all_then_it_is_not_opened(path, size_bytes, is_worth):
    assert is_worth_a_look(path, size_bytes) == is_worth


def test_safetensors_when_named_so_then_known():
    names = ["a.safetensors", "B.SFT", "a.safetensors.index.json", "a.safetensors.gz", "a.bin"]
    assert [name for name in names if is_safetensors(name)] == ["a.safetensors", "B.SFT"]
