"""`make bench-cold`: how fast the package starts, against Django that says hello, in one run.

    python -m tests.performance.cold_start PACKAGE.zip --python .venv-deploy/bin/python [--runs N]
        [--against OTHER.zip]

With another package, that of the commit before say, the two are compared run by run. Processor time
is steadier than the clock where a machine has other things to do.

Each run is a Python of its own, the one that the package is made for, with nothing but the unpacked
package and the standard library on its path, timed from the start of the process to the end of the
first answer. Runs of all cases take turns, so that whatever else the machine does hits all of them.
Needs DATABASE_URL.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

HOST = "registry.example"
PASSWORD = "not-the-published-one"
USER = "ece30861defaultadminuser"
DATABASE = "registry_cold_start"
GOALS = {"GET /health": 2.0, "an authenticated read": 2.5}

# The least that answers over Django: no database, no middleware, one route.
HELLO = """
import django
from django.conf import settings
from django.http import HttpResponse
from django.urls import path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="hello")
urlpatterns = [path("health", lambda request: HttpResponse("hello"))]

from django.core.handlers.wsgi import WSGIHandler

django.setup(set_prefix=False)
application = WSGIHandler()

def lambda_handler(event, context):
    import io
    answer = {}
    environ = {"REQUEST_METHOD": event["httpMethod"], "PATH_INFO": event["path"],
               "SERVER_NAME": "hello", "SERVER_PORT": "80", "wsgi.input": io.BytesIO()}
    body = application(environ, lambda status, headers: answer.update(statusCode=int(status[:3])))
    return answer | {"body": b"".join(body).decode()}
"""
# What Lambda's runtime does, without its own cost: import the handler, call it, hand back.
RUNTIME = """
import importlib, json, os, sys
folders, module, event = json.loads(sys.argv[1])
sys.path[:] = folders + [path for path in sys.path if "site-packages" not in path]
os.chdir(folders[0])
class Context:
    aws_request_id = "cold"
    @staticmethod
    def get_remaining_time_in_millis():
        return 30_000
