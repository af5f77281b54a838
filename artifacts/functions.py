"""Outside: invoking functions of Lambda. This process's own, with events of ours, and another one.

`registry_site/lambda_handler.py` handles our own events.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings

from artifacts.exceptions import FunctionBusy, FunctionUnavailable
from artifacts.limits import (
    MONITOR_CALL_CONNECT_TIMEOUT_S,
    MONITOR_CALL_READ_TIMEOUT_S,
    WAKE_UP_CONNECT_TIMEOUT_S,
    WAKE_UP_READ_TIMEOUT_S,
)

_making = threading.Lock()
_ERROR_MAX_CHARS = 500


def send_event(event: Mapping[str, str | bool]) -> None:
    """Invoke this function with an event soon, without waiting for the result.

    Raises:
        FunctionUnavailable: this process is not on Lambda, or Lambda did not take the event.
    """
    if not settings.AWS_LAMBDA_FUNCTION_NAME:
        raise FunctionUnavailable("This process is no function on Lambda: nothing to call.")
    # Not at the top: importing boto3 takes longer than most requests do.
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().invoke(
            FunctionName=settings.AWS_LAMBDA_FUNCTION_NAME,
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )
    except (BotoCoreError, ClientError) as error:
        raise FunctionUnavailable(f"Lambda did not take the event: {error}") from error


def call_function(name: str, qualifier: str, payload: bytes) -> bytes:
    """Invoke another function and wait for its answer, once.

    Args:
        qualifier: a version or an alias.

    Raises:
        FunctionBusy: as many instances of it run as may.
        FunctionUnavailable: it does not exist, may not be called, failed, or took too long.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = _client(
            connect_timeout_s=MONITOR_CALL_CONNECT_TIMEOUT_S,
            read_timeout_s=MONITOR_CALL_READ_TIMEOUT_S,
        ).invoke(FunctionName=name, Qualifier=qualifier, Payload=payload)
        told: bytes = answer["Payload"].read()
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "TooManyRequestsException":
            raise FunctionBusy(f"Too many instances of {name} run: {error}") from error
        raise FunctionUnavailable(f"Lambda did not call {name}: {error}") from error
    except BotoCoreError as error:
        raise FunctionUnavailable(f"{name} did not answer: {error}") from error
    if "FunctionError" in answer:
        said = told.decode(errors="replace")[:_ERROR_MAX_CHARS]
        raise FunctionUnavailable(f"{name} failed: {said}")
    return told


def forget_client() -> None:
    """Drop the clients; the next event uses a new one."""
    _make_client.cache_clear()


def _client(
    *,
    connect_timeout_s: float = WAKE_UP_CONNECT_TIMEOUT_S,
    read_timeout_s: float = WAKE_UP_READ_TIMEOUT_S,
) -> Any:
    """Return this process's one client of so much patience."""
    # Using a client is thread-safe, but making clients is not.
    with _making:
        return _make_client(connect_timeout_s, read_timeout_s)


@cache
def _make_client(connect_timeout_s: float, read_timeout_s: float) -> Any:
    """Make a client that tries once, since requests wait for it."""
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    # A new session, because boto3's default one would keep old credentials.
    session = boto3.Session(region_name=settings.AWS_REGION)
    client = session.client("lambda", config=patience)
    client.meta.events.register_first("before-call.lambda.Invoke", _begin_a_chain)
    return client


def _begin_a_chain(params: dict[str, Any], **_given: Any) -> None:
    """Remove from a call the count of how often the function has invoked itself in a row.

    Lambda takes the sixteenth invocation for a loop and moves it to the queue of failed events. But
    under load each wake-up is sent by an invocation that was itself woken. Tasks limit our chains
    instead: each has limited attempts, and one that continues has worked for minutes.

    Source: Lambda Developer Guide, "Use Lambda recursive loop detection to prevent infinite loops".
    """
    parts = os.environ.get("_X_AMZN_TRACE_ID", "").split(";")
    if kept := ";".join(part for part in parts if part and not part.startswith("Lineage=")):
        params["headers"]["X-Amzn-Trace-Id"] = kept
