"""S3 servers of several makers, each started on loopback and ended by its process id."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.fakes import seaweed
from tests.processes import free_port
from tests.s3_servers import ceph

ROOT = Path(__file__).resolve().parents[2]
# What `make s3-servers` installs: requirements/servers.txt.
TOOLS = Path(os.environ.get("S3_SERVERS_VENV", ROOT / ".venv-s3")) / "bin"
START_TIMEOUT_S = 90.0
STOP_TIMEOUT_S = 20.0


class NotHere(Exception):
    """A server is not installed; the text says how it is."""


@dataclass(frozen=True)
class Server:
    """A running server."""

    url: str
    version: str
    access_key: str = seaweed.ACCESS_KEY
    secret_key: str = seaweed.SECRET_KEY


@contextmanager
def serve_seaweed(folder: Path) -> Iterator[Server]:
    with seaweed.serve(folder / "seaweed") as running:
        yield Server(running.url, _said(seaweed.program(), "version").split(" ")[2])


@contextmanager
def serve_moto(folder: Path) -> Iterator[Server]:
    import logging

    import moto
    from moto.server import ThreadedMotoServer

    # It reports each request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield Server(f"http://{host}:{port}", moto.__version__)
    finally:
        server.stop()


@contextmanager
def serve_juicefs(folder: Path) -> Iterator[Server]:
    program, port = _tool("juicefs"), free_port()
    keys = {
        "MINIO_ROOT_USER": seaweed.ACCESS_KEY,
        "MINIO_ROOT_PASSWORD": seaweed.SECRET_KEY,
    }
    meta = f"sqlite3://{folder}/meta.db"
    shape = ["format", "--no-agent", "--storage", "file", "--bucket", f"{folder}/data/"]
    subprocess.run([program, *shape, meta, "trial"], check=True, capture_output=True)
    options = ["--multi-buckets", "--no-usage-report", "--no-agent", "--cache-size", "64"]
    options += ["--cache-dir", f"{folder}/cache", meta, f"127.0.0.1:{port}"]
    with running([program, "gateway", *options], folder / "log", port, keys):
        yield Server(f"http://127.0.0.1:{port}", _said(program, "version").split(" ")[2])


@contextmanager
def serve_rclone(folder: Path) -> Iterator[Server]:
    program, port = _tool("rclone"), free_port()
    (folder / "data").mkdir()
    options = ["--auth-key", f"{seaweed.ACCESS_KEY},{seaweed.SECRET_KEY}"]
    options += ["--addr", f"127.0.0.1:{port}", str(folder / "data")]
    own = {"RCLONE_CONFIG": f"{folder}/rclone.conf", "RCLONE_CACHE_DIR": f"{folder}/cache"}
    with running([program, "serve", "s3", *options], folder / "log", port, own):
        yield Server(f"http://127.0.0.1:{port}", _said(program, "version").split()[1])


@contextmanager
def serve_ceph(folder: Path) -> Iterator[Server]:
    if shutil.which("radosgw") is None or shutil.which("ceph-osd") is None:
        raise NotHere("apt-get install radosgw ceph-mon ceph-osd ceph-common")
    cluster = ceph.Cluster(folder, free_port(), free_port())
    with ExitStack() as stack:
        for name, command in cluster.prepare():
            stack.enter_context(running(command, folder / f"{name}.log"))
            cluster.wait_for(name)
        cluster.make_user(seaweed.ACCESS_KEY, seaweed.SECRET_KEY)
        stack.enter_context(running(cluster.gateway(), folder / "rgw.log", cluster.port))
        version = _said("radosgw", "--version").split()[2]
        yield Server(f"http://127.0.0.1:{cluster.port}", version)


SERVERS: dict[str, Callable[[Path], AbstractContextManager[Server]]] = {
    "SeaweedFS": serve_seaweed,
    "JuiceFS gateway": serve_juicefs,
    "Ceph RADOS gateway": serve_ceph,
    "rclone serve s3": serve_rclone,
    "moto": serve_moto,
}


@contextmanager
def running(
    command: list[str], log: Path, port: int | None = None, own: dict[str, str] | None = None
) -> Iterator[None]:
    """Run a program for as long as the block; with a port, once something answers there."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | (own or {}), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        if port is not None:
            _wait_for(process, port, log)
        yield
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_TIMEOUT_S)
        process.kill()
        process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    """Wait until a server answers anything at all."""
    ends_at = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < ends_at:
        connection = HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, HTTPException):
            time.sleep(0.2)
        else:
            return
        finally:
            connection.close()
    raise RuntimeError(f"{process.args!r} does not start: {log.read_text()[-2_000:]}")


def _tool(name: str) -> str:
    if not (TOOLS / name).exists():
        raise NotHere("make s3-servers installs it from requirements/servers.txt")
    return str(TOOLS / name)


def _said(program: str, argument: str) -> str:
    done = subprocess.run([program, argument], capture_output=True, text=True, check=True)
    return done.stdout.strip()
