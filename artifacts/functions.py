"""Outside: the function on Lambda that this process is an instance of. It can ask for another run.

What such a run does stands in `registry_site/lambda_handler.py`.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings

from artifacts.exceptions import FunctionUnavailable
from artifacts.limits import WAKE_UP_CONNECT_TIMEOUT_S, WAKE_UP_READ_TIMEOUT_S

_making = threading.Lock()


def send_event(event: Mapping[str, str | bool]) -> None:
    """Have this function called with an event, some time soon; nobody waits for its result.

    Raises:
        FunctionUnavailable: this process is no function, or Lambda did not take the event.
    """
    if not settings.AWS_LAMBDA_FUNCTION_NAME:
        raise FunctionUnavailable("This process is no function on Lambda: nothing to call.")
    # Not at the top: boto3 takes longer to import than most requests take.
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        _client().invoke(
            FunctionName=settings.AWS_LAMBDA_FUNCTION_NAME,
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )
    except (BotoCoreError, ClientError) as error:
        raise FunctionUnavailable(f"Lambda did not take the event: {error}") from error


def _client() -> Any:
    """Return the one client of this process."""
    # Making clients is not safe in several threads at once; using one is.
    with _making:
        return _make_client()


@cache
def _make_client() -> Any:
    """Make a client that does not wait long: a request does, for this."""
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=WAKE_UP_CONNECT_TIMEOUT_S,
        read_timeout=WAKE_UP_READ_TIMEOUT_S,
        retries={"mode": "standard", "total_max_attempts": 1},
    )
    return boto3.client("lambda", region_name=settings.AWS_REGION, config=patience)
