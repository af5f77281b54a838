"""SHA-256 as S3 writes it: in base64, in a header of its own."""

from __future__ import annotations

import base64

CHECKSUM_HEADER = "x-amz-checksum-sha256"


def encode_checksum(sha256: str) -> str:
    """Return a digest as S3 writes it."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()


def decode_checksum(checksum: str) -> str:
    """Return S3's checksum as hexadecimal digits."""
    return base64.b64decode(checksum).hex()
