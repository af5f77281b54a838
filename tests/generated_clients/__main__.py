"""Clients generated from the schema, used against a real registry: `make generated-clients`.

One in Python, by openapi-python-client, and one in TypeScript, by openapi-typescript. Each signs
in, registers a model of a Hub on loopback, finds it, rates it and downloads it, with nothing but
what was generated. The schema is the one that the registry serves.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.fakes import hub_server
from tests.performance.registry import PASSWORD, ROOT, USER, Registry

HERE = Path(__file__).parent
BUILD = ROOT / "build" / "clients"
LIMIT_S = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--venv", default=".venv-clients", help="where the generator is installed")
    venv = ROOT / parser.parse_args().venv / "bin"
    shutil.rmtree(BUILD, ignore_errors=True)
    BUILD.mkdir(parents=True)
    hub, hub_url = hub_server.start()
    registry = Registry(BUILD / "data", hub_url)
    registry.start()
    try:
        schema = BUILD / "schema.json"
        schema.write_bytes(_fetched(registry))
        environment = os.environ | {
            "REGISTRY_URL": registry.url,
            "REGISTRY_USER": USER,
            "REGISTRY_PASSWORD": PASSWORD,
        }
        _use_python(venv, schema, environment)
        is_whole = _use_typescript(schema, environment)
    finally:
        registry.stop()
        hub.shutdown()
        hub.server_close()
    print("2 passed, 0 failed" if is_whole else "1 passed, 0 failed, 1 skipped")
    return 0


def _fetched(registry: Registry) -> bytes:
    """The schema as a client's author would fetch it."""
    status, schema = registry.ask("GET", "/schema?format=json")
    if status != 200:
        raise RuntimeError(f"/schema answered {status}")
    return json.dumps(schema).encode()


def _use_python(venv: Path, schema: Path, environment: dict[str, str]) -> None:
    folder = BUILD / "python"
    folder.mkdir()
    config = folder / "generator.yaml"
    # The generator's own: it would format what it made with ruff.
    config.write_text("post_hooks: []\n", encoding="utf-8")
    _run(
        str(venv / "openapi-python-client"), "generate", "--path", str(schema), "--meta", "none",
        "--fail-on-warning", "--config", str(config),
        "--output-path", str(folder / "registry_client"),
    )  # fmt: skip
    python = str(venv / "python")
    _run(python, str(HERE / "journey.py"), env=environment | {"PYTHONPATH": str(folder)})


def _use_typescript(schema: Path, environment: dict[str, str]) -> bool:
    """Use the client in TypeScript; False where there is nothing to run it with."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        print("skipped: the client in TypeScript, because node or npm is not on this machine")
        return False
    folder = BUILD / "typescript"
    shutil.copytree(HERE / "typescript", folder)
    _run(npm, "ci", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", cwd=folder)
    binaries = folder / "node_modules" / ".bin"
    _run(str(binaries / "openapi-typescript"), str(schema), "--output", "schema.d.ts", cwd=folder)
    _run(str(binaries / "tsc"), cwd=folder)
    _run(node, "out/journey.js", cwd=folder, env=environment)
    return True


def _run(*command: str, cwd: Path | None = None, env: dict[str, str] | None = None) -> None:
    subprocess.run(command, check=True, timeout=LIMIT_S, cwd=cwd, env=env)


if __name__ == "__main__":
    sys.exit(main())
