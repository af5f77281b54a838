"""The operator and the users of the steps in which something is restored: see `restoring`."""

import hashlib
import io
import json
import os
import secrets
import subprocess
import sys
import time
import urllib.parse
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import psycopg

from deployment.client import Answer, Client, exchange
from tests.fakes import seaweed
from tests.rehearsal import checks
from tests.rehearsal.deployer import CommandFailed, Deployer
from tests.rehearsal.world import REGISTRY_BUCKET, ROOT, World

KEPT_WITHIN_S = 120.0
MEMBER = "payload.bin"
PAYLOAD_BYTES = 50_000


@dataclass
class Story:
    """An operator and the registry's users.

    Attributes:
        promised: the digest of the payload of each artifact that was answered for.
        given: every id that was ever answered.
    """

    world: World
    deployer: Deployer
    url: str
    promised: dict[str, str] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    def client(self) -> Client:
        client = Client(self.url)
        client.token = checks.sign_in(self.url, self.world.password)
        return client

    def upload(self, payload: bytes) -> Answer:
        """Send a zip and register it."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(zipfile.ZipInfo(MEMBER), payload)
        client, data = self.client(), packed.getvalue()
        announced = {
            "filename": "restored.zip",
            "size_bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }
        target = client.send("POST", "uploads", data=announced).require(201).json()
        sent = exchange(
            target["method"], target["upload_url"], headers=target["headers"], body=data
        )
        sent.require(200, 201, 204)
        name = f"restored-{hashlib.sha256(payload).hexdigest()[:8]}"
        return client.send("POST", "artifact/dataset", data={"url": target["url"], "name": name})

    def register(self, *payloads: bytes) -> list[str]:
        """Register these, and wait until their bytes are kept."""
        ids = []
        for payload in payloads:
            answer = self.upload(payload).require(201).json()
            ids.append(str(answer["metadata"]["id"]))
            self.promised[ids[-1]] = hashlib.sha256(payload).hexdigest()
        self.given += ids
        self.check_bytes(ids)
        return ids

    def refuse(self) -> None:
        """See that registering is refused, with the sentence that says what to do."""
        answer = self.upload(some_bytes()).require(503)
        checks.require("rebuild_index" in answer.text(), f"refused otherwise: {answer.text()}")

    def check_bytes(self, ids: list[str]) -> None:
        """See that these artifacts have the bytes that were sent."""
        client = self.client()
        for artifact_id in ids:
            bundle = self._download(client, artifact_id)
            with zipfile.ZipFile(io.BytesIO(bundle.body)) as archive:
                found = hashlib.sha256(archive.read(MEMBER)).hexdigest()
            checks.require(found == self.promised[artifact_id], f"{artifact_id} has other bytes")

    def _download(self, client: Client, artifact_id: str) -> Answer:
        ends_at = time.monotonic() + KEPT_WITHIN_S
        while True:
            answer = client.send("GET", f"artifacts/dataset/{artifact_id}/download")
            if answer.status != 503 or time.monotonic() > ends_at:
                break
            self.world.cloud.fire_schedules(self.world.function, "due_tasks")
            time.sleep(1)
        location = answer.require(302, 307).headers["location"]
        return exchange("GET", urllib.parse.urljoin(answer.url, location)).require(200)

    def end(self) -> str:
        """Let the next day's clean-up run, and see that everything is there."""
        self.deployer.manage("remove_orphans --grace-hours 0")
        self.check_bytes(list(self.promised))
        numbers = [each.split("-")[1] for each in self.given]
        checks.require(len(set(numbers)) == len(numbers), f"numbers given twice: {self.given}")
        settled = checks.settled(self.world)
        return f"{len(self.promised)} artifacts there, none lost, no number twice; {settled}"

    def refused(self, command: str) -> str:
        """See that a command of the registry ends with an error; return what it said."""
        try:
            said = self.deployer.manage(command)
        except CommandFailed as error:
            return str(error)
        raise checks.CheckFailed(f"{command} was not refused: {said}")

    def manage_here(self, command: str) -> str:
        """Run a command as an operator does on a machine that reaches bucket and database."""
        variables = self.world.function_variables | {
            "REGISTRY_STORAGE": "s3",
            "REGISTRY_TASKS": "lambda",
            "DJANGO_SETTINGS_MODULE": "registry_site.settings.production",
            **self.world.caretakers,
            "AWS_REGION": seaweed.REGION,
            "AWS_DEFAULT_REGION": seaweed.REGION,
            "AWS_LAMBDA_FUNCTION_NAME": self.world.function,
        }
        ran = subprocess.run(
            [sys.executable, ROOT / "manage.py", *command.split()],
            cwd=ROOT,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            check=False,
        )
        checks.require(ran.returncode == 0, f"{command}: {ran.stdout}{ran.stderr}")
        return ran.stdout

    def rebuild(self) -> dict[str, str]:
        """Join bucket and database, dry first; both say the same but for their tense."""
        dry = self.deployer.manage("rebuild_index --dry-run").replace("would be ", "")
        said = self.deployer.manage("rebuild_index")
        checks.require(_findings(dry) == _findings(said), f"{dry}\nbut then\n{said}")
        return _findings(said)

    def issues(self) -> set[str]:
        """Return the codes of what health finds."""
        self.world.cloud.fire_schedules(self.world.function, "due_tasks")
        self.world.cloud.functions.settle(checks.SETTLED_WITHIN_S)
        answer = self.client().send("GET", "health/components").require(200).json()
        return {issue["code"] for each in answer["components"] for issue in each["issues"]}

    def dump(self) -> bytes:
        """Take a backup of the database."""
        dump = ("pg_dump", "--format=custom", self.world.database_url)
        return subprocess.run(dump, check=True, capture_output=True).stdout

    def restore(self, backup: bytes | None) -> None:
        """Have the database as it was; without a backup, empty."""
        parts = urllib.parse.urlsplit(self.world.database_url)
        name = parts.path.lstrip("/")
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
            # Who owned it does again: the registry's users act as him.
            connection.execute(f"CREATE DATABASE {name} OWNER {name}_owner")
        if backup is not None:
            back = ("pg_restore", "--dbname", self.world.database_url)
            subprocess.run(back, input=backup, check=True, capture_output=True)
        # An instance that held a connection to what was dropped would answer one request with 503.
        self.world.cloud.functions.recycle()

    def delete_objects(self, *parts: str) -> int:
        """Delete objects whose keys have one of these in them; return how many."""
        client = self.bucket()
        keys = [
            each["Key"]
            for page in client.get_paginator("list_objects_v2").paginate(Bucket=REGISTRY_BUCKET)
            for each in page.get("Contents", ())
            if any(part in each["Key"] for part in parts)
        ]
        for key in keys:
            client.delete_object(Bucket=REGISTRY_BUCKET, Key=key)
        return len(keys)

    def bucket(self) -> Any:
        """Return a client of the bucket's own server, past all policies: it is not the registry."""
        return self.world.bucket.client()

    def moment(self) -> str:
        """Return a moment with nothing of the same second before or after it."""
        time.sleep(1.1)
        found = datetime.now(UTC).isoformat()
        time.sleep(1.1)
        return found


def some_bytes() -> bytes:
    return secrets.token_bytes(PAYLOAD_BYTES)


def _findings(said: str) -> dict[str, str]:
    """Return what a rebuild told beside its log, by finding; artifacts come last in a line."""
    found = {}
    for line in said.splitlines():
        head, colon, names = line.rpartition(": ")
        _, _, what = head.partition(" ")
        if colon and "dataset-" in names and not line.startswith("{"):
            found[what] = json.dumps(sorted(names.split(", ")))
    return found
