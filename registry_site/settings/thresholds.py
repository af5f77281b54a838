"""Reading what the gate asks of each metric, as in `license=0.7,bus_factor=0.3`."""

from collections.abc import Collection

from . import environment as env
from .variables import find_nearest

# More digits than any threshold needs.
_NUMBER_MAX_CHARS = 10


def read_thresholds(name: str, metrics: Collection[str]) -> dict[str, float]:
    """Return the thresholds of a variable, from 0 to 1 by metric.

    Raises:
        ImproperlyConfigured: one names no metric, or a metric twice, or has no number from 0 to 1.
    """
    found: dict[str, float] = {}
    for word in env.words(name):
        metric, sign, number = word.partition("=")
        if metric not in metrics:
            near = find_nearest(metric, metrics)
            known = f"the nearest is {near}" if near else f"they are {', '.join(metrics)}"
            env.complain(name, f"must pair metrics with numbers: {known}.", word)
        if not sign or not _is_share(number):
            env.complain(name, f"must give a number from 0 to 1, as in {metric}=0.5.", word)
        if metric in found:
            env.complain(name, f"must give {metric} one number only.", word)
        found[metric] = float(number)
    return found


def _is_share(number: str) -> bool:
    """Say whether a text is a number from 0 to 1, in digits."""
    digits = number.replace(".", "", 1)
    is_number = digits.isascii() and digits.isdecimal() and len(number) <= _NUMBER_MAX_CHARS
    return is_number and float(number) <= 1
