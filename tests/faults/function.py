"""Lambda for one registry: takes wake-ups and does the tasks, in a process of its own.

`python -m tests.faults.function PORT` says when it is ready. `POST /minute` stands for the event
of every minute.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import django
from django.db import connection

INSTANCES = 4
# As long as an event may take on Lambda, see zappa_settings.json.
INVOCATION_S = 900.0
_pool = ThreadPoolExecutor(INSTANCES)


class Handler(BaseHTTPRequestHandler):
    """Lambda's `Invoke` with the type `Event`: what is asked for happens after the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        event = {} if self.path == "/minute" else json.loads(body)
        _pool.submit(_handle, event)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args):
        """Stay silent."""


def _handle(event: dict[str, str]) -> None:
    """Do what the event says; the next one starts with no connection, as another instance does."""
    from artifacts.tasks import events

    try:
        if "registry_task" in event:
            events.run_task(UUID(event["registry_task"]), INVOCATION_S)
        else:
            events.run_due(INVOCATION_S)
    finally:
        connection.close()


def main() -> None:
    django.setup()
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.daemon_threads = True
    print("ready", flush=True)  # noqa: T201  (whoever started us reads it)
    server.serve_forever()


if __name__ == "__main__":
    main()
