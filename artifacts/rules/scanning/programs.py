"""Programs and scripts that are named as something else.

Source: System V ABI (ELF), Microsoft PE format, Apple Mach-O; `execve(2)` (`#!`).
"""

from __future__ import annotations

from collections.abc import Iterator

from artifacts.enums import ScanVerdict
from artifacts.rules.scanning.findings import ScanFinding
from artifacts.rules.scanning.look import Look

NAME = "programs"

_ELF = b"\x7fELF"
_MACH_O = (
    b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
)  # fmt: skip
_PE_AT = 0x3C
# What such a file is rightly called; a name without ending is usual for programs, too.
_PROGRAM_ENDINGS = (".so", ".exe", ".dll", ".pyd", ".dylib", ".o", ".ko", ".elf", ".out", ".node",
                    ".bundle", ".sys", ".mexw64", ".mexa64", ".mexmaci64")  # fmt: skip
# Files that are never scripts.
_NO_SCRIPTS = (".bin", ".pt", ".pth", ".ckpt", ".safetensors", ".gguf", ".ggml", ".onnx", ".h5",
               ".keras", ".npy", ".npz", ".pkl", ".pickle", ".joblib", ".pb", ".tflite",
               ".msgpack", ".json", ".jpg", ".jpeg", ".png", ".gif", ".webp", ".bmp", ".wav",
               ".mp3", ".flac", ".mp4", ".pdf", ".parquet", ".arrow", ".csv", ".tsv",
               ".model", ".vocab")  # fmt: skip


def fits(look: Look) -> bool:
    """Whether it begins like a program or a script."""
    return look.start.startswith((_ELF, b"MZ", b"#!", *_MACH_O))


def scan(look: Look) -> Iterator[ScanFinding]:
    """Compare what it is with what it is called."""
    kind = _find_kind(look.start)
    if kind == "a script":
        is_odd = look.is_named(*_NO_SCRIPTS)
    else:
        is_odd = (
            "." in look.name and not look.is_named(*_PROGRAM_ENDINGS) and ".so." not in look.name
        )
    if kind and is_odd:
        yield look.finding(
            NAME,
            ScanVerdict.SUSPICIOUS,
            f"It is {kind}, though its name says otherwise. Do not run it; ask where it is from.",
        )


def _find_kind(start: bytes) -> str:
    """Return what a file is by its first bytes, "" for neither program nor script."""
    if start.startswith(_ELF):
        return "a program of Linux (ELF)"
    if start.startswith(_MACH_O):
        return "a program of macOS (Mach-O)"
    if start.startswith(b"MZ"):
        at = int.from_bytes(start[_PE_AT : _PE_AT + 4], "little")
        return "a program of Windows (PE)" if start[at : at + 4] == b"PE\0\0" else ""
    return "a script" if start.startswith(b"#!") and b"\0" not in start else ""
