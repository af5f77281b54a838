"""Outside: invoking the Lambda function that this process is an instance of.

`registry_site/lambda_handler.py` handles these events.
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings

from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_CONNECT_TIMEOUT_S, WAKE_UP_READ_TIMEOUT_S

_making = threading.Lock()


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


def forget_client() -> None:
    """Drop the client; the next event uses a new one."""
    _make_client.cache_clear()


def _client() -> Any:
    """Return the one client of this process."""
    # Using a client is thread-safe, but making clients is not.
    with _making:
        return _make_client()


@cache
def _make_client() -> Any:
    """Make a client with short timeouts, since requests wait for it."""
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=WAKE_UP_CONNECT_TIMEOUT_S,
        read_timeout=WAKE_UP_READ_TIMEOUT_S,
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
