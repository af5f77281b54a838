"""From a URL to the downloaded bytes: through the web server, the worker and a signed link.

The registry runs as processes, as `make run` starts them, and fetches from a server of loopback.
"""

import io
import json
import struct
import zipfile
from collections.abc import Callable, Iterator

import pytest

from tests.fakes import loopback, repositories
from tests.fakes.loopback import Loopback
from tests.fakes.repositories import Files
from tests.performance.registry import Registry
from tests.processes import eventually

CARD = b"---\nlicense: mit\n---\n# Something to trust\n\nIt says what it does, and does it.\n"


def weights(data: bytes) -> bytes:
    tensor = {"dtype": "U8", "shape": [len(data)], "data_offsets": [0, len(data)]}
    header = json.dumps({"w": tensor}).encode()
    return struct.pack("<Q", len(header)) + header + data


MODEL = {
    "README.md": CARD,
    "config.json": b'{"model_type": "bert"}',
    "model.safetensors": weights(bytes(range(256)) * 9_000),
}
DATASET = {
    "README.md": CARD,
    "data/train.parquet": b"PAR1" + bytes(range(256)) * 3_000 + b"PAR1",
    "data/labels.csv": "id,label\n1,ß\n".encode(),
}
CODE = {
    "README.md": CARD,
    "LICENSE": b"MIT License",
    "src/train.py": b"print('trained')\n",
    "src/empty.py": b"",
}


@pytest.fixture(scope="module")
def sources() -> Iterator[Loopback]:
    with loopback.serve() as server:
        yield server


@pytest.fixture(scope="module")
def registry(sources: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    found = Registry(
        tmp_path_factory.mktemp("journey") / "data",
        sources.url,
        GITHUB_API_URL=sources.url,
        GITHUB_TOKEN="of-the-journey",
    )
    found.start()
    found.sign_in()
    yield found
    found.stop()


def download(registry: Registry, path: str) -> Files:
    """Wait for the worker, and return what the zip holds."""
    assert eventually(lambda: registry.ask("GET", path)[0] == 200)
    with zipfile.ZipFile(io.BytesIO(registry.ask("GET", path)[1])) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


@pytest.mark.parametrize(
    ("artifact_type", "publish", "files", "url"),
    [
        ("model", repositories.publish_model, MODEL, "https://huggingface.co/acme/robot"),
        (
            "dataset",
            repositories.publish_dataset,
            DATASET,
            "https://huggingface.co/datasets/acme/words",
        ),
        ("code", repositories.publish_code, CODE, "https://github.com/acme/robot"),
    ],
    ids=["model", "dataset", "code"],
)
def test_journey_when_an_artifact_is_registered_by_url_then_its_source_s_bytes_are_downloaded(
    registry: Registry,
    sources: Loopback,
    artifact_type: str,
    publish: Callable[[Loopback, str, Files], None],
    files: Files,
    url: str,
) -> None:
    publish(sources, "/".join(url.split("/")[-2:]), files)
    status, registered = registry.ask("POST", f"/artifact/{artifact_type}", {"url": url})
    assert status == 201, registered
    path = f"/artifacts/{artifact_type}/{registered['metadata']['id']}"
    assert registry.ask("GET", path)[1]["data"]["url"] == url
    assert download(registry, f"{path}/download") == files
