"""Conditional requests according to RFC 9110, sections 13 and 14.

Django's helper ignores conditions that it cannot parse, and every date of 1970; S3 does not.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.http import parse_http_date_safe

from artifacts.rules.values import whole_number

_UNIT = "bytes="
NOT_MODIFIED = 304
PRECONDITION_FAILED = 412


@dataclass(frozen=True)
class Validators:
    """What clients compare their copy with.

    Attributes:
        etag: strong, with its quotation marks.
        modified_s: the last change, in whole seconds since 1970.
    """

    etag: str
    modified_s: int


def precondition(headers: Mapping[str, str], current: Validators) -> int | None:
    """Return 304 or 412 if a condition demands it; None if the request is to be served.

    Source: section 13.2.2, in its order: a condition on the ETag precedes one on the date.
    """
    if (wanted := headers.get("If-Match")) is not None:
        if not _names(wanted, current.etag, is_weak_enough=False):
            return PRECONDITION_FAILED
    elif current.modified_s > _date(headers, "If-Unmodified-Since", absent=math.inf):
        return PRECONDITION_FAILED
    if (known := headers.get("If-None-Match")) is not None:
        if _names(known, current.etag, is_weak_enough=True):
            return NOT_MODIFIED
    elif current.modified_s <= _date(headers, "If-Modified-Since", absent=-math.inf):
        return NOT_MODIFIED
    return None


def asked_range(
    headers: Mapping[str, str], current: Validators, size_bytes: int
) -> tuple[int, int] | None:
    """Return the first byte and the end of the requested range; None for the whole.

    A range outside the content begins where it ends. Malformed ranges are ignored, as are ranges
    that do not fit the client's copy (sections 14.2 and 13.1.5).
    """
    asked = _positions(headers.get("Range", "").strip())
    if asked is None or not _may_be_joined(headers, current):
        return None
    first, last = asked
    if first is None:
        return max(0, size_bytes - (last or 0)), size_bytes
    if last is None:
        return min(first, size_bytes), size_bytes
    if last < first:
        return None
    return min(first, size_bytes), min(last + 1, size_bytes)


def _positions(field: str) -> tuple[int | None, int | None] | None:
    """Return first and last position of a range, either of which may be absent; None for no range.

    Several ranges at once get the whole content, as section 14.2 allows.
    """
    if field[: len(_UNIT)].lower() != _UNIT:
        return None
    words = field[len(_UNIT) :].split("-", 2)
    if len(words) != 2 or not any(words):  # noqa: PLR2004  (a first and a last position)
        return None
    first, last = map(whole_number, words)
    if (first is None and words[0]) or (last is None and words[1]):
        return None
    return first, last


def _may_be_joined(headers: Mapping[str, str], current: Validators) -> bool:
    """Whether a range fits the client's copy; only an exact match counts."""
    condition = headers.get("If-Range")
    if condition is None:
        return True
    if '"' in condition:
        return condition.strip() == current.etag
    return parse_http_date_safe(condition) == current.modified_s


def _names(field: str, etag: str, *, is_weak_enough: bool) -> bool:
    """Whether a list of entity tags, or `*`, includes the current one (section 8.8.3.2)."""
    if field.strip() == "*":
        return True
    # Every second piece is a tag, from between quotation marks; W/ may end the piece before it.
    pieces = field.split('"')
    tags = zip(pieces[0::2], pieces[1:-1:2], strict=False)
    return any(
        f'"{tag}"' == etag and (is_weak_enough or not before.rstrip().endswith("W/"))
        for before, tag in tags
    )


def _date(headers: Mapping[str, str], name: str, *, absent: float) -> float:
    """Return a date in seconds since 1970; an invalid date counts as absent."""
    found = parse_http_date_safe(headers.get(name, ""))
    return absent if found is None else found
