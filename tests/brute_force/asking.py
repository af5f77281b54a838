"""Signing in from wherever one likes: a proxy that is trusted says so."""

from __future__ import annotations

import http.client
import json
import time

from tests.performance.registry import Registry


def sign_in(registry: Registry, name: str, password: str, address: str) -> tuple[int, float]:
    """Return the status, and how long the answer took in seconds."""
    body = {"user": {"name": name, "is_admin": False}, "secret": {"password": password}}
    connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=60)
    try:
        connection.connect()
        began_s = time.perf_counter()
        connection.request(
            "PUT", "/authenticate", json.dumps(body), headers={"X-Forwarded-For": address}
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status, time.perf_counter() - began_s
    finally:
        connection.close()
