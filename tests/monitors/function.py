"""The function for programs, run as Lambda runs it: its real code, under Node.js 24, frozen between
its invocations. No namespace stands around it, as on AWS."""

import base64
import hashlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType

from artifacts.limits import MONITOR_FUNCTION_MEMORY_MB, MONITOR_FUNCTION_TIMEOUT_S
from artifacts.sandbox.function import HANDLER, RUNTIME, build_code, code_version
from artifacts.sandbox.monitors import MonitorTask
from artifacts.sandbox.remote import describe_task, read_answer
from artifacts.sandbox.watching import ProgramRun
from tests.monitors.node import installed_node
from tests.rehearsal.functions import Functions
from tests.rehearsal.instance import Deployment, Outcome
from tests.rehearsal.runtime import NodeRuntime

NAME = "registry-programs"
# The function's own, which a program must not get.
SECRET = "secret-key-of-the-function"


class ProgramFunction:
    """The deployed function. `functions.started` has its instances.

    Args:
        environment: variables that it is deployed with.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str] = MappingProxyType({})) -> None:
        self.code = build_code()
        self.deployment = Deployment(
            name=NAME,
            version="1",
            arn=f"arn:aws:lambda:us-east-1:123456789012:function:{NAME}",
            handler=HANDLER,
            timeout_s=MONITOR_FUNCTION_TIMEOUT_S,
            memory_mb=MONITOR_FUNCTION_MEMORY_MB,
            environment=tuple(environment.items()),
            code_sha256=base64.b64encode(hashlib.sha256(self.code).digest()).decode(),
            runtime=RUNTIME,
        )
        self.functions = Functions(
            folder,
            self.find,
            keys={"AWS_ACCESS_KEY_ID": "function", "AWS_SECRET_ACCESS_KEY": SECRET},
            instances_max=1,
            others=[NodeRuntime(RUNTIME, installed_node())],
        )

    def find(self, name: str, qualifier: str) -> tuple[Deployment, bytes] | None:
        return (self.deployment, self.code) if (name, qualifier) == (NAME, code_version()) else None

    def invoke(self, payload: bytes) -> Outcome:
        return self.functions.invoke(NAME, code_version(), payload)

    def run(self, program: str, zip_url: str, zip_size_bytes: int) -> ProgramRun:
        task = MonitorTask(program, "robot", "ursula", "mallory")
        return self.run_task(task, zip_url, zip_size_bytes)

    def run_task(
        self, task: MonitorTask, zip_url: str, zip_size_bytes: int, hosts: Sequence[str] = ()
    ) -> ProgramRun:
        event = describe_task(task, zip_url=zip_url, zip_size_bytes=zip_size_bytes, hosts=hosts)
        outcome = self.invoke(event)
        if outcome.error:
            return ProgramRun(None, outcome.body.decode())
        return read_answer(outcome.body)

    @property
    def temporary(self) -> list[Path]:
        """What lies in the temporary folders of its instances."""
        return [
            path for each in self.functions.started for path in (each.log.parent / "tmp").rglob("*")
        ]


class _Zips(BaseHTTPRequestHandler):
    content = b""

    def do_GET(self) -> None:
        status = 200 if self.path == "/full.zip" else 403
        self.send_response(status)
        self.send_header("Content-Length", str(len(self.content)))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""


@contextmanager
def bucket_with(content: bytes) -> Iterator[str]:
    """Serve a zip; yield the link to it."""
    handler = type("Zips", (_Zips,), {"content": content})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/full.zip"
        server.shutdown()
