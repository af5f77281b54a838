"""The one place that decides whether a metric may say that something is absent.

What nobody could read, or did not open, may state it: then the result is unknown, with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable

from artifacts.rules.rating.evidence import ModelFacts
from artifacts.rules.rating.metric import Result, unknown
from artifacts.rules.reading import Readable, ReadState, find_unread

# What a later rating asks for again; the other files were opened when the revision was made.
_ASKED_AGAIN: frozenset[Readable] = frozenset(("results",))


def tell_absence(model: ModelFacts, looked_in: Iterable[Readable], absent: Result) -> Result:
    """Return a result that says that something is absent, or else that this cannot be known.

    Args:
        looked_in: where it would stand.
        absent: the result if all of that was read, or is absent itself.
    """
    unread = {name: each for name in looked_in for each in find_unread(model.readings, (name,))}
    if not unread:
        return absent
    reasons = dict.fromkeys(each.reason for each in unread.values())
    return unknown(
        f"This cannot be told: {' '.join(reasons)}",
        absent.facts,
        try_later=any(
            each.state == ReadState.NOT_ASKED
            for name, each in unread.items()
            if name in _ASKED_AGAIN
        ),
        citations=absent.citations,
    )
