"""One registry under test, with a door that can be lost in front of each of its components."""

import os
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.fakes.seaweed import Seaweed
from tests.faults.client import Answer, Staff, ask
from tests.faults.proxy import Proxies, Proxy
from tests.faults.sources import GitHubHandler, HubHandler, Source
from tests.performance.registry import PASSWORD, USER, Registry

# Several registries share one database server, which takes a hundred connections.
WEB_THREADS = 12
# A task whose worker lost the database is taken up when its lease is over, 30 s later; one that was
# postponed twice, 8 s later.
TASKS_FINISH_WITHIN_S = 60.0


@dataclass(frozen=True)
class Doors:
    """What stands in front of the components."""

    database: Proxy
    storage: Proxy
    hub: Proxy
    github: Proxy


class Lane:
    """A registry, its doors, and who asks it."""

    def __init__(self, registry: Registry, doors: Doors, database: "Database") -> None:
        self.registry = registry
        self.doors = doors
        self.database = database
        self.token = ""
        self.staff: Staff | None = None

    def sign_in(self) -> None:
        """Get a token and a session; a reset ends the session, and leaves the token."""
        body = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
        self.token = ask(f"{self.registry.url}/authenticate", "PUT", body).json
        self.staff = Staff(self.registry.url, USER, PASSWORD)

    def ask(self, method: str, path: str, body: Any = None) -> Answer:
        return ask(self.registry.url + path, method, body, {"X-Authorization": self.token})

    def register(self, name: str) -> str:
        """Register a model of the Hub and return its id."""
        answer = self.ask("POST", "/artifact/model", {"url": f"https://huggingface.co/m/{name}"})
        assert answer.status == 201, answer
        return str(answer.json["metadata"]["id"])

    def listed(self) -> set[str]:
        """Return the ids of everything that is registered; the matrix stays under one page."""
        answer = self.ask("POST", "/artifacts", [{"name": "*"}])
        assert answer.status == 200, answer
        assert "offset" not in answer.headers
        return {each["id"] for each in answer.json}

    def components(self) -> dict[str, dict[str, Any]]:
        """Return what `/health/components` says, by component."""
        answer = self.ask("GET", "/health/components")
        assert answer.status == 200, answer
        return {each["id"]: each for each in answer.json["components"]}

    def wait_for_tasks(self) -> float:
        """Wait until no task is left to do, and return how long that took, in seconds."""
        started_s = time.monotonic()
        while (waited_s := time.monotonic() - started_s) < TASKS_FINISH_WITHIN_S:
            metrics = self.components()["tasks"].get("metrics", {"waiting": 1, "running": 0})
            if metrics["waiting"] + metrics["running"] == 0:
                assert metrics["failed_last_24_h"] == 0, metrics
                return waited_s
            time.sleep(0.25)
        raise AssertionError(f"tasks are left after {TASKS_FINISH_WITHIN_S:g} s: {metrics}")


class Database:
    """A database of one lane's own, on the server that `DATABASE_URL` names."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url
        self.name = f"faults_{uuid.uuid4().hex[:12]}"

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


@contextmanager
def running(
    name: str, folder: Path, proxies: Proxies, seaweed: Seaweed, server_url: str
) -> Iterator[Lane]:
    """Start a registry with everything it needs, and end it all afterwards."""
    with ExitStack() as stack:
        database = Database(server_url)
        database.create()
        stack.callback(database.drop)
        bucket = f"faults-{name}"
        seaweed.client().create_bucket(Bucket=bucket)
        place = urlsplit(server_url)
        doors = Doors(
            database=proxies.to(place.hostname or "127.0.0.1", place.port or 5432),
            storage=proxies.to("127.0.0.1", seaweed.port),
            hub=_source(stack, proxies, Source(HubHandler)),
            github=_source(stack, proxies, Source(GitHubHandler)),
        )
        settings = seaweed.environment | {
            "DATABASE_URL": database.url_through(doors.database),
            "REGISTRY_STORAGE": "s3",
            "AWS_STORAGE_BUCKET_NAME": bucket,
            "AWS_ENDPOINT_URL": doors.storage.url,
            "GITHUB_API_URL": doors.github.url,
            "GITHUB_TOKEN": "",
            "HF_TOKEN": "",
            "REGISTRY_PRIVATE_HOSTS": f"{doors.hub.host} {doors.github.host}",
            "REGISTRY_TASKS": "worker",
            "LOG_LEVEL": "info",
        }
        registry = Registry(folder / name, doors.hub.url, **settings)
        registry.arguments = ("--threads", str(WEB_THREADS))
        stack.callback(registry.stop)
        registry.start()
        lane = Lane(registry, doors, database)
        lane.sign_in()
        yield lane


def _source(stack: ExitStack, proxies: Proxies, server: Source) -> Proxy:
    """Serve from a thread for as long as the stack stands, and return the door to it."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return proxies.to("127.0.0.1", server.server_port)


def server_url() -> str:
    """Return the database server's address, as `tests/with_postgres.sh` gives it."""
    return os.environ["DATABASE_URL"]
