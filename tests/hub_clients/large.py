"""A gigabyte arrives whole although its download breaks three times and its links expire."""

import json
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.fakes import hub_server, seaweed
from tests.hub_clients.cutting import CuttingProxy
from tests.hub_clients.driving import environment, python_of
from tests.hub_clients.grounds import BUCKET
from tests.hub_clients.populating import Broken, token_of
from tests.hub_clients.tally import Failed
from tests.performance.registry import PASSWORD, USER, Registry

SIZE_BYTES = 1_000_000_000
CUTS = 3
KEPT_WITHIN_S = 400.0
# A release that does not go on within a call goes on at the next one.
CALLS_MAX = CUTS + 1
PROGRAM = """
import hashlib, json, os, sys
import huggingface_hub
facts = json.load(open(os.environ["HUB_CLIENTS_FACTS"]))
for call in range(facts["calls_max"]):
    try:
        path = huggingface_hub.hf_hub_download(facts["id"], "model.safetensors")
        break
    except Exception as error:
        print(type(error).__name__, str(error)[:200], file=sys.stderr)
else:
    sys.exit("it never came")
with open(path, "rb") as file:
    print(json.dumps([hashlib.file_digest(file, "sha256").hexdigest(), call + 1]))
"""


class LargeModel:
    """A registry that keeps a large model in a bucket, on a way that breaks."""

    def __init__(self, registry: Registry, way: CuttingProxy, repository: str) -> None:
        self.registry = registry
        self.way = way
        self.repository = repository

    def fetch(self, where: str, *, expires: bool) -> str:
        """Fetch it while the way breaks; return how it went.

        Raises:
            Failed: other bytes came, or too many, or none.
        """
        self.way.begin([SIZE_BYTES // (CUTS + 1)] * CUTS, expires=expires)
        facts = {
            "endpoint": self.registry.url,
            "id": self.repository,
            "calls_max": CALLS_MAX,
            "tokens": {"reader": token_of(self.registry, USER, PASSWORD)},
        }
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="hub-large-") as home:
            done = subprocess.run(
                [python_of(where), "-c", PROGRAM],
                env=environment(facts, Path(home)) | {"HF_HUB_DOWNLOAD_TIMEOUT": "30"},
                cwd=home,
                capture_output=True,
                text=True,
                timeout=KEPT_WITHIN_S,
                check=False,
            )
        if done.returncode:
            raise Failed(f"{done.stderr[-500:]} ({self.way.asked})")
        digest, calls = json.loads(done.stdout)
        if digest != hub_server.weights_digest(self.repository):
            raise Failed(f"other bytes came: {digest}")
        ranges = [asked for asked, _ in self.way.asked]
        if self.way.cuts or len(ranges) != CUTS + 1 or not all(ranges[1:]):
            raise Failed(f"{len(self.way.cuts)} cuts were left, and asked for was {ranges}")
        if any(was_expired for _, was_expired in self.way.asked):
            raise Failed("a link that had expired was used again")
        return f"{calls} calls, {ranges[1:]}, {time.monotonic() - started:.0f} s"


@contextmanager
def large_model(folder: Path) -> Iterator[LargeModel]:
    """Register a model of a gigabyte, and wait until the bucket has it."""
    with ExitStack() as stack:
        server = stack.enter_context(seaweed.serve(folder / "s3"))
        server.client().create_bucket(Bucket=BUCKET)
        way = CuttingProxy(server.port)
        stack.callback(way.close)
        hub, hub_url = hub_server.start()
        stack.callback(hub.server_close)
        stack.callback(hub.shutdown)
        settings = server.environment | {
            "REGISTRY_STORAGE": "s3",
            "AWS_STORAGE_BUCKET_NAME": BUCKET,
            "AWS_ENDPOINT_URL": way.url,
        }
        registry = Registry(folder / "data", hub_url, **settings)
        registry.start()
        stack.callback(registry.stop)
        registry.sign_in()
        repository = f"acme/large-{SIZE_BYTES}"
        url = f"https://huggingface.co/{repository}"
        status, made = registry.ask("POST", "/artifact/model", {"url": url})
        if status != 201:
            raise Broken(f"registering {url} answered {status}: {made}")
        _wait(registry, made["metadata"]["id"])
        yield LargeModel(registry, way, repository)


def _wait(registry: Registry, artifact_id: str) -> Any:
    """Wait until the bytes are kept; the card's bundle is made after all of them."""
    ends_at = time.monotonic() + KEPT_WITHIN_S
    path = f"/artifacts/model/{artifact_id}/download?part=card"
    while registry.ask("GET", path)[0] != 200:
        if time.monotonic() > ends_at:
            raise Broken(f"{artifact_id} is not kept after {KEPT_WITHIN_S:.0f} s")
        time.sleep(0.5)
