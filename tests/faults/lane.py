"""One registry under test, with a door that can be lost in front of each of its components."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.seaweed import Seaweed
from tests.faults.client import Answer, Staff, ask
from tests.faults.database import Database
from tests.faults.proxy import Proxies, Proxy
from tests.faults.sources import GitHubHandler, HubHandler, KaggleHandler, Source
from tests.performance.registry import PASSWORD, ROOT, USER, Registry
from tests.processes import free_port

# Several registries share one database server, which takes a hundred connections.
WEB_THREADS = 12
# A task whose worker lost the database is taken up when its lease is over, 30 s later; one that was
# postponed twice, 8 s later.
TASKS_FINISH_WITHIN_S = 90.0
# A silent source rests for 30 s; the task that tries it may have been postponed a little longer.
SOURCES_TRIED_WITHIN_S = 90.0
# The event of every minute comes more often here.
A_MINUTE_S = 5.0


@dataclass(frozen=True)
class Doors:
    """What stands in front of the components."""

    database: Proxy
    storage: Proxy
    hub: Proxy
    github: Proxy
    kaggle: Proxy
    function: Proxy


class Lane:
    """A registry, its doors, and who asks it."""

    def __init__(
        self, registry: Registry, doors: Doors, database: Database, function_url: str
    ) -> None:
        self.registry = registry
        self.doors = doors
        self.database = database
        # Past the door: a scheduled event comes from elsewhere than a wake-up. "" for a worker.
        self.function_url = function_url
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

    def wait_for_sources(self) -> None:
        """Wait until nobody is kept from asking a source; a task that is due tries it."""
        ends_at = time.monotonic() + SOURCES_TRIED_WITHIN_S
        while resting := self.components()["sources"]["metrics"]["resting"]:
            assert time.monotonic() < ends_at, f"{resting} sources are still not asked"
            time.sleep(0.25)

    def wait_for_tasks(self) -> float:
        """Wait until no task is left to do, and return how long that took, in seconds."""
        started_s, minutes = time.monotonic(), 0
        while (waited_s := time.monotonic() - started_s) < TASKS_FINISH_WITHIN_S:
            if self.function_url and waited_s >= minutes * A_MINUTE_S:
                ask(f"{self.function_url}/minute", "POST")
                minutes += 1
            # Nothing is known of them while the database answers too slowly.
            metrics = self.components()["tasks"]["metrics"] or {"waiting": 1, "running": 0}
            if metrics["waiting"] + metrics["running"] == 0:
                assert metrics["failed_last_24_h"] == 0, metrics
                return waited_s
            time.sleep(0.25)
        raise AssertionError(f"tasks are left after {TASKS_FINISH_WITHIN_S:g} s: {metrics}")


@contextmanager
def running(
    name: str, folder: Path, proxies: Proxies, seaweed: Seaweed, *, on_lambda: bool
) -> Iterator[Lane]:
    """Start a registry with everything it needs, and end it all afterwards.

    Args:
        on_lambda: tasks are done by a function that is woken, not by a worker.
    """
    with ExitStack() as stack:
        database = Database(os.environ["DATABASE_URL"])
        database.create()
        stack.callback(database.drop)
        bucket = f"faults-{name}"
        seaweed.client().create_bucket(Bucket=bucket)
        function_port = free_port()
        doors = Doors(
            database=proxies.to(*database.place),
            storage=proxies.to("127.0.0.1", seaweed.port),
            hub=_source(stack, proxies, Source(HubHandler)),
            github=_source(stack, proxies, Source(GitHubHandler)),
            kaggle=_source(stack, proxies, Source(KaggleHandler)),
            function=proxies.to("127.0.0.1", function_port),
        )
        settings = seaweed.environment | _settings(doors, database, bucket)
        # So that a stranger's front page asks the database, and has to say when that is lost.
        settings["REGISTRY_PUBLIC_PAGES"] = "on"
        if on_lambda:
            settings |= {"REGISTRY_TASKS": "lambda", "AWS_LAMBDA_FUNCTION_NAME": "registry"}
        registry = Registry(folder / name, doors.hub.url, **settings)
        registry.arguments = ("--threads", str(WEB_THREADS))
        stack.callback(registry.stop)
        registry.start()
        if on_lambda:
            stack.enter_context(_function(registry, function_port))
        lane = Lane(registry, doors, database, doors.function.target if on_lambda else "")
        lane.sign_in()
        yield lane


def _settings(doors: Doors, database: Database, bucket: str) -> dict[str, str]:
    """Lead a registry to the doors of its components."""
    return {
        "DATABASE_URL": database.url_through(doors.database),
        "REGISTRY_STORAGE": "s3",
        "AWS_STORAGE_BUCKET_NAME": bucket,
        "AWS_ENDPOINT_URL": doors.storage.url,
        "AWS_ENDPOINT_URL_LAMBDA": doors.function.url,
        "GITHUB_API_URL": doors.github.url,
        "KAGGLE_URL": doors.kaggle.url,
        "GITHUB_TOKEN": "",
        "HF_TOKEN": "",
        "REGISTRY_PRIVATE_HOSTS": f"{doors.hub.host} {doors.github.host} {doors.kaggle.host}",
        "REGISTRY_TASKS": "worker",
        "LOG_LEVEL": "info",
    }


def _source(stack: ExitStack, proxies: Proxies, server: Source) -> Proxy:
    """Serve from a thread for as long as the stack stands, and return the door to it."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return proxies.to("127.0.0.1", server.server_port)


@contextmanager
def _function(registry: Registry, port: int) -> Iterator[None]:
    """Do the tasks of a registry whenever it calls, and write into its log."""
    command = [sys.executable, "-m", "tests.faults.function", str(port)]
    with registry.log.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, env=registry.environment, stdout=subprocess.PIPE, stderr=log
        )
    try:
        assert process.stdout is not None
        assert process.stdout.readline(), f"no function came up; see {registry.log}"
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)
        process.stdout.close()
