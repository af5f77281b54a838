"""What was asked of AWS, by whom, and which statement allowed it.

A statement's action that nothing has used is named, unless `UNUSED` has the reason why it is there.
Each that was used is tried once more without: then the same calls must be refused.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.rehearsal.iam.policies import Call, Policy, Verdict, judge, several, without

# What no step of the rehearsal does, by the policy's name, statement and action. What is here and
# used nevertheless is told.
UNUSED = {
    ("operator", "BringPackagesAndTemplates", "s3:AbortMultipartUpload"): (
        "packages above 8 MB go up in parts, which an upload that fails gives up"
    ),
    ("operator", "ChangeTheFunctions", "lambda:DeleteFunctionConcurrency"): (
        "zappa update, where REGISTRY_CONCURRENCY is left out"
    ),
    ("operator", "ChangeTheFunctions", "lambda:UpdateAlias"): (
        "make rotated, where SnapStart's alias names a version that goes"
    ),
    ("operator", "KeepTheFunctionForPrograms", "lambda:UpdateAlias"): (
        "a deployment, where the role of the function for programs is another one"
    ),
    ("operator", "KeepTheStackOfTheGateway", "cloudformation:ListStackResources"): (
        "Zappa counts them while a stack is under way, which takes no time here"
    ),
    ("operator", "OpenAFunctionUrl", "lambda:DeleteFunctionUrlConfig"): (
        "zappa update, once function_url_enabled is false again"
    ),
    ("operator", "ReadTheLog", "logs:DescribeLogStreams"): "zappa tail",
}


@dataclass
class Judged:
    """A call and the policies by which it was decided."""

    who: str
    call: Call
    policies: tuple[Policy, ...]
    verdict: Verdict
    times: int = 1


@dataclass
class Ledger:
    """Keeps every different call once; many threads write to it."""

    entries: dict[tuple[str, bool, Call], Judged] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, who: str, call: Call, policies: tuple[Policy, ...], verdict: Verdict) -> None:
        # One of each kind of object is enough to show what a statement is for.
        shape = Call(call.principal, call.action, _shape(call.resource), call.context)
        key = who, verdict.allowed, shape
        with self._lock:
            if key in self.entries:
                self.entries[key].times += 1
            else:
                self.entries[key] = Judged(who, call, policies, verdict)

    @property
    def refused(self) -> list[Judged]:
        return [each for each in self.entries.values() if not each.verdict.allowed]

    @property
    def allowed(self) -> list[Judged]:
        return [each for each in self.entries.values() if each.verdict.allowed]

    def used(self) -> dict[tuple[str, str, str], list[Judged]]:
        """Return the calls that were allowed, by policy, statement and action."""
        found: dict[tuple[str, str, str], list[Judged]] = {}
        for each in self.allowed:
            key = each.verdict.policy, each.verdict.sid, each.call.action
            found.setdefault(key, []).append(each)
        return found

    def lines(self) -> list[str]:
        """Return a line for each action of each caller, with the statement that decided."""
        lines = []
        for (policy, sid, action), calls in sorted(self.used().items()):
            for who in sorted({each.who for each in calls}):
                own = [each for each in calls if each.who == who]
                times = sum(each.times for each in own)
                lines.append(f"{who:9} {action:38} {policy}/{sid}  {times}x {own[0].call.resource}")
        lines += [
            f"{each.who:9} {each.call.action:38} REFUSED  {each.call.resource}"
            for each in self.refused
        ]
        idle = set(self.used()) & set(UNUSED)
        lines += [f"used, so it needs no reason any more: {'/'.join(each)}" for each in idle]
        return sorted(lines)


def find_unused(ledger: Ledger, policies: Iterable[Policy]) -> list[str]:
    """Return what policies allow, nothing used, and no reason excuses."""
    used = set(ledger.used())
    listed = {
        (policy.name, statement["Sid"], action)
        for policy in policies
        for statement in policy.statements
        if statement["Effect"] == "Allow"
        for action in several(statement["Action"])
    }
    return [f"nothing uses {'/'.join(each)}" for each in sorted(listed - used - set(UNUSED))]


def find_needless(ledger: Ledger) -> list[str]:
    """Try each action of each statement away; return those without which nothing is refused."""
    needless = []
    for (name, sid, action), calls in sorted(ledger.used().items()):
        for each in calls:
            fewer = tuple(
                without(policy, sid, action) if policy.name == name else policy
                for policy in each.policies
            )
            if judge(each.call, fewer).allowed:
                needless.append(f"{each.who}: {action} without {name}/{sid}: {each.call.resource}")
    return needless


def _shape(resource: str) -> str:
    """Return a resource without what differs from one object to the next."""
    if not resource.startswith("arn:aws:s3:::"):
        return resource
    return "/".join(resource.split("/")[:2])
