"""A small cloud on loopback: deploy to it, ask it over HTTP, let its clock tick.

with Cloud(folder) as cloud:
    subprocess.run(["zappa", "deploy", "dev"], env=os.environ | cloud.operators)
    gateway = cloud.open_gateway("project-dev", "rest")
    urllib.request.urlopen(f"{gateway.url}/health")
"""

import datetime as dt
import json
import shutil
import threading
import uuid
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import boto3

from tests.rehearsal.aws_server import REGION, AwsServer
from tests.rehearsal.events import Door
from tests.rehearsal.functions import Functions
from tests.rehearsal.gateway import Gateway
from tests.rehearsal.instance import Outcome

# Who deploys. The stand-in believes everybody.
OPERATORS_KEYS = {"AWS_ACCESS_KEY_ID": "operator", "AWS_SECRET_ACCESS_KEY": "operator"}
# Variables of the machine that would lead a client to another cloud.
FOREIGN = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "AWS_CONFIG_FILE")


class Cloud:
    """Runs while its block does.

    Args:
        folder: for packages and logs; stays.
        keys: credentials of the function's role, as Lambda hands them to every instance.
        instances_max: how many invocations run at once.
    """

    def __init__(
        self, folder: Path, *, keys: Mapping[str, str] | None = None, instances_max: int = 3
    ) -> None:
        self.server = AwsServer()
        region = {"AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
        self.functions = Functions(
            folder,
            self.server.find,
            keys={**OPERATORS_KEYS, **(keys or {}), **region},
            instances_max=instances_max,
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
        }

    def client(self, service: str) -> Any:
        """Return a client of one of its services."""
        return boto3.client(
            service,
            endpoint_url=self.server.url,
            region_name=REGION,
            aws_access_key_id="operator",
            aws_secret_access_key="operator",
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
            if kind == "url" and not self.server.has_function_url(function):
                return None
            return Door(kind, stage or "$default", host)

        gateway = Gateway(door, lambda event: self.functions.invoke(function, "", event))
        self.gateways.append(gateway)
        return gateway

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
                if name == function and word in rule_arn:
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


def remove_folder(folder: Path) -> None:
    """Remove a folder whose packages are read-only."""
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)
