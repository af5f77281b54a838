"""The rights of the function, for one function and one bucket.

`python -m deployment.policy FUNCTION BUCKET` prints the policy to give to its role; `trust.json`
says who may take the role on. What the code calls and what the policy allows are held together by
`tests/unit/deployment/test_policy.py`.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from string import Template
from typing import Any

from deployment.steps import say

_TEMPLATE = Path(__file__).with_name("role.json")


def policy_for(
    *, function: str, bucket: str, region: str = "*", account: str = "*"
) -> dict[str, Any]:
    """Return the policy document of one function and its bucket."""
    text = Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        function=function, bucket=bucket, region=region, account=account
    )
    document: dict[str, Any] = json.loads(text)
    return document


def main(arguments: list[str] | None = None) -> int:
    """Print the policy."""
    parser = argparse.ArgumentParser(prog="deployment.policy", description=__doc__)
    parser.add_argument("function", help="as in trustworthy-registry-production")
    parser.add_argument("bucket", help="where the registry keeps its bytes")
    parser.add_argument("--region", default="*")
    parser.add_argument("--account", default="*")
    asked = parser.parse_args(arguments)
    say(json.dumps(policy_for(**vars(asked)), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
