"""How gunicorn serves the registry.

`gunicorn -c deployment/own/gunicorn_config.py registry_site.wsgi`

nginx stands in front and buffers the bodies and answers of slow clients (`nginx.conf`), so requests
arrive here whole. Settings can be overridden from outside, as in
`GUNICORN_CMD_ARGS="--workers 6"`. Decision 0036.
"""

from __future__ import annotations

import gc
import os
import time
from contextlib import suppress
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.http.errors import ParseException

from artifacts.exceptions import RegistryError
from artifacts.limits import CHUNK_BYTES, LINGER_MAX_BYTES, LINGER_S
from registry_site.starting import explained

# Wrong settings end the start with one line. All workers share what is imported here. From here on,
# settings, checks and log lines are the same as in every other process.
with explained():
    import registry_site.wsgi  # noqa: F401  (importing starts the application)
    from registry_site.lazy_views import import_views

    import_views()

# ------------------------------------------------------------------ who answers

# Requests mostly wait for sources, bucket and database instead of computing; threads suit that.
worker_class = "gthread"
# Each thread has a connection to the database: 4 x 16, and those of a task worker, fit into the 100
# that PostgreSQL allows by default.
workers = min(4, os.cpu_count() or 1)
threads = 16
# A worker accepts only as many connections as it can answer at once. The others wait in the kernel,
# from where another worker, or the next gunicorn, can take them.
worker_connections = threads
# A connection kept open might be closed just as a request arrives on it. nginx is on the same
# machine, where a new one takes 50 microseconds.
keepalive = 0
# Bounds leaks; the jitter keeps workers from restarting at the same time.
max_requests = 20_000
max_requests_jitter = 4_000

# ------------------------------------------------------------------ how it begins and ends

# A socket from systemd (LISTEN_FDS) takes precedence over this.
bind = "127.0.0.1:8000"
# A worker whose main thread gives no sign for so long hangs; requests have their own time limits.
timeout = 30
# After SIGTERM, running requests may finish: all keep to the 29 s that a gateway of AWS allows.
# Most end within moments, and so does gunicorn.
graceful_timeout = 30
# Nobody needs this socket.
control_socket_disable = True

# ------------------------------------------------------------------ what is believed

# The registry itself decides whose word about a request's origin counts: REGISTRY_TRUSTED_PROXIES.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# The same as in nginx: a header line has less than 8 kB.
limit_request_line = 8_190


class Lines(Logger):  # type: ignore[misc]  # no types
    """Sends gunicorn's own log lines through the registry's formatter; it logs no requests."""

    def setup(self, cfg: Any) -> None:
        """Leave the lines to the root logger's handler."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
        self.error_log.setLevel(self.LOG_LEVELS[cfg.loglevel.lower()])


logger_class = Lines


def post_request(_worker: Any, request: Any, environ: dict[str, Any], _answer: Any) -> None:
    """Read the rest of a body that the registry refused unread; the answer is already sent.

    Closing a connection while bytes arrive resets it, and nginx would pass on half an answer.
    gunicorn itself reads 64 kB. Source: RFC 9112 section 9.6.
    """
    connection = environ.get("gunicorn.socket")
    if connection is None:  # There was no valid request.
        return
    connection.settimeout(LINGER_S)
    ends_at, taken_bytes = time.monotonic() + LINGER_S, 0
    with suppress(OSError, ParseException):
        while taken_bytes < LINGER_MAX_BYTES and time.monotonic() < ends_at:
            piece = request.body.read(CHUNK_BYTES)
            if not piece:
                break
            taken_bytes += len(piece)


def post_fork(_server: Any, _worker: Any) -> None:
    """Exclude objects made at start-up from garbage collection, which would delay requests."""
    gc.freeze()


def post_worker_init(_worker: Any) -> None:
    """Probe the bucket before the first request; the first writers would wait or be refused.

    It happens after the fork, because processes must not share connections.
    """
    from django.conf import settings
    from django.db import Error, connection

    from artifacts.storage.proof import abilities

    if settings.REGISTRY_STORAGE == "s3":
        # What fails now may work when a request needs it; otherwise its answer will say so.
        with suppress(Error, RegistryError):
            abilities()
        connection.close()
