"""Whether policies allow a call, as AWS decides it.

Only the elements, operators and keys that are known here are taken; anything else is an error and
never silently true. What an account may have beside these (boundaries, session policies, an
organisation's own) is not there.

Source: IAM User Guide, "Policy evaluation logic" (a deny wins; without an allow there is none;
within an account the policy of the caller or that of the resource is enough), "IAM JSON policy
elements" (Condition operators; Principal; policy variables).
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

ELEMENTS = frozenset(
    {
        "Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition",
    }
)  # fmt: skip


class PolicyError(Exception):
    """A policy says something that this judge does not know."""


@dataclass(frozen=True)
class Call:
    """Somebody wants something.

    Attributes:
        principal: the ARN of a user or a role, or a service's name as in events.amazonaws.com.
        context: keys of the request, in small letters, and their values.
    """

    principal: str
    action: str
    resource: str
    context: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Policy:
    """A document, under the name by which it is told.

    Attributes:
        is_of_resource: it hangs at what is asked for (a bucket, a function, a role that is taken
            on), and says itself whom it means.
    """

    name: str
    text: str
    is_of_resource: bool = False

    @property
    def statements(self) -> list[dict[str, Any]]:
        return _statements(self.text)


@dataclass(frozen=True)
class Verdict:
    """Whether it is allowed, and by which statement that was decided; none when nobody allows."""

    allowed: bool
    policy: str = ""
    sid: str = ""


def judge(call: Call, policies: Iterable[Policy]) -> Verdict:
    """Decide a call by all policies that concern its caller and its resource."""
    decided = Verdict(False)
    for policy in policies:
        for statement in policy.statements:
            if not _concerns(statement, call, is_of_resource=policy.is_of_resource):
                continue
            sid = statement.get("Sid", "")
            if statement["Effect"] == "Deny":
                return Verdict(False, policy.name, sid)
            if not decided.allowed:
                decided = Verdict(True, policy.name, sid)
    return decided


def without(policy: Policy, sid: str, action: str) -> Policy:
    """Return a policy of which one statement has one action less."""
    document = json.loads(policy.text)
    for statement in document["Statement"]:
        if statement.get("Sid", "") == sid:
            statement["Action"] = [
                each
                for each in several(statement["Action"])
                if not like(each.lower(), action.lower())
            ]
    return Policy(policy.name, json.dumps(document), policy.is_of_resource)


def several(value: str | list[str]) -> list[str]:
    """Return what may be one or several as several."""
    return [value] if isinstance(value, str) else value


@lru_cache(4_096)
def _pattern(pattern: str) -> re.Pattern[str]:
    parts = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(parts, re.DOTALL)


def like(pattern: str, text: str) -> bool:
    """Compare with `*` for any letters and `?` for one."""
    return pattern == "*" or _pattern(pattern).fullmatch(text) is not None


def arn_like(pattern: str, text: str) -> bool:
    """Compare two ARNs part by part: a `*` does not reach over a colon, but for the last part."""
    wanted, found = pattern.split(":", 5), text.split(":", 5)
    return len(wanted) == len(found) and all(map(like, wanted, found))


@lru_cache(256)
def _statements(text: str) -> list[dict[str, Any]]:
    document = json.loads(text)
    if document.get("Version") != "2012-10-17":
        raise PolicyError(f"version {document.get('Version')}")
    statements = document["Statement"]
    found: list[dict[str, Any]] = [statements] if isinstance(statements, dict) else statements
    for statement in found:
        if unknown := set(statement) - ELEMENTS:
            raise PolicyError(f"elements {sorted(unknown)} of {statement.get('Sid')}")
        if statement["Effect"] not in {"Allow", "Deny"}:
            raise PolicyError(f"effect {statement['Effect']}")
    return found


def _concerns(statement: Mapping[str, Any], call: Call, *, is_of_resource: bool) -> bool:
    if is_of_resource != ("Principal" in statement):
        raise PolicyError(f"{statement.get('Sid')}: a Principal is for policies of resources only")
    if is_of_resource and not _means(statement["Principal"], call.principal):
        return False
    names = "Action" if "Action" in statement else "NotAction"
    action = call.action.lower()
    if any(like(each.lower(), action) for each in several(statement[names])) != (names == "Action"):
        return False
    context = dict(call.context)
    # What a role's trust is about is the role itself.
    if "Resource" in statement or "NotResource" in statement:
        names = "Resource" if "Resource" in statement else "NotResource"
        is_named = any(
            like(_with_variables(each, context), call.resource)
            for each in several(statement[names])
        )
        if is_named != (names == "Resource"):
            return False
    return all(
        _holds(operator, key, several(values), context)
        for operator, keys in statement.get("Condition", {}).items()
        for key, values in keys.items()
    )


def _means(principal: str | Mapping[str, str | list[str]], caller: str) -> bool:
    if principal == "*":
        return True
    if isinstance(principal, str) or not set(principal) <= {"AWS", "Service"}:
        raise PolicyError(f"principal {principal}")
    if caller in several(principal.get("Service", [])):
        return True
    for each in several(principal.get("AWS", [])):
        # An account, by its number or as its root, means all that its own policies let in.
        account = each.removesuffix(":root").rpartition(":")[2]
        is_account = each.endswith(":root") or each.isdigit()
        if each in {"*", caller} or (is_account and caller.split(":")[4:5] == [account]):
            return True
    return False


def _with_variables(text: str, context: Mapping[str, str]) -> str:
    """Put the request's keys in the place of `${key}`; what is not there matches nothing."""
    if "${" not in text:
        return text
    return re.sub(r"\$\{([^}]*)\}", lambda key: context.get(key[1].lower(), "\0"), text)


def _is_true(wanted: str, found: str) -> bool:
    return wanted.lower() == found.lower()


_COMPARISONS: dict[str, tuple[Callable[[str, str], bool], bool]] = {
    "StringEquals": (str.__eq__, False),
    "StringNotEquals": (str.__eq__, True),
    "StringLike": (like, False),
    "StringNotLike": (like, True),
    "ArnEquals": (arn_like, False),
    "ArnLike": (arn_like, False),
    "ArnNotEquals": (arn_like, True),
    "ArnNotLike": (arn_like, True),
    "Bool": (_is_true, False),
}


def _holds(operator: str, key: str, values: list[str], context: Mapping[str, str]) -> bool:
    """Say whether one key of a condition holds."""
    found = context.get(key.lower())
    if operator == "Null":
        return any((value == "true") == (found is None) for value in map(str.lower, values))
    name = operator.removesuffix("IfExists")
    if name not in _COMPARISONS:
        raise PolicyError(f"condition operator {operator}")
    compare, is_negated = _COMPARISONS[name]
    if found is None:
        return is_negated or name != operator
    return any(compare(_with_variables(each, context), found) for each in values) != is_negated
