"""Everything that a deployed registry needs, on one machine: cloud, bucket, database, sources.

The cloud is empty, as an account of AWS is: buckets and role are made by who follows
docs/operations.md in it.
"""

import contextlib
import datetime as dt
import os
import secrets
import shlex
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from artifacts.sandbox.function import RUNTIME
from deployment.program_function import name_for
from tests.fakes import seaweed
from tests.monitors.node import require_node
from tests.rehearsal.aws_server import REGION
from tests.rehearsal.cloud import FOREIGN, OPERATOR, Cloud
from tests.rehearsal.rights import CARETAKER, CARETAKERS_KEYS, people_and_bucket
from tests.rehearsal.runtime import NodeRuntime
from tests.rehearsal.s3_forwarding import forward_to

ROOT = Path(__file__).resolve().parents[2]
SHARED_TOOLS = ROOT.parent / "shared" / "tools"
# Has Zappa, and the Python that the package is made for.
TOOLS = ROOT / ".venv-deploy"
PROJECT = "trustworthy-registry"
DEPLOYMENT_BUCKET = "registry-deployments"
REGISTRY_BUCKET = "registry-content"
ACCOUNT = "123456789012"
# Of the two users of the database.
PASSWORDS = ("secret-of-the-first-user", "secret-of-the-second-user")
SECRET_OF_PROGRAMS = "secret-key-of-the-function-for-programs"
# Big enough to be real, small enough for the machine that plays everything at once.
INSTANCES_MAX = 3
# The name that clients call where there is no domain of one's own; then the stage leads the path.
AWS_HOST = "rehearsal.execute-api.us-east-1.amazonaws.com"
SOURCES_READY_S = 60.0


@dataclass
class World:
    """What stands.

    Attributes:
        function_variables: the function's environment, as its operator writes it.
        operators: the environment of whoever deploys.
        has_sources: whether something answers in the place of Hub and GitHub.
    """

    folder: Path
    cloud: Cloud
    stage: str
    database_url: str
    empty_database_url: str
    function_variables: dict[str, str]
    operators: dict[str, str]
    urls: dict[str, str]
    network: dict[str, str]
    bucket: seaweed.Seaweed
    password: str
    has_sources: bool

    @property
    def database_name(self) -> str:
        """What the database is called, and what the names of its roles begin with."""
        return urllib.parse.urlsplit(self.database_url).path.removeprefix("/")

    @property
    def function(self) -> str:
        return f"{PROJECT}-{self.stage}"

    @property
    def role(self) -> str:
        """What the runbook calls the function's role."""
        return role_of(self.stage)

    @property
    def programs(self) -> str:
        """What the function for programs is called."""
        return name_for(self.function)

    @property
    def roles(self) -> tuple[str, str]:
        """The roles of both functions."""
        return self.role, f"{self.role}-programs"

    @property
    def owners(self) -> dict[str, str]:
        """The environment of whoever prepares the account, and may do anything in it."""
        return {**self.operators, **self.cloud.owners}

    @property
    def caretakers(self) -> dict[str, str]:
        """What makes an environment that of who works with the content by hand."""
        key, secret = next(iter(CARETAKERS_KEYS.items()))
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret}

    @property
    def home(self) -> Path:
        """The operator's folder, with the file of the function's variables."""
        return self.folder / "home"

    @property
    def placeholders(self) -> dict[str, str]:
        """What stands in the place of each word that the runbook leaves open."""
        own = self.urls["rest"]
        return {
            "STAGE": self.stage,
            "REGION": REGION,
            "ACCOUNT": ACCOUNT,
            "BUCKET": REGISTRY_BUCKET,
            "DEPLOYMENT_BUCKET": DEPLOYMENT_BUCKET,
            "OPERATOR": OPERATOR,
            "CARETAKER": CARETAKER,
            "MASTER_URL": self.database_url,
            "PASSWORD_A": PASSWORDS[0],
            "PASSWORD_B": PASSWORDS[1],
            "NEW_PASSWORD": PASSWORDS[1],
            "name=registry": f"name={self.database_name}",
            "registry_a": f"{self.database_name}_a",
            "registry_b": f"{self.database_name}_b",
            "DATABASE_URL": self.database_url,
            "EMPTY_DATABASE_URL": self.empty_database_url,
            "TIME": dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "HOST": urllib.parse.urlsplit(own).netloc,
            "NAME": "somebody",
            "ADDRESS": "192.0.2.1",
            "https://registry.example.com": own,
            "~/": f"{self.home}/",
            **self.network,
        }

    def write_variables(self, **changes: str) -> None:
        """Write the file that REGISTRY_ENV_FILE names once the operator has said so."""
        self.function_variables |= changes
        lines = [f"{name}={value}\n" for name, value in self.function_variables.items()]
        self.home.mkdir(exist_ok=True)
        path = self.home / f"registry-{self.stage}.env"
        path.write_text("".join(lines), encoding="utf-8")
        path.chmod(0o600)


