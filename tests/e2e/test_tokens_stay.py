"""Nothing that one pastes sends a token to where the registry redirects: the bucket's host."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest

from artifacts.api import example_code
from artifacts.api.examples import SECTIONS
from artifacts.api.openapi import METHODS, whole_schema
from tests import readme

EXAMPLES = [each for section in SECTIONS for each in section.examples]
TOKEN = "bearer of-the-examples"
NODE = shutil.which("node") or ""
LANGUAGES = {
    "curl": (
        "/bin/bash",
        example_code.SHELL_START,
        " TOKEN='{}' ID=model-1 UPLOAD=1 NAME=sam TOKEN_ID=1\n",
    ),
    "python": (
        sys.executable,
        example_code.PYTHON_START,
        'TOKEN = "{}"; ID = UPLOAD = NAME = TOKEN_ID = "1"\n',
    ),
    "javascript": (
        NODE,
        example_code.JAVASCRIPT_START,
        'TOKEN = "{}"; ID = UPLOAD = NAME = TOKEN_ID = "1";\n',
    ),
}


@dataclass
class Elsewhere:
    """A registry that redirects everything, and what came to the other host."""

    url: str = ""
    with_token: list[str] = field(default_factory=list)
    at_registry: int = 0
    at_bucket: int = 0


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    found = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_registry = self.headers["Host"].startswith("127.0.0.1:")
            found.at_registry += is_registry
            found.at_bucket += not is_registry
            if not is_registry and TOKEN in str(self.headers):
                found.with_token.append(self.path)
            self.send_response(302 if is_registry else 200)
            if is_registry:
                port = cast("HTTPServer", self.server).server_port
                other = f"http://localhost:{port}"
                self.send_header("Location", f"{other}/{self.command}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def run(program: str, script: str, folder: Path, suffix: str = "") -> None:
    """Run a script, whether it likes its answers or not."""
    path = folder / f"script{suffix}"
    path.write_text(script, encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
    subprocess.run(
        [program, str(path)], cwd=folder, env=env, capture_output=True, timeout=60, check=False
    )


def methods() -> dict[str, str]:
    paths = whole_schema()["paths"].values()
    return {
        each["operationId"]: method.upper()
        for path in paths
        for method, each in path.items()
        if method in METHODS
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_examples_when_the_answer_is_elsewhere_then_no_token_goes_there(
    elsewhere, tmp_path, language
):
    program, start, names = LANGUAGES[language]
    if not program:
        pytest.skip("there is no node to run JavaScript")
    begin = example_code.write_start(start, elsewhere.url) + names.format(TOKEN)
    known = methods()
    for each in EXAMPLES:
        code = example_code.write_all(known[each.operation], each, is_open=False)[language]
        run(program, begin + code, tmp_path, ".mjs" if language == "javascript" else "")
    assert elsewhere.at_registry >= len(EXAMPLES)
    # At least the download goes on.
    assert elsewhere.at_bucket
    assert elsewhere.with_token == []


def test_readme_when_the_answer_is_elsewhere_then_no_token_goes_there(elsewhere, tmp_path):
    steps = readme.first_steps().replace("http://127.0.0.1:8000", elsewhere.url)
    steps = re.sub(r"^(TOKEN|ID)=\$\(", r"ANSWER=$(", steps, flags=re.MULTILINE)
    run("/bin/bash", f"TOKEN='{TOKEN}' ID=model-1\n{steps}", tmp_path)
    assert elsewhere.at_registry >= 5
    assert elsewhere.at_bucket
    assert elsewhere.with_token == []
