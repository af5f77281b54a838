"""What functions run on: Node.js, or a Python and Lambda's runtime client for it.

These two come from a virtual environment: that of the tests for functions of a few lines, that of
the deployment for the package, which is made for its Python and no other.
"""

import importlib.metadata
import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

# The one that functions of tests run on, that of the tests.
OWN_RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
CLIENT = ("awslambdaric", "simplejson", "snapshot-restore-py")
LOOK = """
import json, sys, sysconfig
name = f"python{sys.version_info[0]}.{sys.version_info[1]}"
print(json.dumps([name, sys._base_executable, sysconfig.get_path("platlib")]))
"""


BOOTSTRAP = """
import os, sys
task, client, handler = sys.argv[1:]
sys.path[:] = [task, *(path for path in sys.path if "-packages" not in path), client]
os.chdir(task)
from awslambdaric.__main__ import main
main(["bootstrap", handler])
"""
NODE_BOOTSTRAP = Path(__file__).with_name("node_bootstrap.mjs")


class Runtime(Protocol):
    """One of Lambda's runtimes.

    Attributes:
        name: what Lambda calls it, as in `python3.13`.
    """

    @property
    def name(self) -> str: ...

    def command(self, task: Path, handler: str) -> list[str | Path]:
        """Return what runs a handler of the code in a folder."""
        ...


@dataclass(frozen=True)
class NodeRuntime:
    """Node.js, with a client of our own.

    Attributes:
        node: its path.
    """

    name: str
    node: str

    def command(self, task: Path, handler: str) -> list[str | Path]:
        """Return what runs a handler of the code in a folder."""
        return [self.node, NODE_BOOTSTRAP, task, handler]


@dataclass(frozen=True)
class PythonRuntime:
    """A Python, with Lambda's own client.

    Attributes:
        name: what Lambda calls it, as in `python3.13`.
        python: the interpreter, outside of any virtual environment.
        client: a folder with the runtime client, what it needs, and nothing else.
    """

    name: str
    python: str
    client: Path

    def command(self, task: Path, handler: str) -> list[str | Path]:
        """Return what runs a handler of the code in a folder."""
        return [self.python, "-I", "-S", "-c", BOOTSTRAP, task, self.client, handler]


def provide_runtime(environment: Path, client: Path) -> PythonRuntime:
    """Return the runtime of a virtual environment, with its client copied into a folder."""
    command: list[str | Path] = [environment / "bin" / "python", "-c", LOOK]
    looked = subprocess.run(command, check=True, capture_output=True, text=True)
    name, python, packages = json.loads(looked.stdout)
    for wanted in CLIENT:
        found = list(importlib.metadata.distributions(name=wanted, path=[packages]))
        if not found:
            raise FileNotFoundError(f"{wanted} is not in {environment}: make environments")
        for file in found[0].files or ():
            if file.suffix == ".pyc" or ".." in file.parts:
                continue
            target = client / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.locate(), target)
    return PythonRuntime(name, python, client)
