"""One start is frozen and wakes up as two instances: what must be their own is, and both work.

The picture is a process, taken by fork behind Python's back, which would seed anew by itself; the
hooks are called by Lambda's own runtime client.
"""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from artifacts.models import User
from registry_site.settings import base
from tests.processes import LAMBDA_START

# How old the picture is when instances wake up from it.
AGE_S = 86_400
SECRET = "fetched and as long as a key should be, whatever it is asked for"
PROGRAM = """
import ctypes, gc, io, json, os, random, secrets, threading, uuid
from awslambdaric.lambda_runtime_hooks_runner import run_after_restore, run_before_snapshot
from django.conf import settings

def ask(method, path, body=None):
    from registry_site.wsgi import application
    data = json.dumps(body).encode()
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "SERVER_NAME": "127.0.0.1",
               "SERVER_PORT": "80", "REMOTE_ADDR": "127.0.0.1", "wsgi.url_scheme": "http",
               "CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data)),
               "wsgi.input": io.BytesIO(data), "wsgi.errors": io.StringIO()}
    told = {}
    def start(status, headers, error=None):
        told.update(status=int(status[:3]), headers=headers)
    answer = application(environ, start)
    told["body"] = b"".join(answer).decode()
    answer.close()
    return told

def sign_in():
    return ask("PUT", "/authenticate", {"user": {"name": "ada", "is_admin": True},
                                        "secret": {"password": "a-long-password-1"}})

def held():
    found = [os.readlink(f"/proc/self/fd/{fd}") for fd in os.listdir("/proc/self/fd")
             if os.path.lexists(f"/proc/self/fd/{fd}")]
    return [name for name in found if name.startswith("socket:") or "sqlite" in name]

def credentials():
    gc.unfreeze()
    kinds = ("Credentials", "RefreshableCredentials")
    return [type(each).__name__ for each in gc.get_objects() if type(each).__name__ in kinds]

def chances():
    found = (each for each in gc.get_objects() if isinstance(each, random.Random))
    return [str(each.getstate()) for each in found if not isinstance(each, random.SystemRandom)]

def use():
    gc.disable()  # what goes must not go by luck
    from artifacts.functions import send_event
    from artifacts.storage.store import get_store
    assert sign_in()["status"] == 200
    get_store().client.head_bucket(Bucket="bucket")
    send_event({"registry_work": True})
    return held()

used = use() if "used" in sys.argv else []
run_before_snapshot()
from artifacts.services.upkeep import activity
activity.STARTED_AT -= %d
print(json.dumps({"used": used, "held": held(), "threads": len(threading.enumerate()),
                  "credentials": credentials(), "key": settings.SECRET_KEY}), flush=True)
frozen = chances()
for number in range(2):
    pid = ctypes.PyDLL(None).fork()
    if pid == 0:
        same = chances() == frozen
        run_after_restore()
        page = ask("GET", "/admin/login/")
        health = ask("GET", "/health")
        token = sign_in()
        cookies = [value for name, value in page["headers"] if name == "Set-Cookie"]
        print(json.dumps({
            "key": settings.SECRET_KEY, "was_same": same, "chances": chances(),
            "statuses": [page["status"], health["status"], token["status"]],
            "uptime_s": json.loads(health["body"])["uptime_seconds"],
            "own": {"token": token["body"], "id": str(uuid.uuid4()), "secret": secrets.token_hex(),
                    "chance": random.random(), "csrf": [c for c in cookies if "csrf" in c][0],
                    "request": dict(health["headers"])["X-Request-Id"]},
        }), flush=True)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
"""


@pytest.fixture
def amazon_url():
    """Services that say yes over connections that stay; a secret is another at each asking."""

    class Yes(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        asked = 0

        def do_HEAD(self):
            self.answer(b"")

        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if "X-Amz-Target" not in self.headers:
                self.answer(b"")
                return
            Yes.asked += 1
            self.answer(json.dumps({"SecretString": f"{SECRET} {Yes.asked}"}).encode())

        def answer(self, body):
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Yes)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def database_url() -> str:
    """The tests' own database, as another process is told of it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    name, password = quote(known["USER"], safe=""), quote(known["PASSWORD"], safe="")
    place = f"{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"
    return f"postgres://{name}:{password}@{place}"


@pytest.fixture
def ada(transactional_db):
    """An administrator whose password is kept as it is everywhere but in tests."""
    with override_settings(PASSWORD_HASHERS=base.PASSWORD_HASHERS):
        User.objects.create_user("ada", "a-long-password-1", is_admin=True)


@pytest.fixture
def wake(ada, amazon_url, tmp_path):
    """Freeze a start, wake two instances up, and return what the picture and both say."""

    def wake(*words):
        environment = {
            "PATH": os.environ["PATH"],
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_ENDPOINT_URL": amazon_url,
            "AWS_LAMBDA_FUNCTION_NAME": "registry",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start",
            "AWS_SECRET_ACCESS_KEY": "key",
            "AWS_STORAGE_BUCKET_NAME": "bucket",
            "DATABASE_URL": database_url(),
            "DJANGO_SETTINGS_MODULE": "registry_site.settings.development",
            "REGISTRY_DATA_DIR": str(tmp_path / "data"),
            "REGISTRY_STORAGE": "s3",
            "REGISTRY_TASKS": "lambda",
            "SECRET_KEY_SECRET_ARN": "arn:aws:secretsmanager:us-east-1:123456789012:secret:key",
        }
        ended = subprocess.run(
            [sys.executable, "-c", LAMBDA_START + PROGRAM % AGE_S, *words],
            env=environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert ended.returncode == 0, ended.stderr
        lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
        assert len(lines) == 3, ended.stderr
        return lines

    return wake


@pytest.mark.parametrize("words", [(), ("used",)], ids=["as-lambda-does", "after-requests"])
def test_instances_when_they_wake_up_from_one_picture_then_nothing_secret_is_shared(wake, words):
    picture, first, second = wake(*words)
    # In the second case there was something to let go.
    assert bool(picture["used"]) == bool(words)
    assert (picture["held"], picture["credentials"]) == ([], [])
    assert picture["threads"] == 1
    for instance in (first, second):
        assert instance["was_same"]
        assert instance["key"].startswith(SECRET)
        assert instance["statuses"] == [200, 200, 200]
        assert instance["uptime_s"] < AGE_S
    assert SECRET not in picture["key"]
    assert first["key"] != second["key"]
    shared = {name for name, value in first["own"].items() if value == second["own"][name]}
    assert shared == set()
    assert set(first["chances"]).isdisjoint(second["chances"])
