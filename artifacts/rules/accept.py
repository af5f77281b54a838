"""Which of two forms of an answer the sender of a request prefers.

Source: RFC 9110, section 12.5.1 (Accept) and 12.4.2 (quality values).
"""

from __future__ import annotations

HTML = "text/html"
JSON = "application/json"
# A range that names neither type nor subtype decides only where no other does.
_NAMED, _HALF, _ANY = 3, 2, 1
_DIGITS_MAX = 3


def prefers(accept: str, one: str, other: str) -> bool:
    """Whether an Accept header wants one media type more than another.

    A header that is empty or holds nothing readable prefers nothing; so do equal weights.
    """
    return get_quality(accept, one) > get_quality(accept, other)


def get_quality(accept: str, media_type: str) -> float:
    """Return the weight that an Accept header gives a media type, 0 to 1; 0 for an empty one.

    The most specific range that fits decides. Parameters other than the weight are not compared:
    every form of an answer exists once. Ranges that cannot be read are left out.
    """
    best = (0, 0.0)
    for element in accept.split(","):
        given, *parameters = (each.strip() for each in element.split(";"))
        fit = _fit(given.lower(), media_type)
        weight = _read_weight(parameters)
        if fit and weight is not None:
            best = max(best, (fit, weight))
    return best[1]


def _fit(given: str, media_type: str) -> int:
    """Return how closely a range fits a type; 0 if not at all."""
    if given == media_type:
        return _NAMED
    if given == f"{media_type.partition('/')[0]}/*":
        return _HALF
    return _ANY if given == "*/*" else 0


def _read_weight(parameters: list[str]) -> float | None:
    """Return the weight among a range's parameters, 1 without one; None if it cannot be read."""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            return _parse_weight(value.strip())
    return 1.0


def _parse_weight(value: str) -> float | None:
    """Return a weight: 0 or 1, and up to three digits after the point."""
    whole, _, rest = value.partition(".")
    is_written = whole in ("0", "1") and len(rest) <= _DIGITS_MAX
    if not is_written or not (rest == "" or (rest.isascii() and rest.isdecimal())):
        return None
    weight = float(f"{whole}.{rest or '0'}")
    return weight if weight <= 1 else None
