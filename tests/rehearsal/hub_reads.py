"""The Hub's clients through API Gateway: what they rely on, and a real one where it is installed.

A gateway has its own length for the answer to a HEAD, decodes paths, and leads every path with its
stage where no domain of one's own stands before it.
"""

import hashlib
import io
import os
import subprocess
import tempfile
import urllib.parse
import zipfile
from typing import Any
from uuid import uuid4

from deployment.client import Client, exchange
from tests.rehearsal import checks
from tests.rehearsal.checks import USER, ask, require
from tests.rehearsal.story import KEPT_WITHIN_S
from tests.rehearsal.world import ROOT, World

REAL_CLIENT = ROOT / ".venv-hub-2" / "bin" / "python"
FILES = {
    "README.md": b"# Read through a gateway\n",
    "data/deep/lines.jsonl": b'{"id": 1}\n{"id": 2}\n',
    "weights.bin": bytes(range(256)) * 2_000,
}
NESTED = "data/deep/lines.jsonl"
SNAPSHOT = """
import json, os, sys
from huggingface_hub import HfApi, hf_hub_download, snapshot_download
repository, nested = sys.argv[1:]
folder = snapshot_download(repository, repo_type="dataset")
walked = [os.path.join(at, name) for at, _, names in os.walk(folder) for name in names]
found = sorted(os.path.relpath(path, folder) for path in walked)
assert sorted(HfApi().list_repo_files(repository, repo_type="dataset")) == found, found
assert hf_hub_download(repository, nested, repo_type="dataset") == os.path.join(folder, nested)
print(folder)
"""


class Reader:
    """Somebody who reads one data set through one door.

    Attributes:
        url: of the door, with its stage if clients see that.
        site: what the registry has to call this place.
    """

    def __init__(self, world: World, url: str, site: str) -> None:
        self.world = world
        self.url = url
        self.site = site
        self.token = checks.sign_in(url, world.password).removeprefix("bearer ")
        self.repository = ""

    def register(self) -> None:
        """Send the files in as a data set, and wait until they are kept."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for path, data in FILES.items():
                archive.writestr(path, data)
            # The same bytes are registered once, and two doors may have the same site.
            archive.comment = uuid4().bytes
        data = packed.getvalue()
        client = Client(self.url)
        client.token = self.token
        digest = hashlib.sha256(data).hexdigest()
        announced = {"filename": "read.zip", "size_bytes": len(data), "sha256": digest}
        target = client.send("POST", "uploads", data=announced).require(201).json()
        sent = exchange(
            target["method"], target["upload_url"], headers=target["headers"], body=data
        )
        sent.require(200, 201, 204)
        name = f"read-{digest[:8]}-{len(self.site)}"
        made = client.send("POST", "artifact/dataset", data={"url": target["url"], "name": name})
        path = f"artifacts/dataset/{made.require(201).json()['metadata']['id']}/download"
        for _ in range(int(KEPT_WITHIN_S)):
            if client.send("GET", path).status == 302:
                break
            self.world.cloud.fire_schedules(self.world.function, "due_tasks")
            self.world.cloud.functions.settle(1)
        self.repository = f"registry.{USER}/{name}"

    def ask(self, path: str, method: str = "GET") -> tuple[int, Any, dict[str, str]]:
        headers = {"Authorization": f"Bearer {self.token}"}
        return ask(f"{self.url}{path}", method, headers=headers)

    def check_metadata(self) -> str:
        """See that info and tree are whole and pages lead on through here; return the commit."""
        status, info, _ = self.ask(f"/api/datasets/{self.repository}")
        require(status == 200, f"the data set's info answers {status}: {info}")
        tree = f"/api/datasets/{self.repository}/tree/main?recursive=true"
        found: list[str] = []
        for _ in range(len(FILES) + 5):
            status, rows, headers = self.ask(f"{tree}&limit=1")
            require(status == 200, f"the tree answers {status}: {rows}")
            found += [row["path"] for row in rows if row["type"] == "file"]
            link = headers.get("link", "")
            if not link:
                break
            place = link.partition("<")[2].partition(">")[0]
            require(place.startswith(f"{self.site}/api/"), f"Link leads to {place}")
            tree = place.removeprefix(self.site)
        require(sorted(found) == sorted(FILES), f"the tree's pages have {found}")
        return str(info["sha"])

    def check_head(self, commit: str) -> None:
        """See that HEAD answers itself, with the length that a gateway does not replace."""
        for path, data in FILES.items():
            for written in (path, urllib.parse.quote(path, safe="")):
                place = f"/datasets/{self.repository}/resolve/main/{written}"
                status, _, headers = self.ask(place, "HEAD")
                require(status == 200, f"HEAD {place} answers {status}")
                found = headers.get("x-repo-commit"), headers.get("x-linked-size")
                require(found == (commit, str(len(data))), f"HEAD {place} says {headers}")
                require("location" not in headers, f"HEAD {place} leads elsewhere")
        gone = f"/datasets/{self.repository}/resolve/refs%2Fpr%2F1/README.md"
        status, _, headers = self.ask(gone, "HEAD")
        code = headers.get("x-error-code")
        require((status, code) == (404, "RevisionNotFound"), f"HEAD {gone} answers {status} {code}")
        status, _, headers = ask(f"{self.url}/datasets/{self.repository}/resolve/main/README.md")
        require(status == 401 and headers.get("x-error-message"), f"without a token: {status}")

    def check_bytes(self) -> None:
        """See that GET leads to the bucket, and people to the artifact's page."""
        place = f"/datasets/{self.repository}/resolve/main/{NESTED}"
        status, _, headers = self.ask(place)
        require(status == 302, f"GET {place} answers {status}")
        found = exchange("GET", headers["location"]).require(200).body
        require(found == FILES[NESTED], f"{place} has other bytes")
        status, _, headers = self.ask(f"/datasets/{self.repository}")
        location = urllib.parse.urljoin(f"{self.site}/", headers.get("location", ""))
        require(location.startswith(f"{self.site}/"), f"the page is said to be at {location}")

    def check_real_client(self) -> str:
        """Have huggingface_hub read all of it, where it is installed."""
        if not REAL_CLIENT.exists():
            return "no huggingface_hub here: make hub-clients installs it"
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [REAL_CLIENT, "-c", SNAPSHOT, self.repository, NESTED],
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": home,
                    "HF_ENDPOINT": self.url,
                    "HF_TOKEN": self.token,
                    "HF_HUB_DISABLE_TELEMETRY": "1",
                },
                capture_output=True,
                text=True,
                check=False,
            )
        require(done.returncode == 0, f"huggingface_hub: {done.stderr[-1_000:]}")
        return "huggingface_hub took a snapshot"


def check_hub_reads(world: World, url: str, *, host: str = "") -> str:
    """See that the Hub's clients read through a door.

    Args:
        host: under which AWS would be called there; "" for a domain of one's own.
    """
    # The registry is told that its own domain has plain HTTP here; AWS's names have TLS.
    site = f"https://{host}{urllib.parse.urlsplit(url).path}" if host else world.urls["rest"]
    reader = Reader(world, url, site)
    reader.register()
    reader.check_head(reader.check_metadata())
    reader.check_bytes()
    return reader.check_real_client()
