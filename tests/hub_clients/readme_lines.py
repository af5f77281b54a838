"""The README's lines for the Hub's clients, run as they stand but for names of this ground."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests import readme
from tests.hub_clients.driving import LIMIT_S, environment, python_of
from tests.hub_clients.populating import WRITER
from tests.hub_clients.tally import Failed


def run(facts: Mapping[str, Any], where: str, *, loads: bool) -> str:
    """Run them in a client's environment; return how many there were.

    Args:
        loads: whether the environment has transformers; without, the line that needs it is left
            out.

    Raises:
        Failed: one ended with an error.
    """
    known = {
        "http://127.0.0.1:8000": facts["endpoint"],
        "openai/whisper-tiny": facts["model"]["id"],
        "registry.ME": f"registry.{WRITER}",
    }
    wanted = [
        line for line in readme.hub_lines().splitlines() if loads or "transformers" not in line
    ]
    script = "\n".join(wanted)
    for name, here in known.items():
        if name not in script:
            raise Failed(f"the README's lines no longer name {name}")
        script = script.replace(name, here)
    with tempfile.TemporaryDirectory(prefix="hub-readme-") as home:
        folder = Path(home) / "my-model"
        folder.mkdir()
        (folder / "README.md").write_text("---\nlicense: mit\n---\n# Mine\n", encoding="utf-8")
        told = environment(facts, Path(home), facts["tokens"]["writer"])
        told |= {
            "PATH": f"{python_of(where).parent}:{told['PATH']}",
            "TOKEN": f"bearer {told['HF_TOKEN']}",
        }
        del told["HF_ENDPOINT"], told["HF_TOKEN"], told["HF_HUB_DISABLE_XET"]
        done = subprocess.run(
            ["/bin/bash", "-euc", script],
            env=told, cwd=home, capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    if done.returncode:
        raise Failed(f"status {done.returncode}: {(done.stderr or done.stdout)[-600:]}")
    return f"{len(wanted)} lines"
