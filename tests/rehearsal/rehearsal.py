"""`make rehearsal`: the whole life of a deployment, on this machine, with the real package.

The commands of docs/operations.md are given as they stand there, into a small cloud on loopback;
the uploaded zip runs as Lambda would run it, and every step is judged by what answers over HTTP.
Ends what it starts, also when it is interrupted; logs stay when something went wrong.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deployment.steps import DeploymentFailed, Steps
from tests.rehearsal import checks, programs, restoring
from tests.rehearsal.alarming import check_alarms, remove_alarms
from tests.rehearsal.cloud import remove_folder
from tests.rehearsal.deployer import CommandFailed, Deployer
from tests.rehearsal.hub_reads import check_hub_reads
from tests.rehearsal.rights import allow_function_url, check_rights, check_strangers
from tests.rehearsal.runbook import Place, Runbook
from tests.rehearsal.story import Story
from tests.rehearsal.story_of_instances import instances, last_words
from tests.rehearsal.suite import acceptance
from tests.rehearsal.world import (
    AWS_HOST,
    DEPLOYMENT_BUCKET,
    ROOT,
    TOOLS,
    World,
    a_world,
    url_of_user,
)

# The runbook's own.
STAGE = "production"
VERSIONS = ("0.9.1", "0.9.2", "0.9.3")
# It starts well and answers badly.
BROKEN = "0.9.4"
NO_OTHER_WAY = "strangers come in by its doors only"
# All the suite can give.
POINTS = 322
# What a sample of function-URL events runs.
SAMPLE = "setup,upload,regex,read,download,delete,front-page"
# What a session registers at once: the sequence, the bucket and the tasks of all instances meet.
IDENTITY_COUNT = 2_000
GOAL_ZIPPED_MB = 30
GOAL_UNZIPPED_MB = 110
# What `make` ends with when a command of its does not end with 0.
MAKE_FAILED = 2
FAILURES = (checks.CheckFailed, CommandFailed, DeploymentFailed, AssertionError, OSError)


def main(arguments: list[str] | None = None) -> int:
    """Rehearse; 0 when every step held."""
    parser = argparse.ArgumentParser(prog="make rehearsal", description=__doc__)
    parser.add_argument("--identity-count", type=int, default=IDENTITY_COUNT)
    parser.add_argument("--instances", type=int, default=3, help="that run at the same time")
    parser.add_argument("--tools", type=Path, default=TOOLS, help="has Zappa")
    parser.add_argument("--aws", type=Path, default=ROOT / ".venv-aws", help="has AWS's commands")
    parser.add_argument("--keep", action="store_true", help="keep the logs of a success, too")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="registry-rehearsal-"))
    folder.chmod(0o755)
    steps = Steps()
    held = False
    try:
        with a_world(
            folder, stage=STAGE, instances_max=asked.instances, tools=asked.tools
        ) as world:
            try:
                deployer = Deployer(
                    folder / "checkout",
                    tools=asked.tools,
                    aws=asked.aws,
                    stage=STAGE,
                    environment=world.operators,
                )
                Rehearsal(world, steps, deployer).run(asked.identity_count)
                print(instances(world))
                held = True
            except FAILURES as error:
                print(f"\nWrong: {error}\n{last_words(world)}")
    finally:
        print(steps.summary(), flush=True)
        if held and not asked.keep:
            remove_folder(folder)
        else:
            print(f"Logs: {folder}", flush=True)
    return 0 if held else 1


class Rehearsal:
    """The steps, in their order; the first that does not hold ends it."""

    def __init__(self, world: World, steps: Steps, deployer: Deployer) -> None:
        self.world = world
        self.steps = steps
        self.deployer = deployer
        self.runbook = Runbook(
            deployer.give,
            lambda: world.placeholders,
            take_care=lambda line: deployer.give(line, keys=world.caretakers),
        )
        self.commits: dict[str, str] = {}

    def step(self, name: str, do: Callable[..., Any], *words: Any) -> None:
        """Take one step; what it returns stands in its line."""
        with self.steps.step(name) as line:
            found = do(*words)
            line.note = found if isinstance(found, str) else ""

    def follow(self, place: Place) -> None:
        """Give the commands that the runbook has for a place."""
        self.step(place, self.runbook.follow, place)

    def release(self, number: int) -> None:
        """Make a release in the checkout; the next deployment brings it."""
        self.commits[VERSIONS[number]] = self.deployer.release(VERSIONS[number])

    def answers(self, number: int) -> None:
        """See that a release is live."""
        version = VERSIONS[number]
        words = (self.world.urls["rest"], version, self.commits[version])
        self.step(f"  {version} answers", checks.check_release, *words)

    def run(self, identity_count: int) -> None:
        """Take every step."""
        self.prepare()
        self.serve(identity_count)
        self.watch()
        self.rotate()
        self.change()
        self.restore()
        self.end()

    def prepare(self) -> None:
        """From an empty account to the first release."""
        world, deployer = self.world, self.deployer
        self.release(0)
        deployer.become(world.owners)
        self.follow(Place.ACCOUNT)
        allow_function_url(world.cloud, world.function, world.role, DEPLOYMENT_BUCKET)
        deployer.become(world.operators)
        self.follow(Place.FIRST)
        self.answers(0)
        self.step("  its package", package_size, world)
        self.step("zappa status", status, deployer, world)
        self.step(NO_OTHER_WAY, check_strangers, world.cloud, world.function)

    def serve(self, identity_count: int) -> None:
        """All that the first release has to do."""
        world = self.world
        own, prefixed, by_url = (world.urls[door] for door in ("rest", "prefixed", "url"))
        self.step("staff site, own domain", checks.check_staff_site, world, own)
        self.step(
            "staff site, under the stage",
            lambda: checks.check_staff_site(world, prefixed, host=AWS_HOST),
        )
        self.step("a wake-up brings content", checks.check_woken_tasks, world, own)
        self.step("a lost wake-up is made good", checks.check_lost_wake_up, world, own)
        self.step("Hub's clients, own domain", check_hub_reads, world, own)
        self.step(
            "Hub's clients, under the stage",
            lambda: check_hub_reads(world, prefixed, host=AWS_HOST),
        )
        self.step("Hub's clients, function URL", check_hub_reads, world, by_url)
        self.step("hostile and honest programs", programs.check_walls, world)
        self.step("a program decides about downloads", programs.check_decision, world, own)
        self.step("every schedule fires", checks.check_schedules, world)
        self.step("one token, several instances", checks.check_tokens, world, own)
        world.cloud.tick(world.function, "due_tasks")
        whole: tuple[str, ...] = ("--front-page", "--no-reference", "--min-points", str(POINTS))
        whole += ("--identity-count", str(identity_count))
        self.step("acceptance suite, API Gateway events", acceptance, world, own, *whole)
        sample = ("--groups", SAMPLE)
        self.step("acceptance suite, function-URL events", acceptance, world, by_url, *sample)
        self.follow(Place.SERVING)

    def watch(self) -> None:
        """What whoever owns the account does while the registry serves."""
        operators = self.deployer.environment
        self.deployer.become({**operators, **self.world.cloud.owners})
        self.follow(Place.WATCHING)
        self.step("alarms fit the log", check_alarms, self.world, self.deployer)
        self.step("alarms go", remove_alarms, self.world, self.deployer)
        self.deployer.become(operators)

    def rotate(self) -> None:
        """The registry goes over to the database's other user; old passwords are gone then."""
        self.world.write_variables(DATABASE_URL=url_of_user(self.world.database_url, 1))
        self.follow(Place.ROTATION)
        self.answers(0)

    def change(self) -> None:
        """Releases come, are refused, and are taken back."""
        deploy = self.runbook.find("Update", "make deploy")
        # The function for programs changes with this one: each release keeps its own.
        self.deployer.change_programs()
        self.release(1)
        self.follow(Place.UPDATE)
        self.answers(1)
        own = self.world.urls["rest"]
        self.step("  its programs decide", programs.check_decision, self.world, own)
        self.step(NO_OTHER_WAY, check_strangers, self.world.cloud, self.world.function)
        self.release(2)
        self.step("deploy the third release", self.runbook.run, deploy)
        self.answers(2)
        self.deployer.release(BROKEN, broken=True)
        filled = self.runbook.filled(deploy)
        self.step("deploy a broken release", is_rolled_back, self.deployer, filled)
        self.answers(2)
        self.follow(Place.ROLLBACK)
        # Plain `zappa update` made one more version of it, so N=2 leads there as well.
        self.answers(1)
        self.step("  its programs decide", programs.check_decision, self.world, own)

    def restore(self) -> None:
        """What is lost comes back, in each of the ways that the runbook knows."""
        self.follow(Place.RESTORING)
        story = Story(self.world, self.deployer, self.world.urls["rest"])
        self.step("backups begin", restoring.begin, story)
        for name, variant in restoring.VARIANTS:
            self.step(f"  {name}", variant, story)

    def end(self) -> None:
        """Nothing stays; nothing was left out."""
        world = self.world
        self.step("staff site resets", checks.check_staff_reset, world, world.urls["rest"])
        self.follow(Place.END)
        self.step("  nothing answers", checks.check_gone, world)
        self.step("every command was run", all_were_run, self.runbook)
        self.step("every right is used and needed", check_rights, world.cloud, world.roles)


