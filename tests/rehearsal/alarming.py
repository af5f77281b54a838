"""What watches the stage, held against what instances write."""

import json
from collections import Counter
from typing import Any

from tests.filter_patterns import matches
from tests.rehearsal.checks import require
from tests.rehearsal.deployer import Deployer
from tests.rehearsal.world import World

# What has happened in the rehearsal before, so that the log has lines of it.
COUNTED = ("TasksCounted", "TasksOverdueSeconds")


def check_alarms(world: World, deployer: Deployer) -> str:
    """Change the alarms that were made, and hold their filters against the log."""
    said = alarms(deployer, "--page-email", "night@example.com", "--database", "db")
    require("access log on" in said, f"the gateway has no access log:\n{said}")
    names = _alarms(world)
    require(f"{world.function}-database-connections" in names, f"only {names}")
    filters = world.cloud.client("logs").describe_metric_filters()["metricFilters"]
    lines = _lines(world)
    counted = {
        each["metricTransformations"][0]["metricName"]: sum(
            matches(each["filterPattern"], line) for line in lines
        )
        for each in filters
    }
    require(all(counted.get(name) for name in COUNTED), f"counted of {len(lines)}: {counted}")
    return f"{len(names)} alarms, {len(filters)} filters; {_check_requests(lines)}"


def remove_alarms(world: World, deployer: Deployer) -> None:
    """See that nothing is left of the alarms."""
    alarms(deployer, "--remove")
    left = _alarms(world)
    require(not left, f"alarms are left: {left}")


def alarms(deployer: Deployer, *words: str) -> str:
    """Run the command with options that the runbook leaves out."""
    program = deployer.tools / "bin/python"
    return deployer.run(str(program), "-m", "deployment.alarms", deployer.stage, *words)


def _alarms(world: World) -> list[str]:
    pages = world.cloud.client("cloudwatch").get_paginator("describe_alarms").paginate()
    return [each["AlarmName"] for page in pages for each in page["MetricAlarms"]]


def _lines(world: World) -> list[str]:
    """Return what all instances have written."""
    logs = [each.log for each in world.cloud.functions.started]
    return [
        line
        for log in logs
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
    ]


def _check_requests(lines: list[str]) -> str:
    """See that each request has one line, which says who asked and by which ids."""
    events = [json.loads(line) for line in lines if line.startswith("{")]
    requests: list[dict[str, Any]] = [each for each in events if "duration_ms" in each]
    require(len(requests) > 10, f"only {len(requests)} requests have a line")
    wanted = {"user", "address", "gateway_request_id", "lambda_request_id", "size_bytes", "status"}
    poor = [each for each in requests if not wanted <= set(each)]
    require(not poor, f"lines of requests that lack something: {poor[:2]}")
    twice = [
        each
        for each, times in Counter(each["request_id"] for each in requests).items()
        if times > 1
    ]
    require(not twice, f"requests with two lines: {twice[:3]}")
    others = {each["name"] for each in events if each["name"].split(".")[0] in ("django", "zappa")}
    require(not others, f"{others} write of the same requests")
    return f"{len(requests)} requests with a line each"
