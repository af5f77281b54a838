"""The header of a safetensors file, checked without loading a tensor.

Source: the format's description in the safetensors repository (`README.md`, "Format"): eight bytes
of little-endian length, that many bytes of JSON, then the data, which the tensors cover without
holes or overlaps.
"""

import json
import struct
from dataclasses import dataclass
from typing import IO, Any

from artifacts.exceptions import ArchiveRefused
from artifacts.limits import SAFETENSORS_HEADER_MAX_BYTES

_LENGTH = struct.Struct("<Q")


@dataclass(frozen=True)
class Header:
    """What a header says.

    Attributes:
        tensors: how many tensors there are.
        metadata: the free text that the format allows beside them.
    """

    tensors: int
    metadata: dict[str, str]


def check_header(file: IO[bytes], size_bytes: int) -> Header:
    """Read a header and see that it describes a file of this size.

    Raises:
        ArchiveRefused: the header is cut off, too long, no JSON, or does not fit the file.
    """
    prefix = file.read(_LENGTH.size)
    if len(prefix) < _LENGTH.size:
        raise _broken(f"it has {len(prefix)} bytes, fewer than the length of a header takes")
    (header_bytes,) = _LENGTH.unpack(prefix)
    data_bytes = size_bytes - _LENGTH.size - header_bytes
    if header_bytes > SAFETENSORS_HEADER_MAX_BYTES:
        raise _broken(
            f"its header is said to have {header_bytes:,} bytes; "
            f"the format allows {SAFETENSORS_HEADER_MAX_BYTES:,}"
        )
    if data_bytes < 0:
        raise _broken(f"its header of {header_bytes:,} bytes is longer than the file")
    raw = file.read(header_bytes)
    if len(raw) < header_bytes:
        raise _broken("its header is cut off")
    entries = _parse(raw)
    metadata = entries.pop("__metadata__", {})
    if not isinstance(metadata, dict):
        raise _broken("its __metadata__ is no object")
    _check_coverage(entries, data_bytes)
    return Header(len(entries), {str(key): str(value) for key, value in metadata.items()})


def _parse(raw: bytes) -> dict[str, Any]:
    """Return the header's JSON object; a key may stand in it only once."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            # Two readers may pick different entries, and load different weights.
            raise _broken("its header has a key twice")
        return found

    try:
        # Decoded here: `json` would guess UTF-16 and UTF-32 too, which no other reader takes.
        entries = json.loads(raw.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise _broken("its header is no JSON") from error
    if not isinstance(entries, dict):
        raise _broken("its header is no JSON object")
    return entries


def _check_coverage(entries: dict[str, Any], data_bytes: int) -> None:
    """See that the tensors cover the data, each byte once."""
    spans = sorted(_span(name, entry) for name, entry in entries.items())
    position = 0
    for start, end in spans:
        if start != position or end < start:
            raise _broken("its tensors leave a hole in the data or overlap")
        position = end
    if position != data_bytes:
        raise _broken(f"its tensors take {position:,} bytes, and the file has {data_bytes:,}")


def _span(name: str, entry: Any) -> tuple[int, int]:
    """Return where a tensor's data begin and end."""
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if (
        not isinstance(offsets, list)
        or len(offsets) != 2  # noqa: PLR2004  (begin and end)
        or any(type(offset) is not int or offset < 0 for offset in offsets)
    ):
        raise _broken(f"the tensor {name[:100]!r} has no valid data_offsets")
    return offsets[0], offsets[1]


def _broken(reason: str) -> ArchiveRefused:
    """Return the error to raise."""
    return ArchiveRefused(f"This is no valid safetensors file: {reason}. Export it again.")
