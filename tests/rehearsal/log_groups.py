"""CloudWatch Logs: what instances write, as Lambda brings it there, line by line."""

import contextlib
import time

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.logs.exceptions import ResourceAlreadyExistsException
from moto.logs.models import logs_backends

from tests.rehearsal.instance import Instance


def keep_log(instance: Instance, region: str) -> None:
    """Bring what an instance has written since the last time to its log group."""
    with instance.log.open("rb") as log:
        log.seek(instance.kept_bytes)
        written = log.read()
    instance.kept_bytes += len(written)
    lines = [line for line in written.decode("utf-8", "replace").splitlines() if line]
    if not lines:
        return
    group, stream = f"/aws/lambda/{instance.deployment.name}", instance.log.parent.name
    logs = logs_backends[DEFAULT_ACCOUNT_ID][region]
    with contextlib.suppress(ResourceAlreadyExistsException):
        logs.create_log_group(group, {})
    with contextlib.suppress(ResourceAlreadyExistsException):
        logs.create_log_stream(group, stream)
    now_ms = int(time.time() * 1000)
    logs.put_log_events(group, stream, [{"timestamp": now_ms, "message": line} for line in lines])
