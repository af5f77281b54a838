"""What one entry of a safetensors header may say: a tensor's type, shape and place, or free text.

`safetensors.py` reads the entries and has the source.
"""

from __future__ import annotations

from typing import Any

from artifacts.exceptions import ArchiveRefused

METADATA = "__metadata__"
# The types and how many bits a value takes (`Dtype` in tensor.rs, release 0.8).
_TYPE_BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16,
    "I32": 32, "U32": 32, "F32": 32, "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}  # fmt: skip
# Its reader counts in machine words; products of a shape beyond are refused, even where a later
# zero would make them none.
_WORD_MAX = 2**64 - 1
_BYTE_BITS = 8


def read_metadata(entry: Any) -> dict[str, str]:
    """Return the free text of a header; its writer leaves out an empty one or writes null."""
    found = {} if entry is None else entry
    if not all(isinstance(text, str) and _is_whole(key + text) for key, text in found.items()):
        raise say_no_entry(METADATA)
    return found


def read_span(name: str, entry: Any) -> tuple[int, int]:
    """Return where a tensor's data begin and end, after checking that type and shape fit them."""
    if entry is None or not _is_whole(name):
        raise say_no_entry(name)
    offsets, shape = entry.get("data_offsets"), entry.get("shape")
    bits = _TYPE_BITS.get(kind) if isinstance(kind := entry.get("dtype"), str) else None
    if not _are_counts(offsets) or len(offsets) != 2:  # noqa: PLR2004  (begin and end)
        raise say_no_entry(name)
    if bits is None:
        raise say_broken(
            f"the tensor {name[:100]!r} has the dtype {str(kind)[:50]!r}, which is none"
        )
    if not _are_counts(shape):
        raise say_broken(f"the tensor {name[:100]!r} has no valid shape")
    start, end = offsets
    if _count_bits(shape, bits) != (end - start) * _BYTE_BITS:
        raise say_broken(f"the shape of the tensor {name[:100]!r} does not fit its data")
    return start, end


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a pair of surrogates, which JSON can write and UTF-8 cannot."""
    return text.isascii() or text.encode(errors="ignore").decode() == text


def _are_counts(values: Any) -> bool:
    """Whether this is a list of whole numbers that a machine word holds."""
    return isinstance(values, list) and all(
        type(each) is int and 0 <= each <= _WORD_MAX for each in values
    )


def _count_bits(shape: list[int], bits: int) -> int | None:
    """Return how many bits a tensor takes; None for more than can be counted."""
    product = 1
    for factor in (*shape, bits):
        product *= factor
        if product > _WORD_MAX:
            return None
    return product


def say_no_entry(name: str) -> ArchiveRefused:
    """Return the error for an entry that is not of its form."""
    if name == METADATA:
        return say_broken("its __metadata__ is no object of texts")
    return say_broken(f"the tensor {name[:100]!r} has no valid data_offsets")


def say_broken(reason: str) -> ArchiveRefused:
    """Return the error for a broken file; `reason` continues a sentence."""
    return ArchiveRefused(f"This is no valid safetensors file: {reason}. Export it again.")
