"""What huggingface_hub and `hf` send into the registry, Xet being off. Run by its environment."""

import hashlib
import json
import logging
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import huggingface_hub
from asked import FACTS, Skipped, check, empty_cache, equal, error_of, files_below, run
from huggingface_hub import CommitOperationDelete, HfApi, snapshot_download
from huggingface_hub.utils import disable_progress_bars

disable_progress_bars()
logging.disable(logging.CRITICAL)

OWNER = FACTS["owner"]
NAME = f"{OWNER}/written-by-{os.getpid()}"
SENT = f"{OWNER}/sent-by-{os.getpid()}"
LARGE_BYTES = 6_000_000
api = HfApi()


def demand_a_client_that_can() -> None:
    """Skip what 0.x cannot do: it takes the path of HF_ENDPOINT for the kind of a repository."""
    if huggingface_hub.__version__.startswith("0.") and urlsplit(FACTS["endpoint"]).path:
        raise Skipped("releases before 1.0 write to an HF_ENDPOINT without a path only")


def fill(folder: Path) -> dict[str, str]:
    """Lay a small model down; return its digests."""
    (folder / "config.json").write_text('{"model_type": "bert"}')
    tensor = {"dtype": "U8", "shape": [LARGE_BYTES], "data_offsets": [0, LARGE_BYTES]}
    header = json.dumps({"w": tensor}).encode()
    data = struct.pack("<Q", len(header)) + header + os.urandom(LARGE_BYTES)
    (folder / "model.safetensors").write_bytes(data)
    (folder / "sub").mkdir()
    (folder / "sub" / "a b.txt").write_text("a\n")
    return files_below(folder)


@check("create_repo, once and again; upload_file; the commit that it says is there")
def _():
    demand_a_client_that_can()
    api.create_repo(NAME)
    api.create_repo(NAME, exist_ok=True)
    api.upload_file(path_or_fileobj=b"hello", path_in_repo="hello.txt", repo_id=NAME)
    equal("hello.txt" in api.list_repo_files(NAME), True)


@check("upload_folder, with a large file: every byte comes back, the older commit stays")
def _():
    demand_a_client_that_can()
    first = api.model_info(NAME).sha
    with tempfile.TemporaryDirectory() as folder:
        sent = fill(Path(folder))
        said = api.upload_folder(folder_path=folder, repo_id=NAME, commit_message="a folder")
    equal(api.model_info(NAME).sha, said.oid)
    with empty_cache():
        found = files_below(snapshot_download(NAME))
    wanted = sent | {"hello.txt": hashlib.sha256(b"hello").hexdigest()}
    equal({path: digest for path, digest in found.items() if path != ".gitattributes"}, wanted)
    equal("model.safetensors" in api.list_repo_files(NAME, revision=first), False)


@check("create_commit that deletes, and delete_repo")
def _():
    demand_a_client_that_can()
    deleted = [CommitOperationDelete("hello.txt")]
    api.create_commit(NAME, deleted, commit_message="less")
    equal(api.file_exists(NAME, "hello.txt"), False)
    api.delete_repo(NAME)
    equal(api.repo_exists(NAME), False)


@check("hf upload of a folder, and hf download of it")
def _():
    demand_a_client_that_can()
    hf = Path(sys.executable).with_name("hf")
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as back:
        sent = fill(Path(folder))
        for words in (("upload", SENT, folder), ("download", SENT, "--local-dir", back)):
            done = subprocess.run([hf, *words], capture_output=True, text=True, check=False)
            equal((done.returncode, done.stderr[-300:] if done.returncode else ""), (0, ""))
        found = files_below(back)
    equal({path: digest for path, digest in found.items() if path in sent}, sent)
    api.delete_repo(SENT)


@check("somebody else's name, and a token that only reads, write nothing")
def _():
    foreign = error_of(api.create_repo, "registry.somebody-else/mine")
    equal("403" in str(foreign), True)
    reading = HfApi(token=FACTS["tokens"]["reader"])
    equal("403" in str(error_of(reading.create_repo, f"{OWNER}/not-mine")), True)


run()
