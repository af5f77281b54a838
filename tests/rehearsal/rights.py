"""The rights of a world: its role, its operator, its buckets, as `deployment/*.json` have them.

`check_rights` ends a rehearsal: nothing was refused, every right was used, none could be missed.
"""

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from moto.core.models import DEFAULT_ACCOUNT_ID

from deployment.policy import render
from tests.fakes import seaweed
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.cloud import OPERATOR, Cloud
from tests.rehearsal.iam import documents
from tests.rehearsal.iam.door import Door
from tests.rehearsal.iam.ledger import find_needless, find_unused

ROOT = Path(__file__).resolve().parents[2]
# Lists what was asked of AWS and which statement allowed it; stays after the rehearsal.
REPORT = ROOT / "build/rehearsal-rights.txt"
# Who works with the registry's bucket by hand, and the secret by his key.
CARETAKER = "caretaker"
CARETAKERS_KEYS = {CARETAKER: "secret-of-the-caretaker"}


@contextlib.contextmanager
def people_and_bucket(
    cloud: Cloud, server: seaweed.Seaweed, *, role: str, content: str
) -> Iterator[str]:
    """Make who deploys and who cares for the content, and stand in front of the bucket.

    Nobody but the account's owner may do anything until policies say so, as in AWS; the role is
    made by who follows the runbook. The caretaker's own rights are not the registry's business.

    Args:
        content: the registry's bucket.

    Yields:
        where the function, and everybody who comes with its variables, finds the bucket.
    """
    iam = cloud.client("iam")
    operator = iam.create_user(UserName=OPERATOR)["User"]["Arn"]
    caretaker = iam.create_role(RoleName=CARETAKER, AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    bucket = f"arn:aws:s3:::{content}"
    allowed = {"Sid": "CareForContent", "Effect": "Allow", "Action": "s3:*"}
    policy = {
        "Version": "2012-10-17",
        "Statement": [{**allowed, "Resource": [bucket, f"{bucket}/*"]}],
    }
    iam.put_role_policy(RoleName=CARETAKER, PolicyName=CARETAKER, PolicyDocument=json.dumps(policy))
    guard = cloud.server.guard
    guard.callers |= {
        OPERATOR: (OPERATOR, operator),
        CARETAKER: (CARETAKER, caretaker),
        seaweed.ACCESS_KEY: ("function", f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{role}"),
    }
    with contextlib.closing(Door(server.port, guard)) as door:
        yield door.url


def allow_function_url(cloud: Cloud, function: str, role: str, deployment_bucket: str) -> None:
    """Let the operator give the function an address of its own, which the runbook leaves out."""
    names = {"function": function, "region": REGION, "account": DEFAULT_ACCOUNT_ID, "role": role}
    policy = render("operator", **names, deployment_bucket=deployment_bucket, function_url=True)
    usual = render("operator", **names, deployment_bucket=deployment_bucket)["Statement"]
    policy["Statement"] = [each for each in policy["Statement"] if each not in usual]
    cloud.client("iam").put_user_policy(
        UserName=OPERATOR, PolicyName="function-url", PolicyDocument=json.dumps(policy)
    )


def check_strangers(cloud: Cloud, function: str) -> None:
    """See that who is nobody calls the function by its address and in no other way.

    Raises:
        AssertionError: he may call it as Lambda is called, with an event of his own.
    """
    arn = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:{function}"
    guard = cloud.server.guard
    if not guard.strangers_may(arn, by_url=True) or guard.strangers_may(arn, by_url=False):
        raise AssertionError(f"the policy of {function} is not as it has to be")


def check_rights(cloud: Cloud, role_names: Iterable[str]) -> str:
    """Write what was asked and allowed; see that nothing was refused, idle, or could be missed.

    Raises:
        AssertionError: something was.
    """
    ledger = cloud.server.guard.ledger
    lines = ledger.lines()
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print("\n".join(lines), flush=True)
    operator = cloud.server.guard.callers[OPERATOR][1]
    policies = [*documents.of_caller(operator)]
    for name in role_names:
        role = f"arn:aws:iam::{DEFAULT_ACCOUNT_ID}:role/{name}"
        policies += [*documents.of_caller(role), *documents.of_trust(role)]
    refused = [
        f"{each.who} may not {each.call.action} on {each.call.resource}" for each in ledger.refused
    ]
    wrong = [*refused, *find_unused(ledger, policies), *find_needless(ledger)]
    if wrong:
        raise AssertionError("\n".join(wrong))
    calls = sum(each.times for each in ledger.allowed)
    return f"{calls} calls, {len(ledger.used())} rights, each needed; see {REPORT.name}"
