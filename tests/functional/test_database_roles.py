"""deployment/database_roles.sql on a real server: two users in turn own, migrate and alter."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

pytestmark = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="roles are a PostgreSQL server's"
)
RECIPE = settings.BASE_DIR / "deployment" / "database_roles.sql"
# Far enough for tables to be there, and for more to come.
EARLIER = "0003"


@dataclass(frozen=True)
class Server:
    """A database of one's own, and the user who may make roles but is no superuser, as on RDS."""

    name: str
    host: str
    port: str
    password: str

    def url(self, user: str, *, database: str = "") -> str:
        login = f"{user}:{quote(self.password, safe='')}"
        return f"postgres://{login}@{self.host}:{self.port}/{database or self.name}"

    def ask(self, user: str, *statements: str) -> list[tuple]:
        """Run statements, each by itself, as a user; return what the last one found."""
        with psycopg.connect(self.url(user), autocommit=True) as found:
            cursor = found.cursor()
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def run_recipe(self, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the recipe as its operator does."""
        program = shutil.which("psql")
        assert program, "psql comes with the server"
        given = {"name": self.name, "password_a": self.password, "password_b": self.password}
        words = [f"--set={name}={value}" for name, value in (given | variables).items()]
        return subprocess.run(
            [program, "-X", "-q", *words, "-f", RECIPE, self.url(f"{self.name}_master")],
            capture_output=True,
            text=True,
            check=False,
        )

    def migrate(self, user: str, *words: str) -> None:
        ended = subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity=0", *words],
            env={"PATH": os.environ["PATH"], "DATABASE_URL": self.url(user)},
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr


@pytest.fixture
def server() -> Iterator[Server]:
    """A new database, whose master made it; gone afterwards with all of its roles."""
    name, password = f"roles_{secrets.token_hex(4)}", secrets.token_hex(12)
    with psycopg.connect(make_conninfo(**_as_tests()), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {name}_master LOGIN CREATEDB CREATEROLE PASSWORD '{password}'")
        server = Server(name, admin.info.host, str(admin.info.port), password)
        try:
            master = server.url(f"{name}_master", database="postgres")
            with psycopg.connect(master, autocommit=True) as maker:
                maker.execute(f"CREATE DATABASE {name}")
            yield server
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            # Since PostgreSQL 16 who granted a membership stays for as long as that does.
            roles = admin.execute(
                "SELECT rolname FROM pg_roles WHERE starts_with(rolname, %s)"
                " ORDER BY rolname LIKE '%%master'",
                [name],
            )
            for (role,) in roles.fetchall():
                admin.execute(f"DROP ROLE {role}")


def test_users_when_one_is_rotated_for_the_other_then_migrations_go_on_and_the_first_is_out(server):
    a, b, owner, master = (f"{server.name}_{each}" for each in ("a", "b", "owner", "master"))
    made = server.run_recipe()
    assert made.returncode == 0, made.stderr
    assert server.ask(a, "SELECT session_user, current_user") == [(a, owner)]
    logins = server.ask(master, "SELECT rolname, rolcanlogin FROM pg_roles")
    assert (owner, False) in logins

    server.migrate(a, "artifacts", EARLIER)
    server.ask(a, "CREATE TABLE made_by_a (number int)")
    server.migrate(b)
    server.ask(b, "ALTER TABLE made_by_a ADD COLUMN word text", "CREATE TABLE made_by_b ()")
    server.ask(b, "CREATE INDEX CONCURRENTLY an_index ON made_by_a (word)")
    server.ask(a, "ALTER TABLE made_by_b ADD COLUMN word text", "DROP INDEX an_index")
    owners = server.ask(b, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [(owner,)]

    server.ask(master, f"ALTER ROLE {a} NOLOGIN PASSWORD NULL")
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        server.ask(a, "SELECT 1")
    server.ask(b, "ALTER TABLE made_by_a DROP COLUMN word")
    server.migrate(b)
    # The next rotation: the first one again, with a password of its own.
    assert server.run_recipe(password_a="an-other-one").returncode == 0
    server.ask(b, "ALTER TABLE made_by_b DROP COLUMN word")


def test_passwords_when_given_then_each_user_has_his_own_and_none_is_shown(server):
    ended = server.run_recipe(password_a="it's-a", password_b="it's-b")
    assert ended.returncode == 0, ended.stderr
    assert "it's" not in ended.stdout + ended.stderr
    with psycopg.connect(make_conninfo(**_as_tests())) as admin:
        kept: dict[str, Any] = dict(
            admin.execute(
                "SELECT rolname, rolpassword FROM pg_authid WHERE starts_with(rolname, %s)",
                [server.name],
            ).fetchall()
        )
    assert kept[f"{server.name}_owner"] is None
    assert kept[f"{server.name}_a"].startswith("SCRAM-SHA-256$")
    assert kept[f"{server.name}_a"] != kept[f"{server.name}_b"]


def _as_tests() -> dict[str, str]:
    """The tests' own user, in the database that every server has."""
    given = connection.settings_dict
    found = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"],
             "password": given["PASSWORD"], "dbname": "postgres"}  # fmt: skip
    return {name: value for name, value in found.items() if value}


def test_tables_when_an_older_installation_had_one_user_then_they_go_over_to_the_owner(server):
    former, b = f"{server.name}_former", f"{server.name}_b"
    server.ask(
        f"{server.name}_master",
        f"CREATE ROLE {former} LOGIN PASSWORD '{server.password}'",
        f"GRANT CREATE ON SCHEMA public TO {former}",
        f"GRANT CREATE ON DATABASE {server.name} TO {former}",
    )
    server.ask(former, "CREATE TABLE kept (number int)", "INSERT INTO kept VALUES (1)")
    made = server.run_recipe(former=former)
    assert made.returncode == 0, made.stderr
    assert server.ask(b, "ALTER TABLE kept ADD COLUMN word text", "SELECT * FROM kept") == [
        (1, None)
    ]


def test_second_user_when_only_granted_rights_then_he_cannot_migrate(server):
    # Why there is a recipe at all.
    assert server.run_recipe().returncode == 0
    other = f"{server.name}_other"
    server.ask(f"{server.name}_a", "CREATE TABLE made_by_a (number int)")
    server.ask(
        f"{server.name}_master",
        f"CREATE ROLE {other} LOGIN PASSWORD '{server.password}'",
        f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {other}",
    )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="must be owner"):
        server.ask(other, "ALTER TABLE made_by_a ADD COLUMN word text")
