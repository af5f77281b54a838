"""The commands of an artifact's page, copied out of it and run as they stand there."""

import hashlib
import html
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from tests.fakes import hub_server
from tests.performance.registry import PASSWORD, USER, Registry
from tests.processes import eventually

REPOSITORY = "acme/robot"
WEIGHTS = b"".join(hub_server.weights_bytes(REPOSITORY))


@contextmanager
def running_registry(data: Path) -> Iterator[Registry]:
    server, url = hub_server.start()
    found = Registry(data, url)
    found.start()
    yield found
    found.stop()
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def registry(tmp_path_factory) -> Iterator[Registry]:
    with running_registry(tmp_path_factory.mktemp("commands") / "data") as found:
        found.sign_in()
        yield found


def sign_in(registry: Registry) -> requests.Session:
    """Sign in as a person does."""
    session = requests.Session()
    session.get(f"{registry.url}/sign-in", timeout=60)
    form = {
        "username": USER, "password": PASSWORD,
        "csrfmiddlewaretoken": session.cookies["csrftoken"],
    }  # fmt: skip
    signed_in = session.post(f"{registry.url}/sign-in", data=form, timeout=60)
    assert signed_in.status_code == 200
    return session


@pytest.fixture(scope="module")
def commands(registry) -> Callable[[str], str]:
    """Read a command out of the page, as a person who signed in sees it."""
    body = {"url": f"https://huggingface.co/{REPOSITORY}"}
    status, registered = registry.ask("POST", "/artifact/model", body)
    assert status == 201, registered
    artifact_id = registered["metadata"]["id"]
    path = f"/artifacts/model/{artifact_id}/download?part=weights"
    assert eventually(lambda: registry.ask("GET", path)[0] == 200)
    path = f"/a/{artifact_id}?tab=use&part=weights"
    page = sign_in(registry).get(f"{registry.url}{path}", timeout=60).text

    def read(name: str) -> str:
        beginning = page.index(f'id="command-{name}"')
        start = page.index("<code>", beginning) + len("<code>")
        return html.unescape(page[start : page.index("</code>", start)])

    return read


def token_command(commands: Callable[[str], str]) -> str:
    return commands("token").replace("NAME", USER).replace("PASSWORD", PASSWORD)


def run(
    script: str, folder: Path, programs: str = "/usr/bin:/bin"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/bash", "-c", script], cwd=folder, env={"PATH": programs},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def unpacked(folder: Path) -> bytes:
    return (folder / "robot" / "model.safetensors").read_bytes()


def test_curl_when_pasted_then_the_bytes_are_here_and_compared(commands, tmp_path):
    if shutil.which("unzip") is None:
        pytest.skip("no unzip on this machine")
    ended = run(f"set -e\n{token_command(commands)}\n{commands('curl')}", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert "model.safetensors: OK" in ended.stdout
    assert unpacked(tmp_path) == WEIGHTS


def test_curl_when_the_bytes_are_others_then_it_says_so(commands, tmp_path):
    if shutil.which("unzip") is None:
        pytest.skip("no unzip on this machine")
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    other = commands("curl").replace(digest, "0" * len(digest))
    assert other != commands("curl")
    ended = run(f"set -e\n{token_command(commands)}\n{other}", tmp_path)
    assert ended.returncode != 0
    assert "model.safetensors: FAILED" in ended.stdout


@pytest.fixture
def shasum_alone(tmp_path) -> str:
    """A folder of programs, as on a Mac: with `shasum`, and without `sha256sum`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("bash", "curl", "unzip", "tr", "shasum", "perl"):
        found = shutil.which(name)
        if found is None:
            pytest.skip(f"no {name} on this machine")
        (folder / name).symlink_to(found)
    return str(folder)


def test_curl_when_only_shasum_is_here_then_compared_by_that(commands, tmp_path, shasum_alone):
    ended = run(f"set -e\n{token_command(commands)}\n{commands('curl')}", tmp_path, shasum_alone)
    assert ended.returncode == 0, ended.stderr
    assert "model.safetensors: OK" in ended.stdout


def test_home_when_the_registry_is_empty_then_its_lines_register_as_pasted(tmp_path):
    with running_registry(tmp_path / "data") as registry:
        page = sign_in(registry).get(registry.url, timeout=60).text
        start = page.index("<code>TOKEN=") + len("<code>")
        lines = html.unescape(page[start : page.index("</code>", start)])
        lines = lines.replace("NAME", USER).replace("PASSWORD", PASSWORD)
        lines = lines.replace("openai/whisper-tiny", REPOSITORY)
        # The pipe's status, or a refused sign-in would go unnoticed.
        ended = run(f"set -eo pipefail\n{lines}", tmp_path)
        assert ended.returncode == 0, ended.stderr
        assert json.loads(ended.stdout)["metadata"]["name"] == "robot"


def test_wget_when_pasted_then_the_zip_is_here(commands, tmp_path):
    if shutil.which("wget") is None:
        pytest.skip("no wget on this machine")
    ended = run(f"set -e\n{token_command(commands)}\n{commands('wget')}", tmp_path)
    assert ended.returncode == 0, ended.stderr
    assert WEIGHTS in (tmp_path / "robot.zip").read_bytes()


@pytest.mark.parametrize("is_other", [False, True], ids=["as written", "with another digest"])
def test_python_when_pasted_then_the_bytes_are_here_and_compared(commands, tmp_path, is_other):
    digest = hashlib.sha256(WEIGHTS).hexdigest()
    source = commands("python").replace(digest, "0" * len(digest) if is_other else digest)
    (tmp_path / "fetch.py").write_text(source)
    ended = run(f"set -e\n{token_command(commands)}\n{sys.executable} fetch.py", tmp_path)
    assert unpacked(tmp_path) == WEIGHTS, ended.stderr
    assert (ended.returncode != 0) == is_other
    assert ("model.safetensors has other bytes than revision 1 had" in ended.stderr) == is_other