def status(deployer: Deployer, world: World) -> str:
    """See that Zappa finds what it deployed, and that no more instances may run than was said."""
    said = deployer.zappa("status")
    checks.require(world.function in said, f"zappa status does not know {world.function}:\n{said}")
    client = world.cloud.client("lambda")
    reserved = client.get_function_concurrency(FunctionName=world.function)
    found = str(reserved.get("ReservedConcurrentExecutions"))
    wanted = world.function_variables["REGISTRY_CONCURRENCY"]
    checks.require(found == wanted, f"{found} instances are reserved, not {wanted}")
    return f"{found} instances at once"


def is_rolled_back(deployer: Deployer, deploy: str) -> None:
    """See that a deployment brings back what was live before, after it went live itself."""
    said = deployer.give(deploy, expect=MAKE_FAILED)
    checks.require("is back and answers" in said, f"nothing was rolled back:\n{said}")


def all_were_run(runbook: Runbook) -> str:
    """See that nothing stands in the runbook that was not tried."""
    left = "\n".join(str(command) for command in runbook.not_run())
    checks.require(not left, f"not run:\n{left}")
    return f"{len(runbook.commands)} commands"


def package_size(world: World) -> str:
    """Say how large the code is that the function has, and hold it to its goals."""
    found = world.cloud.server.find(world.function, "")
    checks.require(found is not None, "there is no function")
    deployment, code = found
    task = world.cloud.functions.unpacked(deployment, code)
    unzipped_mb = sum(path.stat().st_size for path in task.rglob("*") if path.is_file()) / 1e6
    zipped_mb = len(code) / 1e6
    checks.require(
        zipped_mb <= GOAL_ZIPPED_MB and unzipped_mb <= GOAL_UNZIPPED_MB,
        f"{zipped_mb:.1f} MB zipped, {unzipped_mb:.1f} MB unzipped",
    )
    return f"{zipped_mb:.1f} MB zipped, {unzipped_mb:.1f} MB unzipped"


if __name__ == "__main__":
    sys.exit(main())
