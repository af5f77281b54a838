"""Versions as numbers in the same order, and ranges of versions.

Source: Semantic Versioning 2.0.0 (semver.org) for the order; npm's node-semver for `~` and `^`.
"""

from __future__ import annotations

from dataclasses import dataclass

from artifacts.exceptions import InvalidVersionRange
from artifacts.limits import VERSION_RANGE_MAX_CHARS
from artifacts.rules.values import whole_number

# Some projects use dates as version parts, which have eight digits.
_PART_DIGITS = 8
_BASE = 10**_PART_DIGITS
_PARTS_MAX = 3
_FORMS = "Write 1.2.3 (exactly), 1.2.3-2.1.0 (from .. to), ~1.2.0 or ^1.2.0."


@dataclass(frozen=True)
class VersionRange:
    """All versions from `low_key` to below `end_key`, as `version_key` numbers them."""

    low_key: int
    end_key: int

    def holds(self, key: int) -> bool:
        """Whether a version is in the range."""
        return self.low_key <= key < self.end_key


def version_key(tag: str) -> int | None:
    """Return a tag's version as a number, None if it is not a released version.

    `1.2.3` and `v1.2.3` are; missing parts count as 0. Pre-releases (`1.2.3-rc1`) have no number:
    nobody means them by a range.
    """
    parts = _parts(tag)
    return None if parts is None else _key(parts)


def parse_version_range(text: str) -> VersionRange:
    """Read `1.2.3`, `1.2.3-2.1.0` (both ends included), `~1.2.0` or `^1.2.0`.

    Raises:
        InvalidVersionRange: it has none of these forms, is too long, or its ends are swapped.
    """
    if len(text) > VERSION_RANGE_MAX_CHARS:
        raise InvalidVersionRange(f"The version is too long. {_FORMS}")
    text = text.strip()
    if text[:1] in ("~", "^"):
        parts = _parts(text[1:].strip())
        if parts is None:
            raise InvalidVersionRange(f"{text!r} is no version range. {_FORMS}")
        return VersionRange(_key(parts), _tilde_end(parts) if text[0] == "~" else _caret_end(parts))
    low, hyphen, high = text.partition("-")
    low_key = version_key(low.strip())
    high_key = version_key(high.strip()) if hyphen else low_key
    if low_key is None or high_key is None:
        raise InvalidVersionRange(f"{text!r} is no version range. {_FORMS}")
    if high_key < low_key:
        raise InvalidVersionRange(f"The range {text!r} ends before it begins. {_FORMS}")
    return VersionRange(low_key, high_key + 1)


def _parts(text: str) -> list[int] | None:
    """Return the one to three numbers of a version, None for anything else."""
    parts = text[text[:1] in ("v", "V") :].split(".", _PARTS_MAX)
    if len(parts) > _PARTS_MAX or any(len(part) > _PART_DIGITS for part in parts):
        return None
    numbers = [whole_number(part) for part in parts]
    return [number for number in numbers if number is not None] if None not in numbers else None


def _key(parts: list[int]) -> int:
    """Combine up to three numbers into one that compares part by part."""
    major, minor, patch = (*parts, 0, 0)[:3]
    key: int = (major * _BASE + minor) * _BASE + patch
    return key


def _tilde_end(parts: list[int]) -> int:
    """`~1.2.3` and `~1.2` end before 1.3.0, `~1` before 2.0.0."""
    return _key([parts[0] + 1]) if len(parts) == 1 else _key([parts[0], parts[1] + 1])


def _caret_end(parts: list[int]) -> int:
    """`^` fixes the first part that is not zero; if all are zero, the last stated part."""
    for place, part in enumerate(parts):
        if part or place == len(parts) - 1:
            return _key([*parts[:place], part + 1])
    raise AssertionError("unreachable: a version has at least one part")
