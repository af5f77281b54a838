"""`make rehearsal`: the whole life of a deployment, on this machine, with the real package.

Zappa deploys into a small cloud on loopback, the uploaded zip runs as Lambda would run it, and
every step is judged by what answers over HTTP. Ends what it starts, also when it is interrupted;
logs stay when something went wrong.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import urllib.parse
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deployment.steps import DeploymentFailed, Steps
from tests.rehearsal import checks
from tests.rehearsal.cloud import remove_folder
from tests.rehearsal.deployer import CommandFailed, Deployer
from tests.rehearsal.world import AWS_HOST, ROOT, SHARED_TOOLS, World, a_world

STAGE = "rehearsal"
VERSIONS = ("0.9.1", "0.9.2", "0.9.3", "0.9.4")
# All the suite can give.
POINTS = 322
# What a sample of function-URL events runs.
SAMPLE = "setup,upload,regex,read,download,delete,front-page"
# What a session registers at once: the sequence, the bucket and the tasks of all instances meet.
IDENTITY_COUNT = 2_000
GOAL_ZIPPED_MB = 30
GOAL_UNZIPPED_MB = 110
LOG_SHOWN_LINES = 15
FAILURES = (checks.CheckFailed, CommandFailed, DeploymentFailed, AssertionError, OSError)


def main(arguments: list[str] | None = None) -> int:
    """Rehearse; 0 when every step held."""
    parser = argparse.ArgumentParser(prog="make rehearsal", description=__doc__)
    parser.add_argument("--identity-count", type=int, default=IDENTITY_COUNT)
    parser.add_argument("--instances", type=int, default=3, help="that run at the same time")
    parser.add_argument("--tools", type=Path, default=ROOT / ".venv-deploy", help="has Zappa")
    parser.add_argument("--keep", action="store_true", help="keep the logs of a success, too")
    asked = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="registry-rehearsal-"))
    folder.chmod(0o755)
    steps = Steps()
    held = False
    try:
        with a_world(folder, stage=STAGE, instances_max=asked.instances) as world:
            try:
                rehearse(world, steps, tools=asked.tools, identity_count=asked.identity_count)
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


def rehearse(world: World, steps: Steps, *, tools: Path, identity_count: int) -> None:
    """Go through every step; the first that does not hold ends it."""
    own, prefixed, by_url = (world.urls[door] for door in ("rest", "prefixed", "url"))

    def step(name: str, do: Callable[[], Any]) -> Any:
        with steps.step(name) as line:
            found = do()
            line.note = found if isinstance(found, str) else ""
        return found

    def at(name: str, *words: Any) -> None:
        step(f"  {name} answers", lambda: checks.check_release(own, *words))

    deployer = step(
        "check the project out",
        lambda: Deployer(
            world.folder / "checkout", tools=tools, stage=STAGE, environment=world.operators
        ),
    )
    first, second, third, broken = VERSIONS
    commits = {first: deployer.release(first)}
    step("zappa deploy", lambda: deployer.zappa("deploy") and package_size(world))
    step("zappa manage migrate", lambda: deployer.manage("migrate --noinput") and "")
    step(
        "zappa manage ensure_administrator", lambda: deployer.manage("ensure_administrator") and ""
    )
    at("the first release", first, commits[first])
    step("zappa status", lambda: status(deployer, world))
    step("staff site, own domain", lambda: checks.check_staff_site(world, own))
    step(
        "staff site, under the stage",
        lambda: checks.check_staff_site(world, prefixed, host=AWS_HOST),
    )
    step("a wake-up brings content", lambda: checks.check_woken_tasks(world, own))
    step("a lost wake-up is made good", lambda: checks.check_lost_wake_up(world, own))
    step("every schedule fires", lambda: checks.check_schedules(world))
    step("one token, several instances", lambda: checks.check_tokens(world, own))
    world.cloud.tick(world.function, "due_tasks")
    step(
        "acceptance suite, API Gateway events",
        lambda: acceptance(
            world, own, "--front-page", "--no-reference",
            "--min-points", str(POINTS), "--identity-count", str(identity_count),
        ),
    )  # fmt: skip
    step(
        "acceptance suite, function-URL events",
        lambda: acceptance(world, by_url, "--groups", SAMPLE),
    )

    commits[second] = deployer.release(second)
    step("zappa update", lambda: deployer.zappa("update") and package_size(world))
    at("the second release", second, commits[second])
    step("zappa rollback", lambda: deployer.zappa("rollback", "-n", "1") and "")
    at("the first release", first, commits[first])

    commits[third] = deployer.release(third)
    step("deploy in one command", lambda: deployer.deployment("deploy") and "")
    at("the third release", third, commits[third])
    deployer.release(broken, broken=True)
    step("deploy a broken release", lambda: deployer.deployment("deploy", expect=1) and "")
    at("the third release", third, commits[third])
    step("rollback in one command", lambda: deployer.deployment("rollback", "-n", "3") and "")
    at("the first release", first, commits[first])
    step("staff site resets", lambda: checks.check_staff_reset(world, own))
    step("zappa undeploy", lambda: deployer.zappa("undeploy", "-y") and "")
    step("  nothing answers", lambda: checks.check_gone(world))
    print(instances(world))


def status(deployer: Deployer, world: World) -> str:
    """See that Zappa finds what it deployed."""
    said = deployer.zappa("status")
    checks.require(world.function in said, f"zappa status does not know {world.function}:\n{said}")
    return ""


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


def acceptance(world: World, url: str, *options: str) -> str:
    """Run the acceptance suite where it is at hand; every check must hold."""
    if not world.has_sources:
        return "skipped: ../shared/tools is not here"
    result, report = world.folder / "acceptance.json", world.folder / "acceptance.txt"
    host = urllib.parse.urlsplit(url).netloc
    command = [sys.executable, SHARED_TOOLS / "acceptance.py", "--base-url", url]
    with report.open("wb") as output:
        suite = subprocess.run(
            [*command, "--json", result, *options],
            env=os.environ | {"REGISTRY_ADMIN_PASSWORD": world.password},
            stdout=output,
            stderr=output,
            check=False,
        )
    verdict = subprocess.run(
        [sys.executable, ROOT / "tests/acceptance_verdict.py", result],
        capture_output=True,
        text=True,
        check=False,
    )
    checks.require(
        suite.returncode == 0 and verdict.returncode == 0,
        f"through {host}:\n{verdict.stdout}{verdict.stderr}"
        f"{report.read_text(encoding='utf-8')[-2000:]}",
    )
    passed = sum(each["passed"] for each in json.loads(result.read_text())["groups"].values())
    settled = checks.settled(world)
    return f"{passed} checks hold; {settled}"


def instances(world: World) -> str:
    """Tell what the instances have been through."""
    world.cloud.functions.recycle()
    started = world.cloud.functions.started
    inits = sorted(each.init_s for each in started if each.init_s is not None)
    calls = sum(each.invocations for each in started)
    middle = inits[len(inits) // 2]
    memory = max(each.peak_memory_mb for each in started)
    return (
        f"{len(started)} instances took {calls} invocations; from process start to ready"
        f" {middle:.2f} s (median), {inits[-1]:.2f} s (most); {memory:.0f} MB at most"
    )


def last_words(world: World) -> str:
    """Return the ends of the instances' logs."""
    parts = []
    for instance in world.cloud.functions.started[-3:]:
        lines = instance.log.read_text(encoding="utf-8", errors="replace").splitlines()
        parts.append(f"--- {instance.log}\n" + "\n".join(lines[-LOG_SHOWN_LINES:]))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
