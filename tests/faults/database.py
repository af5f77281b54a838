"""A database of one registry's own, and what only the server can do to it."""

import uuid
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.faults.proxy import Proxy


class Database:
    """Made on a server, and dropped from it."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self.name = f"faults_{uuid.uuid4().hex[:12]}"

    @property
    def place(self) -> tuple[str, int]:
        """Where the server is."""
        parts = urlsplit(self.server_url)
        return parts.hostname or "127.0.0.1", parts.port or 5432

    def url_through(self, proxy: Proxy) -> str:
        user = urlsplit(self.server_url).netloc.rpartition("@")[0]
        return f"postgres://{user}@{proxy.host}/{self.name}"

    def create(self) -> None:
        self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.name)))

    def drop(self) -> None:
        self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def set_read_only(self, *, is_read_only: bool) -> None:
        """Refuse writes, as a server does that was demoted in a failover; sessions begin anew."""
        value = sql.SQL("on" if is_read_only else "off")
        name = sql.Identifier(self.name)
        self._run(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(name, value)
        )
        self.end_sessions()

    def end_sessions(self) -> None:
        """End every connection, as a server does that restarts."""
        self._run(
            sql.SQL(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {}"
            ).format(sql.Literal(self.name))
        )

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.server_url, autocommit=True) as connection:
            connection.execute(statement)
