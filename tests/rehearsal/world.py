"""Everything that a deployed registry needs, on one machine: cloud, bucket, database, sources.

`python -m tests.rehearsal.world` starts it, prints the variables with which `zappa` and the
commands of `deployment/` reach it, and ends it with Ctrl-C.
"""

import contextlib
import json
import os
import secrets
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from deployment.policy import policy_for
from tests.fakes import seaweed
from tests.rehearsal.cloud import FOREIGN, Cloud, provide_role, remove_folder

ROOT = Path(__file__).resolve().parents[2]
SHARED_TOOLS = ROOT.parent / "shared" / "tools"
PROJECT = "trustworthy-registry"
DEPLOYMENT_BUCKET = "registry-deployments"
REGISTRY_BUCKET = "registry-content"
ROLE = "registry-rehearsal"
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
        has_sources: whether something answers in the place of Hub and GitHub.
    """

    folder: Path
    cloud: Cloud
    stage: str
    database_url: str
    function_variables: dict[str, str]
    operators: dict[str, str]
    urls: dict[str, str]
    password: str
    has_sources: bool

    @property
    def function(self) -> str:
        return f"{PROJECT}-{self.stage}"

    def write_variables(self, **changes: str) -> None:
        """Write the file that the operator's REGISTRY_ENV_FILE names."""
        self.function_variables |= changes
        lines = [f"{name}={value}\n" for name, value in self.function_variables.items()]
        path = Path(self.operators["REGISTRY_ENV_FILE"])
        path.write_text("".join(lines), encoding="utf-8")


@contextlib.contextmanager
def a_world(
    folder: Path, *, stage: str = "rehearsal", instances_max: int = INSTANCES_MAX
) -> Iterator[World]:
    """Start everything, and end it with the block. Needs DATABASE_URL, of a server to write to."""
    function = f"{PROJECT}-{stage}"
    with contextlib.ExitStack() as stack:
        database_url = stack.enter_context(a_database(os.environ["DATABASE_URL"]))
        bucket = stack.enter_context(seaweed.serve(folder / "bucket"))
        make_bucket(bucket)
        sources = stack.enter_context(sources_stand_in(folder))
        keys = {
            "AWS_ACCESS_KEY_ID": seaweed.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": seaweed.SECRET_KEY,
        }
        cloud = stack.enter_context(Cloud(folder / "cloud", keys=keys, instances_max=instances_max))
        cloud.client("s3").create_bucket(Bucket=DEPLOYMENT_BUCKET)
        role = provide_role(
            cloud,
            ROLE,
            trust=(ROOT / "deployment/trust.json").read_text(encoding="utf-8"),
            policy=json.dumps(policy_for(function=function, bucket=REGISTRY_BUCKET)),
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
            function_variables={
                "SECRET_KEY": secrets.token_urlsafe(50),
                "DATABASE_URL": database_url,
                "DJANGO_ALLOWED_HOSTS": "127.0.0.1,.amazonaws.com",
                "REGISTRY_ADMIN_PASSWORD": password,
                "REGISTRY_BASE_URL": own_domain.url,
                "AWS_STORAGE_BUCKET_NAME": REGISTRY_BUCKET,
                "AWS_ENDPOINT_URL": bucket.url,
                "AWS_ENDPOINT_URL_LAMBDA": cloud.server.url,
                **sources,
            },
            operators={
                **{name: value for name, value in os.environ.items() if name not in FOREIGN},
                **cloud.operators,
                "REGISTRY_ENV_FILE": str(folder / "function.env"),
                "REGISTRY_ROLE_ARN": role,
                "REGISTRY_DEPLOYMENT_BUCKET": DEPLOYMENT_BUCKET,
                "REGISTRY_ADMIN_PASSWORD": password,
            },
            urls=urls,
            password=password,
            has_sources=bool(sources),
        )
        world.write_variables()
        yield world


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


def make_bucket(server: seaweed.Seaweed) -> None:
    """Make the registry's bucket as docs/operations.md tells its operator to."""
    client = server.client()
    client.create_bucket(Bucket=REGISTRY_BUCKET)
    client.put_bucket_lifecycle_configuration(
        Bucket=REGISTRY_BUCKET,
        LifecycleConfiguration={
            "Rules": [
                {
                    "ID": "abort-incomplete-uploads",
                    "Status": "Enabled",
                    "Filter": {"Prefix": ""},
                    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
                }
            ]
        },
    )
    client.put_bucket_cors(
        Bucket=REGISTRY_BUCKET,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedMethods": ["GET", "HEAD", "PUT"],
                    "AllowedOrigins": ["*"],
                    "AllowedHeaders": ["*"],
                    "ExposeHeaders": ["ETag"],
                }
            ]
        },
    )


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
        known = ("HF_ENDPOINT", "GITHUB_API_URL", "GITHUB_WEB_URL", "KAGGLE_URL")
        known += ("REGISTRY_PRIVATE_HOSTS",)
        pairs = (word.partition("=") for word in shlex.split(text, comments=True))
        found = {name: value for name, _, value in pairs if name in known}
        yield {**found, "HF_TOKEN": "stand-in", "GITHUB_TOKEN": "stand-in"}
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    """Start a world and keep it until Ctrl-C or SIGTERM."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    folder = Path(tempfile.mkdtemp(prefix="registry-world-"))
    folder.chmod(0o755)
    try:
        with a_world(folder) as world:
            new = {n: v for n, v in world.operators.items() if os.environ.get(n) != v}
            for name, value in new.items():
                print(f"export {name}={value}")
            for name, url in world.urls.items():
                print(f"# {name}: {url}")
            print("# ready", flush=True)
            ended.wait()
    finally:
        remove_folder(folder)


if __name__ == "__main__":
    main()
