"""How many requests a snapshot costs, counted in the registry's log."""

import json
import subprocess
import tempfile
from pathlib import Path

from tests.hub_clients.driving import environment, python_of
from tests.hub_clients.grounds import Ground
from tests.hub_clients.populating import Populated
from tests.hub_clients.tally import Failed

# Each file costs two; the revision, the tree and what asks who drives the client, three together.
BESIDE_FILES_MAX = 3
CONTENT = "content/<str:token>"
PROGRAM = """
import json, os
import huggingface_hub
facts = json.load(open(os.environ["HUB_CLIENTS_FACTS"]))
huggingface_hub.snapshot_download(facts["many"]["id"])
"""


def count(populated: Populated, where: str) -> str:
    """Fetch a snapshot of many files; return how many requests it cost.

    Raises:
        Failed: more than two for each file and three beside them.
    """
    ground, facts = populated.ground, populated.for_one_client(withdrawn=0)
    before = _requests(ground)
    with tempfile.TemporaryDirectory() as home:
        subprocess.run(
            [python_of(where), "-c", PROGRAM],
            env=environment(facts, Path(home)),
            cwd=home,
            check=True,
            capture_output=True,
            timeout=300,
        )
    # The bytes of a registry of one machine come from it, too: they are the bucket's requests.
    asked = [each for each in _requests(ground)[len(before) :] if not each.endswith(CONTENT)]
    files = len(facts["many"]["files"])
    if len(asked) > 2 * files + BESIDE_FILES_MAX:
        raise Failed(f"{len(asked)} requests for {files} files: {sorted(asked)[-5:]}")
    if len(asked) < files:
        raise Failed(f"the log tells of {len(asked)} requests for {files} files")
    return f"{len(asked)} requests for {files} files"


def _requests(ground: Ground) -> list[str]:
    """Return method and route of all requests so far: each has one line (docs/events.md)."""
    lines = ground.registry.log.read_text(encoding="utf-8").splitlines()
    told = [json.loads(line) for line in lines if line.startswith("{")]
    return [f"{each['method']} {each['route']}" for each in told if "duration_ms" in each]
