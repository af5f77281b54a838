"""The programs of a server, started as its units start them, and ended by their numbers."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from registry_site.settings.variables import VARIABLES
from tests.processes import eventually, free_port
from tests.production import files

ADMIN = "ece30861defaultadminuser"
PASSWORD = "Seven-otters-2-the-north-9-gates"
BACKLOG = 2_048  # as the socket unit has it
# systemd's own patience: TimeoutStopSec of the web service.
STOP_MAX_S = 40.0
SHOWN_LINES_MAX = 20


class Broken(Exception):
    """Something does not work; the text says what."""


class Machine:
    """A release, its processes and the way to them."""

    def __init__(self, folder: Path, python: Path) -> None:
        self.folder = folder
        self.release = folder / "release"
        self.python = python
        self.port = free_port()
        self.plain_port = free_port()
        self.variables: dict[str, str] = {}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(folder / "web.sock"))
        # nginx answers as another user here, too.
        (folder / "web.sock").chmod(0o666)
        self.listener.listen(BACKLOG)

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "fullchain.pem"

    def set_up(self, **changes: str) -> None:
        """Take the variables of the example with what is other here."""
        given = files.variables() | {
            "SECRET_KEY": f"{uuid.uuid4()}-{uuid.uuid4()}",
            "DJANGO_ALLOWED_HOSTS": "127.0.0.1",
            "REGISTRY_BASE_URL": self.url,
            "REGISTRY_ADMIN_PASSWORD": PASSWORD,
            "REGISTRY_DATA_DIR": str(self.folder / "data"),
            # The acceptance suite begins with one.
            "REGISTRY_RESET": "on",
        }
        self.variables = {
            name: value for name, value in (given | changes).items() if name in VARIABLES
        }

    def environment(self, unit: files.Unit) -> dict[str, str]:
        return {"PATH": os.environ["PATH"]} | unit.environment() | self.variables

    def run(self, command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
        return subprocess.run(
            command, cwd=self.release, env=environment, capture_output=True, text=True, check=False
        )

    def run_unit(self, name: str) -> None:
        """Do what a unit does that ends by itself."""
        unit = files.Unit(name)
        for command in unit.commands(self.release):
            ended = self.run(command, self.environment(unit))
            if ended.returncode:
                raise Broken(f"{' '.join(command[1:])}: {ended.stderr.strip()[-2000:]}")

    def start(self, name: str) -> None:
        """Start what a unit of this name runs; the web server is handed the socket."""
        unit = files.Unit(f"registry-{name}.service")
        (command,) = unit.commands(self.release)
        kept: tuple[int, ...] = ()
        if name == "web":
            activate = Path(__file__).with_name("activate.py")
            command = [sys.executable, str(activate), str(self.listener.fileno()), *command]
            kept = (self.listener.fileno(),)
        self._spawn(name, command, self.environment(unit), kept)

    def start_nginx(self) -> None:
        """Look at the configuration, as nginx does, and start."""
        path = self.folder / "nginx.conf"
        path.write_text(
            files.nginx_configuration(
                self.folder, self.folder / "web.sock", self.plain_port, self.port
            ),
            encoding="utf-8",
        )
        command = ["nginx", "-c", str(path), "-p", str(self.folder)]
        ended = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        if ended.returncode or "[warn]" in ended.stderr:
            raise Broken(f"nginx -t: {ended.stderr}")
        self._spawn("nginx", command, {"PATH": os.environ["PATH"]}, ())
        if not eventually(lambda: _listens(self.port)):
            raise Broken("nginx does not listen")

    def stop(self, name: str, number: int = signal.SIGTERM) -> float:
        """End a process as systemd does; returns how long that took, in seconds."""
        process = self.running.pop(name)
        began = time.monotonic()
        process.send_signal(number)
        try:
            process.wait(STOP_MAX_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Broken(f"{name} did not stop within {STOP_MAX_S} s") from None
        return time.monotonic() - began

    def workers(self) -> list[int]:
        """gunicorn's worker processes."""
        master = self.running["web"].pid
        path = Path(f"/proc/{master}/task/{master}/children")
        return [int(each) for each in path.read_text().split()]

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def last_words(self, name: str) -> str:
        """The end of a log, without what went as it should; crashes before all else."""
        if not (self.folder / f"{name}.log").exists():
            return ""
        lines = [line for line in self.log(name).splitlines() if '"levelname": "INFO"' not in line]
        crashes = [line for line in lines if "exc_info" in line or "crashed" in line]
        return "\n".join((crashes or lines)[-SHOWN_LINES_MAX:])

    def end(self) -> None:
        """End whatever runs."""
        for name in [*self.running]:
            try:
                self.stop(name)
            except Broken as error:
                print(error)
        self.listener.close()

    def _spawn(
        self, name: str, command: list[str], environment: dict[str, str], kept: tuple[int, ...]
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=self.release,
                env=environment,
                stdout=log,
                stderr=log,
                pass_fds=kept,
                # Ctrl-C is for this program; it ends the others one by one.
                process_group=0,
            )


@contextmanager
def own_database(server_url: str) -> Iterator[str]:
    """A database on a server, for as long as the block."""
    import psycopg
    from psycopg import sql

    name = f"production_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
