"""Kills server or worker with SIGKILL at random moments, again and again, and looks for damage.

Four clients register, upload in parts, replace and delete meanwhile, and some kills fall into a
reset. After each: every artifact that was answered 201 is still there, none that was deleted is
back, none is half visible, ids are unique, and a reset happened whole or not at all. Before each
reset and at the end every artifact's content is there and right.

    python -m tests.kills [KILLS] [--s3]

The database is an SQLite file, or a new one on the server that DATABASE_URL names; the bucket is a
folder, or with --s3 one of SeaweedFS.
"""

import argparse
import contextlib
import os
import random
import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from tests.fakes import hub_server, seaweed
from tests.kills.checks import check_contents, check_reset, look
from tests.kills.clients import Clients
from tests.kills.ledger import Ledger
from tests.performance.registry import Registry

KILLS = 50
CLIENTS = 4
RESET_EVERY, WORKER_EVERY = 15, 3
BUCKET = "kills"


def kill(registry: Registry, ledger: Ledger, clients: Clients, number: int) -> str:
    """Kill something, start it again, and look; returns what was killed, and when."""
    taken, statuses, reset = {}, [], None
    if number % RESET_EVERY == 0:
        clients.pause()
        check_contents(registry, ledger.snapshot())
        taken = ledger.begin_reset()
        clients.go_on()
        reset = threading.Thread(
            target=lambda: statuses.append(registry.ask("DELETE", "/reset", None, 20)[0])
        )
        reset.start()
    time.sleep(random.uniform(0.0, 0.4 if reset else 1.0))
    victim = "worker" if number % WORKER_EVERY == 0 and registry.kill_worker() else "server"
    if victim == "server":
        registry.kill()
        registry.start()
    clients.pause()
    if reset:
        reset.join()
    registry.token = ""
    registry.sign_in()
    found = look(registry, ledger)
    if reset:
        ledger.end_reset({} if check_reset(taken, statuses[0], found) else taken)
    clients.go_on()
    return f"{victim} during a reset" if reset else victim


def main() -> None:
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        hub, hub_url = hub_server.start()
        stack.callback(hub.shutdown)
        settings = stack.enter_context(_database())
        if options.s3:
            settings |= stack.enter_context(_bucket(folder, hub_url))
        registry, ledger = Registry(folder / "data", hub_url, **settings), Ledger()
        registry.start()
        stack.callback(registry.stop)
        registry.sign_in()
        clients = Clients(registry, ledger, CLIENTS)
        try:
            for number in range(1, options.kills + 1):
                victim = kill(registry, ledger, clients, number)
                print(f"kill {number} ({victim}): {len(ledger.promises)} promised, all there",
                      flush=True)  # fmt: skip
        finally:
            clients.stop()
        registry.token = ""
        registry.sign_in()
        look(registry, ledger)
        check_contents(registry, ledger.promises)
        print(f"{ledger.sent} operations over {options.kills} kills: nothing lost, nothing torn;")
        print(f"the last {len(ledger.promises)} artifacts download with the right digests")


@contextlib.contextmanager
def _database() -> Iterator[dict[str, str]]:
    """Make a database of our own on the server that DATABASE_URL names, if it names one."""
    server = os.environ.get("DATABASE_URL")
    if not server:
        yield {}
        return
    import psycopg

    name = f"kills_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": urlunsplit(urlsplit(server)._replace(path=f"/{name}"))}
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.contextmanager
def _bucket(folder: Path, hub_url: str) -> Iterator[dict[str, str]]:
    with seaweed.serve(folder / "seaweed") as server:
        server.client().create_bucket(Bucket=BUCKET)
        hosts = f"{hub_url.removeprefix('http://')} 127.0.0.1:{server.port}"
        yield server.environment | {
            "REGISTRY_STORAGE": "s3",
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "REGISTRY_PRIVATE_HOSTS": hosts,
        }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kills", nargs="?", type=int, default=KILLS)
    parser.add_argument("--s3", action="store_true", help="keep payloads in SeaweedFS")
    return parser.parse_args()


if __name__ == "__main__":
    main()
