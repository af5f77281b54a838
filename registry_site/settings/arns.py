"""ARNs: the names that AWS gives to an account's resources.

    arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE

It works without Django, because `deployment/` uses it too.
"""

from __future__ import annotations

from typing import NamedTuple

_PARTS = 6
_ACCOUNT_DIGITS = 12


class Arn(NamedTuple):
    """The parts of an ARN; `region` is empty for global resources such as roles."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> Arn | None:
    """Parse an ARN; return None if the text is none, or names no resource of an account."""
    parts = text.split(":", _PARTS - 1)
    if len(parts) < _PARTS or not text.isascii() or not text.isprintable() or " " in text:
        return None
    prefix, *rest = parts
    arn = Arn(*rest)
    is_one = (
        prefix == "arn"
        and arn.partition.startswith("aws")
        and arn.account.isdigit()
        and len(arn.account) == _ACCOUNT_DIGITS
    )
    return arn if is_one else None