answer = importlib.import_module(module).lambda_handler(event, Context)
sys.stdout.write("\\nANSWER " + json.dumps(answer) + "\\n")
sys.stdout.flush()
os._exit(0)
"""


class Case:
    """What is started again and again."""

    def __init__(
        self, name: str, python: Path, folders: list[Path], module: str, event: dict[str, Any]
    ) -> None:
        self.name = name
        self.python = python
        self.arguments = json.dumps([[str(folder) for folder in folders], module, event])
        self.clock_s: list[float] = []
        self.processor_s: list[float] = []

    def run(self, environment: dict[str, str]) -> dict[str, Any]:
        """Start a process, wait for its answer, and keep how long that took."""
        command: list[str | Path] = [self.python, "-I", "-S", "-B", "-c", RUNTIME, self.arguments]
        started, used = time.perf_counter(), children_s()
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
        self.clock_s.append(time.perf_counter() - started)
        self.processor_s.append(children_s() - used)
        lines = [line for line in done.stdout.splitlines() if line.startswith("ANSWER ")]
        answer: dict[str, Any] = json.loads(lines[-1].removeprefix("ANSWER ")) if lines else {}
        if answer.get("statusCode", 200) != 200 or not lines:
            sys.exit(f"{self.name}: {answer}\n{done.stderr[-3000:]}")
        return answer


def children_s() -> float:
    """Return the processor time of all processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def request(method: str, path: str, *, token: str = "", body: Any = None) -> dict[str, Any]:
    """Return the event that API Gateway makes of a request."""
    headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Content-Type": "application/json"}
    if token:
        headers["X-Authorization"] = token
    return {
        "httpMethod": method,
        "path": path,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "requestContext": {"stage": "production"},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


@contextmanager
def bucket() -> Iterator[str]:
    """A server that says yes, as a bucket does whose health is asked for."""

    class Yes(BaseHTTPRequestHandler):
        def do_HEAD(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """A database of its own on the server that a URL names, dropped afterwards."""
    import psycopg

    parts = urlsplit(server_url)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        yield urlunsplit(parts._replace(path=f"/{DATABASE}"))
        connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def make_artifact(database_url: str) -> str:
    """Write an artifact with the test suite's own factory, and return its path."""
    code = (
        "import django; django.setup(); from tests.factories.artifacts import make_artifact;"
        "print('id', make_artifact().id)"
    )
    environment = {**os.environ, "DATABASE_URL": database_url}
    environment["DJANGO_SETTINGS_MODULE"] = "registry_site.settings.testing"
    command = [sys.executable, "-c", code]
    out = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return f"/artifacts/model/{out.stdout.split()[-1]}"


def measure(packages: list[Path], python: Path, runs: int, server_url: str) -> list[list[Case]]:
    """Run the hello, and each request for each package; return those cases."""
    with (
        tempfile.TemporaryDirectory() as folder,
        bucket() as bucket_url,
        database(server_url) as database_url,
    ):
        codes = [Path(folder, str(number)) for number in range(len(packages))]
        for package, code in zip(packages, codes, strict=True):
            with zipfile.ZipFile(package) as archive:
                archive.extractall(code)
        hello = Path(folder, "hello")
        hello.mkdir()
        (hello / "hello.py").write_text(HELLO, encoding="utf-8")
        compiling: list[str | Path] = [
            python,
            "-m",
            "compileall",
            "-q",
            "--invalidation-mode",
            "unchecked-hash",
        ]
        subprocess.run([*compiling, hello], check=True)
        environment = {
            "DJANGO_SETTINGS_MODULE": "registry_site.settings.production",
            "SECRET_KEY": "cold" * 20,
            "DATABASE_URL": database_url,
            "DJANGO_ALLOWED_HOSTS": HOST,
            "REGISTRY_ADMIN_PASSWORD": PASSWORD,
            "REGISTRY_STORAGE": "s3",
            "REGISTRY_TASKS": "lambda",
            "AWS_STORAGE_BUCKET_NAME": "cold",
            "AWS_ENDPOINT_URL": bucket_url,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "cold",
            "AWS_SECRET_ACCESS_KEY": "cold",
            "TZ": ":UTC",
        }

        def ours(name: str, event: dict[str, Any], code: Path = codes[0]) -> Case:
            return Case(name, python, [code], "registry_site.lambda_handler", event)

        ours("migrate", {"manage": "migrate --noinput --verbosity=0"}).run(environment)
        ours("administrator", {"manage": "ensure_administrator"}).run(environment)
        secret = {"user": {"name": USER, "is_admin": True}, "secret": {"password": PASSWORD}}
        sign_in = ours("sign in", request("PUT", "/authenticate", body=secret)).run(environment)
        token = json.loads(sign_in["body"])
        path = make_artifact(database_url)
        cases = [[Case("hello", python, [hello, codes[0]], "hello", request("GET", "/health"))]]
        for name, event in (
            ("GET /health", request("GET", "/health")),
            ("an authenticated read", request("GET", path, token=token)),
        ):
            cases.append([ours(name, event, code) for code in codes])
        each = [case for row in cases for case in row]
        for case in each:  # once for the machine's own caches
            case.run(environment)
            case.clock_s.clear()
            case.processor_s.clear()
        for _ in range(runs):
            for case in each:
                case.run(environment)
        return cases


def ratios(case: Case, base: Case) -> str:
    """Return how long a case took against another, by the clock and by the processor."""
    return " / ".join(
        f"{statistics.median(x / y for x, y in zip(own, others, strict=True)):.3f}"
        for own, others in (
            (case.clock_s, base.clock_s),
            (case.processor_s, base.processor_s),
        )
    )


def main() -> None:
    """Measure and print; the exit status says whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="that the package is made for")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--against", type=Path, help="another package, to be compared with")
    given = parser.parse_args()
    packages = [path.resolve() for path in (given.package, given.against) if path]
    database_url = os.environ["DATABASE_URL"]
    (hello,), *rows = measure(packages, given.python.absolute(), given.runs, database_url)
    base_ms = statistics.median(hello.clock_s) * 1000
    subprocess.run([given.python, "--version"], check=True)
    print(f"{'Django that says hello':<24} {base_ms:6.0f} ms  1.00")
    missed = False
    for case, *others in rows:
        median_ms = statistics.median(case.clock_s) * 1000
        ratio = median_ms / base_ms
        missed = missed or ratio > GOALS[case.name]
        print(
            f"{case.name:<24} {median_ms:6.0f} ms  {ratio:.2f} (goal: at most {GOALS[case.name]})"
        )
        print(f"{'  by clock / processor':<24} {ratios(case, hello)} of the hello")
        for other in others:
            print(f"{'':<24} {ratios(case, other)} of the other package")
    sys.exit(missed)


if __name__ == "__main__":
    main()