@contextlib.contextmanager
def a_world(
    folder: Path, *, stage: str, instances_max: int = INSTANCES_MAX, tools: Path = TOOLS
) -> Iterator[World]:
    """Start everything, and end it with the block. Needs DATABASE_URL, of a server to write to."""
    function = f"{PROJECT}-{stage}"
    with contextlib.ExitStack() as stack:
        database_url = stack.enter_context(a_database(os.environ["DATABASE_URL"]))
        bucket = stack.enter_context(seaweed.serve(folder / "bucket", others=CARETAKERS_KEYS))
        sources = stack.enter_context(sources_stand_in(folder))
        keys = {
            "AWS_ACCESS_KEY_ID": seaweed.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": seaweed.SECRET_KEY,
        }
        cloud = stack.enter_context(
            Cloud(
                folder / "cloud",
                keys=keys,
                instances_max=instances_max,
                environment=tools,
                others=[NodeRuntime(RUNTIME, require_node())],
            )
        )
        # Nobody in this account has these: the function for programs has no right that it uses.
        cloud.functions.keys_by_name[name_for(function)] = {
            "AWS_ACCESS_KEY_ID": "programs",
            "AWS_SECRET_ACCESS_KEY": SECRET_OF_PROGRAMS,
        }
        cloud.server.buckets_elsewhere[REGISTRY_BUCKET] = forward_to(
            bucket.url,
            moto=cloud.server.moto,
            access_key=seaweed.ACCESS_KEY,
            secret_key=seaweed.SECRET_KEY,
            region=seaweed.REGION,
        )
        bucket_url = stack.enter_context(
            people_and_bucket(cloud, bucket, role=role_of(stage), content=REGISTRY_BUCKET)
        )
        own_domain = cloud.open_gateway(function, "rest", stage=stage)
        prefixed = cloud.open_gateway(function, "rest", stage=stage, host=AWS_HOST)
        urls = {
            "rest": own_domain.url,
            "prefixed": f"{prefixed.url}/{stage}",
            "http": cloud.open_gateway(function, "http").url,
            "url": cloud.open_gateway(function, "url").url,
        }
        password = secrets.token_urlsafe(24)
        world = World(
            folder=folder,
            cloud=cloud,
            stage=stage,
            database_url=database_url,
            empty_database_url=stack.enter_context(a_database(os.environ["DATABASE_URL"])),
            function_variables={
                "SECRET_KEY": secrets.token_urlsafe(50),
                "DATABASE_URL": url_of_user(database_url, 0),
                "DJANGO_ALLOWED_HOSTS": "127.0.0.1,.amazonaws.com",
                "REGISTRY_ADMIN_PASSWORD": password,
                "REGISTRY_BASE_URL": own_domain.url,
                # The acceptance suite resets what it has filled.
                "REGISTRY_RESET": "on",
                "AWS_STORAGE_BUCKET_NAME": REGISTRY_BUCKET,
                "REGISTRY_CONCURRENCY": str(instances_max),
                "AWS_ENDPOINT_URL": bucket_url,
                "AWS_ENDPOINT_URL_LAMBDA": cloud.server.url,
                **sources,
            },
            operators={
                **{name: value for name, value in os.environ.items() if name not in FOREIGN},
                **cloud.operators,
            },
            urls=urls,
            network=network_of(cloud),
            bucket=bucket,
            password=password,
            has_sources=bool(sources),
        )
        world.write_variables()
        yield world


def url_of_user(database_url: str, number: int) -> str:
    """Return the URL of a database for one of the two users that the runbook makes."""
    parts = urllib.parse.urlsplit(database_url)
    user = f"{parts.path.removeprefix('/')}_{'ab'[number]}"
    host = parts.netloc.rpartition("@")[2]
    return parts._replace(netloc=f"{user}:{PASSWORDS[number]}@{host}").geturl()


def role_of(stage: str) -> str:
    """Return what the runbook calls the role of a stage."""
    return f"registry-{stage}"


def network_of(cloud: Cloud) -> dict[str, str]:
    """Return words of the runbook for the network that every account of AWS begins with."""
    client = cloud.client("ec2")
    subnets = [each["SubnetId"] for each in client.describe_subnets()["Subnets"]]
    (group, *_) = client.describe_security_groups()["SecurityGroups"]
    return {"SUBNETS": " ".join(subnets[:2]), "SECURITY_GROUP": group["GroupId"]}


@contextlib.contextmanager
def a_database(server_url: str) -> Iterator[str]:
    """Make a database of one's own on a server, and drop it afterwards."""
    name = f"rehearsal_{secrets.token_hex(4)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield urllib.parse.urlsplit(server_url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            # What the runbook makes on the server beside it.
            for role in ("a", "b", "owner"):
                connection.execute(f"DROP ROLE IF EXISTS {name}_{role}")


@contextlib.contextmanager
def sources_stand_in(folder: Path) -> Iterator[dict[str, str]]:
    """Start what stands for Hub and GitHub, where it is at hand; yield the variables for it."""
    program = SHARED_TOOLS / "upstream_server.py"
    if not program.exists():
        yield {}
        return
    said = folder / "sources.env"
    with said.open("wb") as output, (folder / "sources.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, program, "--port", "0", "--scale", "0.001"], stdout=output, stderr=log
        )
    try:
        ends_at = time.monotonic() + SOURCES_READY_S
        while "ready" not in (text := said.read_text(encoding="utf-8")):
            if time.monotonic() > ends_at or process.poll() is not None:
                raise RuntimeError(f"the stand-in for the sources does not start; see {folder}")
            time.sleep(0.05)
        known: tuple[str, ...] = ("HF_ENDPOINT", "GITHUB_API_URL", "GITHUB_WEB_URL", "KAGGLE_URL")
        known += ("REGISTRY_PRIVATE_HOSTS",)
        pairs = (word.partition("=") for word in shlex.split(text, comments=True))
        found = {name: value for name, _, value in pairs if name in known}
        yield {**found, "HF_TOKEN": "stand-in", "GITHUB_TOKEN": "stand-in"}
    finally:
        process.terminate()
        process.wait()
