"""A small cloud on loopback: deploy to it, ask it over HTTP, let its clock tick.

with Cloud(folder) as cloud:
    subprocess.run(["zappa", "deploy", "dev"], env=os.environ | cloud.operators)
    gateway = cloud.open_gateway("project-dev", "rest")
    urllib.request.urlopen(f"{gateway.url}/health")
"""

import datetime as dt
import json
import os
import shutil
import sys
import threading
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import boto3
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.rehearsal.aws_server import REGION, AwsServer
from tests.rehearsal.events import Door
from tests.rehearsal.functions import Functions
from tests.rehearsal.gateway import Gateway, NotAllowed
from tests.rehearsal.instance import Outcome
from tests.rehearsal.log_groups import keep_log
from tests.rehearsal.runtime import Runtime

# Who deploys; bound by policies once `bind` has named the user.
OPERATOR = "operator"
OPERATORS_KEYS = {"AWS_ACCESS_KEY_ID": OPERATOR, "AWS_SECRET_ACCESS_KEY": OPERATOR}
# Who owns the account, and may do anything.
ACCOUNT = "account"
# Variables that would lead a client to another cloud, or are `make`'s own words to its commands.
FOREIGN = (
    "AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3",
    "MAKEFLAGS", "MAKELEVEL", "MFLAGS",
)  # fmt: skip


class Cloud:
    """Runs while its block does.

    Args:
        folder: for packages and logs; stays.
        keys: credentials of the function's role, as Lambda hands them to every instance.
        instances_max: how many invocations run at once.
        environment: a virtual environment whose Python functions run on.
        others: other runtimes that functions may be deployed for.
    """

    def __init__(
        self,
        folder: Path,
        *,
        keys: Mapping[str, str] | None = None,
        instances_max: int = 3,
        environment: Path = Path(sys.prefix),
        others: Sequence[Runtime] = (),
    ) -> None:
        self.server = AwsServer()
        region = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
        self.functions = Functions(
            folder,
            self.server.find,
            keys={**OPERATORS_KEYS, **(keys or {}), **region},
            instances_max=instances_max,
            keep_log=lambda instance: keep_log(instance, REGION),
            on_start=self.server.guard.write_logs,
            environment=environment,
            others=others,
        )
        self.server.functions = self.functions
        self.gateways: list[Gateway] = []
        self._stopping = threading.Event()

    @property
    def operators(self) -> dict[str, str]:
        """Variables that lead whoever deploys to this cloud."""
        return {
            **OPERATORS_KEYS,
            "AWS_ENDPOINT_URL": self.server.url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            # Nothing of whoever sits at this machine.
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_PAGER": "",
        }

    @property
    def owners(self) -> dict[str, str]:
        """Variables that lead whoever owns the account to this cloud."""
        keys = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": ACCOUNT}
        return {**self.operators, **keys}

    def client(self, service: str) -> Any:
        """Return a client of one of its services, for whoever owns the account."""
        connect: Any = boto3.client  # its stubs know services by literals only
        return connect(
            service,
            endpoint_url=self.server.url,
            region_name=REGION,
            aws_access_key_id=ACCOUNT,
            aws_secret_access_key=ACCOUNT,
        )

    def open_gateway(
        self,
        function: str,
        kind: Literal["rest", "http", "url"],
        *,
        stage: str = "",
        host: str = "",
    ) -> Gateway:
        """Open a door to a function, which is there or will be.

        Args:
            stage: of the API; for a REST API it must be deployed for anyone to come in.
            host: the name that clients are said to have called; the stage then leads every path.
        """

        def door() -> Door | None:
            if kind == "rest":
                api = self.server.rest_api(function)
                if api is None or stage not in api["stages"]:
                    return None
                return Door("rest", stage, host, takes_binary=api["takes_binary"])
            if kind == "url" and not self._may_be_called_by_url(function):
                return None
            return Door(kind, stage or "$default", host)

        def invoke(event: bytes) -> Outcome:
            if kind == "rest" and not self.server.guard.gateway_may(
                self.server.integrations(function)
            ):
                raise NotAllowed(function)
            return self.functions.invoke(function, "", event)

        gateway = Gateway(door, invoke)
        self.gateways.append(gateway)
        return gateway

    def _may_be_called_by_url(self, function: str) -> bool:
        arn = f"arn:aws:lambda:{REGION}:{DEFAULT_ACCOUNT_ID}:function:{function}"
        is_open = self.server.has_function_url(function)
        return is_open and self.server.guard.strangers_may(arn, by_url=True)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Outcome:
        """Run one event of one's own."""
        return self.functions.invoke(function, "", json.dumps(event).encode())

    def fire_schedules(self, function: str, word: str = "") -> int:
        """Send what EventBridge would send now to a function, and return how many events.

        Args:
            word: only rules whose name holds this.
        """
        count = 0
        for rule_arn, targets in self.server.rules().items():
            for target in targets:
                name = target["Arn"].split(":")[6]
                if (
                    name == function
                    and word in rule_arn
                    and self.server.guard.events_may(rule_arn, target["Arn"])
                ):
                    event = json.dumps(_scheduled(rule_arn, target)).encode()
                    self.functions.invoke_later(function, "", event)
                    count += 1
        return count

    def tick(self, function: str, word: str, every_s: float = 60.0) -> None:
        """Fire a function's schedules again and again until the cloud ends."""

        def work() -> None:
            while not self._stopping.wait(every_s):
                self.fire_schedules(function, word)

        threading.Thread(target=work, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopping.set()
        for gateway in self.gateways:
            gateway.close()
        self.functions.stop()
        self.server.close()


def _scheduled(rule_arn: str, target: Mapping[str, Any]) -> dict[str, Any]:
    """Return the event of a rule, with the extras that its target adds."""
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    event: dict[str, Any] = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": now.isoformat().replace("+00:00", "Z"),
        "region": REGION,
        "resources": [rule_arn],
        "detail": {},
    }
    transformer = target.get("InputTransformer")
    if transformer and '"kwargs"' in transformer["InputTemplate"]:
        # Zappa's template repeats the event and adds its own arguments as the last member.
        extras = transformer["InputTemplate"].rpartition('"kwargs":')[2].strip().removesuffix("}")
        event["kwargs"] = json.loads(extras)
    return event


def provide_role(cloud: Cloud, name: str, *, trust: str, policy: str) -> str:
    """Make the role that functions run as, and return its ARN."""
    iam = cloud.client("iam")
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
    iam.put_role_policy(RoleName=name, PolicyName=name, PolicyDocument=policy)
    return str(role["Arn"])


def provide_operator(cloud: Cloud, *, policy: str) -> str:
    """Make the user that deploys, bound by a policy from now on, and return its ARN."""
    iam = cloud.client("iam")
    user = iam.create_user(UserName=OPERATOR)["User"]
    made = iam.create_policy(PolicyName=OPERATOR, PolicyDocument=policy)["Policy"]
    iam.attach_user_policy(UserName=OPERATOR, PolicyArn=made["Arn"])
    cloud.server.guard.callers[OPERATOR] = (OPERATOR, user["Arn"])
    return str(user["Arn"])


def remove_folder(folder: Path) -> None:
    """Remove a folder whose packages are read-only."""
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)
