"""A connection that gives up when its server is silent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

from artifacts.limits import DATABASE_SILENCE_MAX_S

T = TypeVar("T")


class ImpatientConnection(psycopg.Connection[Any]):
    """A connection that limits the duration of each exchange with the server.

    Attributes:
        silence_max_s: how long an exchange may last; None means without limit.
    """

    silence_max_s: float | None = DATABASE_SILENCE_MAX_S

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Carry out one exchange; everything that psycopg sends or reads passes here.

        Raises:
            OperationalError: the server was silent for too long. The connection is closed then,
                because a late answer would be taken for that of the next query.
        """
        if timeout is not None:  # psycopg's own limit, which it handles itself
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.silence_max_s)
        except _WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(
                f"The database said nothing for {self.silence_max_s:g} s."
            ) from error

    @contextmanager
    def silent_for(self, seconds: float | None) -> Iterator[None]:
        """Apply another time limit within the block."""
        usual, self.silence_max_s = self.silence_max_s, seconds
        try:
            yield
        finally:
            self.silence_max_s = usual
