"""AWS policies for one stage, rendered from the `.json` files beside this one.

`python3 -m deployment.policy KIND trustworthy-registry-STAGE ...` prints one, and names an option
that is missing. Kinds: `role` (what the function may do), `operator` (what the operator may do),
`programs-role` (what the function for programs of sensitive models may do), `bucket` and
`deployment-bucket` (who may reach them). `trust.json` and `programs_trust.json` (who may assume the
roles) are used as they are.

In a file, `${name}` stands for the value of an option. A statement with `"When": "name"` is left
out if that option is not given; a list's item `${name}` becomes all values that were given. So a
right that only some stages need is one more statement with its `When`, and one more option.

`tests/unit/deployment/test_policy.py` compares policies and code; the rehearsal judges every call
by these files.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha1
from pathlib import Path
from string import Template
from typing import Any

from deployment.steps import say

_FOLDER = Path(__file__).parent
_FILES = {
    "role": "role.json",
    "operator": "operator.json",
    "programs-role": "programs_role.json",
    "bucket": "bucket_policy.json",
    "deployment-bucket": "bucket_policy.json",
}
# Options that may be repeated, and their names in the files.
_SEVERAL = {
    "allowed": ("--allow", "who may reach the bucket besides the role; * stands for any letters"),
    "secrets": ("--secret", "of Secrets Manager, which the function reads"),
    "parameters": ("--parameter", "of Systems Manager, which the function reads"),
}
# The value of an option: a text, several texts, or whether the stage uses something.
Given = str | Sequence[str] | bool


def find_partition(region: str) -> str:
    """Return the partition of AWS in which a region lies; it stands in every ARN there.

    Source: AWS General Reference, "Amazon Resource Names". The principals of Lambda, API Gateway
    and EventBridge end in `amazonaws.com` in each of these.
    """
    for prefix, partition in (("cn-", "aws-cn"), ("us-gov-", "aws-us-gov")):
        if region.startswith(prefix):
            return partition
    return "aws"


def render(kind: str, **given: Given) -> dict[str, Any]:
    """Return a policy document.

    Args:
        given: the values for `${...}`; an empty value or False counts as not given.

    Raises:
        KeyError: a statement that is not left out uses an option that was not given.
    """
    document: dict[str, Any] = json.loads((_FOLDER / _FILES[kind]).read_text(encoding="utf-8"))
    names = {name: value for name, value in given.items() if value}
    if isinstance(region := names.get("region"), str):
        names["partition"] = find_partition(region)
    # Zappa's prefix for the names of rules; the function's own name would make them too long.
    names["rules"] = sha1(str(names["function"]).encode(), usedforsecurity=False).hexdigest()[:8]
    if kind == "bucket":
        role = Template("arn:${partition}:iam::${account}:role/${role}").substitute(names)
        names["named"] = (role, *_several(names, "allowed"))
    if kind == "deployment-bucket":
        names["bucket"] = names["deployment_bucket"]
        names["named"] = _several(names, "allowed")
    document["Statement"] = [
        {key: _filled(value, names) for key, value in statement.items() if key != "When"}
        for statement in document["Statement"]
        if statement.get("When", "region") in names
    ]
    return document


def _several(names: Mapping[str, Given], name: str) -> tuple[str, ...]:
    """Return the values of an option that may be repeated."""
    found = names[name]
    if isinstance(found, (str, bool)):
        raise TypeError(f"{name} is one, not several")
    return tuple(found)


def _filled(value: Any, names: Mapping[str, Given]) -> Any:
    """Replace names by their values."""
    if isinstance(value, dict):
        return {key: _filled(each, names) for key, each in value.items()}
    if isinstance(value, list):
        return [filled for each in value for filled in _items(each, names)]
    return Template(value).substitute(names)


def _items(item: str, names: Mapping[str, Given]) -> Sequence[str]:
    """Return the items by which one item of a list is replaced."""
    given = names.get(item.removeprefix("${").removesuffix("}"))
    if isinstance(given, (list, tuple)):
        return given
    return [Template(item).substitute(names)]


def main(arguments: list[str] | None = None) -> int:
    """Print a policy."""
    parser = argparse.ArgumentParser(prog="deployment.policy", description=__doc__.split("\n")[0])
    parser.add_argument("kind", choices=sorted(_FILES))
    parser.add_argument("function", help="as in trustworthy-registry-production")
    parser.add_argument("--region", required=True)
    parser.add_argument("--account", required=True, help="its twelve digits")
    parser.add_argument("--bucket", help="where the registry keeps its bytes")
    parser.add_argument("--deployment-bucket", help="where packages are brought")
    parser.add_argument("--role", help="the name of the function's role")
    parser.add_argument("--programs", action="store_true", help="sensitive models' are run")
    parser.add_argument("--programs-role", help="the name of the role of the function for them")
    parser.add_argument("--kms-key", metavar="ARN", help="that encrypts the registry's bucket")
    parser.add_argument("--secrets-key", metavar="ARN", help="that encrypts secrets or parameters")
    parser.add_argument("--dead-letter-queue", metavar="ARN", help="for events that failed")
    parser.add_argument("--tracing", action="store_true", help="X-Ray is on")
    parser.add_argument("--private-network", action="store_true", help="the function is in one")
    parser.add_argument("--function-url", action="store_true", help="function_url_enabled is true")
    for name, (option, words) in _SEVERAL.items():
        parser.add_argument(option, dest=name, action="append", metavar="ARN", help=words)
    asked = parser.parse_args(arguments)
    try:
        document = render(**vars(asked))
    except KeyError as missing:
        name = str(missing.args[0])
        option = _SEVERAL[name][0] if name in _SEVERAL else f"--{name.replace('_', '-')}"
        parser.error(f"{option} is needed for this one")
    say(json.dumps(document, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
