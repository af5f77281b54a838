"""`make bench`: the performance figures, as ratios measured in one run.

    python -m tests.performance.bench [ROWS] [creations|hub|memory|pages|read|snapshot|...]

Works on data of its own, and never on ./data: in a temporary folder or, where DATABASE_URL names a
PostgreSQL server, in a database of its own there, with the bucket in the folder.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tests.processes import peak_bytes

ROWS = 100_000
CREATIONS = 600
CLIENTS = 32
MIRRORED_BYTES = 1_000_000_000
ROOT = Path(__file__).resolve().parents[2]
IN_PROCESS = ("search", "read", "hub", "pages", "requests", "reset")
Figures = list[tuple[str, str]]


def creations(folder: Path) -> Figures:
    """Registrations per second over HTTP, and whether two ids are equal."""
    from tests.performance.registry import Registry

    hub, address = start_hub()
    registry = Registry(folder / "creations", address)
    registry.start()
    registry.sign_in()
    results: list[tuple[int, str]] = []
    numbers = iter(range(CREATIONS))
    lock = threading.Lock()

    def client() -> None:
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            url = f"https://huggingface.co/bench/model-{number}"
            status, body = registry.ask("POST", "/artifact/model", {"url": url})
            with lock:
                results.append((status, body["metadata"]["id"] if status == 201 else ""))

    started = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - started
    registry.stop()
    hub.terminate()
    hub.wait()
    ids = [key for status, key in results if status == 201]
    statuses = dict(Counter(status for status, _ in results))
    return [
        (f"creations, {CLIENTS} clients (server, worker, source and clients on one machine)",
         f"{len(ids) / seconds:.0f} a second, statuses {statuses}"),
        ("duplicate ids (goal: 0)", str(len(ids) - len(set(ids)))),
    ]  # fmt: skip


def memory(folder: Path) -> Figures:
    """How much a worker grows while it mirrors one large file."""
    from tests.performance.registry import Registry

    hub, address = start_hub()
    registry = Registry(folder / "memory", address)
    registry.start()
    registry.sign_in()
    warm_up(registry)
    (worker,) = registry.children()
    idle = peak_bytes(worker)
    url = f"https://huggingface.co/bench/large-{MIRRORED_BYTES}"
    started = time.perf_counter()
    status, body = registry.ask("POST", "/artifact/model", {"url": url})
    if status != 201:
        raise RuntimeError(f"registering answered {status}: {body}")
    wait_for_content(registry, body["metadata"]["id"])
    seconds = time.perf_counter() - started
    grown = peak_bytes(worker) - idle
    registry.stop()
    hub.terminate()
    hub.wait()
    return [
        (f"memory above idle while mirroring {MIRRORED_BYTES / 1e9:.0f} GB (goal: under 64 MB)",
         f"{grown / 1e6:.0f} MB, in {seconds:.0f} s with its bundle"),
    ]  # fmt: skip


def snapshot(folder: Path) -> Figures:
    """How long the Hub's newest client takes for many small files."""
    from tests.hub_clients import small_files

    place = folder / "snapshot"
    place.mkdir()
    with own_database():
        named = {key: os.environ[key] for key in ("DATABASE_URL",) if key in os.environ}
        return [small_files.measure(place, named)]


def warm_up(registry: Any) -> None:
    """Mirror something small, so that what is imported once is not counted."""
    url = "https://huggingface.co/bench/small"
    _, body = registry.ask("POST", "/artifact/model", {"url": url})
    wait_for_content(registry, body["metadata"]["id"])


def wait_for_content(registry: Any, artifact_id: str) -> None:
    path = f"/artifacts/model/{artifact_id}/download?part=card"
    ends_at = time.monotonic() + 300
    while registry.ask("GET", path)[0] != 200:
        if time.monotonic() > ends_at:
            raise RuntimeError(f"{artifact_id} has no content")


def start_hub() -> tuple[subprocess.Popen[str], str]:
    """A source in a process of its own, so that it does not slow what is measured."""
    command = [sys.executable, "-m", "tests.fakes.hub_server"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    return process, f"http://127.0.0.1:{process.stdout.readline().strip()}"


def in_process(names: list[str], rows: int, folder: Path) -> None:
    """Measure inside Django, on a database of its own."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "registry_site.settings.development"
    os.environ["REGISTRY_DATA_DIR"] = str(folder / "in-process")
    os.environ["LOG_LEVEL"] = "error"
    import django

    django.setup()
    from django.core.management import call_command

    from tests.performance import in_process as parts

    call_command("migrate", verbosity=0)
    if names != ["requests"]:
        parts.fill(rows)
        parts.settle()
    for name in names:
        show(getattr(parts, {"reset": "reset_"}.get(name, name))(rows))


def show(figures: Figures) -> None:
    for what, figure in figures:
        print(f"{what:<78} {figure}", flush=True)


@contextmanager
def own_database() -> Iterator[None]:
    """Put a database of our own in the place of the one that DATABASE_URL names."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield
        return
    import psycopg

    address = urlsplit(url)
    name = f"registry_bench_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        # Filling it takes statements that no request would be allowed.
        options = "options=-c%20statement_timeout%3D0"
        os.environ["DATABASE_URL"] = urlunsplit(address._replace(path=f"/{name}", query=options))
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = url
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def main(arguments: list[str]) -> None:
    rows = next((int(each) for each in arguments if each.isdecimal()), ROWS)
    names = [each for each in arguments if not each.isdecimal()]
    engine = "PostgreSQL" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "SQLite"
    print(f"On {engine}, {rows:,} artifacts:", flush=True)
    with tempfile.TemporaryDirectory(prefix="registry-bench-") as name, own_database():
        folder = Path(name)
        inside = [part for part in IN_PROCESS if not names or part in names]
        if inside:
            in_process(inside, rows, folder)
        for part in (creations, memory, snapshot):
            if not names or part.__name__ in names:
                show(part(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
