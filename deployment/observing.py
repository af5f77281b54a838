"""Observation of a stage for which Zappa has no setting.

It covers the retention of logs, and the gateway's access log, tracing and throttling. The values
stand in zappa_settings.json beside Zappa's own settings; Zappa ignores what it does not know.
`python -m deployment.alarms` applies them. A deployment leaves them as they are.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from deployment.steps import DeploymentFailed

_NO_LOGS = (
    "no access log, for API Gateway has no role for logs in this account "
    "(docs/operations.md, Alarms)"
)
# Only those of the gateway's variables that hold no URL (it may be a signed link) and no header.
# `error` is the gateway's own reason, as THROTTLED. The function's log line, with the same id in
# `gateway_request_id`, has the rest.
# Source: API Gateway, "Variables for access logging".
ACCESS_LOG_FORMAT = json.dumps(
    {
        "message": "gateway.answered",
        "gateway_request_id": "$context.requestId",
        "address": "$context.identity.sourceIp",
        "method": "$context.httpMethod",
        "status": "$context.status",
        "size_bytes": "$context.responseLength",
        "duration_ms": "$context.responseLatency",
        "function_ms": "$context.integrationLatency",
        "error": "$context.error.responseType",
    }
)
# The values that CloudWatch accepts; it refuses anything else with a long list.
# Source: CloudWatch Logs, PutRetentionPolicy.
RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1_096, 1_827, 2_192, 2_557,
    2_922, 3_288, 3_653,
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What zappa_settings.json says of a stage.

    Attributes:
        log_retention_days: how long log lines of the function and the gateway are kept.
        has_access_log: whether the gateway writes a line for each request.
        throttle: how many requests per second, and how many at once, the gateway admits; None
            leaves that to the account's limits.
    """

    log_retention_days: int
    has_access_log: bool
    has_tracing: bool
    throttle: tuple[float, int] | None

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Wanted:
        """Read the settings of a stage.

        Raises:
            DeploymentFailed: a value is invalid.
        """
        days = settings.get("log_retention_days", 30)
        if days not in RETENTION_DAYS:
            raise DeploymentFailed(
                f"log_retention_days is {days!r}.",
                f"CloudWatch keeps logs for {', '.join(map(str, RETENTION_DAYS))} days.",
            )
        rate, burst = settings.get("throttle_rate_per_s"), settings.get("throttle_burst")
        if (rate is None) != (burst is None):
            raise DeploymentFailed(
                "Of throttle_rate_per_s and throttle_burst one alone is set.", "Set both, or none."
            )
        return cls(
            log_retention_days=days,
            has_access_log=bool(settings.get("access_log", False)),
            has_tracing=bool(settings.get("xray_tracing", False)),
            throttle=None if rate is None or burst is None else (float(rate), int(burst)),
        )


def keep_logs(logs: Any, group: str, days: int) -> str:
    """Make sure that a log group exists and keeps its lines for so long; return its ARN.

    Lambda would create its group with the first line and keep the lines forever; it uses a group
    that exists already.

    Args:
        logs: boto3's client.
    """
    with suppress(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=group)
    logs.put_retention_policy(logGroupName=group, retentionInDays=days)
    found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    [arn] = [each["arn"] for each in found if each["logGroupName"] == group]
    return str(arn).removesuffix(":*")


def observe_gateway(gateway: Any, *, api: str, stage: str, wanted: Wanted, log_arn: str) -> str:
    """Configure the stage of a REST API as wanted, and say how.

    Args:
        gateway: boto3's client.
        api: the REST API's id.
        log_arn: of the group for the access log.
    """
    may_log = bool(gateway.get_account().get("cloudwatchRoleArn"))
    live = gateway.get_stage(restApiId=api, stageName=stage)
    changes = [_replaced("/tracingEnabled", str(wanted.has_tracing).lower())]
    if wanted.has_access_log and may_log:
        changes.append(_replaced("/accessLogSettings/destinationArn", log_arn))
        changes.append(_replaced("/accessLogSettings/format", ACCESS_LOG_FORMAT))
    elif live.get("accessLogSettings"):
        changes.append({"op": "remove", "path": "/accessLogSettings"})
    if wanted.throttle is not None:
        rate, burst = wanted.throttle
        changes.append(_replaced("/*/*/throttling/rateLimit", str(rate)))
        changes.append(_replaced("/*/*/throttling/burstLimit", str(burst)))
    gateway.update_stage(restApiId=api, stageName=stage, patchOperations=changes)
    return ", ".join(
        (
            f"access log {'on' if wanted.has_access_log else 'off'}"
            if may_log or not wanted.has_access_log
            else _NO_LOGS,
            f"tracing {'on' if wanted.has_tracing else 'off'}",
            "throttled by the account's limits"
            if wanted.throttle is None
            else f"throttled at {wanted.throttle[0]:g} a second, {wanted.throttle[1]} at once",
        )
    )


def _replaced(path: str, value: str) -> dict[str, str]:
    """Return one change of the gateway's stage."""
    return {"op": "replace", "path": path, "value": value}
