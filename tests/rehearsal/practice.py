"""`make cloud STAGE=...`: an empty account of AWS on this machine, to practise the runbook in.

Starts what the rehearsal starts, says what to export and what to try first, and keeps everything
up until Ctrl-C, which leaves nothing behind. Commands are given in a checkout of its own, so
nothing of the working tree changes.
"""

import argparse
import os
import shlex
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from registry_site import release
from tests.rehearsal.cloud import FOREIGN, remove_folder
from tests.rehearsal.deployer import Deployer
from tests.rehearsal.rights import allow_function_url
from tests.rehearsal.runbook import EXAMPLES, PLACEHOLDERS
from tests.rehearsal.world import DEPLOYMENT_BUCKET, ROOT, World, a_world

VERSION = f"{release.VERSION}+practice"


def main(arguments: list[str] | None = None) -> int:
    """Keep a cloud up until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(prog="make cloud", description=__doc__)
    parser.add_argument("stage", help="the stage that is going to be deployed")
    parser.add_argument("--tools", type=Path, default=ROOT / ".venv-deploy", help="has Zappa")
    parser.add_argument("--aws", type=Path, default=ROOT / ".venv-aws", help="has AWS's commands")
    asked = parser.parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    folder = Path(tempfile.mkdtemp(prefix="registry-cloud-"))
    folder.chmod(0o755)
    try:
        with a_world(folder, stage=asked.stage, tools=asked.tools) as world:
            deployer = Deployer(
                folder / "checkout",
                tools=asked.tools,
                aws=asked.aws,
                stage=asked.stage,
                environment=world.operators,
            )
            deployer.release(VERSION)
            allow_function_url(world.cloud, world.function, world.role, DEPLOYMENT_BUCKET)
            world.cloud.tick(world.function, "due_tasks")
            for name, keys in people(world).items():
                deployer.become(keys)
                text = exports(deployer.environment)
                (folder / f"{name}.env").write_text(text, encoding="utf-8")
            print(instructions(world, deployer), flush=True)
            ended.wait()
    finally:
        remove_folder(folder)
    return 0


def people(world: World) -> dict[str, dict[str, str]]:
    """Return who gives commands of the runbook, each with an environment of his own."""
    return {
        "owner": world.owners,
        "operator": world.operators,
        "caretaker": world.operators | world.caretakers,
    }


def exports(given: Mapping[str, str]) -> str:
    """Return the lines of a file to `source`: what leads every command to this cloud."""
    changed = {name: value for name, value in given.items() if os.environ.get(name) != value}
    lines = [f"unset {' '.join(FOREIGN)}"]
    lines += [f"export {name}={shlex.quote(value)}" for name, value in sorted(changed.items())]
    return "\n".join(lines) + "\n"


def instructions(world: World, deployer: Deployer) -> str:
    """Say what to type, what stands for what, and where to look."""
    meanings = {**PLACEHOLDERS, **EXAMPLES}
    table = [
        f"  {name:<30} {value}    ({meanings[name]})" for name, value in world.placeholders.items()
    ]
    sources = (
        f"the ones of a stand-in; artifacts are listed in {world.folder / 'sources.log'}"
        if world.has_sources
        else "the real ones, if this machine reaches them"
    )
    return f"""
The cloud is up and empty. In another terminal:

  cd {deployer.folder}
  source ../owner.env         # who owns the account: "Preparing the account", "Alarms" and
                              # "Behind RDS Proxy"
  source ../operator.env      # who deploys, with the rights he was given: everything else
  source ../caretaker.env     # who works with the content by hand

What operator.env exports (AWS's commands, Zappa and make reach this cloud and no other):

{(world.folder / "operator.env").read_text(encoding="utf-8")}
Follow docs/operations.md from "Preparing the account" on, with STAGE={world.stage} where it says
production. What its capitals stand for here:

{chr(10).join(table)}

The file of variables is written: {world.home}/registry-{world.stage}.env
Once deployed, the registry answers at {world.urls["rest"]} (API Gateway, own domain) and at
{world.urls["prefixed"]} (with the stage in the path, as AWS gives it).
Its default administrator's password is {world.password}

Try first:

  aws s3api list-buckets
  make releases STAGE={world.stage}        # after `make deploy`
  curl -s {world.urls["rest"]}/health

Logs: {world.folder}/cloud/instances (one folder an instance), {deployer.log.parent}
Sources: {sources}
Ctrl-C here ends everything and removes it.
ready
"""


if __name__ == "__main__":
    sys.exit(main())
