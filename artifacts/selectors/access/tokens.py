"""The tokens of one user that still work: those whose calls are counted, and those for programs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from artifacts.enums import TokenScope
from artifacts.limits import PROGRAM_TOKENS_MAX, TOKEN_CALLS, TOKENS_SHOWN_MAX
from artifacts.models import AccessToken, User


@dataclass(frozen=True)
class TokenRow:
    """One token whose calls are counted, without what would let anybody use it.

    Attributes:
        digest: the SHA-256 of the token, which names it.
        name: what its owner calls it; "" for those of `PUT /authenticate`.
        calls_left: of `calls_max`; equal if it was never used.
    """

    digest: str
    name: str
    created_at: datetime
    expires_at: datetime
    calls_left: int
    calls_max: int = TOKEN_CALLS

    @property
    def is_unused(self) -> bool:
        """Whether nobody has used it yet."""
        return self.calls_left >= self.calls_max


@dataclass(frozen=True)
class ProgramTokenRow:
    """One token for programs, without what would let anybody use it.

    Attributes:
        id: the SHA-256 of the token, which names it.
        used_at: the minute of the last use; None if nobody has used it yet.
    """

    id: str
    name: str
    scope: TokenScope
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True)
class TokensPanel:
    """Tokens with a name first, then the newest.

    Attributes:
        has_more: whether there are more than are shown.
    """

    tokens: tuple[TokenRow, ...]
    has_more: bool


def list_tokens(user: User) -> TokensPanel:
    """Return up to `TOKENS_SHOWN_MAX` tokens of a user that have neither expired nor been spent."""
    working = AccessToken.objects.filter(
        user=user, scope="", expires_at__gt=timezone.now(), calls_left__gt=0
    )
    fields = ("digest", "name", "created_at", "expires_at", "calls_left")
    rows = (
        working.alias(is_unnamed=Q(name=""))
        .order_by("is_unnamed", "-created_at", "digest")
        .values_list(*fields)[: TOKENS_SHOWN_MAX + 1]
    )
    found = tuple(TokenRow(*row) for row in rows)
    return TokensPanel(found[:TOKENS_SHOWN_MAX], has_more=len(found) > TOKENS_SHOWN_MAX)


def list_program_tokens(user: User) -> list[ProgramTokenRow]:
    """Return a user's tokens for programs that work, the newest first; `PROGRAM_TOKENS_MAX`."""
    working = AccessToken.objects.filter(user=user, expires_at__gt=timezone.now())
    rows = working.exclude(scope="").order_by("-created_at", "digest")
    return [describe_program_token(each) for each in rows[:PROGRAM_TOKENS_MAX]]


def describe_program_token(row: AccessToken) -> ProgramTokenRow:
    """Return what may be shown of a token for programs."""
    return ProgramTokenRow(
        id=row.digest,
        name=row.name,
        scope=TokenScope(row.scope),
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
    )
