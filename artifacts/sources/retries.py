"""How long to wait before asking a source again.

A library's retries would know neither our deadline nor the different ways in which Hub and GitHub
state their limits.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from artifacts.limits import RETRY_AFTER_KEPT_MAX_S, RETRY_AFTER_MAX_S
from artifacts.rules.values import whole_number

_FIRST_PAUSE_S = 0.3


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Return how many seconds a source asks us to wait, None if it does not ask.

    Source: RFC 9110 section 10.2.3 (Retry-After, seconds or date); GitHub REST documentation, "Rate
    limits" (x-ratelimit-remaining, x-ratelimit-reset); IETF draft "RateLimit header fields" as the
    Hub sends it (`RateLimit: "api";r=0;t=55`).
    """
    asked_s = _stated_wait(headers)
    return None if asked_s is None else min(max(0.0, asked_s), RETRY_AFTER_KEPT_MAX_S)


def _stated_wait(headers: Mapping[str, str]) -> float | None:
    """Read any of the three forms; the result may be negative or absurdly large."""
    stated = headers.get("retry-after", "").strip()
    if stated.isdecimal():
        return float(stated)
    if stated:
        try:
            return parsedate_to_datetime(stated).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    if headers.get("x-ratelimit-remaining") == "0":
        reset = headers.get("x-ratelimit-reset", "")
        return float(reset) - time.time() if reset.isdecimal() else 0.0
    return _wait_of_policies(headers.get("ratelimit", ""))


def _wait_of_policies(stated: str) -> float | None:
    """Return the seconds until a spent policy is renewed, as in `"api";r=0;t=55`."""
    for policy in stated.split(","):
        pairs = (each.partition("=") for each in policy.split(";")[1:])
        values = {name.strip(): value.strip() for name, _, value in pairs}
        seconds = whole_number(values.get("t", ""))
        if values.get("r") == "0" and seconds is not None:
            return float(seconds)
    return None


def pause_before(attempt: int, asked_s: float | None) -> float | None:
    """Return the seconds to wait before an attempt, None if that is too long.

    They grow exponentially with jitter, so that requests that failed together do not all return
    together.

    Args:
        attempt: 2 for the second one.
        asked_s: the wait that the source asked for.
    """
    if asked_s is not None and asked_s > RETRY_AFTER_MAX_S:
        return None
    backoff_s = _FIRST_PAUSE_S * 2 ** (attempt - 2)
    jittered_s: float = backoff_s * (0.5 + random.random())  # noqa: S311  (no secret)
    return max(asked_s or 0.0, jittered_s)
