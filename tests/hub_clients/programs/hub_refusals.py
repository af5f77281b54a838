"""What huggingface_hub and `hf` say of refusals and of what is missing. Run by its environment."""

import logging
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import huggingface_hub
from asked import (
    FACTS,
    check,
    empty_cache,
    equal,
    error_of,
    files_below,
    kind_of,
    run,
    sha256,
    withdraw,
)
from huggingface_hub import HfApi, hf_hub_download, snapshot_download

logging.disable(logging.CRITICAL)

MODEL = FACTS["model"]
ID, SHA, FILES = MODEL["id"], MODEL["sha"], MODEL["files"]
SMALL, LARGE = "config.json", "model.safetensors"
NOWHERE = "0123456789abcdef0123456789abcdef01234567"
IS_OLD = huggingface_hub.__version__.startswith("0.")
HF = Path(sys.executable).with_name("hf")
api = HfApi()


def command(*words: str, **environment: str) -> tuple[int, str]:
    """Run `hf`; return its status and what it printed."""
    done = subprocess.run(
        [HF, *words], env=os.environ | environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@check("what is not there is named: file, revision, commit, repository")
def _():
    missing = "EntryNotFoundError" if IS_OLD else "RemoteEntryNotFoundError"
    equal(kind_of(hf_hub_download, ID, "no/such.file"), missing)
    for revision in ("nope", NOWHERE):
        equal(kind_of(hf_hub_download, ID, SMALL, revision=revision), "RevisionNotFoundError")
    equal(kind_of(hf_hub_download, "acme/nope", SMALL), "RepositoryNotFoundError")
    equal(kind_of(api.model_info, "acme/nope"), "RepositoryNotFoundError")


@check("no token, and a wrong one: refused, with our sentence")
def _():
    for token in (False, "hf_" + "x" * 43):
        with empty_cache():
            error = error_of(HfApi(token=token).model_info, ID)
            equal("401" in str(error), True)
            refused = error_of(hf_hub_download, ID, SMALL, token=token)
            equal("check your internet connection" in str(refused).lower(), False)
    equal("Error" in kind_of(lambda: HfApi(token="hf_" + "x" * 43).whoami()), True)


@check("who may not download is told so, and sees what may be seen")
def _():
    narrow = FACTS["tokens"]["narrow"]
    with empty_cache():
        equal(HfApi(token=narrow).model_info(ID).sha, SHA)
        error = error_of(hf_hub_download, ID, SMALL, token=narrow)
        equal(type(error).__name__, "GatedRepoError")
        equal("permission" in str(error), True)
    equal(kind_of(HfApi(token=narrow).auth_check, ID), "GatedRepoError")


@check("what the registry does not keep is refused with the reason")
def _():
    with empty_cache():
        error = error_of(hf_hub_download, FACTS["not_kept"]["id"], LARGE)
    equal(type(error).__name__, "GatedRepoError")
    equal(FACTS["not_kept"]["says"] in str(error), True)


@check("hf download: a file, a folder, a revision, a pattern; hf auth whoami")
def _():
    with tempfile.TemporaryDirectory() as folder:
        status, said = command("download", ID, SMALL, "--local-dir", folder)
        equal((status, sha256(Path(folder) / SMALL)), (0, FILES[SMALL]))
        status, said = command("download", ID, "--revision", SHA, "--local-dir", folder)
        equal((status, files_below(folder)), (0, FILES))
    with tempfile.TemporaryDirectory() as folder:
        status, said = command("download", ID, "--include", "*.txt", "--local-dir", folder)
        equal(
            (status, set(files_below(folder))),
            (0, {each for each in FILES if each.endswith(".txt")}),
        )
    status, said = command("auth", "whoami")
    equal((status, FACTS["user"] in said), (0, True))


@check("hf download says what is missing, and what is refused")
def _():
    status, said = command("download", "acme/nope")
    equal((status != 0, "not found" in said.lower()), (True, True))
    with tempfile.TemporaryDirectory() as home:
        narrow = {"HF_TOKEN": FACTS["tokens"]["narrow"], "HF_HOME": home}
        status, said = command("download", ID, SMALL, **narrow)
    equal((status != 0, "internet connection" in said), (True, False))


@check("a withdrawn model: RevisionNotFound, also for whoever has it in a cache")
def _():
    brief = FACTS["withdrawn"].pop()
    with empty_cache():
        equal(files_below(snapshot_download(brief["id"])), brief["files"])
        withdraw(brief)
        for call in (
            lambda: hf_hub_download(brief["id"], SMALL),
            lambda: snapshot_download(brief["id"]),
            lambda: api.model_info(brief["id"], revision="main"),
        ):
            equal(kind_of(call), "RevisionNotFoundError")
    equal(api.repo_exists(brief["id"]), False)


run()
